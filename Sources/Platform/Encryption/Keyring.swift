package import Crypto
internal import Synchronization

/// Encrypts protected fields, and makes what may be stored of values that must be found or compared.
///
/// A context names table, column and row, such as `platform_residents.phone/0199…`: what was sealed for one place does not
/// open in another.
package final class Keyring: Sendable {
    private struct State: Sendable {
        var keys: [UInt32: SymmetricKey]
        var currentKeyID: UInt32
        var cipher: FieldCipher
    }
    private let state: Mutex<State>
    private let algorithm: FieldCipher.Algorithm
    private let index: BlindIndex
    private let comparison: SymmetricKey

    /// - Parameters:
    ///   - keys: all keys that stored values may have been sealed with, by their ids.
    ///   - currentKeyID: the one to seal with.
    ///   - indexKey: for blind indexes and comparisons. It cannot be changed without computing them all again.
    /// - Throws: `CryptoError.unknownKey` if the current key is not among the keys.
    package init(
        keys: [UInt32: SymmetricKey], currentKeyID: UInt32, algorithm: FieldCipher.Algorithm = .aes256GCM,
        indexKey: SymmetricKey
    ) throws {
        let cipher: FieldCipher = try FieldCipher(
            keys: keys, currentKeyID: currentKeyID, algorithm: algorithm)
        state = Mutex(State(keys: keys, currentKeyID: currentKeyID, cipher: cipher))
        self.algorithm = algorithm
        index = BlindIndex(key: indexKey.derived(for: "blind index"))
        comparison = indexKey.derived(for: "comparison")
    }

    /// Encrypts a text with the current key; key id and algorithm id stand beside the ciphertext.
    package func seal(_ text: String, context: String) throws -> [UInt8] {
        try cipher.seal(text, context: context)
    }

    /// Encrypts bytes.
    package func sealBytes(_ bytes: [UInt8], context: String) throws -> [UInt8] {
        try cipher.seal(bytes, context: context)
    }

    /// Decrypts a text with whichever key it was sealed with.
    package func open(_ sealed: [UInt8], context: String) throws -> String {
        try cipher.openText(sealed, context: context)
    }

    /// Decrypts bytes.
    package func openBytes(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        try cipher.open(sealed, context: context)
    }

    /// The blind index of a value: equal values give equal indexes, and nobody without the key can try values out.
    /// Normalize the value first. `field` is the column, such as `platform_residents.phone`.
    package func blindIndex(_ value: String, field: String) -> [UInt8] { index.value(value, purpose: field) }

    /// A keyed hash of 32 bytes, to compare what must not be stored; other purposes give other hashes.
    package func hash(_ bytes: [UInt8], purpose: String) -> [UInt8] {
        HMACSHA256.authenticate(Array(purpose.utf8) + [0] + bytes, key: comparison)
    }

    /// A keyed hash of a text.
    package func hash(_ text: String, purpose: String) -> [UInt8] { hash(Array(text.utf8), purpose: purpose) }

    /// Whether a value was sealed with another key than new values are.
    func isOutdated(_ sealed: [UInt8]) throws -> Bool { try cipher.isOutdated(sealed) }

    /// The id of the key that seals now.
    package var currentKeyID: UInt32 { state.withLock { $0.currentKeyID } }

    /// Adds a key that seals from now on; the others go on opening. Write it to its file first.
    package func rotate(to id: UInt32, key: SymmetricKey) throws {
        try state.withLock { state in
            var keys: [UInt32: SymmetricKey] = state.keys
            keys[id] = key
            let cipher: FieldCipher = try FieldCipher(keys: keys, currentKeyID: id, algorithm: algorithm)
            state = State(keys: keys, currentKeyID: id, cipher: cipher)
        }
    }

    private var cipher: FieldCipher { state.withLock { $0.cipher } }
}
