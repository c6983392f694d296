// In builds for fuzzing only, so that no other build can serve without TLS.
#if LINLI_FUZZ
    internal import COpenSSL
    internal import Logging
    package import NIOCore

    /// Serves connections whose bytes do not come through TLS.
    package final class PlaintextServer: Sendable {
        private let core: ServerCore
        private let context: TLSContext

        package init(services: [any Service], limits: ServerLimits) throws {
            context = try TLSContext.client(ClientTLS(roots: .system))
            let health = HealthService()
            core = ServerCore(
                limits: limits, methods: MethodTable((services + [health]).flatMap(\.serviceMethods)),
                interceptors: [],
                logger: Logger(label: "plaintext") { _ in SwiftLogNoOpLogHandler() }, health: health,
                isRevoked: { _ in false }, tlsContext: context)
            health.set(serving: true)
        }

        /// Puts the server's end of a connection into a channel that is not yet active.
        package func serve(_ channel: any Channel) throws {
            let loop: any EventLoop = channel.eventLoop
            let connection = ServerConnection(
                core: core, loop: loop, executor: LoopExecutor(loop: loop),
                tls: try PlaintextSession(owner: context),
                scratch: LoopScratch())
            try channel.pipeline.syncOperations.addHandler(connection)
        }
    }

    /// Hands bytes on as they are.
    private final class PlaintextSession: TLSSession {
        private var input = ByteBuffer()
        private var output = ByteBuffer()

        /// Never used for TLS, only to make the superclass. Immutable once made; OpenSSL counts its users by itself.
        nonisolated(unsafe) private static let context: OpaquePointer? = SSL_CTX_new(TLS_server_method())

        init(owner: TLSContext) throws(TLSError) {
            guard let context = Self.context else { throw .fromQueue("no TLS context") }
            try super.init(context: context, owner: owner)
        }

        override func receive(_ bytes: ByteBuffer) { input.writeImmutableBuffer(bytes) }
        override func continueHandshake() -> ReadResult { .bytes(0) }
        override var speaksHTTP2: Bool { true }
        override var serverName: String? { nil }
        override var peerCertificate: PeerCertificate? { nil }

        override func read(into target: UnsafeMutableRawBufferPointer) -> ReadResult {
            let count: Int = min(target.count, input.readableBytes)
            if count == 0 { return .needsMore }
            input.readWithUnsafeReadableBytes { bytes in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                return count
            }
            return .bytes(count)
        }

        override func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) { output.writeBytes(bytes) }
        override func close() {}
        override var outputBytes: Int { output.readableBytes }
        override func takeOutput() -> ByteBuffer { output }
        override func clearOutput() { output.clear() }
    }
#endif
