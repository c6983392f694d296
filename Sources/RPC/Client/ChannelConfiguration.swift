/// How a client trusts a server and shows itself.
package struct ClientTLS: Sendable, Equatable {
    package enum Roots: Sendable, Equatable {
        /// The operating system's.
        case system
        /// A PEM file.
        case file(String)
        /// PEM text.
        case pem(String)
    }
    package var roots: Roots
    /// The client's own certificate, for servers that ask for one.
    package var certificate: CertificateFiles?
    /// The name that the server's certificate must carry; nil means the host that is connected to.
    package var serverName: String?

    package init(roots: Roots, certificate: CertificateFiles? = nil, serverName: String? = nil) {
        self.roots = roots
        self.certificate = certificate
        self.serverName = serverName
    }
}

/// Where a client connects, and its limits.
package struct ChannelConfiguration: Sendable {
    package var host: String
    package var port: Int
    package var tls: ClientTLS
    /// For the TCP connection and the TLS handshake together.
    package var connectTimeout: Duration = .seconds(10)
    /// The wait after the first failed connection; each further failure multiplies it by 1.6, as
    /// gRPC's connection back-off document says, with a random ±20 %.
    package var firstBackoff: Duration = .seconds(1)
    package var maximumBackoff: Duration = .seconds(10)
    /// For calls that state no time of their own.
    package var defaultTimeout: Duration = .seconds(30)
    /// For server and bidirectional streams that state no time of their own.
    package var defaultStreamTimeout: Duration = .seconds(3_600)
    /// The largest answer that is accepted, before and after decompression.
    package var maximumMessageBytes: Int = 16 * 1_024 * 1_024
    /// The largest set of headers or trailers that is accepted, each name and value counting 32 bytes more.
    package var maximumHeaderBytes: Int = 64 * 1_024
    /// How much a server may send on one stream before the caller has taken it.
    package var streamWindowBytes: Int = 1_024 * 1_024
    package var connectionWindowBytes: Int = 4 * 1_024 * 1_024
    /// A writer waits when so much is not yet sent.
    package var requestBufferBytes: Int = 64 * 1_024
    /// Ping the server after this long without a byte from it while calls are open; nil never.
    package var keepaliveInterval: Duration? = .seconds(60)
    /// Give the connection up if a ping stays unanswered for so long.
    package var keepaliveTimeout: Duration = .seconds(20)
    /// Sent as `user-agent`.
    package var userAgent: String = "grpc-linli/1"

    package init(host: String, port: Int, tls: ClientTLS) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}
