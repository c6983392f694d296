internal import Crypto
internal import Kernel
internal import Storage

/// What a one-time code is for; the numbers are those of the contract.
enum CodePurpose: Int, Sendable, Hashable {
    case register = 1
    case signIn = 2
    case verifyIdentity = 3
}

/// One-time codes. Only a keyed hash is kept. A code belongs to phone, purpose and the place that asked for it: a stranger
/// who asks for codes or tries some elsewhere neither replaces the owner's code nor uses up its tries.
struct OneTimeCodes: Sendable {
    private let keyring: Keyring

    init(keyring: Keyring) { self.keyring = keyring }

    /// Which code is meant.
    struct Key: Sendable {
        /// Blind index of the phone.
        let phone: [UInt8]
        let purpose: CodePurpose
        let place: Place
    }

    /// Six digits, each number equally likely.
    static func newCode() -> String {
        ASCII.padded(SecureRandom().integer(in: 0..<1_000_000), IdentityLimits.codeDigits)
    }

    /// Keeps a code; the place's code for this phone and purpose before it is gone.
    func store(_ code: String, _ key: Key, _ connection: any Connection, now: Instant) throws {
        try connection.execute(
            """
            INSERT INTO platform_codes (phone_index, purpose, place, code_hash, tries_left, expire_time)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (phone_index, purpose, place) DO UPDATE SET
                code_hash = excluded.code_hash, tries_left = excluded.tries_left,
                expire_time = excluded.expire_time
            """,
            .blob(key.phone), SQLValue(key.purpose.rawValue), .blob(placeHash(key.place)),
            .blob(hash(code, key)),
            SQLValue(IdentityLimits.codeTries),
            SQLValue(now.adding(seconds: Int64(IdentityLimits.codeLifetimeSeconds))))
    }

    /// Whether a code is right. A wrong one uses up a try, so this must be committed whatever the answer is.
    func check(_ code: String, _ key: Key, _ connection: any Connection, now: Instant) throws -> Bool {
        let row: (hash: [UInt8], tries: Int, expires: Instant)? = try connection.first(
            """
            SELECT code_hash, tries_left, expire_time FROM platform_codes
            WHERE phone_index = $1 AND purpose = $2 AND place = $3
            """,
            .blob(key.phone), SQLValue(key.purpose.rawValue), .blob(placeHash(key.place))
        ) { ($0.blob(0), $0.int(1), $0.instant(2)) }
        let given: [UInt8] = hash(code, key)
        guard let row, row.tries > 0, row.expires > now else { return false }
        if constantTimeEqual(row.hash, given) { return true }
        try connection.execute(
            """
            UPDATE platform_codes SET tries_left = tries_left - 1
            WHERE phone_index = $1 AND purpose = $2 AND place = $3
            """,
            .blob(key.phone), SQLValue(key.purpose.rawValue), .blob(placeHash(key.place)))
        return false
    }

    /// Uses a right code up; false if somebody else did so meanwhile.
    func consume(_ code: String, _ key: Key, _ connection: any Connection, now: Instant) throws -> Bool {
        let deleted: Int = try connection.execute(
            """
            DELETE FROM platform_codes
            WHERE phone_index = $1 AND purpose = $2 AND place = $3 AND code_hash = $4 AND expire_time > $5
            """,
            .blob(key.phone), SQLValue(key.purpose.rawValue), .blob(placeHash(key.place)),
            .blob(hash(code, key)),
            SQLValue(now))
        return deleted == 1
    }

    /// Removes codes that are no good any more.
    static func sweep(_ connection: any Connection, now: Instant) throws {
        try connection.execute("DELETE FROM platform_codes WHERE expire_time <= $1", SQLValue(now))
    }

    private func hash(_ code: String, _ key: Key) -> [UInt8] {
        let digits: String = ASCII.narrowed(code).filter { !$0.isWhitespace }
        return keyring.hash(
            Array(digits.utf8) + [0] + key.phone, purpose: "code.\(key.purpose.rawValue).\(key.place.text)")
    }

    private func placeHash(_ place: Place) -> [UInt8] {
        Array(keyring.hash(place.text, purpose: "place").prefix(BlindIndex.size))
    }
}
