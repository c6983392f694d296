import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Storage

@testable import OneStop

/// One hall with three counters and what the tests need: a quick group, a group with two places for each time.
let hallsText: String = """
    id: halls
    version: 1
    appointment_days: 10
    layouts:
      small:
        counters: 3
        hours: ["09:00-12:00", "13:30-17:00"]
        slot_minutes: 30
        last_ticket_minutes: 15
        clearing_minutes: 60
        groups:
          A: {zh: 综合受理, en: General, slot_capacity: 2, types: [确认], description: {zh: 审批, en: permits}}
          B: {zh: 社会事务, en: Social, slot_capacity: 1, departments: [civil_affairs], description: {zh: 社会, en: social}}
          K: {zh: 简事快办, en: Quick, quick: true, slot_capacity: 0, description: {zh: 快办, en: quick}}
    halls:
      fengtai: {zh: 凤台中心, en: Fengtai, place: "140502001999", department: 140502000000-approval, layout: small, address: 一楼, phone: 0356-0000002}
      mishan: {zh: 米山中心, en: Mishan, place: "140581101000", department: 140502000000-approval, layout: small, address: 二楼, phone: 0356-0000003}
    """

let ratingsText: String = """
    id: ratings
    version: 1
    rectify_limit: 5工作日
    invite_again_days: 3
    rate_within_days: 30
    follow_up_days: 10
    """

/// A hall with a store of its own, a clock that the test moves, and people who call the services.
struct HallWorld: Sendable {
    /// Wednesday; Mid-Autumn is off from the 25th to the 27th, National Day from 1 to 7 October, the 10th is worked.
    static let start: Instant = at("2026-09-23", 9, 0)

    let platform: Platform
    let clock: ManualClock
    let queue: QueueDesk
    let appointments: AppointmentDesk
    let ratings: RatingDesk
    let hallTimers: HallTimers
    let ratingTimers: RatingTimers
    let folder: String

    static func at(_ date: String, _ hour: Int, _ minute: Int, _ second: Int = 0) -> Instant {
        guard let date = CivilDate(date),
            let time = CivilTime(date: date, hour: hour, minute: minute, second: second)
        else { preconditionFailure("a time of the test") }
        return Instant(shanghai: time)
    }

    /// Makes one, and takes its files away afterwards.
    static func with(_ body: (HallWorld) async throws -> Void) async throws {
        let folder: String = NSTemporaryDirectory() + "hall-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock(start)
        let database: SQLiteDatabase = try await database(folder)
        let world: HallWorld = try await HallWorld(database, clock, folder)
        try await world.prepare()
        let result: Result<Void, any Error>
        do { result = .success(try await body(world)) } catch { result = .failure(error) }
        await database.close()
        try result.get()
    }

    private static func database(_ folder: String) async throws -> SQLiteDatabase {
        try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
    }

    private init(_ database: any Database, _ clock: ManualClock, _ folder: String) async throws {
        self.clock = clock
        self.folder = folder
        platform = Platform(
            database: database,
            environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(
                keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
                indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
            logger: Logger(label: "halls"), documents: Documents(readers: OneStop.documentReaders))
        let halls = Halls(platform: platform, owners: nil)
        let subjects: [any RatingSubjects] = [TicketRatings(halls: halls)]
        let invitations = RatingInvitations(platform: platform, subjects: subjects)
        queue = QueueDesk(halls: halls, invitations: invitations)
        appointments = AppointmentDesk(halls: halls)
        ratings = RatingDesk(platform: platform, subjects: subjects)
        hallTimers = HallTimers(halls: halls, invitations: invitations)
        ratingTimers = RatingTimers(invitations: invitations)
    }

    /// The same store after a restart: nothing in memory is left.
    func restarted() async throws -> HallWorld {
        let world: HallWorld = try await HallWorld(platform.database, clock, folder)
        try await world.platform.readAsSystem { [world] in
            try world.platform.documents.load($0.connection)
        }
        return world
    }

    private func prepare() async throws {
        let calendar: String = try hallDataFile("calendar/2026.yaml")
        let places: [NewOrganization] = [
            NewOrganization(code: "140500000000", name: "晋城市", level: .prefecture, parentCode: nil),
            NewOrganization(code: "140502000000", name: "城区", level: .county, parentCode: "140500000000"),
            NewOrganization(code: "140581000000", name: "高平市", level: .county, parentCode: "140500000000"),
            NewOrganization(
                code: "140502001999", name: "凤台社区", level: .community, parentCode: "140502000000"),
            NewOrganization(code: "140581101000", name: "米山镇", level: .town, parentCode: "140581000000"),
            NewOrganization(
                code: "140502000000-approval", name: "审批局", level: .department,
                parentCode: "140502000000"),
            NewOrganization(
                code: "140502000000-tax", name: "税务局", level: .department, parentCode: "140502000000"),
        ]
        let staff: [(String, String)] = [
            ("clerk1", "140502001999"), ("clerk2", "140502001999"), ("officer", "140502000000-approval"),
            ("verifier", "140502000000"), ("insider", "140502000000-approval"),
        ]
        try await platform.performAsSystem(action: "test.prepare") { [platform] unit in
            for (kind, text) in [
                (DocumentKind.calendar, calendar), (.halls, hallsText), (.ratings, ratingsText),
            ] {
                _ = try platform.documents.importText(kind, yaml: text, unit)
            }
            for place in places { try Organizations.insert(unit.connection, place) }
            for (id, organization) in staff {
                _ = try StaffAccounts(keyring: platform.keyring).insert(
                    unit,
                    NewStaff(
                        id: id, account: id, fullName: "张三", post: "窗口人员", organizationCode: organization,
                        passwordHash: "x", totpSecret: [1, 2, 3], synthetic: true))
            }
        }
        try await platform.readAsSystem { [platform] in try platform.documents.load($0.connection) }
        let catalogue = ItemCatalogue(
            platform: platform, search: ItemSearch(documents: platform.documents))
        _ = try await catalogue.importFile(
            """
            code,name,type,dept,limit,kind
            I-QUICK,出生登记,确认,公安局,即办,办事
            I-SLOW,户口恢复,确认,公安局,20工作日,办事
            I-QUERY,进度查询,查询,公安局,,查询
            """, name: "test", kind: nil)
    }

    // MARK: Calls

    func call(_ principal: Principal?) -> ServerCall {
        let call = ServerCall(method: OneStopV1.QueueServiceMethods.takeTicket)
        call.principal = principal
        return call
    }

    func id() -> String { UUID().uuidString }

    func take(
        _ principal: Principal, group: String = "", item: String = "", hall: String = "halls/fengtai",
        application: String = ""
    ) async throws -> OneStopV1.Ticket {
        try await queue.takeTicket(
            .init(hall: hall, group: group, item: item, application: application, requestID: id()),
            call(principal))
    }

    @discardableResult
    func open(_ clerk: Principal, _ counter: Int32 = 1, groups: [String] = ["A"]) async throws
        -> OneStopV1.Counter
    {
        try await queue.openCounter(
            .init(hall: "halls/fengtai", counter: counter, groups: groups, requestID: id()), call(clerk))
    }

    @discardableResult
    func next(_ clerk: Principal) async throws -> OneStopV1.Ticket {
        try await queue.callNext(.init(requestID: id()), call(clerk))
    }

    @discardableResult
    func finish(_ clerk: Principal) async throws -> OneStopV1.Ticket {
        try await queue.finishTicket(.init(requestID: id()), call(clerk))
    }

    func get(_ ticket: OneStopV1.Ticket, _ principal: Principal?, claim: String = "") async throws
        -> OneStopV1.Ticket
    {
        try await queue.getTicket(.init(name: ticket.name, claim: claim), call(principal))
    }

    func hall(_ principal: Principal? = nil) async throws -> OneStopV1.Hall {
        try await queue.getHall(.init(name: "halls/fengtai"), call(principal))
    }

    func book(_ principal: Principal, _ start: Instant, group: String = "A") async throws
        -> OneStopV1.Appointment
    {
        try await appointments.bookAppointment(
            .init(hall: "halls/fengtai", group: group, startTime: .init(start), requestID: id()),
            call(principal))
    }

    /// Serves a new ticket of a resident to its end.
    @discardableResult
    func serve(
        _ resident: Principal, by clerk: Principal, minutes: Int64 = 5, group: String = "A"
    ) async throws -> OneStopV1.Ticket {
        _ = try await take(resident, group: group)
        let called: OneStopV1.Ticket = try await next(clerk)
        clock.advance(seconds: minutes * 60)
        try await finish(clerk)
        return called
    }

    func rate(
        _ ticket: OneStopV1.Ticket, _ principal: Principal, grade: Int32, comment: String = "",
        claim: String = ""
    ) async throws -> OneStopV1.Rating {
        try await ratings.rateService(
            .init(
                subject: ticket.name, grade: grade, comment: comment, claim: claim, requestID: id()),
            call(principal))
    }

    /// Titles of messages to somebody, oldest first.
    func messages(_ principal: Principal) async throws -> [String] {
        try await platform.readAsSystem { context in
            try context.connection.query(
                "SELECT title_zh FROM platform_messages WHERE recipient = $1 ORDER BY id",
                .text(principal.name)
            ) { $0.text(0) }
        }
    }

    func number(_ sql: String) async throws -> Int64 {
        try await platform.readAsSystem { context in
            try context.connection.first(sql) { $0.integer(0) } ?? -1
        }
    }
}

/// A file below ops/data.
func hallDataFile(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "ops/data/\(path)"), encoding: .utf8)
}

enum People {
    private static let district: String = "/140500000000/140502000000/"

    static func resident(_ id: String, device: String? = nil) -> Principal {
        Principal(kind: .resident, id: id, level: .phone, synthetic: true, deviceID: device)
    }

    static func staff(_ id: String, _ role: Role, department: String? = nil, device: String? = nil)
        -> Principal
    {
        Principal(
            kind: .staff, id: id,
            grants: [
                Grant(
                    role: role, scopeCode: "140502000000", scopePath: district, departmentCode: department)
            ], synthetic: true, deviceID: device)
    }

    static let ada: Principal = resident("ada")
    static let bao: Principal = resident("bao")
    static let chen: Principal = resident("chen")
    static let kiosk: Principal = Principal(kind: .device, id: "kiosk-1", deviceID: "kiosk-1")
    static let clerk: Principal = staff("clerk1", .counterClerk, device: "window-1")
    static let other: Principal = staff("clerk2", .counterClerk)
    static let officer: Principal = staff(
        "officer", .departmentOfficer, department: "140502000000-approval")
    static let stranger: Principal = staff("taxman", .departmentOfficer, department: "140502000000-tax")
    static let verifier: Principal = staff("verifier", .verifier)
    static let insider: Principal = staff("insider", .verifier)
}

/// Reason of the refusal; nil if there was none.
func refusalReason(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    } catch {
        return "\(error)"
    }
}
