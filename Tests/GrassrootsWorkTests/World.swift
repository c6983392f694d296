import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Storage
import Testing

@testable import GrassrootsWork

/// The module over a store of its own, with the places of `Places`. Time stands until a test moves it.
struct World {
    let platform: Platform
    let clock: ManualClock
    let module: GrassrootsWork
    let cases: Cases
    let service: CaseService

    /// A folder, a store and a world in it, gone afterwards.
    static func run(
        at start: Instant = at("2026-11-23 09:00"), _ body: (World) async throws -> Void
    ) async throws {
        let folder: String = NSTemporaryDirectory() + "/cases-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + GrassrootsWork.migrations)
        let result: Result<Void, any Error>
        do {
            let world: World = try await World(database, start)
            result = .success(try await body(world))
        } catch {
            result = .failure(error)
        }
        await database.close()
        try result.get()
    }

    private init(_ database: SQLiteDatabase, _ start: Instant) async throws {
        clock = ManualClock(start)
        platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(
                keys: [1: SymmetricKey.random()], currentKeyID: 1, indexKey: SymmetricKey.random()),
            logger: Logger(label: "test"), documents: Documents(readers: GrassrootsWork.documentReaders))
        module = GrassrootsWork(platform: platform, synthetic: .allowed)
        cases = Cases(
            data: CaseData(documents: platform.documents), files: platform.files, rules: CaseRules())
        service = CaseService(platform: platform, cases: cases, synthetic: .allowed)
        let documents: Documents = platform.documents
        let texts: [(DocumentKind, String)] = [
            (.workflow, try DataFiles.text("workflows/case.yaml")),
            (.calendar, try DataFiles.text("calendar/2026.yaml")),
            (.categories, try DataFiles.text("categories/report.yaml")),
        ]
        try await platform.performAsSystem(action: "test.begin") { unit in
            for (kind, yaml) in texts { _ = try documents.importText(kind, yaml: yaml, unit) }
            for place in World.organizations { _ = try Organizations.insert(unit.connection, place) }
        }
        try await platform.readAsSystem { try documents.load($0.connection) }
    }

    private static let organizations: [NewOrganization] = [
        NewOrganization(code: "140500000000", name: "晋城市", level: .prefecture, parentCode: nil),
        NewOrganization(code: "140502000000", name: "城区", level: .county, parentCode: "140500000000"),
        NewOrganization(
            code: Places.housing.code, name: "住建局", level: .department, parentCode: "140502000000"),
        NewOrganization(
            code: Places.policing.code, name: "城管局", level: .department, parentCode: "140502000000"),
        NewOrganization(code: "140502001000", name: "东街街道", level: .town, parentCode: "140502000000"),
        NewOrganization(
            code: "140502001999", name: "凤台社区", level: .community, parentCode: "140502001000", synthetic: true
        ),
        NewOrganization(
            code: "140502001999001", name: "第一网格", level: .grid1, parentCode: "140502001999", synthetic: true),
        NewOrganization(
            code: "140502001999002", name: "第二网格", level: .grid1, parentCode: "140502001999", synthetic: true),
        NewOrganization(code: "140581000000", name: "高平市", level: .county, parentCode: "140500000000"),
        NewOrganization(
            code: "140581000000D01", name: "高平住建局", level: .department, parentCode: "140581000000"),
    ]

    /// A call of `principal` without a connection.
    func call(_ principal: Principal, _ method: MethodDescriptor) -> ServerCall {
        let call = ServerCall(method: method)
        call.principal = principal
        return call
    }

    /// A report of `principal` in the grid of the tests.
    func report(
        by principal: Principal = People.reporter, _ description: String = "路灯不亮",
        category: String = "street_light",
        grid: String = Places.grid
    ) async throws -> CaseRecord {
        try await perform(as: principal) { unit in
            let draft = CaseDraft(
                category: category, description: description, grid: "organizations/\(Places.code(grid))",
                place: "3号楼前")
            return try cases.create(
                draft, channel: .chatbot, reporter: CaseReporter(resident: principal.name), scope: nil, unit)
        }
    }

    @discardableResult
    func act(_ command: CaseCommand, _ number: String, _ principal: Principal) async throws -> CaseRecord {
        try await perform(as: principal) { unit in
            let stored: CaseRecord? = try CaseStore.find(number, unit.connection)
            return try cases.apply(command, to: try Bench.require(stored), unit)
        }
    }

    /// A unit of work of somebody.
    func perform<T: Sendable>(
        as principal: Principal, _ body: @escaping @Sendable (UnitOfWork) throws -> T
    ) async throws -> T {
        let method = MethodDescriptor(service: "test", method: "Test", kind: .unary)
        return try await platform.perform(call(principal, method), action: "test", body)
    }

    func stored(_ number: String) async throws -> CaseRecord {
        try await platform.readAsSystem { try Bench.require(CaseStore.find(number, $0.connection)) }
    }

    /// Takes a reported case to where it waits for its rating.
    func resolve(_ number: String) async throws {
        try await act(.accept(category: "", note: ""), number, People.acceptor)
        try await act(Bench.dispatch, number, People.dispatcher)
        try await act(.receive, number, People.officer)
        try await act(.handle(result: "已更换灯泡", photos: []), number, People.officer)
        try await act(Bench.pass, number, People.verifier)
    }

    /// A fresh UUID for a request.
    static func requestID() -> String { UUID().uuidString.lowercased() }
}

/// The reason for which `body` is refused; nil if it is not.
func refusal<T>(_ body: () async throws -> T) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? Refusal)?.reason ?? "\(error)"
    }
}
