import Glibc
import Synchronization

/// Threads that end together: whoever closes the store waits for them.
final class Threads: Sendable {
    private struct State {
        var running = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// Starts a thread and returns once `prepare` returned on it; then `run` runs with what it made.
    ///
    /// - Throws: what `prepare` throws; the thread has ended then.
    func start<Prepared>(
        prepare: @escaping @Sendable () throws -> Prepared,
        run: @escaping @Sendable (Prepared) -> Void
    ) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            state.withLock { $0.running += 1 }
            launchThread {
                // What was made must be gone before the thread counts as ended.
                do {
                    let prepared: Prepared
                    do { prepared = try prepare() } catch {
                        self.ended { continuation.resume(throwing: error) }
                        return
                    }
                    continuation.resume()
                    run(prepared)
                }
                self.ended {}
            }
        }
    }

    private func ended(_ first: () -> Void) {
        let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        first()
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once no thread runs.
    func end() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let none: Bool = state.withLock { state in
                if state.running > 0 { state.waiters.append(continuation) }
                return state.running == 0
            }
            if none { continuation.resume() }
        }
    }
}

/// Runs blocking work on a thread of its own.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
        launchThread {
            let result: Result<T, any Error> = Result { try body() }
            continuation.resume(with: result)
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func launchThread(_ run: @escaping @Sendable () -> Void) {
    let body = ThreadBody(run)
    var thread = pthread_t()
    let code: Int32 = pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        }, Unmanaged.passRetained(body).toOpaque())
    precondition(code == 0, "No thread could be started: \(code)")
    pthread_detach(thread)
}
