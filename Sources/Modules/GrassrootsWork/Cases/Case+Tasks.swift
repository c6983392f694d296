package import Kernel
package import Platform
import Storage

/// What waits for a member of staff: the states in which somebody's role has work to do, inside that role's scope.
package struct CaseTasks: TaskSource {
    let cases: Cases

    /// A kind of work: the verb that is waited for, and the states that wait for it.
    struct Kind: Sendable {
        let verb: String
        let title: BilingualText
        let states: [CaseState]
        let roles: [Role]
        /// Only where the case is dispatched to the caller's own body, not wherever the caller may look.
        let isForAssignee: Bool

        var id: String { "case.\(verb)" }
    }

    static let kinds: [Kind] = [
        Kind(
            verb: "accept", title: BilingualText(zh: "待受理", en: "To be taken on"), states: [.reported],
            roles: [.caseAcceptor], isForAssignee: false),
        Kind(
            verb: "dispatch", title: BilingualText(zh: "待派遣", en: "To be dispatched"),
            states: [.filed, .awaitingDispatch], roles: [.dispatcher], isForAssignee: false),
        Kind(
            verb: "receive", title: BilingualText(zh: "待签收", en: "To be received"),
            states: [.awaitingReceipt],
            roles: handlers, isForAssignee: true),
        Kind(
            verb: "review_return", title: BilingualText(zh: "退单待审", en: "Return to be reviewed"),
            states: [.returnReview], roles: [.dispatcher], isForAssignee: false),
        Kind(
            verb: "handle", title: BilingualText(zh: "待处置", en: "To be handled"),
            states: [.inProgress, .remedying], roles: handlers, isForAssignee: true),
        Kind(
            verb: "resume", title: BilingualText(zh: "缓办中", en: "On hold"), states: [.suspended],
            roles: handlers, isForAssignee: true),
        Kind(
            verb: "review_extension", title: BilingualText(zh: "延期待批", en: "Extension to be decided"),
            states: [.extensionReview], roles: [.dispatcher], isForAssignee: false),
        Kind(
            verb: "verify", title: BilingualText(zh: "待核查", en: "To be verified"),
            states: [.awaitingVerification], roles: [.verifier], isForAssignee: false),
    ]

    private static let handlers: [Role] = [.departmentOfficer, .gridWorker, .gridLeader]

    package var taskKinds: Set<String> { Set(CaseTasks.kinds.map(\.id)) }

    package func tasks(
        for principal: Principal, kind: String?, after: TaskPosition?, limit: Int, _ context: ReadContext
    ) throws -> [WaitingTask] {
        guard let condition = CaseWaiting(for: principal, kind: kind) else { return [] }
        return try CaseStore.waiting(condition, after: after, limit: limit, context.connection).map {
            record in
            let view: CaseView = try cases.view(record, context)
            let kind: Kind? = CaseTasks.kinds.first { $0.states.contains(record.state) }
            return WaitingTask(
                subject: record.name, kind: kind?.id ?? "case", title: CaseTasks.title(of: view),
                place: record.place.gridText,
                dueTime: record.deadline?.due,
                pauseReason: record.openPause.map { BilingualText(zh: $0.reason, en: $0.reason) },
                createTime: record.stateSince)
        }
    }

    package func counts(
        for principal: Principal, nearBefore: Instant, overdueBefore: Instant, _ context: ReadContext
    ) throws -> [WaitingTaskCount] {
        guard let condition = CaseWaiting(for: principal, kind: nil) else { return [] }
        let rows: [CaseStore.WaitingCount] = try CaseStore.countWaiting(
            condition, nearBefore: nearBefore, overdueBefore: overdueBefore, context.connection)
        return CaseTasks.kinds.compactMap { kind in
            let mine: [CaseStore.WaitingCount] = rows.filter { kind.states.contains($0.state) }
            guard !mine.isEmpty else { return nil }
            return WaitingTaskCount(
                kind: kind.id, title: kind.title, total: mine.reduce(0) { $0 + $1.total },
                nearDeadline: mine.reduce(0) { $0 + $1.near }, overdue: mine.reduce(0) { $0 + $1.overdue })
        }
    }

    /// One line: category, and the beginning of what was reported.
    private static func title(of view: CaseView) -> BilingualText {
        let words: String = String(view.record.description.prefix(titleLength)).replacing("\n", with: " ")
        return BilingualText(zh: "\(view.categoryText.zh)：\(words)", en: "\(view.categoryText.en): \(words)")
    }

    private static let titleLength: Int = 30
}

/// The condition under which a case waits for one caller, as SQL.
struct CaseWaiting: Sendable {
    private let principal: Principal
    private let kinds: [CaseTasks.Kind]

    /// Nil if nothing of that kind can wait for the caller.
    init?(for principal: Principal, kind: String?) {
        let kinds: [CaseTasks.Kind] = CaseTasks.kinds.filter { candidate in
            (kind == nil || candidate.id == kind)
                && principal.grants.contains { candidate.roles.contains($0.role) }
        }
        guard principal.kind == .staff, !kinds.isEmpty else { return nil }
        self.principal = principal
        self.kinds = kinds
    }

    /// The condition on `grassroots_case c`; the first placeholder is `$firstIndex`.
    func sql(firstIndex: Int) -> (sql: String, values: [SQLValue]) {
        var values: [SQLValue] = []
        var parts: [String] = []
        func mark(_ value: String) -> String {
            values.append(.text(value))
            return "$\(firstIndex + values.count - 1)"
        }
        for kind in kinds {
            let states: String = kind.states.map { mark($0.rawValue) }.joined(separator: ", ")
            let grants: [Grant] = principal.grants.filter { kind.roles.contains($0.role) }
            var scope: (sql: String, values: [SQLValue]) = ScopeFilter(grants).sql(
                column: "c.org_path", departmentColumn: "c.assignee_code",
                firstIndex: firstIndex + values.count)
            if kind.isForAssignee {
                let departments = ScopeFilter(grants.filter { $0.departmentCode != nil }).sql(
                    column: "c.org_path", departmentColumn: "c.assignee_code",
                    firstIndex: firstIndex + values.count)
                let places = ScopeFilter(grants.filter { $0.departmentCode == nil }).sql(
                    column: "c.assignee_path",
                    firstIndex: firstIndex + values.count + departments.values.count)
                scope = ("(\(departments.sql) OR \(places.sql))", departments.values + places.values)
            }
            values += scope.values
            var part: String = "c.state IN (\(states)) AND \(scope.sql)"
            if kind.verb == "verify" {
                part += """
                     AND NOT EXISTS (SELECT 1 FROM grassroots_case_worker w
                    WHERE w.case_id = c.id AND w.staff = \(mark(principal.name)))
                    """
            }
            parts.append("(\(part))")
        }
        return ("(\(CaseStore.isOpen) AND (\(parts.joined(separator: " OR "))))", values)
    }
}

extension CaseStore {
    /// The condition of the index over open cases; written in each query that is to use it.
    static let isOpen: String = "c.state NOT IN ('archived', 'declined', 'merged')"

    struct WaitingCount: Sendable {
        let state: CaseState
        let total: Int
        let near: Int
        let overdue: Int
    }

    /// Cases that wait, nearest deadline first, those without one last.
    static func waiting(
        _ condition: CaseWaiting, after: TaskPosition?, limit: Int, _ connection: any Connection
    ) throws -> [CaseRecord] {
        let (sql, values): (String, [SQLValue]) = condition.sql(firstIndex: 4)
        let none: Int64 = Int64.max
        return try connection.query(
            """
            SELECT \(columns) FROM grassroots_case c
            WHERE (coalesce(c.due_time, \(none)), 'cases/' || c.number) > ($1, $2) AND \(sql)
            ORDER BY coalesce(c.due_time, \(none)), c.number LIMIT $3
            """,
            values: [
                SQLValue(after?.dueMilliseconds ?? Int64.min), .text(after?.subject ?? ""), SQLValue(limit),
            ]
                + values, row: record
        ).map { try withPauses($0, connection) }
    }

    /// Cases that wait and fit the filter, newest first.
    static func waiting(
        _ condition: CaseWaiting, _ filter: CaseFilter, in scope: CaseScope, before id: Int64?, limit: Int,
        _ connection: any Connection
    ) throws -> [CaseRecord] {
        let (sql, values): (String, [SQLValue]) = listStatement(
            filter, in: scope, before: id, limit: limit, waiting: condition)
        return try connection.query(sql, values: values, row: record).map { try withPauses($0, connection) }
    }

    /// How many wait in each state. What stands still is neither near nor overdue.
    static func countWaiting(
        _ condition: CaseWaiting, nearBefore: Instant, overdueBefore: Instant, _ connection: any Connection
    ) throws -> [WaitingCount] {
        let (sql, values): (String, [SQLValue]) = condition.sql(firstIndex: 3)
        return try connection.query(
            """
            SELECT c.state, count(*),
                count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_time < $1 AND c.due_time >= $2),
                count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_time < $2)
            FROM grassroots_case c WHERE \(sql) GROUP BY c.state
            """, values: [SQLValue(nearBefore), SQLValue(overdueBefore)] + values
        ) { row in
            guard let state = CaseState(rawValue: row.text(0)) else {
                throw Refusal.internalError(reason: "CASE_ROW_UNKNOWN_VALUE")
            }
            return WaitingCount(state: state, total: row.int(1), near: row.int(2), overdue: row.int(3))
        }
    }
}
