import Glibc
import Synchronization

/// Jobs in the order of their arrival, and the threads that take them.
///
/// A caller locks once and wakes a thread only if one sleeps; a thread that finds work never sleeps.
final class WorkQueue: Sendable {
    private enum Phase {
        /// The threads get ready; what comes is refused.
        case starting(StorageError)
        case open
        /// What waits is still done, what comes is refused.
        case closing
        /// Nothing is done any more.
        case shut(StorageError)
    }

    private struct State {
        var phase: Phase = .shut(.closed)
        var waiting: [Job] = []
        /// Where the waiting jobs start; what lies before is taken.
        var head = 0
        var sleepers = 0

        var count: Int { waiting.count - head }
    }

    private let state = Mutex(State())
    private let bell = Bell()
    private let waitingMax: Int
    private let retryAfterSeconds: Int

    init(waitingMax: Int, retryAfterSeconds: Int) {
        self.waitingMax = waitingMax
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// How many jobs wait.
    var count: Int { state.withLock { $0.count } }

    /// Runs `body` on one of the threads.
    func submit<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        let job = BodyJob(body)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                job.continuation = continuation
                enqueue(job)
            }
        } onCancel: {
            cancel(job)
        }
    }

    private func enqueue(_ job: Job) {
        enum Answer {
            case taken(wake: Bool)
            case refused(any Error)
        }
        let answer: Answer = state.withLock { state in
            if job.isCancelled.load(ordering: .acquiring) { return .refused(CancellationError()) }
            switch state.phase {
            case .open: break
            case .closing: return .refused(StorageError.closed)
            case .starting(let error), .shut(let error): return .refused(error)
            }
            guard state.count < waitingMax else {
                return .refused(StorageError.overloaded(retryAfterSeconds: retryAfterSeconds))
            }
            state.waiting.append(job)
            guard state.sleepers > 0 else { return .taken(wake: false) }
            state.sleepers -= 1
            return .taken(wake: true)
        }
        switch answer {
        case .taken(let wake): if wake { bell.ring() }
        case .refused(let error):
            job.fail(error)
            job.resume()
        }
    }

    private func cancel(_ job: Job) {
        job.isCancelled.store(true, ordering: .releasing)
        let removed: Bool = state.withLock { state in
            guard let index = state.waiting[state.head...].firstIndex(where: { $0 === job }) else {
                return false
            }
            state.waiting.remove(at: index)
            return true
        }
        guard removed else { return }
        job.fail(CancellationError())
        job.resume()
    }

    /// Adds up to `limit` waiting jobs to `jobs`, without sleeping.
    func take(upTo limit: Int, into jobs: inout [Job]) {
        state.withLock { state in _ = Self.take(&state, limit, &jobs) }
    }

    /// Adds up to `limit` jobs to `jobs`, and sleeps until there is one; false when there will be none any more.
    func wait(upTo limit: Int, into jobs: inout [Job]) -> Bool {
        while true {
            let answer: Bool? = state.withLock { state in
                if Self.take(&state, limit, &jobs) { return true }
                switch state.phase {
                case .starting, .open: break
                case .closing, .shut: return false
                }
                state.sleepers += 1
                return nil
            }
            if let answer { return answer }
            bell.wait()
        }
    }

    private static func take(_ state: inout State, _ limit: Int, _ jobs: inout [Job]) -> Bool {
        let count: Int = min(state.count, limit)
        guard count > 0 else { return false }
        if jobs.isEmpty && state.head == 0 && count == state.waiting.count {
            // The two arrays change places, and with them the room that they have grown.
            swap(&jobs, &state.waiting)
            return true
        }
        jobs.append(contentsOf: state.waiting[state.head..<state.head + count])
        state.head += count
        if state.head == state.waiting.count {
            state.waiting.removeAll(keepingCapacity: true)
            state.head = 0
        } else if state.head >= 1_024 {
            state.waiting.removeFirst(state.head)
            state.head = 0
        }
        return true
    }

    /// Lets threads wait for work that may come once it is open; until then it is refused with `error`.
    func prepare(refusingWith error: StorageError) { state.withLock { $0.phase = .starting(error) } }

    /// Takes jobs, unless it was closed since `prepare`.
    func open() {
        state.withLock { state in
            if case .starting = state.phase { state.phase = .open }
        }
    }

    /// Takes no more jobs and lets the threads end when those that wait are done.
    func close() { end(.closing, failing: nil) }

    /// Takes no more jobs and fails those that wait.
    func shut(_ error: StorageError) { end(.shut(error), failing: error) }

    private func end(_ phase: Phase, failing error: StorageError?) {
        let (dropped, sleepers): ([Job], Int) = state.withLock { state in
            state.phase = phase
            let sleepers: Int = state.sleepers
            state.sleepers = 0
            guard error != nil else { return ([], sleepers) }
            let dropped = Array(state.waiting[state.head...])
            state.waiting.removeAll()
            state.head = 0
            return (dropped, sleepers)
        }
        for _ in 0..<sleepers { bell.ring() }
        for job in dropped {
            if let error { job.fail(error) }
            job.resume()
        }
    }
}

/// A counting semaphore: each `ring` lets one `wait` return, in whichever order they come.
///
/// Unchecked because of the pointer, whose target POSIX makes for use by many threads and which lives as long as the bell.
private final class Bell: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        let code: Int32 = sem_init(semaphore, 0, 0)
        precondition(code == 0, "sem_init failed: \(errno)")
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func ring() { sem_post(semaphore) }

    func wait() {
        // A signal may interrupt it.
        while sem_wait(semaphore) != 0 {}
    }
}
