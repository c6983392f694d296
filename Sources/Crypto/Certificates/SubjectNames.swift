internal import COpenSSL

/// The names that a certificate speaks for (RFC 5280 section 4.2.1.6).
package struct SubjectNames: Sendable, Hashable {
    /// Host names of a server.
    package var dns: [String]
    /// Addresses of a server, IPv4 or IPv6.
    package var addresses: [String]
    /// What a client is: `urn:linli:device:…`, `urn:linli:vendor:…`, `urn:linli:console:…`.
    package var uris: [String]

    /// How many names a certificate of ours may have.
    package static let maximumCount: Int = 64
    /// The number of characters of one name.
    package static let maximumLength: Int = 255

    package init(dns: [String] = [], addresses: [String] = [], uris: [String] = []) {
        self.dns = dns
        self.addresses = addresses
        self.uris = uris
    }

    package var isEmpty: Bool { dns.isEmpty && addresses.isEmpty && uris.isEmpty }

    /// The names of a certificate; none if it has no such extension.
    init(_ certificate: OpaquePointer) throws(CryptoError) {
        self.init()
        var critical: Int32 = 0
        guard let found = X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nil) else {
            // −1: there is none; −2: more than one; else it cannot be parsed.
            guard critical == -1 else { throw .last("X509_get_ext_d2i") }
            return
        }
        let list: OpaquePointer = OpaquePointer(found)
        defer { GENERAL_NAMES_free(list) }
        for index in 0..<OPENSSL_sk_num(list) {
            guard let item = OPENSSL_sk_value(list, index) else { continue }
            var type: Int32 = 0
            let name: UnsafeMutablePointer<GENERAL_NAME> = item.assumingMemoryBound(to: GENERAL_NAME.self)
            guard let value = GENERAL_NAME_get0_value(name, &type) else { continue }
            let string: UnsafePointer<ASN1_STRING> = UnsafePointer(
                value.assumingMemoryBound(to: ASN1_STRING.self))
            switch type {
            case GEN_DNS: dns.append(SubjectNames.text(string))
            case GEN_URI: uris.append(SubjectNames.text(string))
            case GEN_IPADD: addresses.append(SubjectNames.address(SubjectNames.bytes(string)))
            default: break
            }
        }
    }

    /// Adds the names to a certificate that is being made.
    func add(to certificate: OpaquePointer) throws(CryptoError) {
        guard dns.count + addresses.count + uris.count <= SubjectNames.maximumCount else {
            throw .malformed(what: "a certificate with more than \(SubjectNames.maximumCount) names")
        }
        let list: OpaquePointer = try made(OPENSSL_sk_new_null(), "OPENSSL_sk_new_null")
        defer { GENERAL_NAMES_free(list) }
        for name in dns { try SubjectNames.push(GEN_DNS, try SubjectNames.string(name), list) }
        for uri in uris { try SubjectNames.push(GEN_URI, try SubjectNames.string(uri), list) }
        for address in addresses {
            let octets: UnsafeMutablePointer<ASN1_STRING> = try made(a2i_IPADDRESS(address), "a2i_IPADDRESS")
            try SubjectNames.push(GEN_IPADD, octets, list)
        }
        try check(
            X509_add1_ext_i2d(certificate, NID_subject_alt_name, UnsafeMutableRawPointer(list), 0, 0),
            "X509_add1_ext_i2d")
    }

    /// Takes ownership of `value` and gives it to the list.
    private static func push(_ type: Int32, _ value: UnsafeMutablePointer<ASN1_STRING>, _ list: OpaquePointer)
        throws(CryptoError)
    {
        guard let name = GENERAL_NAME_new() else {
            ASN1_STRING_free(value)
            throw .last("GENERAL_NAME_new")
        }
        GENERAL_NAME_set0_value(name, type, value)
        guard OPENSSL_sk_push(list, name) > 0 else {
            GENERAL_NAME_free(name)
            throw .last("OPENSSL_sk_push")
        }
    }

    /// An IA5String: printable ASCII without spaces, so that no name hides a NUL or a line end.
    private static func string(_ text: String) throws(CryptoError) -> UnsafeMutablePointer<ASN1_STRING> {
        guard !text.isEmpty, text.utf8.count <= maximumLength,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .malformed(what: "a name in a certificate is 1 to 255 printable ASCII characters") }
        let string: UnsafeMutablePointer<ASN1_STRING> = try made(
            ASN1_STRING_type_new(V_ASN1_IA5STRING), "ASN1_STRING_type_new")
        guard ASN1_STRING_set(string, text, Int32(text.utf8.count)) == 1 else {
            ASN1_STRING_free(string)
            throw .last("ASN1_STRING_set")
        }
        return string
    }

    private static func bytes(_ string: UnsafePointer<ASN1_STRING>) -> [UInt8] {
        Array(
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    /// A name with a NUL inside would be cut there by careless readers; it is shown as U+0000 here and matches nothing.
    private static func text(_ string: UnsafePointer<ASN1_STRING>) -> String {
        String(decoding: bytes(string), as: UTF8.self)
    }

    private static func address(_ bytes: [UInt8]) -> String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }.joined(separator: ":")
    }
}
