package import Logging

/// What happens by time alone: pauses end, codes expire, queues are cleared. The composition root keeps it running; a run
/// more often than needed does no harm, and a run after a standstill makes up for what was missed.
package protocol TimedWork: Sendable {
    associatedtype Done: Sendable

    /// What it is about, for the log, such as `cases`.
    static var workName: String { get }
    /// Seconds between two runs; what is due is done at most this much late.
    static var secondsBetweenRuns: Int { get }

    /// Does what is due, in transactions of its own; returns what was done.
    func run() async throws -> Done
}

extension TimedWork {
    /// Runs again and again until the task is cancelled. What fails is logged and tried again the next time.
    package func keepRunning(logger: Logger) async {
        while !Task.isCancelled {
            do {
                _ = try await run()
            } catch {
                if Task.isCancelled { return }
                logger.error(
                    "what is due by time was not done",
                    metadata: ["of": "\(Self.workName)", "error": "\(error)"])
            }
            do { try await Task.sleep(for: .seconds(Self.secondsBetweenRuns)) } catch { return }
        }
    }
}
