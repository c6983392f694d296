/// How many messages go each way in one call.
package enum MethodKind: Sendable, Hashable {
    case unary
    case serverStreaming
    case clientStreaming
    case bidirectionalStreaming

    /// Whether the client sends exactly one message.
    var hasOneRequest: Bool { self == .unary || self == .serverStreaming }
    /// Whether the server sends exactly one message.
    var hasOneResponse: Bool { self == .unary || self == .clientStreaming }
}

/// The name of an RPC method and its kind; the same value serves client and server.
package struct MethodDescriptor: Sendable, Hashable, CustomStringConvertible {
    /// The full service name, for example `linli.platform.v1.SessionService`.
    package let service: String
    /// The method's name, for example `SignIn`.
    package let method: String
    package let kind: MethodKind
    /// The HTTP/2 path, `/<service>/<method>`.
    package let path: String

    package init(service: String, method: String, kind: MethodKind) {
        self.service = service
        self.method = method
        self.kind = kind
        self.path = "/\(service)/\(method)"
    }

    package var description: String { path }
}
