internal import COpenSSL

/// An asymmetric key of OpenSSL.
///
/// `@unchecked Sendable`: an EVP_PKEY is not changed after it was made or read; OpenSSL counts its references and guards
/// its caches with locks, and each signature uses a context of its own.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes ownership of `pointer`.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }
}

/// How a key signs.
package enum SignatureAlgorithm: UInt8, Sendable, Hashable, CaseIterable {
    /// Ed25519 (RFC 8032): audit checkpoints and receipts.
    case ed25519 = 1
    /// ECDSA with P-256 and SHA-256: certificates, since not every TLS stack takes Ed25519 there.
    case ecdsaP256 = 2
    /// SM2 with SM3 (GB/T 32918.2-2016) and the default identity 1234567812345678 (GM/T 0009).
    case sm2 = 3

    fileprivate var keyType: String {
        switch self {
        case .ed25519: "ED25519"
        case .ecdsaP256: "EC"
        case .sm2: "SM2"
        }
    }

    /// Nil where the algorithm hashes by itself.
    fileprivate var digest: DigestAlgorithm? {
        switch self {
        case .ed25519: nil
        case .ecdsaP256: .sha256
        case .sm2: .sm3
        }
    }

    /// The identity that SM2 mixes into the digest.
    fileprivate static let sm2Identity: [UInt8] = Array("1234567812345678".utf8)

    /// The algorithm of an OpenSSL key; nil for kinds that we do not sign with.
    fileprivate init?(_ key: OpaquePointer) {
        if EVP_PKEY_is_a(key, "ED25519") == 1 {
            self = .ed25519
        } else if EVP_PKEY_is_a(key, "SM2") == 1 {
            self = .sm2
        } else if EVP_PKEY_is_a(key, "EC") == 1, SignatureAlgorithm.groupName(key) == "prime256v1" {
            self = .ecdsaP256
        } else {
            return nil
        }
    }

    private static func groupName(_ key: OpaquePointer) -> String {
        var name: [CChar] = Array(repeating: 0, count: 64)
        guard EVP_PKEY_get_group_name(key, &name, name.count, nil) == 1 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A private key that signs. Shows itself nowhere; `pem` is for the key file alone.
package struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let algorithm: SignatureAlgorithm
    let handle: KeyHandle

    /// A new key.
    package init(generating algorithm: SignatureAlgorithm) throws(CryptoError) {
        let context: OpaquePointer = try made(
            EVP_PKEY_CTX_new_from_name(nil, algorithm.keyType, nil), "EVP_PKEY_CTX_new_from_name")
        defer { EVP_PKEY_CTX_free(context) }
        try check(EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init")
        if algorithm == .ecdsaP256 {
            try check(EVP_PKEY_CTX_set_group_name(context, "prime256v1"), "EVP_PKEY_CTX_set_group_name")
        }
        var key: OpaquePointer?
        try check(EVP_PKEY_keygen(context, &key), "EVP_PKEY_keygen")
        self.algorithm = algorithm
        handle = KeyHandle(owning: try made(key, "EVP_PKEY_keygen"))
    }

    /// The key in an unencrypted PKCS #8 PEM text (`-----BEGIN PRIVATE KEY-----`).
    package init(pem: String) throws(CryptoError) {
        let memory: MemoryBIO = try MemoryBIO.reading(Array(pem.utf8))
        // Without a callback OpenSSL would ask the terminal for the pass phrase of an encrypted key.
        let key: OpaquePointer = try made(
            PEM_read_bio_PrivateKey(memory.pointer, nil, { _, _, _, _ in 0 }, nil), "PEM_read_bio_PrivateKey")
        handle = KeyHandle(owning: key)
        guard let algorithm = SignatureAlgorithm(key) else {
            throw .malformed(what: "a key that is neither Ed25519, nor P-256, nor SM2")
        }
        self.algorithm = algorithm
    }

    /// An Ed25519 key from its 32 secret bytes (RFC 8032 section 5.1.5).
    package init(ed25519Seed seed: [UInt8]) throws(CryptoError) {
        let key: OpaquePointer = try made(
            EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count),
            "EVP_PKEY_new_raw_private_key_ex")
        algorithm = .ed25519
        handle = KeyHandle(owning: key)
    }

    /// The unencrypted PKCS #8 PEM text: a secret; see `SecretFile`.
    package func pem() throws(CryptoError) -> String {
        let memory: MemoryBIO = try MemoryBIO.empty()
        try check(
            PEM_write_bio_PKCS8PrivateKey(memory.pointer, handle.pointer, nil, nil, 0, nil, nil),
            "PEM_write_bio_PKCS8PrivateKey")
        return memory.text()
    }

    /// The public half.
    package var publicKey: VerifyingKey { VerifyingKey(algorithm: algorithm, handle: handle) }

    /// The signature of `message`: 64 bytes for Ed25519, DER (70 to 72 bytes) for the others.
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context: SignatureContext = try SignatureContext.make(algorithm, handle)
        try check(
            EVP_DigestSignInit(context.pointer, nil, algorithm.digest?.pointer, nil, handle.pointer),
            "EVP_DigestSignInit")
        var count: Int = 0
        try check(EVP_DigestSign(context.pointer, nil, &count, message, message.count), "EVP_DigestSign")
        var signature: [UInt8] = Array(repeating: 0, count: count)
        try check(
            EVP_DigestSign(context.pointer, &signature, &count, message, message.count), "EVP_DigestSign")
        return Array(signature.prefix(count))
    }

    package var description: String { "SigningKey(\(algorithm), hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A public key that checks signatures.
package struct VerifyingKey: Sendable {
    package let algorithm: SignatureAlgorithm
    let handle: KeyHandle

    init(algorithm: SignatureAlgorithm, handle: KeyHandle) {
        self.algorithm = algorithm
        self.handle = handle
    }

    /// The key in a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) in DER.
    package init(der: [UInt8]) throws(CryptoError) {
        let key: OpaquePointer? = der.withUnsafeBufferPointer { buffer in
            var start: UnsafePointer<UInt8>? = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
        try self.init(owning: try made(key, "d2i_PUBKEY"))
    }

    /// The key in a PEM text (`-----BEGIN PUBLIC KEY-----`).
    package init(pem: String) throws(CryptoError) {
        let memory: MemoryBIO = try MemoryBIO.reading(Array(pem.utf8))
        let key: OpaquePointer = try made(
            PEM_read_bio_PUBKEY(memory.pointer, nil, { _, _, _, _ in 0 }, nil), "PEM_read_bio_PUBKEY")
        try self.init(owning: key)
    }

    /// An Ed25519 key from its 32 bytes.
    package init(ed25519 bytes: [UInt8]) throws(CryptoError) {
        let key: OpaquePointer = try made(
            EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count),
            "EVP_PKEY_new_raw_public_key_ex")
        self.init(algorithm: .ed25519, handle: KeyHandle(owning: key))
    }

    private init(owning key: OpaquePointer) throws(CryptoError) {
        handle = KeyHandle(owning: key)
        guard let algorithm = SignatureAlgorithm(key) else {
            throw .malformed(what: "a key that is neither Ed25519, nor P-256, nor SM2")
        }
        self.algorithm = algorithm
    }

    /// The SubjectPublicKeyInfo in DER.
    package func der() throws(CryptoError) -> [UInt8] {
        let memory: MemoryBIO = try MemoryBIO.empty()
        try check(i2d_PUBKEY_bio(memory.pointer, handle.pointer), "i2d_PUBKEY_bio")
        return memory.bytes()
    }

    /// The SubjectPublicKeyInfo in PEM.
    package func pem() throws(CryptoError) -> String {
        let memory: MemoryBIO = try MemoryBIO.empty()
        try check(PEM_write_bio_PUBKEY(memory.pointer, handle.pointer), "PEM_write_bio_PUBKEY")
        return memory.text()
    }

    /// The 32 bytes of an Ed25519 key; `malformed` for other keys.
    package func rawBytes() throws(CryptoError) -> [UInt8] {
        guard algorithm == .ed25519 else { throw .malformed(what: "only an Ed25519 key has a raw form") }
        var bytes: [UInt8] = Array(repeating: 0, count: 32)
        var count: Int = bytes.count
        try check(EVP_PKEY_get_raw_public_key(handle.pointer, &bytes, &count), "EVP_PKEY_get_raw_public_key")
        return bytes
    }

    /// Whether `signature` is one of `message` by this key. A signature of a wrong form is simply not valid.
    package func isValid(_ signature: [UInt8], for message: [UInt8]) throws(CryptoError) -> Bool {
        let context: SignatureContext = try SignatureContext.make(algorithm, handle)
        try check(
            EVP_DigestVerifyInit(context.pointer, nil, algorithm.digest?.pointer, nil, handle.pointer),
            "EVP_DigestVerifyInit")
        let result: Int32 = EVP_DigestVerify(
            context.pointer, signature, signature.count, message, message.count)
        ERR_clear_error()
        return result == 1
    }
}

/// One use of a key; owns the contexts.
private struct SignatureContext: ~Copyable {
    let pointer: OpaquePointer
    /// EVP_MD_CTX_free leaves a key context that was set from outside to its owner.
    private let keyContext: OpaquePointer?

    private init(owning pointer: OpaquePointer, _ keyContext: OpaquePointer?) {
        self.pointer = pointer
        self.keyContext = keyContext
    }

    deinit {
        EVP_MD_CTX_free(pointer)
        EVP_PKEY_CTX_free(keyContext)
    }

    static func make(_ algorithm: SignatureAlgorithm, _ key: KeyHandle) throws(CryptoError)
        -> SignatureContext
    {
        let keyContext: OpaquePointer? =
            algorithm == .sm2
            ? try made(EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil), "EVP_PKEY_CTX_new_from_pkey") : nil
        guard let pointer = EVP_MD_CTX_new() else {
            EVP_PKEY_CTX_free(keyContext)
            throw .last("EVP_MD_CTX_new")
        }
        let context: SignatureContext = SignatureContext(owning: pointer, keyContext)
        if let keyContext {
            // The identity must be known before the digest begins, since the digest begins with it.
            EVP_MD_CTX_set_pkey_ctx(pointer, keyContext)
            let identity: [UInt8] = SignatureAlgorithm.sm2Identity
            guard EVP_PKEY_CTX_set1_id(keyContext, identity, Int32(identity.count)) > 0 else {
                throw .last("EVP_PKEY_CTX_set1_id")
            }
        }
        return context
    }
}
