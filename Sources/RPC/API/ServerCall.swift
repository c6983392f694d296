package import Kernel
internal import NIOCore
internal import Synchronization

/// One call on the server's side: what came with it, who sent it, and what goes back beside the messages.
package final class ServerCall: Sendable {
    /// Whether answers are sent as gzip.
    package enum Compression: Sendable, Equatable {
        /// If the request came as gzip, and the answer is long enough to be worth it.
        case automatic
        /// Whenever the client accepts it.
        case always
        case never
    }

    package let method: MethodDescriptor
    package let peer: Peer
    /// When the call must be over: what the client asked for, within the server's limits.
    package let deadline: Deadline

    struct ResponseOptions {
        var initialMetadata = Metadata()
        var trailingMetadata = Metadata()
        var compression: Compression = .automatic
    }
    private struct State {
        var values: [ObjectIdentifier: any Sendable] = [:]
        var metadata: Metadata?
        var response = ResponseOptions()
        var begunInterceptors: Int = 0
    }
    private let state: Mutex<State>
    /// Whether a handler has set any response option: most do not, and then nobody takes the lock.
    private let hasResponseOptions = Atomic<Bool>(false)
    private let headers: RawHeaders
    /// The stream behind the call; nil for a call without a connection.
    private let exchange: NIOLoopBound<ServerConnection>?
    private let stream: Int32

    /// A call without a connection, for running a handler in a test.
    package init(
        method: MethodDescriptor, metadata: Metadata = Metadata(), peer: Peer = Peer(address: "in-process"),
        deadline: Deadline = .distantFuture
    ) {
        self.method = method
        self.peer = peer
        self.deadline = deadline
        self.state = Mutex(State(metadata: metadata))
        self.headers = RawHeaders()
        self.exchange = nil
        self.stream = 0
    }

    init(
        _ connection: NIOLoopBound<ServerConnection>, _ stream: ServerStream, _ method: MethodDescriptor,
        _ peer: Peer
    ) {
        self.method = method
        self.peer = peer
        self.deadline = stream.deadline
        self.state = Mutex(State())
        self.headers = stream.headers
        self.exchange = connection
        self.stream = stream.id
    }

    /// The request's headers without those of HTTP/2 and gRPC.
    package var metadata: Metadata {
        state.withLock { state in
            if let metadata = state.metadata { return metadata }
            let metadata: Metadata = headers.metadata
            state.metadata = metadata
            return metadata
        }
    }

    /// Whether the call is over or its task cancelled, so that further work is for nobody.
    package var isCancelled: Bool { Task.isCancelled || deadline.hasPassed }

    /// A value that an interceptor has attached to the call.
    package subscript<Key: CallValueKey>(key: Key.Type) -> Key.Value {
        get { state.withLock { $0.values[ObjectIdentifier(key)] as? Key.Value } ?? Key.defaultValue }
        set { state.withLock { $0.values[ObjectIdentifier(key)] = newValue } }
    }

    /// Sets headers that go out before the first answer; has no effect once they have gone.
    package func setInitialMetadata(_ metadata: Metadata) { setOption { $0.initialMetadata = metadata } }

    /// Sets trailers that go out with the status.
    package func setTrailingMetadata(_ metadata: Metadata) { setOption { $0.trailingMetadata = metadata } }

    /// Decides whether the answers from here on are sent as gzip. Has no effect for a client that does not accept it.
    package func setCompression(_ compression: Compression) { setOption { $0.compression = compression } }

    private func setOption(_ change: (inout ResponseOptions) -> Void) {
        state.withLock { change(&$0.response) }
        hasResponseOptions.store(true, ordering: .releasing)
    }

    /// What the handler has set for the answer; nil if nothing.
    var responseOptions: ResponseOptions? {
        hasResponseOptions.load(ordering: .acquiring) ? state.withLock { $0.response } : nil
    }

    /// How many interceptors have let the call pass, and so are told of its end.
    var begunInterceptors: Int {
        get { state.withLock { $0.begunInterceptors } }
        set { state.withLock { $0.begunInterceptors = newValue } }
    }

    /// Names the call in logs: the trace id of a `traceparent` header (W3C Trace Context section 3.2), else the
    /// peer's address and the stream's number.
    package var requestID: String {
        if let parent = header("traceparent") {
            let parts: [Substring] = parent.split(separator: "-")
            let digits = Set("0123456789abcdef")
            if parts.count >= 4, parts[1].count == 32, parts[1].allSatisfy(digits.contains) {
                return String(parts[1])
            }
        }
        return "\(peer.address)/\(stream)"
    }

    /// The language for texts that people see, by the `accept-language` header; Chinese unless English is preferred.
    package var acceptLanguage: Language { Language(acceptLanguage: header("accept-language")) }

    private func header(_ name: StaticString) -> String? {
        exchange == nil ? metadata["\(name)"] : headers.first(name)
    }
}

// MARK: The messages of the call

// Each of these has a fast path for a task on the connection's event loop, where handlers run unless they moved away,
// and a slow path that hops there.
extension ServerCall {
    private func connected() throws -> NIOLoopBound<ServerConnection> {
        guard let exchange else { throw CancellationError() }
        return exchange
    }

    func onlyRequest<Q: Message>() async throws -> Q {
        let exchange: NIOLoopBound<ServerConnection> = try connected()
        let stream: Int32 = stream
        if exchange.eventLoop.inEventLoop { return try exchange.value.takeOnlyRequest(stream) }
        return try await exchange.eventLoop.submit { try exchange.value.takeOnlyRequest(stream) }.get()
    }

    func nextRequest<Q: Message>() async throws -> Q? {
        let exchange: NIOLoopBound<ServerConnection> = try connected()
        let stream: Int32 = stream
        while true {
            try Task.checkCancellation()
            let taken: ServerConnection.Taken<Q>
            if exchange.eventLoop.inEventLoop {
                taken = try exchange.value.takeRequest(stream)
            } else {
                taken = try await exchange.eventLoop.submit { try exchange.value.takeRequest(stream) }.get()
            }
            switch taken {
            case .message(let message): return message
            case .end: return nil
            case .nothingYet: break
            }
            try await StreamWaiter.wait { waiter in
                exchange.onLoop { $0.waitForRequest(stream, waiter) }
            }
        }
    }

    func write<A: Message>(_ answer: A) async throws {
        let exchange: NIOLoopBound<ServerConnection> = try connected()
        let stream: Int32 = stream
        try Task.checkCancellation()
        let mustWait: Bool
        if exchange.eventLoop.inEventLoop {
            mustWait = try exchange.value.write(stream, answer)
        } else {
            mustWait = try await exchange.eventLoop.submit { try exchange.value.write(stream, answer) }.get()
        }
        if mustWait {
            try await StreamWaiter.wait { waiter in exchange.onLoop { $0.waitForRoom(stream, waiter) } }
        }
    }

    func finish<A: Message>(with answer: A) async throws {
        let stream: Int32 = stream
        try connected().onLoop { $0.finish(stream, with: answer) }
    }

    func finish() async throws {
        let stream: Int32 = stream
        try connected().onLoop { $0.finish(stream) }
    }

    /// Ends the call with what the handler has thrown.
    func fail(_ error: any Error) {
        let stream: Int32 = stream
        exchange?.onLoop { $0.fail(stream, error) }
    }
}

extension NIOLoopBound where Value == ServerConnection {
    /// Runs `body` on the connection's event loop: now if this is it, else soon.
    func onLoop(_ body: @escaping @Sendable (ServerConnection) -> Void) {
        if eventLoop.inEventLoop { return body(value) }
        eventLoop.execute { body(value) }
    }
}
