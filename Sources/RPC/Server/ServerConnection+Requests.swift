internal import CNghttp2
internal import Kernel
internal import NIOCore

// The bytes of requests, from the frame to the handler.
extension ServerConnection {
    /// What a handler that asks for the next request gets.
    enum Taken<Q: Message>: Sendable {
        case message(Q)
        case end
        case nothingYet
    }

    func dataArrived(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        refillControlFrames()
        guard let stream = streams[id], let method = stream.method, !stream.isComplete else {
            // Nobody waits for it: give the window back at once.
            if let session { nghttp2_session_consume(session, id, bytes.count) }
            return
        }
        stream.unconsumed += bytes.count
        stream.requestBytes += bytes.count
        bufferedRequestBytes += bytes.count
        do throws(MessageAssembler.Failure) {
            try stream.inbound.append(bytes, limit: core.limits.maximumMessageBytes)
        } catch {
            return failRequest(stream, refusal(for: error))
        }
        if bufferedRequestBytes > core.limits.bufferedRequestBytesPerConnection {
            let limit: Int = core.limits.bufferedRequestBytesPerConnection
            return failRequest(stream, RuntimeRefusal.tooMuchBuffered(limit: limit))
        }
        if method.descriptor.kind.hasOneRequest || stream.inbound.wholeMessages == 0 { consume(stream) }
        if stream.inbound.wholeMessages > 0 { wakeReader(stream) }
    }

    private func refusal(for failure: MessageAssembler.Failure) -> Refusal {
        switch failure {
        case .tooLarge: RuntimeRefusal.messageTooLarge(limit: core.limits.maximumMessageBytes)
        case .badFlag: RuntimeRefusal.broken("a message's first byte is neither 0 nor 1.")
        }
    }

    /// Lets the client send as much again as it has sent on this stream.
    private func consume(_ stream: ServerStream) {
        guard let session, stream.unconsumed > 0 else { return }
        nghttp2_session_consume(session, stream.id, stream.unconsumed)
        stream.unconsumed = 0
    }

    private func wakeReader(_ stream: ServerStream) {
        stream.requestWaiter?.resume()
        stream.requestWaiter = nil
    }

    /// The request cannot be read further: the call ends, whatever its handler is doing.
    private func failRequest(_ stream: ServerStream, _ refusal: Refusal) {
        refuse(stream, refusal)
    }

    /// The client has sent its last byte.
    func requestEnded(_ stream: ServerStream) {
        stream.requestEnded = true
        guard !stream.isComplete, let method = stream.method else { return }
        if stream.inbound.hasPartialMessage {
            return failRequest(stream, RuntimeRefusal.broken("the last message is cut off."))
        }
        guard method.descriptor.kind.hasOneRequest else { return wakeReader(stream) }
        if stream.inbound.wholeMessages != 1 {
            let count: Int = stream.inbound.wholeMessages
            return failRequest(stream, RuntimeRefusal.broken("one message was expected, \(count) came."))
        }
        ready.append(stream.id)
    }

    // MARK: What handlers ask for

    /// The one request of a unary or server-streaming call, which is complete before the handler starts.
    func takeOnlyRequest<Q: Message>(_ id: Int32) throws -> Q {
        guard let stream = streams[id], let request: Q = try decodeNext(stream) else {
            throw CancellationError()
        }
        return request
    }

    /// The next request of a streaming call.
    func takeRequest<Q: Message>(_ id: Int32) throws -> Taken<Q> {
        guard let stream = streams[id], !stream.isComplete else { throw CancellationError() }
        if let request: Q = try decodeNext(stream) {
            // The message that is taken may be replaced; so may the part of one that nobody can take yet.
            if stream.inbound.wholeMessages == 0 { consume(stream) } else { consumeTaken(stream) }
            setNeedsFlush()
            return .message(request)
        }
        return stream.requestEnded ? .end : .nothingYet
    }

    private func consumeTaken(_ stream: ServerStream) {
        let taken: Int = stream.unconsumed - stream.inbound.bufferedBytes
        guard let session, taken > 0 else { return }
        nghttp2_session_consume(session, stream.id, taken)
        stream.unconsumed -= taken
    }

    private func decodeNext<Q: Message>(_ stream: ServerStream) throws -> Q? {
        let before: Int = stream.inbound.bufferedBytes
        defer { bufferedRequestBytes -= before - stream.inbound.bufferedBytes }
        let limit: Int = core.limits.maximumMessageBytes
        let isGzip: Bool = stream.requestEncoding == .gzip
        return try stream.inbound.take { compressed, bytes in
            if !compressed { return try Q(wire: bytes) }
            guard isGzip else {
                throw RuntimeRefusal.broken("a message is marked as compressed, but no encoding is named.")
            }
            let plain: [UInt8]
            do throws(Gzip.Failure) {
                plain = try Gzip.decompress(bytes, limit: limit)
            } catch .tooLarge {
                throw RuntimeRefusal.messageTooLarge(limit: limit)
            } catch {
                throw RuntimeRefusal.malformedMessage("the gzip data are damaged.")
            }
            return try Q(wire: plain)
        }
    }

    func waitForRequest(_ id: Int32, _ waiter: StreamWaiter) {
        guard let stream = streams[id], !stream.isComplete else {
            return waiter.resume(throwing: CancellationError())
        }
        if stream.requestEnded || stream.inbound.wholeMessages > 0 { return waiter.resume() }
        stream.requestWaiter?.resume()
        stream.requestWaiter = waiter
    }
}
