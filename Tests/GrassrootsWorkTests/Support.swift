import Foundation
import Kernel
import Platform

@testable import GrassrootsWork

/// The data files of the product, as they are shipped.
enum DataFiles {
    static func text(_ path: String, file: StaticString = #filePath) throws -> String {
        let root: URL = URL(filePath: String(describing: file))
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "ops/data/\(path)"), encoding: .utf8)
    }

    static let workflow: Result<WorkflowDefinition, any Error> = Result {
        try WorkflowDefinition(yaml: text("workflows/case.yaml"))
    }
    static let calendar: Result<WorkCalendar, any Error> = Result {
        WorkCalendar(years: [try WorkYear(yaml: text("calendar/2026.yaml"))])
    }
    static let categories: Result<ReportCategories, any Error> = Result {
        try ReportCategories(yaml: text("categories/report.yaml"))
    }
}

/// `2026-10-01 08:30` in Asia/Shanghai.
func at(_ text: String) -> Instant {
    let parts: [Substring] = text.split(separator: " ")
    let clock: [Int] = parts.count == 2 ? parts[1].split(separator: ":").compactMap { Int($0) } : []
    guard clock.count == 2, let date = CivilDate(String(parts[0])) else { fatalError("no time: \(text)") }
    return Instant(startOf: date).adding(minutes: Int64(clock[0] * 60 + clock[1]))
}

/// Places and bodies of the tests: 凤台社区 with two grids in 东街街道, and the departments of 城区.
enum Places {
    static let prefecture: String = "/140500000000/"
    static let county: String = prefecture + "140502000000/"
    static let town: String = county + "140502001000/"
    static let community: String = town + "140502001999/"
    static let grid: String = community + "140502001999001/"
    static let otherGrid: String = community + "140502001999002/"
    static let housing: CaseBody = CaseBody(code: "140502000000D01", text: "城区 住建局")
    static let housingPath: String = county + "140502000000D01/"
    static let policing: CaseBody = CaseBody(code: "140502000000D02", text: "城区 城管局")
    static let policingPath: String = county + "140502000000D02/"

    static func code(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }
}

/// The people of the tests.
enum People {
    static let reporter: Principal = Principal(
        kind: .resident, id: "wang", displayName: "王某", level: .idNumber)
    static let neighbour: Principal = Principal(kind: .resident, id: "li", displayName: "李某", level: .phone)
    static let acceptor: Principal = staff("acceptor", .caseAcceptor, Places.town)
    static let dispatcher: Principal = staff("dispatcher", .dispatcher, Places.town)
    static let secondDispatcher: Principal = staff("dispatcher2", .dispatcher, Places.town)
    static let officer: Principal = staff("officer", .departmentOfficer, Places.county, Places.housing.code)
    static let colleague: Principal = staff(
        "colleague", .departmentOfficer, Places.county, Places.housing.code)
    static let otherOfficer: Principal = staff(
        "officer2", .departmentOfficer, Places.county, Places.policing.code)
    static let gridWorker: Principal = staff("gridworker", .gridWorker, Places.grid)
    static let otherGridWorker: Principal = staff("gridworker2", .gridWorker, Places.otherGrid)
    static let verifier: Principal = staff("verifier", .verifier, Places.town)
    static let clerk: Principal = staff("clerk", .counterClerk, Places.town)

    static func staff(_ id: String, _ role: Role, _ path: String, _ department: String? = nil) -> Principal {
        Principal(
            kind: .staff, id: id, displayName: "某某",
            grants: [
                Grant(role: role, scopeCode: Places.code(path), scopePath: path, departmentCode: department)
            ])
    }
}

/// One case on a bench, without a store: commands go in, the record changes.
struct Bench {
    let definition: WorkflowDefinition
    let categories: ReportCategories
    let clock: CaseClock
    let rules: CaseRules = CaseRules()
    var record: CaseRecord
    var changes: [CaseChange] = []
    /// What the store would say of who worked on it.
    var workers: Set<String> = []

    /// A report of a street light by `reporter`, filed on a Monday morning.
    init(
        category: String = "street_light", by principal: Principal = People.reporter,
        path: String = Places.grid,
        at now: Instant = at("2026-11-23 09:00")
    ) throws {
        definition = try DataFiles.workflow.get()
        categories = try DataFiles.categories.get()
        clock = CaseClock(calendar: try DataFiles.calendar.get())
        let place: CasePlace = CasePlace(
            gridCode: Places.code(path), path: path, gridText: "东街街道 凤台社区 第一网格", words: "3号楼前",
            latitude: nil, longitude: nil, isSynthetic: true)
        let beginning: CaseRules.Beginning = CaseRules.Beginning(
            number: "AJ261123000010", category: try Bench.require(categories.category(category)),
            description: "路灯不亮", place: place, channel: .chatbot,
            reporter: CaseReporter(resident: principal.kind == .resident ? principal.name : nil), photos: [],
            now: now)
        let change: CaseChange = try rules.begin(
            beginning, definition, categories, clock: clock, actor: CaseActor(principal, path: path))
        record = change.record
        changes = [change]
    }

    func view(at now: Instant) -> CaseView {
        CaseView(record: record, definition: definition, categories: categories, clock: clock, now: now)
    }

    func actor(_ principal: Principal) -> CaseActor {
        CaseActor(
            principal, path: record.place.path, assignee: record.assignee, assigneePath: record.assigneePath,
            hasWorked: workers.contains(principal.name))
    }

    /// What would happen; nothing changes.
    func decide(_ command: CaseCommand, _ principal: Principal, _ now: Instant) throws -> CaseChange {
        try rules.decide(view(at: now), command, actor: actor(principal))
    }

    @discardableResult
    mutating func act(_ command: CaseCommand, _ principal: Principal, _ now: Instant) throws -> CaseChange {
        let change: CaseChange = try decide(command, principal, now)
        record = change.record
        changes.append(change)
        if change.addsWorker { workers.insert(principal.name) }
        return change
    }

    /// The verbs that the caller may use now.
    func verbs(_ principal: Principal, _ now: Instant) -> [String] {
        view(at: now).verbs(for: actor(principal), engine: rules.engine)
    }

    /// The reason for which a command is refused; empty if it is not.
    func refusal(_ command: CaseCommand, _ principal: Principal, _ now: Instant) -> String {
        do {
            _ = try decide(command, principal, now)
            return ""
        } catch let refusal as Refusal {
            return refusal.reason
        } catch {
            return "\(error)"
        }
    }

    /// Takes the case to where the housing department is at work on it, within the first hour.
    mutating func toInProgress() throws {
        try act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        try act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:20"))
        try act(.receive, People.officer, at("2026-11-23 09:30"))
    }

    /// … and on to where its reporter is asked to rate it, on the same day.
    mutating func toAwaitingRating() throws {
        try toInProgress()
        try act(.handle(result: "已更换灯泡", photos: []), People.officer, at("2026-11-23 15:00"))
        try act(Bench.pass, People.verifier, at("2026-11-23 16:00"))
    }

    static let dispatch: CaseCommand = .dispatch(assignee: Places.housing, path: Places.housingPath, note: "")
    static let pass: CaseCommand = .verify(passed: true, note: "已亮", photos: [], reportConfirmed: true)
    static let giveBack: CaseCommand = .returnBack(reason: "不属于本单位", proposed: Places.policing)
}

extension Bench {
    struct Missing: Error {}
    static func require<T>(_ value: T?) throws -> T {
        guard let value else { throw Missing() }
        return value
    }
}
