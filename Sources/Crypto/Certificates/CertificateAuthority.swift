internal import COpenSSL
package import Kernel

/// A small certificate authority: one root that signs servers, devices, vendors and staff consoles.
///
/// Keys are ECDSA P-256. Whoever runs a larger PKI gives linlid certificates of that instead.
package struct CertificateAuthority: Sendable {
    package let certificate: Certificate
    private let key: SigningKey

    /// How long a root is valid: ten years.
    package static let rootValidityDays: Int64 = 3_650
    /// How long what it signs is valid, unless asked otherwise: 13 months, as browsers and auditors want it.
    package static let leafValidityDays: Int64 = 397
    /// Certificates are valid this much before they are made, since clocks differ.
    package static let slackSeconds: Int64 = 300
    /// The number of bytes of a random serial number (RFC 5280 allows 20; the first bit is 0, so that it is positive).
    package static let serialSize: Int = 16
    /// The number of bytes of a common name in UTF-8 (X.520 allows 64 characters).
    package static let maximumCommonNameBytes: Int = 64

    /// A new root.
    package init(creatingRoot commonName: String, now: Instant, validityDays: Int64 = rootValidityDays)
        throws(CryptoError)
    {
        key = try SigningKey(generating: .ecdsaP256)
        let builder: CertificateBuilder = try CertificateBuilder(
            commonName: commonName, publicKey: key.handle.pointer, now: now, validityDays: validityDays)
        try builder.setIssuer(X509_get_subject_name(builder.handle.pointer))
        try builder.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: builder.handle.pointer)
        try builder.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: builder.handle.pointer)
        try builder.add(NID_subject_key_identifier, "hash", issuer: builder.handle.pointer)
        certificate = try builder.signed(by: key)
    }

    /// The authority of an existing root; `malformed` if the key is not the certificate's.
    package init(certificatePEM: String, keyPEM: String) throws(CryptoError) {
        key = try SigningKey(pem: keyPEM)
        let handle: CertificateHandle = try CertificateHandle.parse(pem: certificatePEM)
        guard X509_check_private_key(handle.pointer, key.handle.pointer) == 1 else {
            throw .last("X509_check_private_key")
        }
        guard X509_check_ca(handle.pointer) == 1 else { throw .malformed(what: "a root that may not sign") }
        certificate = try Certificate(handle)
    }

    /// The root's key in PKCS #8 PEM: a secret; see `SecretFile`.
    package func keyPEM() throws(CryptoError) -> String { try key.pem() }

    /// A certificate and its key.
    package struct Issued: Sendable {
        package let certificate: Certificate
        package let key: SigningKey
    }

    /// What a certificate is good for (extended key usage).
    package enum Purpose: Sendable, Hashable {
        case server
        case client

        fileprivate var usage: String { self == .server ? "serverAuth" : "clientAuth" }
    }

    /// A server's certificate with a new key, for these host names and addresses.
    package func issueServer(
        dns: [String], addresses: [String] = [], now: Instant, validityDays: Int64 = leafValidityDays
    ) throws(CryptoError) -> Issued {
        let key: SigningKey = try SigningKey(generating: .ecdsaP256)
        let names: SubjectNames = SubjectNames(dns: dns, addresses: addresses)
        let certificate: Certificate = try issue(
            .server, commonName: dns.first ?? addresses.first ?? "linlid", names: names,
            publicKey: key.publicKey,
            now: now, validityDays: validityDays)
        return Issued(certificate: certificate, key: key)
    }

    /// A client's certificate with a new key. `uri` says what the client is, such as `urn:linli:device:kiosk-3`.
    package func issueClient(
        commonName: String, uri: String, now: Instant, validityDays: Int64 = leafValidityDays
    ) throws(CryptoError) -> Issued {
        let key: SigningKey = try SigningKey(generating: .ecdsaP256)
        let certificate: Certificate = try issue(
            .client, commonName: commonName, names: SubjectNames(uris: [uri]), publicKey: key.publicKey,
            now: now,
            validityDays: validityDays)
        return Issued(certificate: certificate, key: key)
    }

    /// A certificate for the key of a signing request (PKCS #10 in PEM). Only the public key is taken from it: who the
    /// holder is and what the certificate is good for, the caller says.
    package func issue(
        _ purpose: Purpose, requestPEM: String, commonName: String, names: SubjectNames, now: Instant,
        validityDays: Int64 = leafValidityDays
    ) throws(CryptoError) -> Certificate {
        let key: KeyHandle = try CertificateRequest.publicKey(pem: requestPEM)
        return try issue(
            purpose, commonName: commonName, names: names, key: key, now: now, validityDays: validityDays)
    }

    /// A certificate for a public key.
    package func issue(
        _ purpose: Purpose, commonName: String, names: SubjectNames, publicKey: VerifyingKey, now: Instant,
        validityDays: Int64 = leafValidityDays
    ) throws(CryptoError) -> Certificate {
        try issue(
            purpose, commonName: commonName, names: names, key: publicKey.handle, now: now,
            validityDays: validityDays)
    }

    private func issue(
        _ purpose: Purpose, commonName: String, names: SubjectNames, key publicKey: KeyHandle, now: Instant,
        validityDays: Int64
    ) throws(CryptoError) -> Certificate {
        guard !names.isEmpty else { throw .malformed(what: "a certificate without a name") }
        let root: CertificateHandle = try CertificateHandle.parse(der: certificate.der)
        let builder: CertificateBuilder = try CertificateBuilder(
            commonName: commonName, publicKey: publicKey.pointer, now: now, validityDays: validityDays)
        try builder.setIssuer(X509_get_subject_name(root.pointer))
        try builder.add(NID_basic_constraints, "critical,CA:FALSE", issuer: root.pointer)
        try builder.add(NID_key_usage, "critical,digitalSignature", issuer: root.pointer)
        try builder.add(NID_ext_key_usage, purpose.usage, issuer: root.pointer)
        try builder.add(NID_subject_key_identifier, "hash", issuer: root.pointer)
        try builder.add(NID_authority_key_identifier, "keyid:always", issuer: root.pointer)
        try names.add(to: builder.handle.pointer)
        return try builder.signed(by: key)
    }
}

/// A certificate that is being made.
private struct CertificateBuilder {
    let handle: CertificateHandle

    init(commonName: String, publicKey: OpaquePointer, now: Instant, validityDays: Int64) throws(CryptoError)
    {
        guard validityDays >= 1 else { throw .malformed(what: "a certificate is valid for a day or more") }
        handle = CertificateHandle(owning: try made(X509_new(), "X509_new"))
        let pointer: OpaquePointer = handle.pointer
        // The value 2 means version 3.
        try check(X509_set_version(pointer, 2), "X509_set_version")
        try CertificateBuilder.setSerial(pointer)
        let start: Instant = now.adding(seconds: -CertificateAuthority.slackSeconds)
        let end: Instant = now.adding(days: validityDays)
        _ = try made(
            ASN1_TIME_set(X509_getm_notBefore(pointer), time_t(start.milliseconds / 1_000)), "ASN1_TIME_set")
        _ = try made(
            ASN1_TIME_set(X509_getm_notAfter(pointer), time_t(end.milliseconds / 1_000)), "ASN1_TIME_set")
        try CertificateRequest.setCommonName(commonName, X509_get_subject_name(pointer))
        try check(X509_set_pubkey(pointer, publicKey), "X509_set_pubkey")
    }

    private static func setSerial(_ certificate: OpaquePointer) throws(CryptoError) {
        var bytes: [UInt8] = SecureRandom.bytes(CertificateAuthority.serialSize)
        // Positive, and always of the same length.
        bytes[0] = bytes[0] & 0x7F | 0x40
        let number: OpaquePointer = try made(BN_bin2bn(bytes, Int32(bytes.count), nil), "BN_bin2bn")
        defer { BN_free(number) }
        _ = try made(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)), "BN_to_ASN1_INTEGER")
    }

    func setIssuer(_ name: OpaquePointer?) throws(CryptoError) {
        try check(X509_set_issuer_name(handle.pointer, name), "X509_set_issuer_name")
    }

    /// Adds an extension in OpenSSL's configuration syntax; the values are ours, never a caller's.
    func add(_ identifier: Int32, _ value: String, issuer: OpaquePointer) throws(CryptoError) {
        var context: X509V3_CTX = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, handle.pointer, nil, nil, 0)
        let made: OpaquePointer = try Crypto.made(
            X509V3_EXT_conf_nid(nil, &context, identifier, value), "X509V3_EXT_conf_nid")
        defer { X509_EXTENSION_free(made) }
        try check(X509_add_ext(handle.pointer, made, -1), "X509_add_ext")
    }

    func signed(by key: SigningKey) throws(CryptoError) -> Certificate {
        // X509_sign answers the length of the signature.
        guard X509_sign(handle.pointer, key.handle.pointer, DigestAlgorithm.sha256.pointer) > 0 else {
            throw .last("X509_sign")
        }
        return try Certificate(handle)
    }
}
