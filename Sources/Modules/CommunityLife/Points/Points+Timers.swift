import Kernel
import Platform

/// What happens to points by time alone: unused codes give their points back, and old points expire. Whoever asks for a
/// balance has it done at once; this is for those who do not ask, so that partners' caps are free again.
package struct PointsTimers: TimedWork {
    package static let workName: String = "points"
    /// Residents that one run settles, so that a long standstill does not make one long queue of writes.
    package static let maximumPerRun: Int = 200
    /// Seconds between two runs.
    package static let secondsBetweenRuns: Int = 300

    private let platform: Platform

    init(platform: Platform) { self.platform = platform }

    /// Settles those for whom something is due, each in a transaction of its own; returns how many.
    package func run() async throws -> Int {
        let due: [String] = try await platform.readAsSystem { context in
            try RedemptionStore.due(context.connection, now: context.now, limit: PointsTimers.maximumPerRun)
        }
        let book: PointsBook = PointsBook(platform: platform)
        for resident in due {
            try await platform.performAsSystem(action: "points.settle") { unit in
                try book.settle(resident, unit)
            }
        }
        return due.count
    }
}
