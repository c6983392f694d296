internal import NIOCore
internal import NIOPosix

/// A channel's state on its event loop: at most one connection that takes calls, and the calls that wait for it.
final class ChannelCore {
    private enum State {
        case idle
        case connecting
        case ready(ClientConnection)
        /// The last attempts failed; the next one is not made before the wait is over.
        case waiting(Scheduled<Void>, reason: String)
        case closed
    }

    private let loop: any EventLoop
    private let configuration: ChannelConfiguration
    private let tls: TLSContext
    private let scratch = LoopScratch()
    private var state: State = .idle
    private var queue: [ClientStream] = []
    private var failures: Int = 0
    private var attempt: ClientConnection?

    init(loop: any EventLoop, configuration: ChannelConfiguration, tls: TLSContext) {
        self.loop = loop
        self.configuration = configuration
        self.tls = tls
    }

    /// Sends a call, now or when the connection stands. While the channel waits after failures, calls fail at once: their
    /// own policy says how long they try again, so that nobody waits a whole timeout for a server that is not there.
    func start(_ stream: ClientStream) {
        guard stream.outcome == nil else { return }
        if stream.deadline != .distantFuture {
            let bound = NIOLoopBound((self, stream), eventLoop: loop)
            stream.timer = loop.scheduleTask(deadline: .uptimeNanoseconds(stream.deadline.uptimeNanoseconds))
            {
                let (core, stream) = bound.value
                core.end(stream, RPCError(code: .deadlineExceeded, message: "the call's time is over"))
            }
        }
        switch state {
        case .ready(let connection): connection.open(stream)
        case .connecting: queue.append(stream)
        case .idle:
            queue.append(stream)
            connect()
        case .waiting(_, let reason): stream.fail(.unavailable, "cannot connect: \(reason)")
        case .closed: stream.fail(.unavailable, "the channel is closed")
        }
    }

    /// Ends a call from this side.
    func end(_ stream: ClientStream, _ error: RPCError) {
        guard stream.outcome == nil else { return }
        queue.removeAll { $0 === stream }
        stream.finish(.failure(error))
        stream.connection?.reset(stream)
    }

    func close() {
        let before: State = state
        state = .closed
        switch before {
        case .ready(let connection): connection.close(nil)
        case .waiting(let timer, _): timer.cancel()
        case .idle, .connecting, .closed: break
        }
        attempt?.close(nil)
        attempt = nil
        failQueue("the channel is closed")
    }

    // MARK: Connecting

    private func connect() {
        state = .connecting
        let session: TLSSession
        do throws(TLSError) {
            session = try tls.makeClientSession(
                serverName: configuration.tls.serverName ?? configuration.host)
        } catch { return connectFailed(error.reason) }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let connection = ClientConnection(
            loop: loop, tls: session, scratch: scratch, configuration: configuration,
            onReady: { [weak self] in self?.connected($0) },
            onUnusable: { [weak self] in self?.unusable($0, $1) })
        attempt = connection
        let timeout = TimeAmount.nanoseconds(configuration.connectTimeout.clampedNanoseconds)
        let handler = NIOLoopBound(connection, eventLoop: loop)
        let handshake: Scheduled<Void> = loop.scheduleTask(in: timeout) {
            if handler.value.phase == .handshaking {
                handler.value.close(TLSError(reason: "the handshake took too long"))
            }
        }
        ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler.value)
                }
            }
            .connect(host: configuration.host, port: configuration.port)
            .whenFailure { error in
                handshake.cancel()
                bound.value.attemptEnded(handler.value, "\(error)")
            }
    }

    private func connected(_ connection: ClientConnection) {
        guard attempt === connection, case .connecting = state else { return connection.close(nil) }
        attempt = nil
        failures = 0
        state = .ready(connection)
        let waiting: [ClientStream] = queue
        queue.removeAll()
        for stream in waiting where stream.outcome == nil { connection.open(stream) }
    }

    private func unusable(_ connection: ClientConnection, _ reason: TLSError?) {
        if attempt === connection {
            return attemptEnded(connection, reason?.reason ?? "closed by the server")
        }
        if case .ready(let current) = state, current === connection { state = .idle }
    }

    private func attemptEnded(_ connection: ClientConnection, _ reason: String) {
        guard attempt === connection, case .connecting = state else { return }
        attempt = nil
        connectFailed(reason)
    }

    private func connectFailed(_ reason: String) {
        failures += 1
        var wait: Double = Double(configuration.firstBackoff.clampedNanoseconds)
        for _ in 1..<max(failures, 1) {
            wait = min(wait * 1.6, Double(configuration.maximumBackoff.clampedNanoseconds))
        }
        wait *= Double.random(in: 0.8...1.2)
        let bound = NIOLoopBound(self, eventLoop: loop)
        let timer: Scheduled<Void> = loop.scheduleTask(in: .nanoseconds(Int64(wait))) {
            bound.value.waitOver()
        }
        state = .waiting(timer, reason: reason)
        failQueue("cannot connect: \(reason)")
    }

    private func waitOver() {
        guard case .waiting = state else { return }
        state = .idle
    }

    private func failQueue(_ reason: String) {
        let waiting: [ClientStream] = queue
        queue.removeAll()
        for stream in waiting { stream.fail(.unavailable, reason) }
    }
}
