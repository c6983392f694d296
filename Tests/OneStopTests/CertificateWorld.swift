import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

/// Certificates over a store of its own, with the data that the product ships. Time stands until a test moves it.
struct CertificateWorld: Sendable {
    static let start: Instant = Instant(startOf: CivilDate(daysSinceEpoch: 20_782)).adding(hours: 10)

    let platform: Platform
    let clock: ManualClock
    let book: CertificateBook
    let desk: CertificateDesk

    static func run(_ body: (CertificateWorld) async throws -> Void) async throws {
        let folder: String = NSTemporaryDirectory() + "certificates-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(try await CertificateWorld(database)))
        } catch { result = .failure(error) }
        await database.close()
        try result.get()
    }

    private init(_ database: SQLiteDatabase) async throws {
        clock = ManualClock(CertificateWorld.start)
        platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(
                keys: [1: SymmetricKey.random()], currentKeyID: 1, indexKey: SymmetricKey.random()),
            logger: Logger(label: "certificates"), documents: Documents(readers: OneStop.documentReaders))
        book = CertificateBook(platform: platform, installation: "晋城市一网通办")
        desk = CertificateDesk(book: book)
        let platform: Platform = platform
        let texts: [String] = [try Self.data("types.yaml"), try Self.data("refused.yaml")]
        try await platform.performAsSystem(action: "test.begin") { unit in
            for text in texts { _ = try platform.documents.importText(.certificates, yaml: text, unit) }
            for place in Self.places { _ = try Organizations.insert(unit.connection, place) }
            for (id, name, number, home) in Self.people {
                try Residents(keyring: platform.keyring).insert(
                    unit,
                    NewResident(
                        id: id, phone: PhoneNumber(syntheticSequence: id.count),
                        fullName: try FullName(parsing: name), passwordHash: nil,
                        level: number == nil ? .phone : .idNumber,
                        idNumber: number.map { IDNumber(stored: $0) }, homeCode: home,
                        synthetic: true))
            }
        }
        try await platform.readAsSystem { try platform.documents.load($0.connection) }
    }

    static func data(_ name: String) throws -> String {
        let root: URL = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: root.appendingPathComponent("ops/data/certificates/\(name)"), encoding: .utf8)
    }

    private static let places: [NewOrganization] = [
        NewOrganization(code: "140500000000", name: "晋城市", level: .prefecture, parentCode: nil),
        NewOrganization(code: "140502000000", name: "城区", level: .county, parentCode: "140500000000"),
        NewOrganization(
            code: "140502000000D01", name: "城区民政局", level: .department, parentCode: "140502000000"),
        NewOrganization(code: "140502001000", name: "东街街道", level: .town, parentCode: "140502000000"),
        NewOrganization(
            code: "140502001999", name: "凤台社区居民委员会", level: .community, parentCode: "140502001000"),
        NewOrganization(
            code: "140502001998", name: "鸣凤社区居民委员会", level: .community, parentCode: "140502001000"),
    ]
    private static let people: [(id: String, name: String, number: String?, home: String?)] = [
        ("ada", "王小明", "140599199001010018", "140502001999"),
        ("bo", "李四", nil, "140502001999"),
        ("cedric", "张三丰", "140599198505050027", "140502001998"),
    ]

    static let ada: Principal = Principal(
        kind: .resident, id: "ada", displayName: "王小明", level: .idNumber, homeCode: "140502001999")
    static let bo: Principal = Principal(kind: .resident, id: "bo", displayName: "李四", level: .phone)
    static let clerk: Principal = staff("clerk", .counterClerk, "140502001999")
    static let otherClerk: Principal = staff("other", .counterClerk, "140502001998")
    static let officer: Principal = Principal(
        kind: .staff, id: "officer",
        grants: [
            Grant(
                role: .departmentOfficer, scopeCode: "140502000000",
                scopePath: "/140500000000/140502000000/", departmentCode: "140502000000D01")
        ])
    static let keeper: Principal = Principal(
        kind: .staff, id: "keeper",
        grants: [Grant(role: .operator, scopeCode: "140500000000", scopePath: "/140500000000/")])

    private static func staff(_ id: String, _ role: Role, _ code: String) -> Principal {
        Principal(
            kind: .staff, id: id,
            grants: [
                Grant(
                    role: role, scopeCode: code,
                    scopePath: "/140500000000/140502000000/140502001000/\(code)/")
            ])
    }

    func call(_ principal: Principal?, _ method: String = "Test", address: String = "10.0.0.1:5000")
        -> ServerCall
    {
        let call = ServerCall(
            method: MethodDescriptor(service: "test", method: method, kind: .unary),
            peer: Peer(address: address))
        call.principal = principal
        return call
    }

    static let residenceAnswers: [String: String] = [
        "address": "城区东街街道凤台社区3号楼2单元501", "since": "2019-03-01", "purpose": "子女入学",
    ]

    @discardableResult
    func issue(
        _ type: String = "residence", to holder: String = "residents/ada",
        _ answers: [String: String] = residenceAnswers, as principal: Principal = clerk,
        algorithm: OneStopV1.SignatureAlgorithm = .unspecified,
        requestID: String = UUID().uuidString.lowercased()
    ) async throws -> OneStopV1.Certificate {
        try await desk.issueCertificate(
            OneStopV1.IssueCertificateRequest(
                type: type, holder: holder,
                answers: answers.sorted { $0.key < $1.key }.map {
                    OneStopV1.FormAnswer(question: $0.key, value: $0.value)
                },
                algorithm: algorithm, requestID: requestID), call(principal, "IssueCertificate"))
    }

    func verify(_ credential: String) async throws -> OneStopV1.VerifyCertificateResponse {
        try await desk.verifyCertificate(
            OneStopV1.VerifyCertificateRequest(credential: credential), call(nil))
    }

    func trust() async throws -> TrustFile {
        try TrustFile(try await desk.getTrustBundle(OneStopV1.GetTrustBundleRequest(), call(nil)).bundleText)
    }

    func revoke(_ name: String, as principal: Principal = clerk) async throws -> OneStopV1.Certificate {
        try await desk.revokeCertificate(
            OneStopV1.RevokeCertificateRequest(
                name: name, reason: "核实后情况不符", requestID: UUID().uuidString.lowercased()),
            call(principal, "RevokeCertificate"))
    }

    @discardableResult
    func rotate(_ algorithm: OneStopV1.SignatureAlgorithm = .ed25519) async throws -> OneStopV1.CertificateKey
    {
        try await desk.rotateCertificateKey(
            OneStopV1.RotateCertificateKeyRequest(
                algorithm: algorithm, requestID: UUID().uuidString.lowercased()),
            call(Self.keeper, "RotateCertificateKey"))
    }

    @discardableResult
    func revokeKey(_ id: String) async throws -> OneStopV1.CertificateKey {
        try await desk.revokeCertificateKey(
            OneStopV1.RevokeCertificateKeyRequest(
                id: id, reason: "密钥泄露", requestID: UUID().uuidString.lowercased()),
            call(Self.keeper, "RevokeCertificateKey"))
    }

    func pdf(_ name: String, as principal: Principal = ada) async throws -> [UInt8] {
        let collected: Collected = Collected()
        try await desk.downloadCertificate(
            OneStopV1.DownloadCertificateRequest(name: name), call(principal),
            ResponseWriter { await collected.add($0.data) })
        return await collected.bytes
    }

    private actor Collected {
        var bytes: [UInt8] = []
        func add(_ part: [UInt8]) {
            #expect(part.count <= 65_536)
            bytes += part
        }
    }
}

/// The reason for which `body` is refused; nil if it is not.
func certificateRefusal<T>(_ body: () async throws -> T) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    } catch {
        return "\(error)"
    }
}
