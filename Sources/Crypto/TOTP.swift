package import Kernel

/// Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, 30 seconds.
package struct TOTP: Sendable {
    package static let stepSeconds: Int64 = 30
    package static let digits: Int = 6
    /// How many steps a code may be early or late: clocks differ, and people type slowly.
    package static let windowSteps: Int64 = 1
    /// The number of bytes of a new secret (RFC 4226 section 4 R6 asks for 20).
    package static let secretSize: Int = 20

    private let secret: [UInt8]

    /// A secret from the store; `malformed` below 16 bytes (RFC 4226 section 4 R6).
    package init(secret: [UInt8]) throws(CryptoError) {
        guard secret.count >= 16 else { throw .malformed(what: "a TOTP secret has 16 bytes or more") }
        self.secret = secret
    }

    /// The secret of an `otpauth://totp/…` text, as `otpauthURI` makes it; `malformed` if it holds none.
    package init(otpauthURI text: String) throws(CryptoError) {
        guard text.hasPrefix("otpauth://totp/"), let query = text.split(separator: "?").last,
            let value = query.split(separator: "&").first(where: { $0.hasPrefix("secret=") }),
            let secret: [UInt8] = Base32.decode(String(value.dropFirst("secret=".count)))
        else { throw .malformed(what: "no otpauth://totp/ text with a secret") }
        try self.init(secret: secret)
    }

    /// A new random secret.
    package static func newSecret() -> [UInt8] { SecureRandom.bytes(secretSize) }

    /// The number of the step in which `instant` lies.
    package static func step(at instant: Instant) -> Int64 { instant.milliseconds / 1_000 / stepSeconds }

    /// The six digits of a step.
    package func code(step: Int64) -> String {
        let counter: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let mac: [UInt8] = DigestAlgorithm.sha1.authenticate(counter, key: secret)
        // Dynamic truncation, RFC 4226 section 5.3.
        let offset: Int = Int(mac[19] & 0xF)
        let number: UInt32 = mac[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        return ASCII.padded(Int(number % 1_000_000), TOTP.digits)
    }

    /// The step whose code this is, among the current one and its neighbours; nil if the code is wrong or its step not
    /// after `lastStep`. Store the answer as the next `lastStep`, so that no code works twice (RFC 6238 section 5.2).
    package func verify(_ code: String, at instant: Instant, lastStep: Int64?) -> Int64? {
        let typed: [UInt8] = Array(ASCII.narrowed(code).utf8.filter { $0 != UInt8(ascii: " ") })
        let current: Int64 = TOTP.step(at: instant)
        var matched: Int64?
        for step in (current - TOTP.windowSteps)...(current + TOTP.windowSteps) {
            let isEqual: Bool = constantTimeEqual(typed, Array(self.code(step: step).utf8))
            if isEqual, step > lastStep ?? Int64.min { matched = matched ?? step }
        }
        return matched
    }

    /// The text of the QR code for the app, with the secret in it.
    package func otpauthURI(issuer: String, account: String) -> String {
        let label: String = "\(TOTP.percentEncoded(issuer)):\(TOTP.percentEncoded(account))"
        return "otpauth://totp/\(label)?secret=\(Base32.encode(secret))&issuer=\(TOTP.percentEncoded(issuer))"
            + "&algorithm=SHA1&digits=\(TOTP.digits)&period=\(TOTP.stepSeconds)"
    }

    /// All but the unreserved characters of RFC 3986.
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character: Character = Character(Unicode.Scalar(byte))
            let isUnreserved: Bool =
                byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isUnreserved ? String(character) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }
}
