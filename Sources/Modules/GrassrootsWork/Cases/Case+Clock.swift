import Kernel
import Platform

/// The clocks of a case: one of its present step, by the workflow's data, and one of the whole, by its category.
///
/// The clock of the whole is the category's time to handle it: it starts when somebody receives the case and ends when it
/// is resolved; rework goes on with it, a reopened case starts anew. A pause with evidence holds both clocks. What is
/// granted on top is counted from where the limit before it ended.
struct CaseClock: Sendable {
    let calendar: WorkCalendar

    /// The deadline of the step; nil where the state has no limit.
    func step(of record: CaseRecord, state: WorkflowDefinition.State, now: Instant) -> Deadline? {
        guard state.kind != .terminal, let limit = state.limit else { return nil }
        return calendar.deadline(
            start: record.stepStart, limit: limit, pauses: CaseClock.pauses(of: record), now: now)
    }

    /// The deadline of the whole; nil before the case is received, once it is resolved, and without a limit.
    func whole(
        of record: CaseRecord, state: WorkflowDefinition.State, limit: TimeLimit?, now: Instant
    ) -> Deadline? {
        guard state.kind != .terminal, record.resolveTime == nil, let start = record.clockStart, let limit
        else {
            return nil
        }
        let pauses: [ClockPause] = CaseClock.pauses(of: record)
        var whole: Deadline = calendar.deadline(start: start, limit: limit, pauses: pauses, now: now)
        for more in record.extensions {
            whole = calendar.deadline(start: whole.due, limit: more, pauses: pauses, now: now)
        }
        return whole
    }

    /// Minutes that are left at `now`; negative when overdue.
    func remainingMinutes(of deadline: Deadline, record: CaseRecord, now: Instant) -> Int {
        calendar.remainingMinutes(of: deadline, pauses: CaseClock.pauses(of: record), now: now)
    }

    static func pauses(of record: CaseRecord) -> [ClockPause] {
        record.pauses.map { ClockPause(start: $0.start, end: $0.end, evidence: $0.evidence) }
    }
}

extension CaseDeadline {
    /// What the store keeps of a deadline, for queries by time.
    init(_ deadline: Deadline) {
        self.init(
            due: deadline.due, yellow: deadline.yellow, red: deadline.red,
            isProvisional: deadline.isProvisional)
    }
}

/// The work calendar's deadline, where RPC's deadline of a call is in sight too.
typealias WorkDeadline = Deadline
