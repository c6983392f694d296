internal import CNghttp2
internal import NIOCore

// Answers, from the handler to the frame.
extension ServerConnection {
    // MARK: What handlers say

    /// Takes one answer of a streaming call. Returns whether the handler should wait for room.
    func write<A: Message>(_ id: Int32, _ answer: A) throws -> Bool {
        guard let stream = streams[id], !stream.isComplete else { throw CancellationError() }
        append(answer, to: stream)
        if !stream.headSent { sendHead(stream) } else { resume(stream) }
        setNeedsFlush()
        return stream.outbound.readableBytes > core.limits.responseBufferBytes
    }

    func waitForRoom(_ id: Int32, _ waiter: StreamWaiter) {
        guard let stream = streams[id], !stream.isComplete else {
            return waiter.resume(throwing: CancellationError())
        }
        if stream.outbound.readableBytes <= core.limits.responseBufferBytes { return waiter.resume() }
        stream.roomWaiter?.resume()
        stream.roomWaiter = waiter
    }

    /// Takes the only answer of a call and ends it with OK: headers, message and trailers go out together.
    func finish<A: Message>(_ id: Int32, with answer: A) {
        guard let stream = streams[id], !stream.isComplete else { return }
        append(answer, to: stream)
        complete(stream, .ok)
    }

    /// Ends a call with OK.
    func finish(_ id: Int32) {
        guard let stream = streams[id], !stream.isComplete else { return }
        complete(stream, .ok)
    }

    private func append<A: Message>(_ answer: A, to stream: ServerStream) {
        if stream.acceptsGzip, shouldCompress(stream) {
            let plain: [UInt8] = answer.encodedBytes()
            if plain.count >= Gzip.worthwhileBytes, let packed = plain.withUnsafeBytes({ Gzip.compress($0) })
            {
                stream.responseBytes += packed.count
                return stream.outbound.writeFramed(compressed: true, packed)
            }
            stream.responseBytes += plain.count
            return stream.outbound.writeFramed(compressed: false, plain)
        }
        stream.responseBytes += stream.outbound.writeFramed(answer)
    }

    private func shouldCompress(_ stream: ServerStream) -> Bool {
        switch stream.call?.responseOptions?.compression ?? .automatic {
        case .automatic: stream.requestEncoding == .gzip
        case .always: true
        case .never: false
        }
    }

    // MARK: Frames

    /// Submits the headers; the body follows from `outbound` as it fills.
    func sendHead(_ stream: ServerStream) {
        guard let session else { return }
        stream.headSent = true
        var provider = nghttp2_data_provider()
        provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
        provider.read_callback = Self.readBody
        let options: ServerCall.ResponseOptions? = stream.call?.responseOptions
        let mayCompress: Bool =
            stream.acceptsGzip && (stream.requestEncoding == .gzip || options?.compression == .always)
        if options == nil, !mayCompress {
            nghttp2_submit_response(
                session, stream.id, StaticHeaders.responseHead.baseAddress, StaticHeaders.responseHead.count,
                &provider)
            return
        }
        var block = HeaderBlock()
        if let options { block.add(options.initialMetadata) }
        var prefix: [nghttp2_nv] = Array(StaticHeaders.responseHead)
        if mayCompress { prefix += StaticHeaders.encodingGzip }
        block.withFields(after: prefix) { _ = nghttp2_submit_response(session, stream.id, $0, $1, &provider) }
    }

    /// Tells nghttp2 that there is something to send again.
    func resume(_ stream: ServerStream) {
        guard stream.isDeferred, let session else { return }
        stream.isDeferred = false
        nghttp2_session_resume_data(session, stream.id)
    }

    /// nghttp2 asks for the next bytes of a body. The stream outlives the data source: both end with the stream.
    static let readBody: nghttp2_data_source_read_callback = {
        session, id, target, length, flags, source, _ in
        guard let session, let target, let flags, let pointer = source?.pointee.ptr else {
            return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
        }
        let stream: ServerStream = Unmanaged<ServerStream>.fromOpaque(pointer).takeUnretainedValue()
        let count: Int = min(length, stream.outbound.readableBytes)
        if count == 0, !stream.isComplete {
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
        if left == 0 { stream.outbound.clear() }
        if left == 0, stream.isComplete {
            flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
            if !stream.isPlainHTTP {
                flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                ServerConnection.submitTrailers(session, stream)
            }
        } else if left <= stream.roomMark, let waiter = stream.roomWaiter {
            stream.roomWaiter = nil
            waiter.resume()
        }
        return count
    }

    private static func submitTrailers(_ session: OpaquePointer, _ stream: ServerStream) {
        guard let trailers = stream.trailers else {
            let fields: UnsafeBufferPointer<nghttp2_nv> = StaticHeaders.statusOK
            nghttp2_submit_trailer(session, stream.id, fields.baseAddress, fields.count)
            return
        }
        trailers.withFields { _ = nghttp2_submit_trailer(session, stream.id, $0, $1) }
    }

    /// A plain HTTP answer, for what is not gRPC.
    func answerHTTP(_ stream: ServerStream, status: String, body: String) {
        guard let session else { return }
        finishRecord(stream, status == "200" ? .ok : .internalError, "HTTP \(status)")
        stream.isPlainHTTP = true
        stream.headSent = true
        stream.outbound.writeString(body)
        var provider = nghttp2_data_provider()
        provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
        provider.read_callback = Self.readBody
        var block = HeaderBlock()
        block.add(":status", status)
        block.add("content-type", "text/plain; charset=utf-8")
        block.add("content-length", String(body.utf8.count))
        if status == "405" { block.add("allow", "POST") }
        block.withFields { _ = nghttp2_submit_response(session, stream.id, $0, $1, &provider) }
        watch(stream)
        setNeedsFlush()
    }

    /// `/healthz` for load balancers: 200 while the server takes calls.
    func answerHealth(_ stream: ServerStream) {
        let serving: Bool = core.health.isServing() && phase == .open
        answerHTTP(stream, status: serving ? "200" : "503", body: serving ? "serving\n" : "not serving\n")
    }

    /// A status may go out before the request has ended: then the client is told to stop sending, after the status
    /// (RFC 9113 section 8.1).
    func frameSent(_ frame: borrowing nghttp2_frame) {
        let header: nghttp2_frame_hd = frame.hd
        guard header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
            header.type == UInt8(NGHTTP2_HEADERS.rawValue) || header.type == UInt8(NGHTTP2_DATA.rawValue),
            let session, let stream = streams[header.stream_id], !stream.requestEnded
        else { return }
        nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), header.stream_id, NGHTTP2_NO_ERROR.rawValue)
    }
}
