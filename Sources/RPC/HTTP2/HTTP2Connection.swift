internal import CNghttp2
internal import NIOCore

/// One TCP connection with its TLS session and its HTTP/2 session; the way of every byte in and out.
///
/// Bytes come up through `channelRead`: ciphertext → `TLSSession` → plaintext → nghttp2, which calls the `on…` methods
/// that server and client override. They go down through `flush`: nghttp2's frames are gathered into TLS records, and
/// the records go to the socket in one write for each turn of the event loop.
///
/// Everything here runs on the connection's event loop.
class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How far a connection has come.
    enum Phase: Equatable {
        case handshaking
        case open
        /// No new streams; closes when the last one is over.
        case draining
        case closed
    }

    /// Stop making frames while so much ciphertext waits for the socket.
    private static let outputHighMark: Int = 128 * 1_024

    let loop: any EventLoop
    let tls: TLSSession
    private let scratch: LoopScratch
    private(set) var phase: Phase = .handshaking
    private(set) var channel: (any Channel)?
    private var context: ChannelHandlerContext?
    /// The nghttp2 session, from the end of the handshake to the removal of the handler.
    private(set) var session: OpaquePointer?
    /// The time at the start of the current turn; what arrives in one read arrives at the same time.
    private(set) var now = Deadline.now()
    /// When the peer last sent a byte.
    private(set) var lastRead = Deadline.now()
    /// Inside a read, or inside nghttp2: whoever has something to send need not ask for a flush.
    private var isReading = false
    private var flushScheduled = false
    /// A write may change the channel's writability, which comes back here before the written buffer is cleared.
    private var isFlushing = false
    /// Set where the session cannot be touched; acted upon when nghttp2 has returned.
    private var pendingClose: TLSError?
    private var timer: Scheduled<Void>?
    private var timerDue: Deadline = .distantFuture

    init(loop: any EventLoop, tls: TLSSession, scratch: LoopScratch) {
        self.loop = loop
        self.tls = tls
        self.scratch = scratch
    }

    // MARK: What server and client add

    /// Makes the nghttp2 session when TLS stands and submits the first settings. Nil closes the connection.
    func makeSession() -> OpaquePointer? { nil }
    /// The headers of a stream begin.
    func onBeginHeaders(_ stream: Int32, _ category: nghttp2_headers_category) -> Int32 { 0 }
    func onHeader(_ stream: Int32, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>)
        -> Int32
    {
        0
    }
    /// A frame has arrived as a whole; for DATA after its chunks.
    func onFrame(_ frame: borrowing nghttp2_frame) -> Int32 { 0 }
    func onData(_ stream: Int32, _ bytes: UnsafeRawBufferPointer) {}
    func onFrameSent(_ frame: borrowing nghttp2_frame) {}
    func onStreamClosed(_ stream: Int32, _ error: UInt32) {}
    /// nghttp2 has returned from a batch of input: start what has become ready.
    func afterInput() {}
    /// The connection is over: fail what is open. Called once.
    func onClosed(_ reason: TLSError?) {}
    /// Somebody outside has sent the connection a message through its channel.
    func onEvent(_ event: Any) {}
    /// The time asked for with `wake(at:)` has come.
    func onTimer() {}

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        channel = context.channel
        if context.channel.isActive { begin() }
    }

    func channelActive(context: ChannelHandlerContext) { begin() }

    private func begin() {
        now = Deadline.now()
        lastRead = now
        onBegin()
        // A client speaks first; a server's first step only says that it waits.
        advanceHandshake()
        flush()
    }

    /// The connection has begun; the handshake has not.
    func onBegin() {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        now = Deadline.now()
        lastRead = now
        tls.receive(Self.unwrapInboundIn(data))
        if phase == .handshaking { advanceHandshake() }
        if phase == .open || phase == .draining { readPlaintext() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
    }

    func channelInactive(context: ChannelHandlerContext) { markClosed(nil) }

    func handlerRemoved(context: ChannelHandlerContext) {
        markClosed(nil)
        self.context = nil
        channel = nil
        if let session {
            self.session = nil
            nghttp2_session_del(session)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { onEvent(event) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(TLSError(reason: "\(error)")) }

    // MARK: Input

    private func advanceHandshake() {
        switch tls.continueHandshake() {
        case .bytes:
            guard tls.speaksHTTP2, let session = makeSession() else {
                return close(TLSError(reason: "the peer does not speak HTTP/2"))
            }
            self.session = session
            phase = .open
            onEstablished()
        case .needsMore: break
        case .closed: close(TLSError(reason: "the peer closed during the handshake"))
        case .failed(let error): close(error)
        }
    }

    /// The handshake is over and the session stands.
    func onEstablished() {}

    private func readPlaintext() {
        guard let session else { return }
        reading: while phase != .closed {
            switch tls.read(into: scratch.plaintext) {
            case .bytes(let count):
                let source: UnsafePointer<UInt8>? = UnsafePointer(
                    scratch.plaintext.baseAddress?.assumingMemoryBound(to: UInt8.self))
                let result: Int = nghttp2_session_mem_recv(session, source, count)
                if result < 0 {
                    closeBroken(result)
                    break reading
                }
            case .needsMore: break reading
            case .closed:
                close(nil)
                break reading
            case .failed(let error):
                close(error)
                break reading
            }
        }
        if phase != .closed { afterInput() }
    }

    // MARK: Output

    /// Has what nghttp2 wants to send go out before the loop's next wait.
    func setNeedsFlush() {
        if isReading || flushScheduled || phase == .closed { return }
        flushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.execute {
            bound.value.flushScheduled = false
            bound.value.flush()
        }
    }

    /// Gathers frames into records and writes them, as long as the socket takes them.
    func flush() {
        guard let context, phase != .closed, !isFlushing else { return }
        isFlushing = true
        repeat {
            let more: Bool = fillOutput()
            if tls.outputBytes > 0 {
                context.writeAndFlush(Self.wrapOutboundOut(tls.takeOutput()), promise: nil)
                tls.clearOutput()
            }
            if !more { break }
        } while context.channel.isWritable && phase != .closed
        isFlushing = false
        if let pendingClose { return close(pendingClose) }
        if let session, nghttp2_session_want_read(session) == 0, nghttp2_session_want_write(session) == 0 {
            close(nil)
        }
    }

    /// Encrypts what nghttp2 has to send, up to a mark. Returns whether more may follow.
    private func fillOutput() -> Bool {
        guard let session else { return false }
        var gathered: Int = 0
        while tls.outputBytes < Self.outputHighMark {
            var piece: UnsafePointer<UInt8>?
            let count: Int = nghttp2_session_mem_send(session, &piece)
            if count < 0 { pendingClose = TLSError(reason: "HTTP/2: cannot send") }
            guard count > 0, let piece else {
                encrypt(UnsafeRawBufferPointer(rebasing: scratch.frames[..<gathered]))
                return false
            }
            if gathered + count > scratch.frames.count {
                encrypt(UnsafeRawBufferPointer(rebasing: scratch.frames[..<gathered]))
                gathered = 0
            }
            if count >= scratch.frames.count {
                encrypt(UnsafeRawBufferPointer(start: piece, count: count))
            } else if let base = scratch.frames.baseAddress {
                (base + gathered).copyMemory(from: piece, byteCount: count)
                gathered += count
            }
        }
        encrypt(UnsafeRawBufferPointer(rebasing: scratch.frames[..<gathered]))
        return true
    }

    private func encrypt(_ bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty { return }
        do { try tls.write(bytes) } catch { pendingClose = error }
    }

    // MARK: The end

    /// No new streams; what runs may finish. Closes at once if nothing runs.
    func drain() {
        if phase == .open { phase = .draining }
    }

    /// Closes the connection after what is ready has been sent. Not for use inside nghttp2's callbacks, which call
    /// `terminate` instead. The session is freed when the handler is removed, which NIO does in a later turn.
    func close(_ reason: TLSError?) {
        guard phase != .closed, let context else { return }
        tls.close()
        if tls.outputBytes > 0 {
            context.writeAndFlush(Self.wrapOutboundOut(tls.takeOutput()), promise: nil)
            tls.clearOutput()
        }
        markClosed(reason)
        context.close(promise: nil)
    }

    /// Has nghttp2 send a GOAWAY with this code and then end the connection. May be called inside callbacks.
    func terminate(_ code: nghttp2_error_code) {
        guard let session, phase != .closed else { return }
        nghttp2_session_terminate_session(session, code.rawValue)
        setNeedsFlush()
    }

    /// nghttp2 has given the session up: it can no longer be used, so the GOAWAY is written by hand.
    private func closeBroken(_ result: Int) {
        let code: UInt32
        switch Int32(truncatingIfNeeded: result) {
        case NGHTTP2_ERR_FLOODED.rawValue, NGHTTP2_ERR_TOO_MANY_SETTINGS.rawValue,
            NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue:
            code = NGHTTP2_ENHANCE_YOUR_CALM.rawValue
        case NGHTTP2_ERR_NOMEM.rawValue, NGHTTP2_ERR_CALLBACK_FAILURE.rawValue:
            code = NGHTTP2_INTERNAL_ERROR.rawValue
        default: code = NGHTTP2_PROTOCOL_ERROR.rawValue
        }
        // RFC 9113 section 6.8: length 8, type 7, no flags, stream 0; the last stream that may have been processed.
        var frame: [UInt8] = [0, 0, 8, 7, 0, 0, 0, 0, 0]
        let last: Int32 = session.map { nghttp2_session_get_last_proc_stream_id($0) } ?? 0
        for word in [UInt32(bitPattern: last), code] {
            for shift in [24, 16, 8, 0] { frame.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        frame.withUnsafeBytes { encrypt($0) }
        close(
            TLSError(
                reason: "HTTP/2: \(String(cString: nghttp2_strerror(Int32(truncatingIfNeeded: result))))"))
    }

    private func markClosed(_ reason: TLSError?) {
        guard phase != .closed else { return }
        phase = .closed
        timer?.cancel()
        timer = nil
        onClosed(reason)
    }

    // MARK: Time

    /// Asks for `onTimer` at a time. One timer serves a connection: it is set for the earliest wish and never later,
    /// so that a call with the usual deadline costs one comparison.
    func wake(at time: Deadline) {
        guard time < timerDue, phase != .closed else { return }
        timer?.cancel()
        timerDue = time
        let bound = NIOLoopBound(self, eventLoop: loop)
        timer = loop.scheduleTask(deadline: .uptimeNanoseconds(time.uptimeNanoseconds)) {
            let connection: HTTP2Connection = bound.value
            guard connection.phase != .closed else { return }
            connection.timerDue = .distantFuture
            connection.now = Deadline.now()
            connection.onTimer()
            connection.flush()
        }
    }
}
