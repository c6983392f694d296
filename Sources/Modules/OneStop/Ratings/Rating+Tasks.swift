import Kernel
import Platform
import Storage

/// What waits for staff: bad ratings for the department, its appeals for the supervision centre.
struct RatingTasks: TaskSource {
    static let rectify: String = "rating.rectify"
    static let review: String = "rating.review"

    let platform: Platform
    private var store: RatingStore { RatingStore(keyring: platform.keyring) }

    var taskKinds: Set<String> { [RatingTasks.rectify, RatingTasks.review] }

    /// Kind, state and scope of what can wait for the caller.
    private func waits(for principal: Principal, kind: String?) -> [(
        kind: String, state: RatingState, scope: ScopeFilter
    )] {
        let all: [(kind: String, state: RatingState, scope: ScopeFilter)] = [
            (RatingTasks.rectify, .rectifying, principal.scope(.departmentOfficer)),
            (RatingTasks.review, .appealed, principal.scope(.dispatcher, .verifier)),
        ]
        return all.filter { (kind == nil || kind == $0.kind) && !$0.scope.isEmpty }
    }

    func tasks(
        for principal: Principal, kind: String?, after: TaskPosition?, limit: Int, _ context: ReadContext
    ) throws -> [WaitingTask] {
        guard principal.kind == .staff else { return [] }
        let found: [WaitingTask] = try waits(for: principal, kind: kind).flatMap { waiting in
            try store.waiting(
                context.connection, state: waiting.state, scope: waiting.scope, after: after, limit: limit
            ).map { rating, due in
                let grade: BilingualText = RatingTexts.grade(rating.grade)
                return WaitingTask(
                    subject: rating.name, kind: waiting.kind,
                    title: BilingualText(
                        zh: "\(grade.zh)：\(rating.subjectText)", en: "\(grade.en): \(rating.subjectText)"),
                    place: rating.departmentText, dueTime: due, createTime: rating.createTime)
            }
        }
        return Array(
            found.sorted { left, right in
                let last: Instant = Instant(milliseconds: .max)
                return (left.dueTime ?? last, left.subject) < (right.dueTime ?? last, right.subject)
            }.prefix(limit))
    }

    func counts(
        for principal: Principal, nearBefore: Instant, overdueBefore: Instant, _ context: ReadContext
    ) throws -> [WaitingTaskCount] {
        guard principal.kind == .staff else { return [] }
        return try waits(for: principal, kind: nil).compactMap { waiting in
            let count: (total: Int, near: Int, overdue: Int) = try store.count(
                context.connection, state: waiting.state, scope: waiting.scope, nearBefore: nearBefore,
                overdueBefore: overdueBefore)
            guard count.total > 0, let title = RatingTexts.tasks[waiting.kind] else { return nil }
            let isClocked: Bool = waiting.state == .rectifying
            return WaitingTaskCount(
                kind: waiting.kind, title: title, total: count.total,
                nearDeadline: isClocked ? count.near : 0, overdue: isClocked ? count.overdue : 0)
        }
    }
}
