internal import Kernel
internal import Synchronization

/// Makes those wait who guess, and nobody else.
///
/// Wrong attempts count for the pair of account and place, for the place, and in one bucket for all places from which the
/// account was never used. So a stranger's attempts delay the stranger's place; the owner, elsewhere or at a place that
/// is known, signs in as always. An account is never locked. Everything is kept by keyed hashes or the text that was
/// typed, whether or not there is such an account, so that delays tell nothing.
final class SignInThrottle: Sendable {
    /// One attempt: at which account, from where.
    struct Attempt: Sendable {
        /// Keyed hash of the account's phone or name.
        let account: [UInt8]
        let place: Place
        /// Whether the account was used from here before.
        let isKnownPlace: Bool
    }
    private struct Pair: Hashable {
        let account: [UInt8]
        let place: Place
    }
    private struct State {
        var pairs: AttemptTable<Pair, Attempts> = AttemptTable(capacity: IdentityLimits.rememberedKeys)
        var places: AttemptTable<Place, Attempts> = AttemptTable(capacity: IdentityLimits.rememberedKeys)
        /// Attempts from unknown places that are left, in thousandths.
        var bucketThousandths: Int = IdentityLimits.strangerBurst * 1_000
        var bucketTime: Instant = Instant(milliseconds: 0)
    }
    private let state: Mutex<State> = Mutex(State())

    /// Lets an attempt pass and counts it as wrong until `succeeded`; so no number of simultaneous attempts is more than
    /// their count.
    ///
    /// - Throws: RESOURCE_EXHAUSTED (`TOO_MANY_ATTEMPTS`) with the time to wait. A refused attempt does not count, so
    ///   that asking again does not make it longer.
    func admit(_ attempt: Attempt, now: Instant) throws(Refusal) {
        let wait: Int = state.withLock { state in
            let pair: Pair = Pair(account: attempt.account, place: attempt.place)
            let ofPair: Attempts = SignInThrottle.live(state.pairs[pair], now: now)
            let ofPlace: Attempts = SignInThrottle.live(state.places[attempt.place], now: now)
            var wait: Int = max(
                SignInThrottle.wait(
                    ofPair, free: IdentityLimits.freeAttemptsPerAccountAndPlace,
                    longest: IdentityLimits.longestPairDelaySeconds, now: now),
                SignInThrottle.wait(
                    ofPlace, free: IdentityLimits.freeAttemptsPerPlace,
                    longest: IdentityLimits.longestPlaceDelaySeconds, now: now))
            if !attempt.isKnownPlace {
                SignInThrottle.refill(&state, now: now)
                if state.bucketThousandths < 1_000 { wait = max(wait, 1) }
            }
            guard wait == 0 else { return wait }
            state.pairs[pair] = Attempts(count: ofPair.count + 1, last: now)
            state.places[attempt.place] = Attempts(count: ofPlace.count + 1, last: now)
            if !attempt.isKnownPlace { state.bucketThousandths -= 1_000 }
            return 0
        }
        guard wait == 0 else {
            throw .exhausted(
                retryAfterSeconds: wait, reason: "TOO_MANY_ATTEMPTS", zh: "尝试次数过多，请\(wait)秒后再试。",
                en: "Too many attempts. Try again in \(wait) seconds.", metadata: ["waitSeconds": "\(wait)"])
        }
    }

    /// The attempt was right: the pair starts anew, and the attempt does not count for the place.
    func succeeded(_ attempt: Attempt) {
        state.withLock { state in
            state.pairs[Pair(account: attempt.account, place: attempt.place)] = nil
            if let ofPlace = state.places[attempt.place] {
                state.places[attempt.place] = Attempts(count: max(0, ofPlace.count - 1), last: ofPlace.last)
            }
            if !attempt.isKnownPlace {
                let full: Int = IdentityLimits.strangerBurst * 1_000
                state.bucketThousandths = min(full, state.bucketThousandths + 1_000)
            }
        }
    }

    private static func live(_ attempts: Attempts?, now: Instant) -> Attempts {
        let memory: Int64 = Int64(IdentityLimits.attemptMemorySeconds) * 1_000
        guard let attempts, now.milliseconds(since: attempts.last) < memory else {
            return Attempts(count: 0, last: now)
        }
        return attempts
    }

    /// Whole seconds that are left to wait.
    private static func wait(_ attempts: Attempts, free: Int, longest: Int, now: Instant) -> Int {
        let delay: Int = Attempts.delaySeconds(after: attempts.count, free: free, longest: longest)
        let left: Int64 = Int64(delay) * 1_000 - now.milliseconds(since: attempts.last)
        return left > 0 ? Int((left + 999) / 1_000) : 0
    }

    private static func refill(_ state: inout State, now: Instant) {
        let elapsed: Int64 = max(0, now.milliseconds(since: state.bucketTime))
        let full: Int = IdentityLimits.strangerBurst * 1_000
        let added: Int64 = min(Int64(full), elapsed * Int64(IdentityLimits.strangerAttemptsPerSecond))
        state.bucketThousandths = min(full, state.bucketThousandths + Int(added))
        state.bucketTime = now
    }
}
