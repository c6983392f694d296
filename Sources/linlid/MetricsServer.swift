internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Serves `GET /metrics` on the loopback interface: figures are for the machine's own collector, not for strangers.
final class MetricsServer: Sendable {
    let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    init(registry: PrometheusRegistry, port: Int) async throws {
        let group: MultiThreadedEventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                        try channel.pipeline.syncOperations.addHandler(MetricsHandler(registry: registry))
                    }
                }
                .bind(host: "127.0.0.1", port: port).get()
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        self.group = group
        self.port = channel.localAddress?.port ?? port
    }

    func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }
}

private final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let registry: PrometheusRegistry
    private var isRight: Bool = false

    init(registry: PrometheusRegistry) { self.registry = registry }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): isRight = head.method == .GET && head.uri == "/metrics"
        case .body: break
        case .end: answer(context)
        }
    }

    private func answer(_ context: ChannelHandlerContext) {
        let text: String = isRight ? registry.text() : "GET /metrics\n"
        var head: HTTPResponseHead = HTTPResponseHead(version: .http1_1, status: isRight ? .ok : .notFound)
        head.headers.add(name: "content-type", value: "text/plain; version=0.0.4; charset=utf-8")
        head.headers.add(name: "content-length", value: "\(text.utf8.count)")
        head.headers.add(name: "connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        let loopBound: NIOLoopBound<ChannelHandlerContext> = NIOLoopBound(
            context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            loopBound.value.close(promise: nil)
        }
    }
}
