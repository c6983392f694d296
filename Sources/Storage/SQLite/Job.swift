import Synchronization

/// A body that waits for a thread of the store, and the caller that waits for it.
///
/// It is handed over, never shared: the queue's lock orders the caller's part (making it, giving it a continuation) before
/// the thread's (running it, resuming), and after that nobody touches it. Cancelling touches `isCancelled` alone, which is
/// atomic. Hence the unchecked conformance.
class Job: @unchecked Sendable {
    /// Set once, before the queue is asked whether the job waits still.
    let isCancelled = Atomic(false)

    /// Runs the body and keeps what came of it; true if it returned.
    func run(_ connection: any Connection) -> Bool { fatalError("abstract") }
    /// Replaces what came of the body.
    func fail(_ error: any Error) { fatalError("abstract") }
    /// Tells the caller. To be called once, last.
    func resume() { fatalError("abstract") }
}

final class BodyJob<T: Sendable>: Job, @unchecked Sendable {
    private let body: @Sendable (any Connection) throws -> T
    private var outcome: Result<T, any Error> = .failure(CancellationError())
    var continuation: CheckedContinuation<T, any Error>?

    init(_ body: @escaping @Sendable (any Connection) throws -> T) { self.body = body }

    override func run(_ connection: any Connection) -> Bool {
        do {
            outcome = .success(try body(connection))
            return true
        } catch {
            outcome = .failure(error)
            return false
        }
    }

    override func fail(_ error: any Error) { outcome = .failure(error) }

    override func resume() { continuation?.resume(with: outcome) }
}
