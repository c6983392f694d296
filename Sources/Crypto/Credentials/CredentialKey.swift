package import Kernel

/// Id of a key that signs credentials: the first 5 bytes of its SHA-256, 8 characters in Base32.
package struct CredentialKeyID: Sendable, Hashable, CustomStringConvertible {
    static let size: Int = 5
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    package init(_ key: VerifyingKey) throws(CryptoError) {
        bytes = Array(SHA256.hash(try key.der()).prefix(CredentialKeyID.size))
    }

    package var description: String { Base32.encode(bytes) }
}

/// A key that credentials are checked with, and when it was good for signing.
package struct TrustedKey: Sendable {
    package let id: CredentialKeyID
    package let key: VerifyingKey
    package let createTime: Instant
    /// When it stopped signing; nil while it signs.
    package let retireTime: Instant?
    /// When it was revoked: nothing that it signed is believed any more, whenever it claims to have been signed, since a
    /// thief writes the date that he likes.
    package let revokeTime: Instant?

    /// `malformed` for an algorithm that does not sign credentials.
    package init(
        key: VerifyingKey, createTime: Instant, retireTime: Instant? = nil, revokeTime: Instant? = nil
    ) throws(CryptoError) {
        guard key.algorithm == .ed25519 || key.algorithm == .sm2 else {
            throw .malformed(what: "a key for credentials is Ed25519 or SM2")
        }
        id = try CredentialKeyID(key)
        self.key = key
        self.createTime = createTime
        self.retireTime = retireTime
        self.revokeTime = revokeTime
    }

    /// Seconds by which the clocks of servers that share a key may differ.
    package static let clockToleranceSeconds: Int64 = 300

    /// Whether the key signed at that time. A credential from outside this time was not made by us.
    func signed(at time: Instant) -> Bool {
        let tolerance: Int64 = TrustedKey.clockToleranceSeconds
        if time < createTime.adding(seconds: -tolerance) { return false }
        guard let retireTime else { return true }
        return time <= retireTime.adding(seconds: tolerance)
    }
}
