internal import Glibc
internal import Synchronization

/// Where the time comes from. Rules get an `Instant` and never ask a clock; services ask the clock of their
/// `Environment`.
package protocol Clock: Sendable {
    func now() -> Instant
}

/// The machine's clock.
package struct SystemClock: Clock {
    package init() {}

    package func now() -> Instant {
        var time: timespec = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// A clock that moves only when it is told to, for tests and for replays.
package final class ManualClock: Clock {
    private let time: Mutex<Instant>

    package init(_ start: Instant) { time = Mutex(start) }

    package func now() -> Instant { time.withLock { $0 } }
    package func set(_ instant: Instant) { time.withLock { $0 = instant } }
    package func advance(seconds: Int64) { time.withLock { $0 = $0.adding(seconds: seconds) } }
    package func advance(milliseconds: Int64) { time.withLock { $0 = $0.adding(milliseconds: milliseconds) } }
}
