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

private let catalogueText: String = """
    code,name,dept,limit,statutory_limit
    A-1,养犬登记,公安局,5工作日,20工作日
    A-2,犬证补办,公安局,,
    A-3,犬只保险,公安局,5工作日,

    """

private let formText: String = """
    form:
          questions:
            - {id: dog, kind: text, known_as: dog, min: 1, max: 40, ask: {zh: 狗叫什么, en: name}, label: {zh: 犬名, en: Dog}}
            - {id: phone, kind: phone, known_as: phone, ask: {zh: 电话, en: phone}, label: {zh: 电话, en: Phone}}
    """

/// two people, an inspection, a fee. A-2: nothing of all that, no limits. A-3: like A-2 with a limit.
private func definitions(note: String = "") -> String {
    """
    id: test
    version: 1
    definitions:
      A-1:
        source: M
        department: public_security
        two_people: true
        \(note)
        fees: [{label: 工本费, fen: 2000}]
        special: [{kind: inspection, label: {zh: 现场查看, en: A visit}}]
        \(formText)
      A-2:
        source: M
        department: public_security
        \(formText)
      A-3:
        source: M
        department: public_security
        \(formText)
    """
}

/// Applications with a store of their own, people, two departments and a clock that the test moves.
struct Office: Sendable {
    /// Monday 2026-11-23, 10:00.
    static let start: Instant = Instant(startOf: CivilDate(daysSinceEpoch: 20_780)).adding(hours: 10)
    static let county: String = "140502000000"
    static let home: String = "140502001001"
    static let department: String = "140502000000-public_security"
    typealias Methods = OneStopV1.ApplicationServiceMethods

    let platform: Platform
    let clock: ManualClock
    let applications: Applications
    let desk: ApplicationDesk
    let mandates: MandateDesk
    let bundles: BundleDesk
    let catalogue: ItemCatalogue

    static let mother: Principal = resident("mother")
    static let daughter: Principal = resident("daughter")
    static let officer: Principal = staff("officer", .departmentOfficer, department: department)
    static let colleague: Principal = staff("colleague", .departmentOfficer, department: department)
    static let stranger: Principal = staff(
        "stranger", .departmentOfficer, department: "140502000000-housing")
    static let clerk: Principal = staff("clerk", .counterClerk, scope: home)

    private static func resident(_ id: String) -> Principal {
        Principal(kind: .resident, id: id, level: .idNumber, homeCode: home, synthetic: true)
    }

    private static func staff(
        _ id: String, _ role: Role, scope: String = county, department: String? = nil
    ) -> Principal {
        let path: String =
            scope == county
            ? "/140500000000/140502000000/" : "/140500000000/140502000000/140502001000/140502001001/"
        return Principal(
            kind: .staff, id: id,
            grants: [Grant(role: role, scopeCode: scope, scopePath: path, departmentCode: department)])
    }

    /// Makes one, and takes its files away afterwards.
    static func with(at start: Instant = start, _ body: (Office) async throws -> Void) async throws {
        let folder: String = NSTemporaryDirectory() + "office-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
        let clock = ManualClock(start)
        let platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(keys: [1: .random()], currentKeyID: 1, indexKey: .random()),
            logger: Logger(label: "office"), documents: Documents(readers: OneStop.documentReaders))
        let search = ItemSearch(documents: platform.documents)
        let applications = Applications(
            platform: platform, forms: FormDesk(platform: platform, synthetic: .allowed), issuer: nil,
            invitations: RatingInvitations(platform: platform, subjects: [ApplicationRatings()]))
        let signer = try NoteSigner(name: "test/linli", key: SigningKey(generating: .ed25519))
        let office = Office(
            platform: platform, clock: clock, applications: applications,
            desk: ApplicationDesk(applications: applications),
            mandates: MandateDesk(platform: platform, signer: signer, synthetic: .allowed),
            bundles: BundleDesk(applications: applications),
            catalogue: ItemCatalogue(platform: platform, search: search))
        let result: Result<Void, any Error>
        do {
            try await office.furnish()
            result = .success(try await body(office))
        } catch { result = .failure(error) }
        await database.close()
        try result.get()
    }

    private func furnish() async throws {
        let documents: [(DocumentKind, String)] = [
            (.workflow, try dataText("workflows/application.yaml")),
            (.calendar, try dataText("calendar/2026.yaml")), (.ratings, try dataText("ratings/ratings.yaml")),
        ]
        _ = try await platform.performAsSystem(action: "test") { [platform] unit in
            for (kind, yaml) in documents { _ = try platform.documents.importText(kind, yaml: yaml, unit) }
            try Self.people(platform, unit)
            return documents.count
        }
        try await platform.readAsSystem { [platform] in try platform.documents.load($0.connection) }
        _ = try await catalogue.importFile(catalogueText, name: "test", kind: .handling)
        _ = try await catalogue.importDefinitions(yaml: definitions())
    }

    private static func people(_ platform: Platform, _ unit: UnitOfWork) throws {
        let places: [(String, String, OrganizationLevel, String?)] = [
            ("140500000000", "晋城市", .prefecture, nil), (county, "城区", .county, "140500000000"),
            ("140502001000", "东街街道", .town, county), (home, "凤台社区", .community, "140502001000"),
            (department, "公安局", .department, county),
            ("140502000000-housing", "住房和城乡建设局", .department, county),
        ]
        for (code, name, level, parent) in places {
            try Organizations.insert(
                unit.connection,
                NewOrganization(code: code, name: name, level: level, parentCode: parent))
        }
        let residents = Residents(keyring: platform.keyring)
        for (index, person) in [(id: "mother", name: "李秀英"), (id: "daughter", name: "王小红")].enumerated() {
            try residents.insert(
                unit,
                NewResident(
                    id: person.id, phone: PhoneNumber(syntheticSequence: 41 + index),
                    fullName: FullName(stored: person.name), passwordHash: nil, level: .idNumber,
                    idNumber: IDNumber(
                        syntheticBornOn: CivilDate(daysSinceEpoch: 5_000), sequence: 1 + index),
                    homeCode: home, synthetic: true))
        }
        let staff = StaffAccounts(keyring: platform.keyring)
        let posts: [(String, String, Role, String)] = [
            ("officer", department, .departmentOfficer, county),
            ("colleague", department, .departmentOfficer, county), ("clerk", home, .counterClerk, home),
        ]
        for (id, body, role, scope) in posts {
            try staff.insert(
                unit,
                NewStaff(
                    id: id, account: id, fullName: "赵\(id)", post: "经办人", organizationCode: body,
                    passwordHash: "-", totpSecret: [1], synthetic: true))
            try staff.insertGrant(
                unit, staffID: id, role: role,
                scope: try Organizations.get(unit.connection, scope),
                departmentCode: role == .departmentOfficer ? body : nil)
        }
    }

    /// The rules of the first item change.
    func changeRules() async throws {
        _ = try await catalogue.importDefinitions(yaml: definitions(note: "visits: 2"))
    }

    // MARK: Calls

    func call(_ method: MethodDescriptor, _ principal: Principal) -> ServerCall {
        let call = ServerCall(
            method: method, metadata: ["accept-language": "zh-CN"], peer: Peer(address: "203.0.113.5:4000"))
        call.principal = principal
        return call
    }

    static func newID() -> String { UUID().uuidString.lowercased() }

    static func answers(dog: String = "大黄") -> [OneStopV1.FormAnswer] {
        [
            OneStopV1.FormAnswer(question: "dog", value: dog),
            OneStopV1.FormAnswer(question: "phone", value: PhoneNumber(syntheticSequence: 41).text),
        ]
    }

    func submit(
        _ item: String = "A-1", as principal: Principal = mother, dog: String = "大黄", revision: Int32? = nil,
        mandate: String = "", requestID: String = newID()
    ) async throws -> OneStopV1.Application {
        let current: Int = try await platform.readAsSystem {
            try ItemStore.find($0.connection, id: item)?.revision ?? 0
        }
        return try await desk.submitApplication(
            .init(
                item: "items/\(item)", revision: revision ?? Int32(current), answers: Self.answers(dog: dog),
                mandate: mandate, requestID: requestID), call(Methods.submitApplication, principal))
    }

    func get(_ name: String, as principal: Principal = mother) async throws -> OneStopV1.Application {
        try await desk.getApplication(.init(name: name), call(Methods.getApplication, principal))
    }

    func accept(_ name: String, as principal: Principal = officer, etag: String = "") async throws
        -> OneStopV1.Application
    {
        try await desk.acceptApplication(
            .init(name: name, etag: etag, requestID: Self.newID()),
            call(Methods.acceptApplication, principal))
    }

    func decide(
        _ name: String, granted: Bool = true, reason: String = "", as principal: Principal = colleague
    ) async throws -> OneStopV1.Application {
        try await desk.decideApplication(
            .init(name: name, granted: granted, reason: reason, requestID: Self.newID()),
            call(Methods.decideApplication, principal))
    }

    func deliver(_ name: String, as principal: Principal = clerk) async throws -> OneStopV1.Application {
        try await desk.deliverResult(
            .init(name: name, delivery: "窗口领取", requestID: Self.newID()),
            call(Methods.deliverResult, principal))
    }

    func requestSupplement(_ name: String, _ points: [String] = ["请上传狗的照片"]) async throws
        -> OneStopV1.Application
    {
        try await desk.requestSupplement(
            .init(name: name, questions: ["dog"], points: points, requestID: Self.newID()),
            call(Methods.requestSupplement, Self.officer))
    }

    func supplement(_ name: String, as principal: Principal = mother) async throws -> OneStopV1.Application {
        try await desk.supplementApplication(
            .init(
                name: name, answers: [OneStopV1.FormAnswer(question: "dog", value: "大黄二世")],
                requestID: Self.newID()), call(Methods.supplementApplication, principal))
    }

    func startInspection(_ name: String, kind: OneStopV1.SpecialProcedureKind = .inspection) async throws
        -> OneStopV1.Application
    {
        try await desk.startSpecialProcedure(
            .init(name: name, kind: kind, note: "周五上门查看", requestID: Self.newID()),
            call(Methods.startSpecialProcedure, Self.officer))
    }

    func endInspection(_ name: String) async throws -> OneStopV1.Application {
        try await desk.endSpecialProcedure(
            .init(name: name, result: "符合条件", requestID: Self.newID()),
            call(Methods.endSpecialProcedure, Self.officer))
    }

    func urge(_ name: String) async throws -> OneStopV1.Application {
        try await desk.urgeApplication(
            .init(name: name, requestID: Self.newID()), call(Methods.urgeApplication, Self.mother))
    }

    /// The answer about the dog is a file from now on.
    func attach(_ file: String, to name: String) async throws {
        _ = try await platform.performAsSystem(action: "test") { [applications] unit in
            guard
                let record = try ApplicationStore.find(
                    String(name.dropFirst("applications/".count)), unit.connection)
            else { return }
            var answers = try applications.store.answers(of: record, unit.connection)
            for index in answers.indices where answers[index].question == "dog" { answers[index].file = file }
            try applications.store.setAnswers(answers, of: record, unit.connection)
        }
    }

    func forgetAnswers() async throws -> Int32 {
        try await desk.forgetKnownAnswers(
            .init(requestID: Self.newID()), call(Methods.forgetKnownAnswers, Self.mother)
        ).forgottenCount
    }

    func runTimers() async throws -> Int { try await ApplicationTimers(applications: applications).run() }

    /// Titles of the messages that somebody has, oldest first.
    func messages(_ recipient: String) async throws -> [String] {
        try await platform.readAsSystem { context in
            try context.connection.query(
                "SELECT title_zh FROM platform_messages WHERE recipient = $1 ORDER BY id", .text(recipient)
            ) { $0.text(0) }
        }
    }

    func give(
        _ item: String = "A-1", phone: String = PhoneNumber(syntheticSequence: 42).text, name: String = "王小红",
        account: String = "", days: Int32 = 0
    ) async throws -> OneStopV1.Mandate {
        let isPerson: Bool = account.isEmpty
        return try await mandates.createMandate(
            .init(
                item: "items/\(item)", agentPhone: isPerson ? phone : "", agentName: isPerson ? name : "",
                agentAccount: account, validityDays: days, requestID: Self.newID()),
            call(OneStopV1.MandateServiceMethods.createMandate, Self.mother))
    }

    func moveTo(_ year: Int, _ month: Int, _ day: Int, hour: Int64 = 10) throws {
        let date: CivilDate = try #require(CivilDate(year: year, month: month, day: day))
        clock.set(Instant(startOf: date).adding(hours: hour))
    }
}

/// The reason of the refusal that a call ends with; nil if it ends well.
func reason<T>(_ body: () async throws -> T) async throws -> String? {
    do {
        _ = try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    }
}
