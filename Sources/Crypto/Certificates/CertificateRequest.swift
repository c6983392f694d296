internal import COpenSSL

/// A request for a certificate (PKCS #10, RFC 2986): proof that somebody holds a private key.
package enum CertificateRequest {
    /// The request for `key` in PEM, for a device that makes its own key and never shows it.
    package static func make(commonName: String, key: SigningKey) throws(CryptoError) -> String {
        let request: OpaquePointer = try made(X509_REQ_new(), "X509_REQ_new")
        defer { X509_REQ_free(request) }
        try check(X509_REQ_set_version(request, 0), "X509_REQ_set_version")
        try setCommonName(commonName, X509_REQ_get_subject_name(request))
        try check(X509_REQ_set_pubkey(request, key.handle.pointer), "X509_REQ_set_pubkey")
        let digest: OpaquePointer? = key.algorithm == .ed25519 ? nil : DigestAlgorithm.sha256.pointer
        guard X509_REQ_sign(request, key.handle.pointer, digest) > 0 else { throw .last("X509_REQ_sign") }
        let memory: MemoryBIO = try MemoryBIO.empty()
        try check(PEM_write_bio_X509_REQ(memory.pointer, request), "PEM_write_bio_X509_REQ")
        return memory.text()
    }

    /// The longest request that is looked at.
    package static let maximumBytes: Int = 16 * 1_024
    /// Keys weaker than this are refused: RSA with 2,048 bits has 112 bits of security, P-256 has 128 (SP 800-57).
    package static let minimumSecurityBits: Int32 = 112

    /// The public key of a request whose signature is right.
    static func publicKey(pem: String) throws(CryptoError) -> KeyHandle {
        guard pem.utf8.count <= maximumBytes else {
            throw .malformed(what: "a certificate request over 16 KiB")
        }
        let memory: MemoryBIO = try MemoryBIO.reading(Array(pem.utf8))
        let request: OpaquePointer = try made(
            PEM_read_bio_X509_REQ(memory.pointer, nil, { _, _, _, _ in 0 }, nil), "PEM_read_bio_X509_REQ")
        defer { X509_REQ_free(request) }
        let key: KeyHandle = KeyHandle(owning: try made(X509_REQ_get_pubkey(request), "X509_REQ_get_pubkey"))
        guard EVP_PKEY_get_security_bits(key.pointer) >= minimumSecurityBits else {
            throw .malformed(what: "a certificate request with a weak key")
        }
        guard X509_REQ_verify(request, key.pointer) == 1 else {
            ERR_clear_error()
            throw .authenticationFailed
        }
        return key
    }

    static func setCommonName(_ text: String, _ name: OpaquePointer?) throws(CryptoError) {
        guard !text.isEmpty, text.utf8.count <= CertificateAuthority.maximumCommonNameBytes,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw .malformed(what: "a common name is 1 to 64 bytes without control characters") }
        let bytes: [UInt8] = Array(text.utf8)
        try check(
            X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0),
            "X509_NAME_add_entry_by_NID")
    }
}
