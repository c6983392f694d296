/// A certificate chain and its private key, as PEM files.
package struct CertificateFiles: Sendable, Equatable {
    /// The path of the chain: the server's or client's own certificate first, then the intermediates.
    package var certificateChain: String
    /// The path of the private key. The file must not be readable by others (mode `o-r`).
    package var privateKey: String

    package init(certificateChain: String, privateKey: String) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
    }
}

/// What a server asks of its clients' certificates.
package enum ClientCertificatePolicy: Sendable, Equatable {
    /// Clients are not asked for a certificate.
    case none
    /// A client may show a certificate; one that does not verify ends the handshake.
    case optional
    /// A client without a certificate that verifies is turned away in the handshake.
    case required
}

/// The files with which a server speaks TLS. They are read at the start and again at each reload.
package struct TLSFiles: Sendable, Equatable {
    /// Shown to clients that ask for no name, or for one that is not in `certificatesByServerName`.
    package var certificate: CertificateFiles
    /// Certificates for single names that clients ask for in the handshake (SNI, RFC 6066 section 3).
    package var certificatesByServerName: [String: CertificateFiles]
    /// The path of the PEM roots that sign client certificates.
    package var clientCA: String?
    package var clientCertificates: ClientCertificatePolicy

    package init(
        certificateChain: String, privateKey: String, clientCA: String? = nil,
        requireClientCertificate: ClientCertificatePolicy = .none,
        certificatesByServerName: [String: CertificateFiles] = [:]
    ) {
        self.certificate = CertificateFiles(certificateChain: certificateChain, privateKey: privateKey)
        self.certificatesByServerName = certificatesByServerName
        self.clientCA = clientCA
        self.clientCertificates = requireClientCertificate
    }
}
