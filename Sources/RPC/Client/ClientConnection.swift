internal import CNghttp2
internal import NIOCore

/// A client's end of one connection.
final class ClientConnection: HTTP2Connection {
    private let configuration: ChannelConfiguration
    private let authority: String
    private var streams: [Int32: ClientStream] = [:]
    private var pingSent: Deadline?
    /// Called once when calls can be sent.
    private let onReady: (ClientConnection) -> Void
    /// Called once when no new call can be sent any more; running ones may go on.
    private var onUnusable: ((ClientConnection, TLSError?) -> Void)?

    init(
        loop: any EventLoop, tls: TLSSession, scratch: LoopScratch, configuration: ChannelConfiguration,
        onReady: @escaping (ClientConnection) -> Void,
        onUnusable: @escaping (ClientConnection, TLSError?) -> Void
    ) {
        self.configuration = configuration
        self.onReady = onReady
        self.onUnusable = onUnusable
        let host: String = configuration.tls.serverName ?? configuration.host
        authority = configuration.port == 443 ? host : "\(host):\(configuration.port)"
        super.init(loop: loop, tls: tls, scratch: scratch)
    }

    override func makeSession() -> OpaquePointer? {
        var session: OpaquePointer?
        var option: OpaquePointer?
        guard nghttp2_option_new(&option) == 0, let option else { return nil }
        defer { nghttp2_option_del(option) }
        nghttp2_option_set_no_auto_window_update(option, 1)
        nghttp2_option_set_no_closed_streams(option, 1)
        let user: UnsafeMutableRawPointer = Unmanaged.passUnretained(self).toOpaque()
        guard nghttp2_session_client_new2(&session, HTTP2Callbacks.shared, user, option) == 0, let session
        else {
            return nil
        }
        let entries: [nghttp2_settings_entry] = [
            (NGHTTP2_SETTINGS_ENABLE_PUSH, 0),
            (NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, configuration.streamWindowBytes),
            (NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, configuration.maximumHeaderBytes),
        ].map { nghttp2_settings_entry(settings_id: Int32($0.0.rawValue), value: UInt32(clamping: $0.1)) }
        let none = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        nghttp2_submit_settings(session, none, entries, entries.count)
        nghttp2_session_set_local_window_size(
            session, none, 0, Int32(clamping: configuration.connectionWindowBytes))
        return session
    }

    override func onEstablished() { onReady(self) }

    // MARK: Requests

    /// Sends the head of a call; its messages follow from `outbound`.
    func open(_ stream: ClientStream) {
        guard let session, phase == .open else {
            return stream.fail(.unavailable, "the connection is closing")
        }
        stream.connection = self
        stream.roomMark = configuration.requestBufferBytes / 2
        var block = HeaderBlock()
        block.add(":path", stream.method.path)
        block.add(":authority", authority)
        block.add("te", "trailers")
        block.add("content-type", "application/grpc")
        block.add("user-agent", configuration.userAgent)
        block.add("grpc-accept-encoding", "identity,gzip")
        if stream.options.compression { block.add("grpc-encoding", "gzip") }
        if stream.deadline != .distantFuture {
            let left: Int64 = stream.deadline.remainingNanoseconds(at: .now())
            block.add("grpc-timeout", GRPCTimeout.text(nanoseconds: max(left, 1)))
        }
        block.add(stream.options.metadata)
        var provider = nghttp2_data_provider()
        provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
        provider.read_callback = Self.readBody
        let id: Int32 = block.withFields(after: Array(StaticHeaders.requestHead)) { fields, count in
            nghttp2_submit_request(session, nil, fields, count, &provider, nil)
        }
        guard id > 0 else {
            becomeUnusable(nil)
            stream.wasRefused = true
            return stream.fail(.unavailable, "the connection has no stream numbers left")
        }
        stream.id = id
        streams[id] = stream
        keepAlive()
        setNeedsFlush()
    }

    /// The caller has added to `outbound` or has ended it.
    func resume(_ stream: ClientStream) {
        if let session, stream.isDeferred {
            stream.isDeferred = false
            nghttp2_session_resume_data(session, stream.id)
        }
        setNeedsFlush()
    }

    /// The stream outlives the data source: `streams` keeps it until nghttp2 has closed it.
    private static let readBody: nghttp2_data_source_read_callback = {
        _, _, target, length, flags, source, _ in
        guard let target, let flags, let pointer = source?.pointee.ptr else {
            return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        let stream: ClientStream = Unmanaged<ClientStream>.fromOpaque(pointer).takeUnretainedValue()
        let count: Int = min(length, stream.outbound.readableBytes)
        if count == 0, !stream.writeEnded {
            stream.isDeferred = true
            return Int(NGHTTP2_ERR_DEFERRED.rawValue)
        }
        if count > 0 {
            stream.outbound.withUnsafeReadableBytes { bytes in
                if let base = bytes.baseAddress {
                    UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: count)
                }
            }
            stream.outbound.moveReaderIndex(forwardBy: count)
        }
        let left: Int = stream.outbound.readableBytes
        if left == 0 {
            stream.outbound.clear()
            if stream.writeEnded { flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
        }
        if left <= stream.roomMark, let waiter = stream.roomWaiter {
            stream.roomWaiter = nil
            waiter.resume()
        }
        return count
    }

    /// Tells the server that nobody waits for the call any more.
    func reset(_ stream: ClientStream) {
        guard let session, streams[stream.id] === stream else { return }
        nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, NGHTTP2_CANCEL.rawValue)
        setNeedsFlush()
    }

    // MARK: Answers

    override func onHeader(
        _ id: Int32, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        guard let stream = streams[id] else { return 0 }
        stream.receivedBytes += name.count + value.count + 32
        if stream.receivedBytes > configuration.maximumHeaderBytes {
            stream.fail(
                .resourceExhausted,
                "the server's headers are larger than \(configuration.maximumHeaderBytes) bytes")
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
        if name.equals(":status") {
            stream.httpStatus = String(decoding: value, as: UTF8.self)
        } else {
            stream.received.addReceived(
                key: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
        }
        return 0
    }

    override func onFrame(_ frame: borrowing nghttp2_frame) -> Int32 {
        switch UInt32(frame.hd.type) {
        case NGHTTP2_HEADERS.rawValue:
            if let stream = streams[frame.hd.stream_id] {
                let ends: Bool = frame.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
                headersComplete(stream, ends: ends)
            }
        case NGHTTP2_GOAWAY.rawValue:
            drain()
            becomeUnusable(nil)
        default: break
        }
        return 0
    }

    private func headersComplete(_ stream: ClientStream, ends: Bool) {
        let received: Metadata = stream.received
        stream.received = Metadata()
        if stream.initialMetadata != nil || ends {
            stream.trailingMetadata = received
            // Headers and trailers in one frame: there were no headers of the application's.
            if stream.initialMetadata == nil { setInitialMetadata(stream, ends ? Metadata() : received) }
            return
        }
        // Informational answers come before the one that counts (RFC 9110 section 15.2).
        if stream.httpStatus.hasPrefix("1") { return }
        setInitialMetadata(stream, received)
        let type: String = received["content-type"] ?? ""
        if stream.httpStatus != "200" || !type.hasPrefix("application/grpc") {
            stream.fail(
                StatusMapping.code(httpStatus: stream.httpStatus),
                "the server answered HTTP \(stream.httpStatus) with content type '\(type)', which is not gRPC"
            )
            reset(stream)
        }
    }

    private func setInitialMetadata(_ stream: ClientStream, _ metadata: Metadata) {
        stream.responseEncoding = metadata["grpc-encoding"]
        stream.initialMetadata = metadata.application
        stream.headWaiter?.resume()
        stream.headWaiter = nil
    }

    override func onData(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        guard let session else { return }
        guard let stream = streams[id], stream.outcome == nil else {
            nghttp2_session_consume(session, id, bytes.count)
            return
        }
        stream.unconsumed += bytes.count
        do throws(MessageAssembler.Failure) {
            try stream.inbound.append(bytes, limit: stream.maximumMessageBytes)
        } catch {
            switch error {
            case .tooLarge(let declared):
                stream.fail(
                    .resourceExhausted,
                    "an answer of \(declared) bytes is larger than the limit of \(stream.maximumMessageBytes)"
                )
            case .badFlag: stream.fail(.internalError, "an answer's first byte is neither 0 nor 1")
            }
            return reset(stream)
        }
        if stream.method.kind.hasOneResponse || stream.inbound.wholeMessages == 0 {
            consume(stream, all: true)
        }
        if stream.inbound.wholeMessages > 0 {
            stream.messageWaiter?.resume()
            stream.messageWaiter = nil
        }
    }

    /// Lets the server send as much again as has been taken.
    func consume(_ stream: ClientStream, all: Bool) {
        let count: Int = all ? stream.unconsumed : stream.unconsumed - stream.inbound.bufferedBytes
        guard let session, count > 0 else { return }
        nghttp2_session_consume(session, stream.id, count)
        stream.unconsumed -= count
        setNeedsFlush()
    }

    override func onStreamClosed(_ id: Int32, _ error: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        stream.connection = nil
        if let session, stream.unconsumed > 0 {
            nghttp2_session_consume_connection(session, stream.unconsumed)
        }
        if let status = StatusMapping.status(in: stream.trailingMetadata) {
            if case .success = status, stream.inbound.hasPartialMessage {
                return stream.fail(.internalError, "the server's last message is cut off")
            }
            return stream.finish(status)
        }
        if error == NGHTTP2_NO_ERROR.rawValue, stream.httpStatus != "200", !stream.httpStatus.isEmpty {
            return stream.fail(
                StatusMapping.code(httpStatus: stream.httpStatus),
                "the server answered HTTP \(stream.httpStatus)")
        }
        stream.wasRefused = error == NGHTTP2_REFUSED_STREAM.rawValue
        stream.fail(
            StatusMapping.code(resetCode: error),
            error == NGHTTP2_NO_ERROR.rawValue
                ? "the server ended the call without a status"
                : "the call was reset: \(String(cString: nghttp2_http2_strerror(error)))")
    }

    // MARK: Time and the end

    private func keepAlive() {
        guard let interval = configuration.keepaliveInterval, !streams.isEmpty, let session else { return }
        if let sent = pingSent, sent > lastRead {
            let due: Deadline = sent.advanced(by: configuration.keepaliveTimeout)
            if now >= due { return close(TLSError(reason: "the server does not answer")) }
            return wake(at: due)
        }
        let due: Deadline = lastRead.advanced(by: interval)
        let time: Deadline = .now()
        if time < due { return wake(at: due) }
        pingSent = time
        nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
        setNeedsFlush()
        wake(at: time.advanced(by: configuration.keepaliveTimeout))
    }

    override func onTimer() { keepAlive() }

    private func becomeUnusable(_ reason: TLSError?) {
        let callback: ((ClientConnection, TLSError?) -> Void)? = onUnusable
        onUnusable = nil
        callback?(self, reason)
    }

    override func onClosed(_ reason: TLSError?) {
        becomeUnusable(reason)
        let open: [ClientStream] = Array(streams.values)
        streams.removeAll()
        for stream in open {
            stream.connection = nil
            if let status = StatusMapping.status(in: stream.trailingMetadata) {
                stream.finish(status)
            } else {
                stream.fail(
                    .unavailable, "the connection was lost: \(reason?.reason ?? "closed by the server")")
            }
        }
    }
}
