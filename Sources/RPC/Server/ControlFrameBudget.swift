/// How many frames without a request in them a peer may still send: a token bucket that a request fills.
struct ControlFrameBudget {
    private let burst: Int
    private let perSecond: Int
    private var left: Int
    private var updated: Deadline

    init(burst: Int, perSecond: Int, at now: Deadline = .now()) {
        self.burst = burst
        self.perSecond = perSecond
        left = burst
        updated = now
    }

    /// Takes one; false if none is left.
    mutating func spend(_ now: Deadline) -> Bool {
        if left == 0, now > updated {
            let elapsed: UInt64 = now.uptimeNanoseconds - updated.uptimeNanoseconds
            let earned: UInt64 = min(elapsed / 1_000_000 * UInt64(perSecond) / 1_000, UInt64(burst))
            if earned > 0 {
                left = Int(earned)
                updated = now
            }
        }
        if left == 0 { return false }
        left -= 1
        return true
    }

    mutating func refill(_ now: Deadline) {
        left = burst
        updated = now
    }
}
