import Kernel

/// Whether a department's system is asked at all. After several failures in a row it is left alone for a while, so that
/// nobody waits for what does not come and a system that is starting up is not overrun; then a single call tries it.
///
/// Pure: the time is an argument, and whoever was admitted must say how it went, exactly once.
struct CircuitBreaker: Sendable, Equatable {
    enum State: Sendable, Equatable {
        /// Calls go through.
        case closed
        /// Calls fail at once until then.
        case open(until: Instant)
        /// One call tries whether it works again; others fail at once.
        case halfOpen
    }

    /// What a call may do.
    enum Admission: Sendable, Equatable {
        case go
        /// Not now; ask again after so many seconds.
        case wait(seconds: Int)
    }

    /// So many failures in a row open the circuit.
    static let failuresMax: Int = 5
    /// The first pause. Each trial that fails doubles it, up to the longest.
    static let firstPauseSeconds: Int64 = 10
    static let pauseSecondsMax: Int64 = 300
    /// While a trial runs, others are told to come back after this.
    static let trialSeconds: Int = 2

    private(set) var state: State = .closed
    /// Failures since the last answer.
    private(set) var failures: Int = 0
    private var pauseSeconds: Int64 = firstPauseSeconds

    /// Asks whether a call may go. What is admitted has to be followed by `succeeded`, `failed` or `abandoned`.
    mutating func admit(_ now: Instant) -> Admission {
        switch state {
        case .closed: return .go
        case .halfOpen: return .wait(seconds: CircuitBreaker.trialSeconds)
        case .open(let until):
            let left: Int64 = until.milliseconds - now.milliseconds
            // More is left than a pause lasts: the clock was set back. Trying is better than waiting for years.
            guard left > 0, left <= pauseSeconds * 1_000 else {
                state = .halfOpen
                return .go
            }
            return .wait(seconds: Int((left + 999) / 1_000))
        }
    }

    /// The system answered, whatever it said.
    mutating func succeeded() { self = CircuitBreaker() }

    /// The system did not do what it has to.
    mutating func failed(_ now: Instant) {
        failures += 1
        switch state {
        case .closed:
            if failures >= CircuitBreaker.failuresMax { open(now) }
        case .halfOpen:
            pauseSeconds = min(pauseSeconds * 2, CircuitBreaker.pauseSecondsMax)
            open(now)
        case .open:
            // It was admitted before others opened the circuit: nothing new.
            break
        }
    }

    /// Nobody knows how it went: the caller hung up. A trial is then free for the next caller.
    mutating func abandoned(_ now: Instant) {
        if state == .halfOpen { state = .open(until: now) }
    }

    private mutating func open(_ now: Instant) {
        state = .open(until: now.adding(seconds: pauseSeconds))
    }
}
