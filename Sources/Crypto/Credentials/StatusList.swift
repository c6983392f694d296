internal import CZlib
package import Kernel

/// Which credentials are revoked: one bit each, so that it tells nothing of what or how many they are (the idea of W3C
/// Bitstring Status List).
///
/// As text `LS1.<payload>.<signature>` in base64url; in the payload the bits are packed by zlib (RFC 1950).
package struct StatusList: Sendable, Hashable {
    /// Counts up with each revocation. A list with a smaller one is an older list, whatever its date says.
    package let sequence: UInt64
    /// Whole seconds.
    package let time: Instant
    /// When a verifier should have a newer one.
    package let nextUpdate: Instant
    /// How many bits there are.
    package let capacity: Int
    private var bits: [UInt8]

    /// The smallest list: a holder is one of so many.
    package static let minimumCapacity: Int = 131_072
    /// 2 MiB of bits.
    package static let maximumCapacity: Int = 16_777_216
    /// Longer texts are not looked at.
    package static let maximumTextBytes: Int = 4 * 1_024 * 1_024
    package static let prefix: String = "LS1"
    private static let purpose: [UInt8] = Array("linli status list 1\n".utf8)

    /// - Precondition: `capacity` is a multiple of 8 between the two limits, and the indexes lie in it.
    package init(
        sequence: UInt64, time: Instant, nextUpdate: Instant, capacity: Int = minimumCapacity,
        revoked: some Sequence<UInt32>
    ) {
        precondition(capacity >= StatusList.minimumCapacity && capacity <= StatusList.maximumCapacity)
        precondition(capacity % 8 == 0)
        self.sequence = sequence
        self.time = Instant(milliseconds: time.milliseconds / 1_000 * 1_000)
        self.nextUpdate = Instant(milliseconds: nextUpdate.milliseconds / 1_000 * 1_000)
        self.capacity = capacity
        bits = Array(repeating: 0, count: capacity / 8)
        for index in revoked { bits[Int(index) / 8] |= 0x80 >> UInt8(index % 8) }
    }

    /// Whether the credential with this index is revoked; nil if the list has no such index.
    package func isRevoked(_ index: UInt32) -> Bool? {
        guard Int(index) < capacity else { return nil }
        return bits[Int(index) / 8] & (0x80 >> UInt8(index % 8)) != 0
    }

    package func signed(by key: SigningKey) throws(CryptoError) -> String {
        var writer: CredentialWriter = CredentialWriter()
        writer.raw(try CredentialKeyID(key.publicKey).bytes)
        writer.number(sequence, bytes: 8)
        writer.number(UInt64(max(0, time.milliseconds) / 1_000), bytes: 5)
        writer.number(UInt64(max(0, nextUpdate.milliseconds) / 1_000), bytes: 5)
        writer.number(UInt64(capacity), bytes: 4)
        writer.raw(try Deflate.pack(bits))
        let signature: [UInt8] = try key.sign(StatusList.purpose + writer.bytes)
        return "\(StatusList.prefix).\(Base64URL.encode(writer.bytes)).\(Base64URL.encode(signature))"
    }

    /// The list in a text, if one of `keys` that is not revoked has signed it.
    ///
    /// - Throws: `malformed`; `authenticationFailed` for a list of somebody else or a changed one.
    package init(_ text: String, keys: [TrustedKey]) throws(CryptoError) {
        let parts: [Substring] = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= StatusList.maximumTextBytes, parts.count == 3, parts[0] == StatusList.prefix,
            let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw .malformed(what: "a status list") }
        var reader: CredentialReader = CredentialReader(payload)
        let keyID: CredentialKeyID = CredentialKeyID(bytes: try reader.raw(CredentialKeyID.size))
        guard let key = keys.first(where: { $0.id == keyID && $0.revokeTime == nil }),
            try key.key.isValid(signature, for: StatusList.purpose + payload)
        else { throw .authenticationFailed }
        sequence = try reader.number(bytes: 8)
        time = Instant(milliseconds: Int64(try reader.number(bytes: 5)) * 1_000)
        nextUpdate = Instant(milliseconds: Int64(try reader.number(bytes: 5)) * 1_000)
        capacity = Int(try reader.number(bytes: 4))
        guard capacity >= StatusList.minimumCapacity, capacity <= StatusList.maximumCapacity,
            capacity % 8 == 0
        else { throw .malformed(what: "the length of a status list") }
        bits = try Deflate.unpack(reader.remaining, count: capacity / 8)
    }
}

/// zlib for whole byte strings.
enum Deflate {
    static func pack(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        var count: UInt = compressBound(UInt(bytes.count))
        var packed: [UInt8] = Array(repeating: 0, count: Int(count))
        guard compress2(&packed, &count, bytes, UInt(bytes.count), 9) == Z_OK else {
            throw .malformed(what: "bytes that zlib does not pack")
        }
        return Array(packed.prefix(Int(count)))
    }

    /// Exactly `count` bytes, however many there are in the packed ones.
    static func unpack(_ packed: [UInt8], count: Int) throws(CryptoError) -> [UInt8] {
        var bytes: [UInt8] = Array(repeating: 0, count: count)
        var made: UInt = UInt(count)
        guard uncompress(&bytes, &made, packed, UInt(packed.count)) == Z_OK, made == UInt(count) else {
            throw .malformed(what: "a packed status list")
        }
        return bytes
    }
}
