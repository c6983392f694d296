internal import Logging
internal import Synchronization

/// What all connections of a server share.
final class ServerCore: Sendable {
    let limits: ServerLimits
    let methods: MethodTable
    let interceptors: [any ServerInterceptor]
    let logger: Logger
    let isRevoked: @Sendable (PeerCertificate) -> Bool
    /// Whether each call is worth a line at the logger's level.
    let logsCalls: Bool
    /// What `/healthz` answers.
    let health: HealthService
    let connections = Atomic<Int>(0)
    private let tlsContext: Mutex<TLSContext>

    init(
        limits: ServerLimits, methods: MethodTable, interceptors: [any ServerInterceptor], logger: Logger,
        health: HealthService, isRevoked: @escaping @Sendable (PeerCertificate) -> Bool,
        tlsContext: TLSContext
    ) {
        self.limits = limits
        self.methods = methods
        self.interceptors = interceptors
        self.logger = logger
        self.health = health
        self.isRevoked = isRevoked
        self.logsCalls = logger.logLevel <= .debug
        self.tlsContext = Mutex(tlsContext)
    }

    /// The context for the next connection.
    var currentTLS: TLSContext { tlsContext.withLock { $0 } }

    func useTLS(_ context: TLSContext) { tlsContext.withLock { $0 = context } }
}
