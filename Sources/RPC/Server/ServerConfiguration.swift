/// Where a server listens and by which rules.
package struct ServerConfiguration: Sendable {
    /// The address to bind, for example `127.0.0.1` or `::`.
    package var host: String
    /// The TCP port; 0 takes a free one, which `RPCServer.start` returns.
    package var port: Int
    package var tls: TLSFiles
    package var limits: ServerLimits
    /// Threads that serve connections.
    package var eventLoops: Int
    /// Asked once for each connection that shows a certificate: true turns it away.
    package var isRevoked: @Sendable (PeerCertificate) -> Bool

    package init(
        host: String = "127.0.0.1", port: Int = 0, tls: TLSFiles, limits: ServerLimits = ServerLimits(),
        eventLoops: Int = 2, isRevoked: @escaping @Sendable (PeerCertificate) -> Bool = { _ in false }
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.limits = limits
        self.eventLoops = eventLoops
        self.isRevoked = isRevoked
    }
}
