/// Encrypts single fields of records: identity numbers, phones, addresses.
///
/// The envelope is algorithm (1 byte), key id (4 bytes, big end first), nonce, tag, body; an old value therefore says how
/// to read it after keys and algorithms have changed (GB/T 39786 asks for SM algorithms, so both kinds are here).
/// Envelope head and the caller's context are authenticated: a value that is copied to another row or column does not
/// open there.
package struct FieldCipher: Sendable {
    /// How a field is encrypted; the raw value is the first byte of the envelope.
    package enum Algorithm: UInt8, Sendable, Hashable, CaseIterable {
        case aes256GCM = 1
        case sm4CTRHMACSM3 = 2

        fileprivate var nonceSize: Int { self == .aes256GCM ? AES256GCM.nonceSize : SM4CTRHMAC.nonceSize }
        fileprivate var tagSize: Int { self == .aes256GCM ? AES256GCM.tagSize : SM4CTRHMAC.tagSize }
    }

    private let keys: [UInt32: SymmetricKey]
    private let currentKeyID: UInt32
    private let algorithm: Algorithm
    private static let headSize: Int = 5

    /// A cipher that reads with all `keys` and writes with the one of `currentKeyID`; throws if that is missing.
    package init(keys: [UInt32: SymmetricKey], currentKeyID: UInt32, algorithm: Algorithm = .aes256GCM)
        throws(CryptoError)
    {
        guard keys[currentKeyID] != nil else { throw .unknownKey(id: currentKeyID) }
        self.keys = keys
        self.currentKeyID = currentKeyID
        self.algorithm = algorithm
    }

    /// The envelope of `plaintext`. `context` names the place of the value: table, column, row id.
    package func seal(_ plaintext: [UInt8], context: String) throws(CryptoError) -> [UInt8] {
        guard let key = keys[currentKeyID] else { throw .unknownKey(id: currentKeyID) }
        let head: [UInt8] =
            [algorithm.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: currentKeyID >> (24 - 8 * $0)) }
        let nonce: [UInt8] = SecureRandom.bytes(algorithm.nonceSize)
        let bound: [UInt8] = head + Array(context.utf8)
        let sealed: (ciphertext: [UInt8], tag: [UInt8]) =
            switch algorithm {
            case .aes256GCM: try AES256GCM.seal(plaintext, key: key, nonce: nonce, context: bound)
            case .sm4CTRHMACSM3: try SM4CTRHMAC.seal(plaintext, key: key, nonce: nonce, context: bound)
            }
        return head + nonce + sealed.tag + sealed.ciphertext
    }

    /// The envelope of a text.
    package func seal(_ text: String, context: String) throws(CryptoError) -> [UInt8] {
        try seal(Array(text.utf8), context: context)
    }

    /// The plain text of an envelope that was sealed with the same `context`.
    ///
    /// Throws `unknownKey`, `malformed`, or `authenticationFailed` if it was changed or moved.
    package func open(_ envelope: [UInt8], context: String) throws(CryptoError) -> [UInt8] {
        let (algorithm, keyID): (Algorithm, UInt32) = try FieldCipher.head(of: envelope)
        guard let key = keys[keyID] else { throw .unknownKey(id: keyID) }
        let tagStart: Int = FieldCipher.headSize + algorithm.nonceSize
        let bodyStart: Int = tagStart + algorithm.tagSize
        guard envelope.count >= bodyStart else {
            throw .malformed(what: "a field envelope that is too short")
        }
        let nonce: [UInt8] = Array(envelope[FieldCipher.headSize..<tagStart])
        let tag: [UInt8] = Array(envelope[tagStart..<bodyStart])
        let body: [UInt8] = Array(envelope[bodyStart...])
        let bound: [UInt8] = Array(envelope.prefix(FieldCipher.headSize)) + Array(context.utf8)
        return switch algorithm {
        case .aes256GCM: try AES256GCM.open(body, tag: tag, key: key, nonce: nonce, context: bound)
        case .sm4CTRHMACSM3: try SM4CTRHMAC.open(body, tag: tag, key: key, nonce: nonce, context: bound)
        }
    }

    /// The text of an envelope, as `open(_:context:)`; `malformed` if it is not UTF-8.
    package func openText(_ envelope: [UInt8], context: String) throws(CryptoError) -> String {
        let bytes: [UInt8] = try open(envelope, context: context)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(what: "a sealed text")
        }
        return text
    }

    /// Whether an envelope was made with another key or algorithm than new ones are, and should be sealed again.
    package func isOutdated(_ envelope: [UInt8]) throws(CryptoError) -> Bool {
        let (algorithm, keyID): (Algorithm, UInt32) = try FieldCipher.head(of: envelope)
        return algorithm != self.algorithm || keyID != currentKeyID
    }

    private static func head(of envelope: [UInt8]) throws(CryptoError) -> (Algorithm, UInt32) {
        guard envelope.count >= headSize, let algorithm = Algorithm(rawValue: envelope[0]) else {
            throw .malformed(what: "a field envelope of an unknown algorithm")
        }
        return (algorithm, envelope[1..<headSize].reduce(0) { $0 << 8 | UInt32($1) })
    }
}

/// Finds encrypted values by equality: a keyed hash of the value, cut to 16 bytes, stands beside the ciphertext.
///
/// Who has the store without the key can see which rows have equal values, and nothing more.
package struct BlindIndex: Sendable {
    /// The number of bytes of an index value; two of a thousand million values meet with a chance of 10^-21.
    package static let size: Int = 16
    private let key: SymmetricKey

    /// - Parameter key: used for nothing but blind indexes.
    package init(key: SymmetricKey) { self.key = key }

    /// The index value of a normalised `value` in the column `purpose`, such as `resident.phone`: the same value in
    /// another column has another one.
    package func value(_ value: String, purpose: String) -> [UInt8] {
        let bytes: [UInt8] = Array(purpose.utf8) + [0] + Array(value.utf8)
        return Array(HMACSHA256.authenticate(bytes, key: key).prefix(BlindIndex.size))
    }
}
