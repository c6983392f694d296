/// A secret key of 32 bytes, which never shows itself in a log.
package struct SymmetricKey: Sendable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    /// The number of bytes of a key.
    package static let size: Int = 32

    /// A key that comes from a key file; refused if it has not 32 bytes.
    package init(_ bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == SymmetricKey.size else { throw .malformed(what: "a key has 32 bytes") }
        self.bytes = bytes
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// A new random key.
    package static func random() -> SymmetricKey {
        SymmetricKey(unchecked: SecureRandom.bytes(size))
    }

    /// The key for one purpose, such as `phone blind index`: keys of different purposes tell nothing of each other.
    package func derived(for purpose: String) -> SymmetricKey {
        SymmetricKey(
            unchecked: HKDF.derive(
                secret: bytes, info: Array(("linli " + purpose).utf8), count: SymmetricKey.size))
    }

    /// The bytes, for the key file and for nothing else.
    package func exportBytes() -> [UInt8] { bytes }

    package var description: String { "SymmetricKey(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
