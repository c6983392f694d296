internal import COpenSSL

/// A cipher, fetched once from OpenSSL.
///
/// `@unchecked Sendable`: an EVP_CIPHER that was fetched never changes, and OpenSSL counts its references atomically.
private final class CipherAlgorithm: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(_ name: String) {
        guard let pointer = EVP_CIPHER_fetch(nil, name, nil) else {
            preconditionFailure("OpenSSL has no \(name): install Debian's libssl3")
        }
        self.pointer = pointer
    }

    deinit { EVP_CIPHER_free(pointer) }

    static let aes256GCM: CipherAlgorithm = CipherAlgorithm("AES-256-GCM")
    static let sm4CTR: CipherAlgorithm = CipherAlgorithm("SM4-CTR")
}

/// One use of a cipher; owns the EVP_CIPHER_CTX.
private struct CipherContext: ~Copyable {
    private let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { self.pointer = pointer }

    static func start(_ algorithm: CipherAlgorithm, key: [UInt8], nonce: [UInt8], encrypt: Bool)
        throws(CryptoError) -> CipherContext
    {
        let context: CipherContext = CipherContext(
            owning: try made(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"))
        try check(
            EVP_CipherInit_ex2(context.pointer, algorithm.pointer, key, nonce, encrypt ? 1 : 0, nil),
            "EVP_CipherInit_ex2")
        return context
    }

    deinit { EVP_CIPHER_CTX_free(pointer) }

    mutating func authenticate(_ bytes: [UInt8]) throws(CryptoError) {
        var count: Int32 = 0
        try check(EVP_CipherUpdate(pointer, nil, &count, bytes, Int32(bytes.count)), "EVP_CipherUpdate")
    }

    mutating func update(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        var output: [UInt8] = Array(repeating: 0, count: bytes.count)
        var count: Int32 = 0
        try check(EVP_CipherUpdate(pointer, &output, &count, bytes, Int32(bytes.count)), "EVP_CipherUpdate")
        return Array(output.prefix(Int(count)))
    }

    /// False if the tag of an AEAD does not match.
    mutating func finish() -> Bool {
        var none: [UInt8] = Array(repeating: 0, count: 16)
        var count: Int32 = 0
        return EVP_CipherFinal_ex(pointer, &none, &count) == 1
    }

    mutating func tag(count: Int) throws(CryptoError) -> [UInt8] {
        var tag: [UInt8] = Array(repeating: 0, count: count)
        try check(
            EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(count), &tag), "EVP_CTRL_AEAD_GET_TAG")
        return tag
    }

    mutating func expect(tag: [UInt8]) throws(CryptoError) {
        var tag: [UInt8] = tag
        try check(
            EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag),
            "EVP_CTRL_AEAD_SET_TAG")
    }
}

/// The longest text that is encrypted in one piece: 16 MiB. Longer ones go in parts.
package let maximumPlaintextBytes: Int = 16 * 1_024 * 1_024

/// AES-256-GCM (NIST SP 800-38D) with a nonce of 12 and a tag of 16 bytes.
///
/// A nonce must never be used twice with one key. Random nonces are safe for 2^32 messages a key (SP 800-38D section 8.3).
package enum AES256GCM {
    package static let nonceSize: Int = 12
    package static let tagSize: Int = 16

    /// The ciphertext, as long as the plain text, and the tag over it and over `context`.
    package static func seal(_ plaintext: [UInt8], key: SymmetricKey, nonce: [UInt8], context: [UInt8])
        throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8])
    {
        guard nonce.count == nonceSize else { throw .malformed(what: "a nonce has 12 bytes") }
        guard plaintext.count <= maximumPlaintextBytes else {
            throw .malformed(what: "a plain text over 16 MiB")
        }
        var cipher: CipherContext = try CipherContext.start(
            .aes256GCM, key: key.bytes, nonce: nonce, encrypt: true)
        if !context.isEmpty { try cipher.authenticate(context) }
        let ciphertext: [UInt8] = try cipher.update(plaintext)
        guard cipher.finish() else { throw .last("EVP_CipherFinal_ex") }
        return (ciphertext, try cipher.tag(count: tagSize))
    }

    /// The plain text; `authenticationFailed` if a bit of ciphertext, tag, nonce or context is not what was sealed.
    package static func open(
        _ ciphertext: [UInt8], tag: [UInt8], key: SymmetricKey, nonce: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard nonce.count == nonceSize, tag.count == tagSize, ciphertext.count <= maximumPlaintextBytes else {
            throw .malformed(what: "an AES-256-GCM ciphertext")
        }
        var cipher: CipherContext = try CipherContext.start(
            .aes256GCM, key: key.bytes, nonce: nonce, encrypt: false)
        if !context.isEmpty { try cipher.authenticate(context) }
        let plaintext: [UInt8] = try cipher.update(ciphertext)
        try cipher.expect(tag: tag)
        guard cipher.finish() else {
            ERR_clear_error()
            throw .authenticationFailed
        }
        return plaintext
    }
}

/// SM4 in counter mode (GB/T 32907-2016), then HMAC-SM3 over everything: OpenSSL 3.0 has no SM4-GCM.
///
/// The two keys (16 bytes for SM4, 32 for the HMAC) are derived from one with HKDF-SM3. A nonce of 16 random bytes.
package enum SM4CTRHMAC {
    package static let nonceSize: Int = 16
    package static let tagSize: Int = 32

    /// The ciphertext, as long as the plain text, and the tag over context, nonce and ciphertext.
    package static func seal(_ plaintext: [UInt8], key: SymmetricKey, nonce: [UInt8], context: [UInt8])
        throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8])
    {
        guard nonce.count == nonceSize else { throw .malformed(what: "a nonce has 16 bytes") }
        guard plaintext.count <= maximumPlaintextBytes else {
            throw .malformed(what: "a plain text over 16 MiB")
        }
        let keys: (cipher: [UInt8], code: [UInt8]) = derive(key)
        let ciphertext: [UInt8] = try crypt(plaintext, key: keys.cipher, nonce: nonce, encrypt: true)
        return (ciphertext, tag(ciphertext, key: keys.code, nonce: nonce, context: context))
    }

    /// The plain text; `authenticationFailed` if a bit of ciphertext, tag, nonce or context is not what was sealed.
    package static func open(
        _ ciphertext: [UInt8], tag: [UInt8], key: SymmetricKey, nonce: [UInt8], context: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard nonce.count == nonceSize, tag.count == tagSize, ciphertext.count <= maximumPlaintextBytes else {
            throw .malformed(what: "an SM4 ciphertext")
        }
        let keys: (cipher: [UInt8], code: [UInt8]) = derive(key)
        let expected: [UInt8] = self.tag(ciphertext, key: keys.code, nonce: nonce, context: context)
        guard constantTimeEqual(tag, expected) else { throw .authenticationFailed }
        return try crypt(ciphertext, key: keys.cipher, nonce: nonce, encrypt: false)
    }

    static func crypt(_ bytes: [UInt8], key: [UInt8], nonce: [UInt8], encrypt: Bool) throws(CryptoError)
        -> [UInt8]
    {
        var cipher: CipherContext = try CipherContext.start(.sm4CTR, key: key, nonce: nonce, encrypt: encrypt)
        return try cipher.update(bytes)
    }

    private static func derive(_ key: SymmetricKey) -> (cipher: [UInt8], code: [UInt8]) {
        let bytes: [UInt8] = HKDF.derive(
            .sm3, secret: key.bytes, salt: [], info: Array("linli SM4-CTR HMAC-SM3".utf8), count: 48)
        return (Array(bytes[0..<16]), Array(bytes[16..<48]))
    }

    /// The length of the context goes first, so that context and nonce cannot be moved against each other.
    private static func tag(_ ciphertext: [UInt8], key: [UInt8], nonce: [UInt8], context: [UInt8]) -> [UInt8]
    {
        let length: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: context.count >> (56 - 8 * $0)) }
        return DigestAlgorithm.sm3.authenticate(length + context + nonce + ciphertext, key: key)
    }
}
