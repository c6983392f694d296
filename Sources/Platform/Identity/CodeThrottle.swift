internal import Kernel
internal import Synchronization

/// Bounds how many one-time codes are sent: for a phone by a place, for a phone by strangers, and by a place.
final class CodeThrottle: Sendable {
    private struct Window: Sendable {
        var start: Instant
        var count: Int
    }
    private struct Key: Hashable {
        let phone: [UInt8]
        let place: Place?
        /// Set where only the time of the last code counts: one may register and then sign in at once.
        var purpose: CodePurpose?
    }
    private struct State {
        var windows: AttemptTable<Key, Window> = AttemptTable(capacity: IdentityLimits.rememberedKeys)
    }
    private let state: Mutex<State> = Mutex(State())

    /// Counts one code.
    ///
    /// - Parameters:
    ///   - purpose: the next code for the same purpose has to wait; one for another has not.
    ///   - phone: keyed hash of the number, whoever's it is.
    ///   - isKnownPlace: whether the phone's owner signed in from this place before; then strangers' codes do not count.
    /// - Throws: RESOURCE_EXHAUSTED (`CODE_TOO_SOON`, `TOO_MANY_CODES`) with the time to wait.
    func admit(
        _ purpose: CodePurpose, phone: [UInt8], place: Place, isKnownPlace: Bool, now: Instant
    ) throws(Refusal) {
        var limits: [(key: Key, seconds: Int, count: Int)] = [
            (Key(phone: phone, place: place, purpose: purpose), IdentityLimits.codeResendSeconds, 1),
            (Key(phone: phone, place: place), 3_600, IdentityLimits.codesPerPhoneAndPlaceHourly),
            (Key(phone: [], place: place), 3_600, IdentityLimits.codesPerPlaceHourly),
        ]
        if !isKnownPlace {
            limits.append(
                (Key(phone: phone, place: nil), 86_400, IdentityLimits.codesPerPhoneFromStrangersDaily))
        }
        let refusal: Refusal? = state.withLock { state in
            var counted: [(Key, Window)] = []
            for (key, seconds, count) in limits {
                var window: Window = state.windows[key] ?? Window(start: now, count: 0)
                if now.milliseconds(since: window.start) >= Int64(seconds) * 1_000 {
                    window = Window(start: now, count: 0)
                }
                guard window.count < count else {
                    let left: Int64 = Int64(seconds) * 1_000 - now.milliseconds(since: window.start)
                    let wait: Int = Int((left + 999) / 1_000)
                    return key.purpose == nil
                        ? CodeThrottle.tooMany(seconds: wait) : CodeThrottle.tooSoon(seconds: wait)
                }
                counted.append((key, Window(start: window.start, count: window.count + 1)))
            }
            for (key, window) in counted { state.windows[key] = window }
            return nil
        }
        if let refusal { throw refusal }
    }

    private static func tooSoon(seconds: Int) -> Refusal {
        .exhausted(
            retryAfterSeconds: seconds, reason: "CODE_TOO_SOON", zh: "验证码刚刚发送过，请\(seconds)秒后再获取。",
            en: "A code was sent just now. Ask again in \(seconds) seconds.",
            metadata: ["waitSeconds": "\(seconds)"])
    }

    private static func tooMany(seconds: Int) -> Refusal {
        .exhausted(
            retryAfterSeconds: seconds, reason: "TOO_MANY_CODES", zh: "获取验证码次数过多，请稍后再试。",
            en: "Too many codes were asked for. Try again later.", metadata: ["waitSeconds": "\(seconds)"])
    }
}
