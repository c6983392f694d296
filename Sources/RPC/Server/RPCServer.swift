package import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A gRPC server over TLS.
package final class RPCServer: Sendable {
    /// What grpc.health.v1 and `/healthz` say. Its service is registered with every server.
    package let health = HealthService()
    private let configuration: ServerConfiguration
    private let core: ServerCore
    private let group: MultiThreadedEventLoopGroup
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let listener = Mutex<(any Channel)?>(nil)

    /// Reads the TLS files and lists the methods. Throws `TLSError` if the files are not usable.
    package init(
        configuration: ServerConfiguration, services: [any Service],
        interceptors: [any ServerInterceptor] = [],
        logger: Logger
    ) throws {
        self.configuration = configuration
        let methods: [ServiceMethod] = (services + [health]).flatMap(\.serviceMethods)
        core = ServerCore(
            limits: configuration.limits, methods: MethodTable(methods), interceptors: interceptors,
            logger: logger,
            health: health, isRevoked: configuration.isRevoked,
            tlsContext: try TLSContext.server(configuration.tls))
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops)
    }

    /// Listens. Returns the port, which matters if the configuration says 0.
    @discardableResult
    package func start() async throws -> Int {
        let kit = LoopKit(group)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: 64 * 1_024, high: 256 * 1_024)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel, kit) }
            }
        let channel: any Channel = try await bootstrap.bind(
            host: configuration.host, port: configuration.port
        ).get()
        listener.withLock { $0 = channel }
        health.set(serving: true)
        let port: Int = channel.localAddress?.port ?? configuration.port
        core.logger.info("listening", metadata: ["host": "\(configuration.host)", "port": "\(port)"])
        return port
    }

    /// Runs on the new connection's event loop.
    private func accept(_ channel: any Channel, _ kit: LoopKit) throws {
        let open: Int = core.connections.wrappingAdd(1, ordering: .relaxed).newValue
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { [self] _ in
            core.connections.wrappingSubtract(1, ordering: .relaxed)
            _ = channels.withLock { $0.removeValue(forKey: id) }
        }
        if open > core.limits.maximumConnections {
            core.logger.warning("connection refused: too many", metadata: ["open": "\(open - 1)"])
            throw ChannelError.ioOnClosedChannel
        }
        let tools: LoopKit.Tools = kit.tools(channel.eventLoop)
        let connection = ServerConnection(
            core: core, loop: channel.eventLoop, executor: tools.executor,
            tls: try core.currentTLS.makeServerSession(), scratch: tools.scratch.value)
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    /// Connections that are open now, those in the handshake included.
    package var openConnections: Int { core.connections.load(ordering: .relaxed) }

    /// Reads the TLS files again. New connections use them; open ones keep what they have. On a `TLSError` the old
    /// files stay in use.
    package func reloadCertificates() throws {
        core.useTLS(try TLSContext.server(configuration.tls))
        core.logger.info("certificates reloaded")
    }

    /// Takes no new connections and calls, lets running calls finish, and ends those that have not after `limit`.
    package func shutdownGracefully(within limit: Duration = .seconds(30)) async {
        health.stop()
        let listening: (any Channel)? = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        if let listening {
            do { try await listening.close() } catch {
                core.logger.debug("closing the listener", metadata: ["error": "\(error)"])
            }
        }
        tell(.gracefully)
        let timer: Scheduled<Void> = group.next().scheduleTask(
            in: .nanoseconds(limit.clampedNanoseconds)
        ) { self.tell(.now) }
        for channel in channels.withLock({ Array($0.values) }) {
            do { try await channel.closeFuture.get() } catch {
                core.logger.debug("closing a connection", metadata: ["error": "\(error)"])
            }
        }
        timer.cancel()
        do { try await group.shutdownGracefully() } catch {
            core.logger.error("event loops did not stop", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ stop: ServerStop) {
        for channel in channels.withLock({ Array($0.values) }) {
            channel.pipeline.fireUserInboundEventTriggered(stop)
        }
    }
}

/// What each event loop has once and its connections share.
private final class LoopKit: Sendable {
    struct Tools: Sendable {
        let executor: LoopExecutor
        let scratch: NIOLoopBoundBox<LoopScratch>
    }
    private let byLoop: [ObjectIdentifier: Tools]

    init(_ group: MultiThreadedEventLoopGroup) {
        var byLoop: [ObjectIdentifier: Tools] = [:]
        for loop in group.makeIterator() {
            byLoop[ObjectIdentifier(loop)] = Tools(
                executor: LoopExecutor(loop: loop),
                scratch: NIOLoopBoundBox.makeBoxSendingValue(LoopScratch(), eventLoop: loop))
        }
        self.byLoop = byLoop
    }

    func tools(_ loop: any EventLoop) -> Tools {
        guard let tools = byLoop[ObjectIdentifier(loop)] else {
            preconditionFailure("a loop of another group")
        }
        return tools
    }
}
