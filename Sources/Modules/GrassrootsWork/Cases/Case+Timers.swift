import Kernel
import Platform
import Storage

/// What happens to cases by time alone: a pause ends when it said that it would, and a case that nobody rated is archived
/// when the time for rating is over. The composition root calls it now and then; calling it more often does no harm.
package struct CaseTimers: TimedWork {
    package static let workName: String = "cases"
    let platform: Platform
    let cases: Cases

    /// Cases that one run looks at, so that a long standstill does not make one long queue of writes.
    package static let maximumPerRun: Int = 200

    /// Seconds between two runs; a pause ends and a case is archived at most this much late.
    package static let secondsBetweenRuns: Int = 60

    /// Does what is due, each case in a transaction of its own; returns how many changed.
    ///
    /// A case that somebody changed meanwhile, or that the workflow does not let go, is left for the next run.
    package func run() async throws -> Int {
        let due: [String] = try await platform.readAsSystem { context in
            try CaseStore.due(at: context.now, limit: CaseTimers.maximumPerRun, context.connection)
        }
        var changed: Int = 0
        for number in due {
            let done: Bool = try await platform.performAsSystem(action: "case.timer") { unit in
                guard let record = try CaseStore.find(number, unit.connection),
                    let command = try command(for: record, unit.reading)
                else { return false }
                _ = try cases.apply(command, to: record, unit)
                return true
            }
            if done { changed += 1 }
        }
        return changed
    }

    /// What time alone does to the case now; nil for nothing.
    private func command(for record: CaseRecord, _ context: ReadContext) throws -> CaseCommand? {
        if let pause = record.openPause {
            return pause.resumeBy <= context.now ? .resume(note: "") : nil
        }
        let view: CaseView = try cases.view(record, context)
        guard let expiry = view.state.onExpiry, let action = view.definition.action(expiry),
            action.verb == "archive", let due = view.deadline?.due, due < context.now
        else { return nil }
        return .archive(note: "")
    }
}

extension CaseStore {
    /// Numbers of cases whose pause should be over, or whose time for rating is.
    static func due(at now: Instant, limit: Int, _ connection: any Connection) throws -> [String] {
        try connection.query(
            """
            SELECT c.number FROM grassroots_case c
            WHERE \(isOpen) AND (
                (c.state = 'awaiting_rating' AND c.due_time < $1)
                OR (c.state = 'suspended' AND EXISTS (
                    SELECT 1 FROM grassroots_case_pause p
                    WHERE p.case_id = c.id AND p.end_time IS NULL AND p.resume_by <= $1)))
            ORDER BY c.id LIMIT $2
            """, SQLValue(now), SQLValue(limit)
        ) { $0.text(0) }
    }
}
