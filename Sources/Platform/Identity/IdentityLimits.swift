/// The numbers that bound sign-in and sessions.
package enum IdentityLimits {
    // One-time codes.
    /// Digits of a code.
    package static let codeDigits: Int = 6
    /// Seconds that a code is good for.
    package static let codeLifetimeSeconds: Int = 300
    /// Wrong tries that a code takes; the next one finds it gone.
    package static let codeTries: Int = 5
    /// Seconds until a place may ask for the next code for a phone and purpose.
    package static let codeResendSeconds: Int = 60
    /// Codes for one phone that one place may ask for in an hour.
    package static let codesPerPhoneAndPlaceHourly: Int = 10
    /// Codes for one phone in a day that places may ask for from which its owner never signed in, all together.
    package static let codesPerPhoneFromStrangersDaily: Int = 10
    /// Codes that one place may ask for in an hour, for whatever phones. A service centre is one place.
    package static let codesPerPlaceHourly: Int = 200

    // Attempts to sign in.
    /// Wrong attempts at one account from one place before the first delay.
    package static let freeAttemptsPerAccountAndPlace: Int = 5
    /// The longest delay after wrong attempts at one account from one place, in seconds.
    package static let longestPairDelaySeconds: Int = 900
    /// Wrong attempts from one place, at whatever accounts, before the first delay.
    package static let freeAttemptsPerPlace: Int = 50
    /// The longest delay of a place, in seconds: many people may share it.
    package static let longestPlaceDelaySeconds: Int = 60
    /// After this many seconds without a wrong attempt, the earlier ones are forgotten.
    package static let attemptMemorySeconds: Int = 3_600
    /// Wrong attempts from unknown places that the server takes at once, before it puts them off.
    package static let strangerBurst: Int = 300
    /// Wrong attempts from unknown places a second that it takes for good.
    package static let strangerAttemptsPerSecond: Int = 10
    /// Keys that a table of attempts remembers at most; the oldest go first.
    package static let rememberedKeys: Int = 100_000
    /// Places that are remembered of one account.
    package static let knownPlacesPerAccount: Int = 20

    // Password hashing.
    /// Hashes that are computed at one time.
    package static let passwordThreads: Int = 1
    /// Hashes that wait for a thread; what comes beyond is refused.
    package static let passwordQueue: Int = 64
    /// Seconds after which a refused caller should try again.
    package static let passwordRetrySeconds: Int = 3

    // Sessions.
    /// Sessions that one account has at most; the oldest ends when another begins.
    package static let sessionsPerAccount: Int = 20
    /// Seconds between two writes of when sessions were last used.
    package static let sessionTouchSeconds: Int = 30
    /// Sessions whose use is remembered between two writes.
    package static let touchedSessions: Int = 100_000
}

/// How long a session lives.
package struct SessionPolicy: Sendable, Equatable {
    /// Seconds without a call after which it ends.
    package let idleSeconds: Int64
    /// Seconds after its beginning at which it ends whatever happens.
    package let lifetimeSeconds: Int64

    /// A resident's own device.
    package static let resident: SessionPolicy = SessionPolicy(
        idleSeconds: 30 * 86_400, lifetimeSeconds: 180 * 86_400)
    /// A member of staff: one working day.
    package static let staff: SessionPolicy = SessionPolicy(
        idleSeconds: 8 * 3_600, lifetimeSeconds: 16 * 3_600)
    /// Anybody at a kiosk, where the next person is waiting.
    package static let kiosk: SessionPolicy = SessionPolicy(idleSeconds: 180, lifetimeSeconds: 1_200)
}
