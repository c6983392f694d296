internal import NIOCore
internal import Synchronization

/// A task that waits for something to happen on a stream. Its cancellation may come from any thread and at any time.
final class StreamWaiter: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Void, any Error>)
        case done(Result<Void, any Error>)
    }
    private let state = Mutex<State>(.new)

    /// Suspends the caller until `resume` or until its task is cancelled.
    ///
    /// `register` puts the waiter where the event loop finds it; it runs on the caller's thread.
    static func wait(_ register: (StreamWaiter) -> Void) async throws {
        let waiter = StreamWaiter()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = waiter.state.withLock { state in
                    if case .done(let result) = state { return result }
                    state = .waiting(continuation)
                    return nil
                }
                if let result { return continuation.resume(with: result) }
                register(waiter)
            }
        } onCancel: {
            waiter.resume(throwing: CancellationError())
        }
    }

    /// Lets the task go on; later calls have no effect.
    func resume() { finish(.success(())) }

    func resume(throwing error: any Error) { finish(.failure(error)) }

    private func finish(_ result: Result<Void, any Error>) {
        let continuation: CheckedContinuation<Void, any Error>? = state.withLock { state in
            switch state {
            case .new:
                state = .done(result)
                return nil
            case .waiting(let continuation):
                state = .done(result)
                return continuation
            case .done: return nil
            }
        }
        continuation?.resume(with: result)
    }
}
