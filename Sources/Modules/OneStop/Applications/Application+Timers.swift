import Kernel
import Platform
import Storage

/// What happens to applications by time alone: silence takes one on, a supplement that never came withdraws it, and a
/// rated or never rated one is archived. The composition root keeps it running; more often does no harm.
package struct ApplicationTimers: TimedWork {
    package static let workName: String = "applications"
    let applications: Applications
    private var platform: Platform { applications.platform }

    /// Applications that one run looks at, so that a long standstill does not make one long queue of writes.
    package static let maximumPerRun: Int = 200
    /// Seconds between two runs.
    package static let secondsBetweenRuns: Int = 60

    /// Does what is due, each application in a transaction of its own; returns how many changed.
    package func run() async throws -> Int {
        var changed: Int = 0
        let rated: [(number: String, grade: Int)] = try await platform.readAsSystem { context in
            try ApplicationStore.rated(limit: Self.maximumPerRun, context.connection)
        }
        for (number, grade) in rated {
            changed += try await act(number) { $0.state == .delivered ? .archiveRated(grade) : nil }
        }
        for number in try await expired() {
            changed += try await act(number) { record in
                let view: ApplicationView = try applications.view(record, now: platform.environment.now())
                return view.state.onExpiry == nil ? nil : .expire
            }
        }
        return changed
    }

    private func expired() async throws -> [String] {
        let states: [String] = try applications.currentWorkflow().states.filter { $0.onExpiry != nil }.map(
            \.id)
        return try await platform.readAsSystem { context in
            try ApplicationStore.expired(
                at: context.now, states: states, limit: Self.maximumPerRun, context.connection)
        }
    }

    /// One application; 1 if it changed. One that somebody changed meanwhile is left for the next run.
    private func act(
        _ number: String, _ command: @escaping @Sendable (ApplicationRecord) throws -> ApplicationCommand?
    ) async throws -> Int {
        try await platform.performAsSystem(action: "application.timer") { unit in
            guard let record = try ApplicationStore.find(number, unit.connection),
                let command = try command(record)
            else { return 0 }
            if command == .expire, record.due.map({ $0.due >= unit.now }) ?? true { return 0 }
            try applications.apply(command, to: record, unit)
            return 1
        }
    }
}
