internal import COpenSSL

extension PeerCertificate {
    /// Reads what we keep from OpenSSL's form of a certificate.
    init?(x509 certificate: OpaquePointer) {
        guard let serial = Self.serialNumber(certificate), let fingerprint = Self.fingerprint(certificate)
        else {
            return nil
        }
        let names: (dns: [String], uris: [String]) = Self.alternativeNames(certificate)
        self.init(
            commonName: Self.commonName(certificate) ?? "", dnsNames: names.dns, uris: names.uris,
            serialNumber: serial, fingerprint: fingerprint)
    }

    private static func commonName(_ certificate: OpaquePointer) -> String? {
        guard let subject = X509_get_subject_name(certificate) else { return nil }
        let index: Int32 = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0, let data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)) else {
            return nil
        }
        var text: UnsafeMutablePointer<UInt8>?
        let length: Int32 = ASN1_STRING_to_UTF8(&text, data)
        guard length >= 0, let text else { return nil }
        defer { CRYPTO_free(text, #file, #line) }
        return String(decoding: UnsafeBufferPointer(start: text, count: Int(length)), as: UTF8.self)
    }

    private static func alternativeNames(_ certificate: OpaquePointer) -> (dns: [String], uris: [String]) {
        var names: (dns: [String], uris: [String]) = ([], [])
        guard let stack = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return names }
        let list = OpaquePointer(stack)
        defer { GENERAL_NAMES_free(list) }
        for index in 0..<OPENSSL_sk_num(list) {
            guard let element = OPENSSL_sk_value(list, index) else { continue }
            var type: Int32 = 0
            let value: UnsafeMutableRawPointer? = GENERAL_NAME_get0_value(
                element.assumingMemoryBound(to: GENERAL_NAME.self), &type)
            guard let value, type == GEN_DNS || type == GEN_URI else { continue }
            let string: UnsafeMutablePointer<ASN1_STRING> = value.assumingMemoryBound(to: ASN1_STRING.self)
            guard let bytes = ASN1_STRING_get0_data(string) else { continue }
            let text = String(
                decoding: UnsafeBufferPointer(start: bytes, count: Int(ASN1_STRING_length(string))),
                as: UTF8.self)
            if type == GEN_DNS { names.dns.append(text) } else { names.uris.append(text) }
        }
        return names
    }

    private static func serialNumber(_ certificate: OpaquePointer) -> String? {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil) else { return nil }
        defer { BN_free(number) }
        guard let text = BN_bn2hex(number) else { return nil }
        defer { CRYPTO_free(text, #file, #line) }
        let trimmed: Substring = String(cString: text).lowercased().drop { $0 == "0" }
        return trimmed.isEmpty ? "0" : String(trimmed)
    }

    private static func fingerprint(_ certificate: OpaquePointer) -> String? {
        var digest: [UInt8] = Array(repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1 else { return nil }
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        let text: [UInt8] = digest.prefix(Int(length)).flatMap {
            [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
