/// Who is at the other end of a connection, as far as the connection itself shows it. One value serves all calls of
/// the connection.
package final class Peer: Sendable {
    /// The socket address, `192.0.2.7:51234` or `[2001:db8::1]:51234`.
    package let address: String
    /// The name that the client asked for in the TLS handshake (SNI, RFC 6066 section 3).
    package let serverName: String?
    /// The certificate that the client has shown and that our client CA has signed; nil if it showed none.
    package let certificate: PeerCertificate?

    package init(address: String, serverName: String? = nil, certificate: PeerCertificate? = nil) {
        self.address = address
        self.serverName = serverName
        self.certificate = certificate
    }
}

/// What we keep of a peer's verified X.509 certificate.
package struct PeerCertificate: Sendable, Hashable {
    /// The subject's common name; empty if it has none.
    package let commonName: String
    /// Subject alternative names of type DNS.
    package let dnsNames: [String]
    /// Subject alternative names of type URI.
    package let uris: [String]
    /// The serial number in lower-case hexadecimal without leading zeros.
    package let serialNumber: String
    /// SHA-256 of the whole certificate in DER, 64 lower-case hexadecimal digits.
    package let fingerprint: String

    package init(
        commonName: String, dnsNames: [String] = [], uris: [String] = [], serialNumber: String,
        fingerprint: String
    ) {
        self.commonName = commonName
        self.dnsNames = dnsNames
        self.uris = uris
        self.serialNumber = serialNumber
        self.fingerprint = fingerprint
    }
}
