internal import COpenSSL
package import Kernel

/// What Linli looks at in an X.509 certificate (RFC 5280).
package struct Certificate: Sendable, Hashable {
    /// Empty if the subject has no common name.
    package let subjectCommonName: String
    package let issuerCommonName: String
    /// The subject alternative names.
    package let names: SubjectNames
    /// Lower-case hexadecimal, without leading zeros beyond whole bytes.
    package let serialHex: String
    package let notBefore: Instant
    package let notAfter: Instant
    /// SHA-256 over the DER form, in lower-case hexadecimal.
    package let fingerprint: String
    /// The certificate itself.
    package let der: [UInt8]

    /// The certificate in a DER text.
    package init(der: [UInt8]) throws(CryptoError) {
        try self.init(CertificateHandle.parse(der: der))
    }

    /// The first certificate in a PEM text.
    package init(pem: String) throws(CryptoError) {
        try self.init(CertificateHandle.parse(pem: pem))
    }

    /// All certificates in a PEM text, in their order; `malformed` if there is none.
    package static func all(pem: String) throws(CryptoError) -> [Certificate] {
        let memory: MemoryBIO = try MemoryBIO.reading(Array(pem.utf8))
        var certificates: [Certificate] = []
        while let pointer = PEM_read_bio_X509(memory.pointer, nil, { _, _, _, _ in 0 }, nil) {
            certificates.append(try Certificate(CertificateHandle(owning: pointer)))
        }
        // The end of the text is an error to OpenSSL too.
        ERR_clear_error()
        guard !certificates.isEmpty else { throw .malformed(what: "a PEM text without a certificate") }
        return certificates
    }

    init(_ handle: CertificateHandle) throws(CryptoError) {
        let pointer: OpaquePointer = handle.pointer
        subjectCommonName = CertificateHandle.commonName(X509_get_subject_name(pointer))
        issuerCommonName = CertificateHandle.commonName(X509_get_issuer_name(pointer))
        names = try SubjectNames(pointer)
        serialHex = try CertificateHandle.serialHex(X509_get0_serialNumber(pointer))
        notBefore = try CertificateHandle.instant(X509_get0_notBefore(pointer))
        notAfter = try CertificateHandle.instant(X509_get0_notAfter(pointer))
        let memory: MemoryBIO = try MemoryBIO.empty()
        try check(i2d_X509_bio(memory.pointer, pointer), "i2d_X509_bio")
        der = memory.bytes()
        fingerprint = Hex.encode(SHA256.hash(der))
    }

    /// The certificate in PEM.
    package var pem: String {
        let body: String = Base64.encode(der)
        var lines: [Substring] = []
        var rest: Substring = body[...]
        while !rest.isEmpty {
            lines.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        return "-----BEGIN CERTIFICATE-----\n\(lines.joined(separator: "\n"))\n-----END CERTIFICATE-----\n"
    }

    package func isValid(at instant: Instant) -> Bool { notBefore <= instant && instant <= notAfter }

    /// Whether `issuer` signed this certificate. Says nothing about time, purpose or revocation.
    package func isSigned(by issuer: Certificate) throws(CryptoError) -> Bool {
        let own: CertificateHandle = try CertificateHandle.parse(der: der)
        let other: CertificateHandle = try CertificateHandle.parse(der: issuer.der)
        guard let key = X509_get0_pubkey(other.pointer) else { throw .last("X509_get0_pubkey") }
        let result: Int32 = X509_verify(own.pointer, key)
        ERR_clear_error()
        return result == 1
    }
}

/// An X509 of OpenSSL; lives inside one call, and is no value of its own.
final class CertificateHandle {
    let pointer: OpaquePointer

    /// Takes ownership of `pointer`.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { X509_free(pointer) }

    static func parse(der: [UInt8]) throws(CryptoError) -> CertificateHandle {
        let pointer: OpaquePointer? = der.withUnsafeBufferPointer { buffer in
            var start: UnsafePointer<UInt8>? = buffer.baseAddress
            return d2i_X509(nil, &start, buffer.count)
        }
        return CertificateHandle(owning: try made(pointer, "d2i_X509"))
    }

    static func parse(pem: String) throws(CryptoError) -> CertificateHandle {
        let memory: MemoryBIO = try MemoryBIO.reading(Array(pem.utf8))
        let pointer: OpaquePointer = try made(
            PEM_read_bio_X509(memory.pointer, nil, { _, _, _, _ in 0 }, nil), "PEM_read_bio_X509")
        return CertificateHandle(owning: pointer)
    }

    static func commonName(_ name: OpaquePointer?) -> String {
        let index: Int32 = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard index >= 0, let entry = X509_NAME_get_entry(name, index) else { return "" }
        return text(X509_NAME_ENTRY_get_data(entry))
    }

    /// An ASN.1 string of any kind as UTF-8; empty if it is none.
    static func text(_ string: UnsafePointer<ASN1_STRING>?) -> String {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count: Int32 = ASN1_STRING_to_UTF8(&bytes, string)
        guard count >= 0, let bytes else { return "" }
        defer { CRYPTO_free(bytes, nil, 0) }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    static func serialHex(_ serial: UnsafePointer<ASN1_INTEGER>?) throws(CryptoError) -> String {
        let number: OpaquePointer = try made(ASN1_INTEGER_to_BN(serial, nil), "ASN1_INTEGER_to_BN")
        defer { BN_free(number) }
        var bytes: [UInt8] = Array(repeating: 0, count: max(1, (Int(BN_num_bits(number)) + 7) / 8))
        BN_bn2binpad(number, &bytes, Int32(bytes.count))
        return Hex.encode(bytes)
    }

    static func instant(_ time: UnsafePointer<ASN1_TIME>?) throws(CryptoError) -> Instant {
        var parts: tm = tm()
        try check(ASN1_TIME_to_tm(time, &parts), "ASN1_TIME_to_tm")
        guard
            let date = CivilDate(
                year: Int(parts.tm_year) + 1_900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
        else { throw .malformed(what: "a certificate's date") }
        let second: Int = (Int(parts.tm_hour) * 60 + Int(parts.tm_min)) * 60 + Int(parts.tm_sec)
        return Instant(seconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(second))
    }
}
