import Kernel
import Platform
import Storage

/// What waits for staff: applications to take on, to decide, to deliver, and procedures that hold a clock.
struct ApplicationTasks: TaskSource {
    /// A kind of work.
    struct Kind: Sendable {
        let id: String
        let title: BilingualText
        /// On `onestop_applications a`.
        let condition: String
        let roles: [Role]
        /// The clock runs, so that it can be near its deadline.
        let isClocked: Bool
    }

    static let kinds: [Kind] = [
        Kind(
            id: "application.accept", title: BilingualText(zh: "办件待受理", en: "Applications to take on"),
            condition: "a.state = 'submitted'", roles: [.departmentOfficer], isClocked: true),
        Kind(
            id: "application.review", title: BilingualText(zh: "办件待审查", en: "Applications to decide"),
            condition: "a.state = 'accepted'", roles: [.departmentOfficer], isClocked: true),
        Kind(
            id: "application.procedure",
            title: BilingualText(zh: "特别程序中", en: "In a special procedure"),
            condition: "a.state = 'special_procedure'", roles: [.departmentOfficer], isClocked: false),
        Kind(
            id: "application.deliver", title: BilingualText(zh: "办件待送达", en: "Decisions to deliver"),
            condition: "a.state IN ('granted', 'refused')", roles: [.departmentOfficer, .counterClerk],
            isClocked: true),
    ]

    var taskKinds: Set<String> { Set(Self.kinds.map(\.id)) }

    private func kinds(for principal: Principal, _ id: String?) -> [(kind: Kind, scope: ScopeFilter)] {
        guard principal.kind == .staff else { return [] }
        return Self.kinds.compactMap { kind in
            let scope: ScopeFilter = principal.scope(kind.roles)
            return (id == nil || id == kind.id) && !scope.isEmpty ? (kind, scope) : nil
        }
    }

    func tasks(
        for principal: Principal, kind: String?, after: TaskPosition?, limit: Int, _ context: ReadContext
    ) throws -> [WaitingTask] {
        let found: [WaitingTask] = try kinds(for: principal, kind).flatMap { kind, scope in
            try ApplicationStore.waiting(
                kind.condition, scope, after: after, limit: limit, context.connection
            ).map { record in
                WaitingTask(
                    subject: record.name, kind: kind.id,
                    title: BilingualText(
                        zh: "\(record.itemText)（\(record.applicantText)）",
                        en: "\(record.itemText) (\(record.applicantText))"),
                    place: record.department.text, dueTime: record.due?.due,
                    pauseReason: record.runningProcedure.map { run in
                        let name: BilingualText = ApplicationTexts.procedure(run.kind)
                        return BilingualText(zh: "\(name.zh)：\(run.note)", en: "\(name.en): \(run.note)")
                    },
                    createTime: record.stateSince)
            }
        }
        let last: Instant = Instant(milliseconds: .max)
        return Array(
            found.sorted { ($0.dueTime ?? last, $0.subject) < ($1.dueTime ?? last, $1.subject) }.prefix(limit)
        )
    }

    func counts(
        for principal: Principal, nearBefore: Instant, overdueBefore: Instant, _ context: ReadContext
    ) throws -> [WaitingTaskCount] {
        try kinds(for: principal, nil).compactMap { kind, scope in
            let count: (total: Int, near: Int, overdue: Int) = try ApplicationStore.countWaiting(
                kind.condition, scope, nearBefore: nearBefore, overdueBefore: overdueBefore,
                context.connection)
            guard count.total > 0 else { return nil }
            return WaitingTaskCount(
                kind: kind.id, title: kind.title, total: count.total,
                nearDeadline: kind.isClocked ? count.near : 0, overdue: kind.isClocked ? count.overdue : 0)
        }
    }
}

extension ApplicationStore {
    /// Applications that wait, nearest deadline first, those without one last.
    static func waiting(
        _ condition: String, _ scope: ScopeFilter, after: TaskPosition?, limit: Int,
        _ connection: any Connection
    ) throws -> [ApplicationRecord] {
        let place = scope.sql(column: "a.place_path", departmentColumn: "a.department_code", firstIndex: 4)
        let none: Int64 = Int64.max
        return try connection.query(
            """
            SELECT \(columns) FROM onestop_applications a
            WHERE \(isOpen) AND \(condition) AND \(place.sql)
                AND (coalesce(a.due_time, \(none)), 'applications/' || a.number) > ($1, $2)
            ORDER BY coalesce(a.due_time, \(none)), a.number LIMIT $3
            """,
            values: [
                SQLValue(after?.dueMilliseconds ?? Int64.min), .text(after?.subject ?? ""), SQLValue(limit),
            ] + place.values, row: record)
    }

    static func countWaiting(
        _ condition: String, _ scope: ScopeFilter, nearBefore: Instant, overdueBefore: Instant,
        _ connection: any Connection
    ) throws -> (total: Int, near: Int, overdue: Int) {
        let place = scope.sql(column: "a.place_path", departmentColumn: "a.department_code", firstIndex: 3)
        return try connection.first(
            """
            SELECT count(*), coalesce(sum(a.due_time >= $2 AND a.due_time < $1), 0),
                coalesce(sum(a.due_time < $2), 0)
            FROM onestop_applications a WHERE \(isOpen) AND \(condition) AND \(place.sql)
            """, values: [SQLValue(nearBefore), SQLValue(overdueBefore)] + place.values
        ) { ($0.int(0), $0.int(1), $0.int(2)) } ?? (0, 0, 0)
    }
}
