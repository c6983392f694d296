internal import NIOCore

/// When a call must be over, on the machine's monotonic clock.
package struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds on the monotonic clock that NIO uses.
    package let uptimeNanoseconds: UInt64

    package init(uptimeNanoseconds: UInt64) { self.uptimeNanoseconds = uptimeNanoseconds }

    /// No deadline at all.
    package static let distantFuture = Deadline(uptimeNanoseconds: UInt64(Int64.max))

    package static func now() -> Deadline { Deadline(uptimeNanoseconds: NIODeadline.now().uptimeNanoseconds) }

    /// The point of time this long from now; a negative duration is already over.
    package static func `in`(_ duration: Duration) -> Deadline { now().advanced(by: duration) }

    package func advanced(by duration: Duration) -> Deadline {
        advanced(nanoseconds: duration.clampedNanoseconds)
    }

    func advanced(nanoseconds: Int64) -> Deadline {
        let limit: UInt64 = UInt64(Int64.max)
        if nanoseconds < 0 {
            let back: UInt64 = nanoseconds.magnitude
            return Deadline(uptimeNanoseconds: back > uptimeNanoseconds ? 0 : uptimeNanoseconds - back)
        }
        let (sum, overflow) = uptimeNanoseconds.addingReportingOverflow(UInt64(nanoseconds))
        return Deadline(uptimeNanoseconds: overflow || sum > limit ? limit : sum)
    }

    /// What is left of the time; zero if the deadline has passed.
    package var remaining: Duration { .nanoseconds(remainingNanoseconds(at: Deadline.now())) }

    package var hasPassed: Bool { self <= Deadline.now() }

    func remainingNanoseconds(at now: Deadline) -> Int64 {
        uptimeNanoseconds > now.uptimeNanoseconds ? Int64(uptimeNanoseconds - now.uptimeNanoseconds) : 0
    }

    package static func < (left: Deadline, right: Deadline) -> Bool {
        left.uptimeNanoseconds < right.uptimeNanoseconds
    }
}

extension Duration {
    /// The duration in nanoseconds, held within what 64 bits can say (292 years).
    var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? Int64.min : Int64.max }
        let (sum, overflow2) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow2 ? (seconds < 0 ? Int64.min : Int64.max) : sum
    }
}
