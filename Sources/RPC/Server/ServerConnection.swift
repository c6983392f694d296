internal import CNghttp2
internal import Logging
internal import NIOCore

/// A server's end of one connection: its streams, and what the peer may cost.
final class ServerConnection: HTTP2Connection {
    let core: ServerCore
    let executor: LoopExecutor
    var peer = Peer(address: "unknown")

    var streams: [Int32: ServerStream] = [:]
    /// The stream whose headers arrive just now.
    var current: ServerStream?
    /// Calls whose handler can start as soon as nghttp2 has returned.
    var ready: [Int32] = []
    /// Objects of streams that are over, for the next ones.
    var spare: [ServerStream] = []
    /// Bytes of request messages that no handler has taken.
    var bufferedRequestBytes: Int = 0

    private var begun = Deadline.now()
    private var lastCallEnded = Deadline.now()
    private var settingsReceived = false
    private var pingSent: Deadline?
    private var controlFrames: ControlFrameBudget

    init(core: ServerCore, loop: any EventLoop, executor: LoopExecutor, tls: TLSSession, scratch: LoopScratch)
    {
        self.core = core
        self.executor = executor
        self.controlFrames = ControlFrameBudget(
            burst: core.limits.controlFrameBurst, perSecond: core.limits.controlFramesPerSecond)
        super.init(loop: loop, tls: tls, scratch: scratch)
    }

    var bound: NIOLoopBound<ServerConnection> { NIOLoopBound(self, eventLoop: loop) }

    // MARK: Beginning

    override func onBegin() {
        begun = now
        wake(at: begun.advanced(by: core.limits.handshakeTimeout))
    }

    override func makeSession() -> OpaquePointer? {
        var session: OpaquePointer?
        guard let option = ServerSessionOptions.make(core.limits) else { return nil }
        defer { nghttp2_option_del(option) }
        let user: UnsafeMutableRawPointer = Unmanaged.passUnretained(self).toOpaque()
        guard nghttp2_session_server_new2(&session, HTTP2Callbacks.shared, user, option) == 0, let session
        else {
            return nil
        }
        ServerSessionOptions.submitSettings(core.limits, session)
        return session
    }

    override func onEstablished() {
        let certificate: PeerCertificate? = tls.peerCertificate
        peer = Peer(
            address: channel?.remoteAddress.map(Self.text) ?? "unknown", serverName: tls.serverName,
            certificate: certificate)
        lastCallEnded = now
        wake(at: now.advanced(by: min(core.limits.idleTimeout, core.limits.keepaliveInterval)))
        if let certificate, core.isRevoked(certificate) {
            core.logger.warning(
                "revoked certificate refused",
                metadata: ["peer": "\(peer.address)", "serial": "\(certificate.serialNumber)"])
            close(TLSError(reason: "the peer's certificate is revoked"))
        }
    }

    private static func text(_ address: SocketAddress) -> String {
        switch address {
        case .v6: "[\(address.ipAddress ?? "")]:\(address.port ?? 0)"
        default: "\(address.ipAddress ?? ""):\(address.port ?? 0)"
        }
    }

    // MARK: What nghttp2 says; the extensions answer

    override func onBeginHeaders(_ stream: Int32, _ category: nghttp2_headers_category) -> Int32 {
        headersBegin(stream, category)
        return 0
    }
    override func onHeader(
        _ stream: Int32, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        headerArrived(stream, name, value)
        return 0
    }
    override func onData(_ stream: Int32, _ bytes: UnsafeRawBufferPointer) { dataArrived(stream, bytes) }
    override func onFrameSent(_ frame: borrowing nghttp2_frame) { frameSent(frame) }
    override func onStreamClosed(_ stream: Int32, _ error: UInt32) { streamClosed(stream, error) }
    override func afterInput() { startReady() }

    // MARK: Frames that cost work

    override func onFrame(_ frame: borrowing nghttp2_frame) -> Int32 {
        let header: nghttp2_frame_hd = frame.hd
        let endsStream: Bool = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            controlFrames.refill(now)
            guard let stream = streams[header.stream_id] else { return 0 }
            if frame.headers.cat == NGHTTP2_HCAT_REQUEST {
                current = nil
                headersComplete(stream)
            }
            if endsStream { requestEnded(stream) }
        case NGHTTP2_DATA.rawValue:
            if header.length == 0, !endsStream { spendControlFrame() }
            if endsStream, let stream = streams[header.stream_id] { requestEnded(stream) }
        case NGHTTP2_SETTINGS.rawValue:
            settingsReceived = true
            if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 { spendControlFrame() }
        case NGHTTP2_PING.rawValue:
            if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0 { spendControlFrame() }
        default: break
        }
        return 0
    }

    private func spendControlFrame() {
        if controlFrames.spend(now) { return }
        core.logger.notice("connection ended: too many control frames", metadata: ["peer": "\(peer.address)"])
        terminate(NGHTTP2_ENHANCE_YOUR_CALM)
    }

    /// Bytes of a request are work that the peer has a right to.
    func refillControlFrames() { controlFrames.refill(now) }

    // MARK: Time

    override func onTimer() {
        let limits: ServerLimits = core.limits
        var next: Deadline = expireStreams()
        if !settingsReceived {
            let due: Deadline = begun.advanced(by: limits.handshakeTimeout)
            if now >= due { return close(TLSError(reason: "the handshake took too long")) }
            next = min(next, due)
        }
        next = min(next, keepAlive())
        if streams.isEmpty {
            let due: Deadline = max(lastCallEnded, begun).advanced(by: limits.idleTimeout)
            if now >= due {
                terminate(NGHTTP2_NO_ERROR)
                // A peer that does not even read the GOAWAY is closed by the keepalive.
                next = min(next, now.advanced(by: limits.keepaliveTimeout))
            } else {
                next = min(next, due)
            }
        }
        wake(at: next)
    }

    /// Ends the calls whose time is over; returns when the next one's is.
    private func expireStreams() -> Deadline {
        var next: Deadline = .distantFuture
        var expired: [ServerStream] = []
        for stream in streams.values {
            if stream.deadline <= now { expired.append(stream) } else { next = min(next, stream.deadline) }
        }
        for stream in expired {
            expire(stream)
            next = min(next, stream.deadline)
        }
        return next
    }

    private func keepAlive() -> Deadline {
        let limits: ServerLimits = core.limits
        if let sent = pingSent, sent > lastRead {
            let due: Deadline = sent.advanced(by: limits.keepaliveTimeout)
            if now < due { return due }
            close(TLSError(reason: "the peer does not answer"))
            return .distantFuture
        }
        let due: Deadline = lastRead.advanced(by: limits.keepaliveInterval)
        if now < due { return due }
        pingSent = now
        if let session { nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil) }
        return now.advanced(by: limits.keepaliveTimeout)
    }

    /// Has the timer run when this call's time is over.
    func watch(_ stream: ServerStream) { wake(at: stream.deadline) }

    func noteCallEnded() {
        lastCallEnded = now
        if streams.isEmpty { wake(at: now.advanced(by: core.limits.idleTimeout)) }
    }

    // MARK: The end

    override func onEvent(_ event: Any) {
        guard let event = event as? ServerStop, let session else {
            if event is ServerStop { close(nil) }
            return
        }
        switch event {
        case .gracefully:
            guard phase == .open else { return }
            drain()
            nghttp2_submit_shutdown_notice(session)
            let bound: NIOLoopBound<ServerConnection> = bound
            let notice = TimeAmount.nanoseconds(core.limits.shutdownNotice.clampedNanoseconds)
            loop.scheduleTask(in: notice) { bound.value.nameLastStream() }
        case .now:
            for stream in Array(streams.values) { abandon(stream) }
            terminate(NGHTTP2_NO_ERROR)
        }
        flush()
    }

    private func nameLastStream() {
        guard let session, phase == .draining else { return }
        nghttp2_submit_goaway(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nghttp2_session_get_last_proc_stream_id(session),
            NGHTTP2_NO_ERROR.rawValue, nil, 0)
        flush()
    }

    override func onClosed(_ reason: TLSError?) {
        if let reason {
            core.logger.debug(
                "connection ended", metadata: ["peer": "\(peer.address)", "reason": "\(reason.reason)"])
        }
        let open: [Int32] = Array(streams.keys)
        for stream in open { streamClosed(stream, NGHTTP2_CANCEL.rawValue) }
        spare.removeAll()
    }
}

/// What a stopping server tells its connections.
enum ServerStop: Sendable {
    /// Take no new calls and end when the running ones are over.
    case gracefully
    /// End the running calls too.
    case now
}
