import Kernel
import Platform

/// The clocks of an application: the present step's by the workflow's data, and the decision's by the item, promised and
/// statutory side by side. A limit that nobody knows stays unknown.
///
/// The decision's clock starts when the application is taken on 受理, and when silence took it on, on the day of the
/// hand-in; special procedures hold it.
struct ApplicationClock: Sendable {
    let calendar: WorkCalendar

    /// 即办 counts as due at the end of the next working day, the shortest limit that counts days.
    private static func limit(_ limit: ItemLimit) -> TimeLimit? {
        switch limit {
        case .unknown: nil
        case .immediate: .oneWorkingDay
        case .within(let limit): limit
        }
    }

    static func pauses(of record: ApplicationRecord) -> [ClockPause] {
        record.details.runs.map { ClockPause(start: $0.start, end: $0.end, evidence: $0.note) }
    }

    /// The deadline of the step; nil where the state has no limit.
    func step(of record: ApplicationRecord, _ state: WorkflowDefinition.State, now: Instant) -> WorkDeadline?
    {
        guard state.kind != .terminal, let limit = state.limit else { return nil }
        return calendar.deadline(start: record.stepStart, limit: limit, now: now)
    }

    /// The promised deadline of the decision; nil before it is taken on, after the decision, and where none is known.
    func promised(of record: ApplicationRecord, now: Instant) -> WorkDeadline? {
        whole(of: record, Self.limit(record.promised), now: now)
    }

    /// The statutory deadline of the decision.
    func statutory(of record: ApplicationRecord, now: Instant) -> WorkDeadline? {
        whole(of: record, Self.limit(record.statutory), now: now)
    }

    private func whole(of record: ApplicationRecord, _ limit: TimeLimit?, now: Instant) -> WorkDeadline? {
        guard record.state.isUnderReview, let start = record.clockStart, let limit else { return nil }
        return calendar.deadline(start: start, limit: limit, pauses: Self.pauses(of: record), now: now)
    }

    /// What counts now: the step's limit, else the promise, else the law.
    func counting(_ record: ApplicationRecord, _ state: WorkflowDefinition.State, now: Instant)
        -> WorkDeadline?
    {
        step(of: record, state, now: now) ?? promised(of: record, now: now)
            ?? statutory(of: record, now: now)
    }

    /// Minutes that are left at `now`; negative when overdue.
    func remainingMinutes(of deadline: WorkDeadline, _ record: ApplicationRecord, now: Instant) -> Int {
        calendar.remainingMinutes(of: deadline, pauses: Self.pauses(of: record), now: now)
    }

    /// The half of the limit in which `now` lies: 1 or 2; 2 from the deadline on; 0 without a limit.
    func half(_ record: ApplicationRecord, _ state: WorkflowDefinition.State, now: Instant) -> Int {
        guard let deadline = counting(record, state, now: now) else { return 0 }
        let whole: Int = remainingMinutes(of: deadline, record, now: deadline.start)
        return remainingMinutes(of: deadline, record, now: now) * 2 > whole ? 1 : 2
    }
}
