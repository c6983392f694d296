internal import NIOCore

/// One call on the client's side, for the caller's tasks. Dropping it cancels the call.
final class ClientCall: Sendable {
    private let loop: any EventLoop
    private let channel: NIOLoopBoundBox<ChannelCore>
    private let stream: NIOLoopBoundBox<ClientStream>
    private let bufferMark: Int
    private let compresses: Bool

    init(
        channel: NIOLoopBoundBox<ChannelCore>, loop: any EventLoop, configuration: ChannelConfiguration,
        method: MethodDescriptor, options: CallOptions, deadline: Deadline
    ) {
        self.loop = loop
        self.channel = channel
        self.bufferMark = configuration.requestBufferBytes
        self.compresses = options.compression
        stream = NIOLoopBoundBox.makeBoxSendingValue(
            ClientStream(
                method: method, deadline: deadline, options: options,
                maximumMessageBytes: configuration.maximumMessageBytes),
            eventLoop: loop)
    }

    deinit {
        let channel: NIOLoopBoundBox<ChannelCore> = channel
        let stream: NIOLoopBoundBox<ClientStream> = stream
        loop.execute {
            channel.value.end(stream.value, RPCError(code: .cancelled, message: "nobody waits for the call"))
        }
    }

    private func onLoop(_ body: @escaping @Sendable (ChannelCore, ClientStream) -> Void) {
        let channel: NIOLoopBoundBox<ChannelCore> = channel
        let stream: NIOLoopBoundBox<ClientStream> = stream
        if loop.inEventLoop { return body(channel.value, stream.value) }
        loop.execute { body(channel.value, stream.value) }
    }

    private func ask<R: Sendable>(_ body: @escaping @Sendable (ClientStream) throws -> R) async throws -> R {
        let stream: NIOLoopBoundBox<ClientStream> = stream
        return try await loop.submit { try body(stream.value) }.get()
    }

    /// Waits as a waiter does; the cancellation of the caller's task cancels the call.
    private func wait(_ place: @escaping @Sendable (ClientStream, StreamWaiter) -> Void) async throws {
        do {
            try await StreamWaiter.wait { waiter in onLoop { _, stream in place(stream, waiter) } }
        } catch {
            cancel()
            throw RPCError(code: .cancelled, message: "the caller's task was cancelled")
        }
    }

    // MARK: The request

    /// Starts the call; with a first message, which is also the last, or without.
    func start<Q: Message>(with request: Q) {
        let framed: ByteBuffer = frame(request)
        onLoop { channel, stream in
            stream.outbound = framed
            stream.writeEnded = true
            channel.start(stream)
        }
    }

    func start() { onLoop { channel, stream in channel.start(stream) } }

    private func frame<Q: Message>(_ request: Q) -> ByteBuffer {
        var buffer = ByteBuffer()
        if compresses {
            let plain: [UInt8] = request.encodedBytes()
            if plain.count >= Gzip.worthwhileBytes, let packed = plain.withUnsafeBytes({ Gzip.compress($0) })
            {
                buffer.writeFramed(compressed: true, packed)
                return buffer
            }
        }
        buffer.writeFramed(request)
        return buffer
    }

    func write<Q: Message>(_ request: Q) async throws {
        let framed: ByteBuffer = frame(request)
        let mark: Int = bufferMark
        let mustWait: Bool = try await ask { stream in
            if case .failure(let error) = stream.outcome { throw error }
            guard stream.outcome == nil, !stream.writeEnded else {
                throw RPCError(code: .failedPrecondition, message: "the request has ended")
            }
            var framed: ByteBuffer = framed
            stream.outbound.writeBuffer(&framed)
            stream.connection?.resume(stream)
            return stream.outbound.readableBytes > mark
        }
        guard mustWait else { return }
        try await wait { stream, waiter in
            if stream.outcome != nil || stream.outbound.readableBytes <= mark { return waiter.resume() }
            stream.roomWaiter = waiter
        }
    }

    func finishWriting() {
        onLoop { _, stream in
            guard !stream.writeEnded else { return }
            stream.writeEnded = true
            stream.connection?.resume(stream)
        }
    }

    func cancel() {
        onLoop { channel, stream in
            channel.end(stream, RPCError(code: .cancelled, message: "the call was cancelled"))
        }
    }

    // MARK: The answer

    func initialMetadata() async throws -> Metadata {
        try await wait { stream, waiter in
            if stream.outcome != nil || stream.initialMetadata != nil { return waiter.resume() }
            stream.headWaiter = waiter
        }
        return try await ask { stream in
            if let metadata = stream.initialMetadata { return metadata }
            try stream.outcome?.get()
            return Metadata()
        }
    }

    func trailingMetadata() async -> Metadata {
        do { return try await ask { $0.trailingMetadata.application } } catch { return Metadata() }
    }

    /// Whether the server has said that it has not worked on the call.
    func wasRefused() async -> Bool {
        do { return try await ask { $0.wasRefused } } catch { return false }
    }

    func hasEnded() async -> Bool {
        do { return try await ask { $0.outcome != nil } } catch { return true }
    }

    private enum Taken<A: Message>: Sendable {
        case message(A)
        case end
        case nothingYet
    }

    /// The next answer; nil after OK.
    func next<A: Message>() async throws -> A? {
        while true {
            let taken: Taken<A> = try await ask { stream in
                if let message: A = try Self.take(stream) { return .message(message) }
                guard let outcome = stream.outcome else { return .nothingYet }
                try outcome.get()
                return .end
            }
            switch taken {
            case .message(let message): return message
            case .end: return nil
            case .nothingYet: break
            }
            try await wait { stream, waiter in
                if stream.outcome != nil || stream.inbound.wholeMessages > 0 { return waiter.resume() }
                stream.messageWaiter = waiter
            }
        }
    }

    /// The only answer of a call, after its status.
    func onlyAnswer<A: Message>() async throws -> A {
        try await wait { stream, waiter in
            if stream.outcome != nil { return waiter.resume() }
            stream.endWaiter = waiter
        }
        return try await ask { stream in
            try stream.outcome?.get()
            guard stream.inbound.wholeMessages == 1, let answer: A = try Self.take(stream) else {
                throw RPCError(code: .internalError, message: "one answer was expected, not what came")
            }
            return answer
        }
    }

    private static func take<A: Message>(_ stream: ClientStream) throws -> A? {
        let isGzip: Bool = stream.responseEncoding == "gzip"
        let limit: Int = stream.maximumMessageBytes
        let answer: A? = try stream.inbound.take { compressed, bytes in
            do {
                if !compressed { return try A(wire: bytes) }
                guard isGzip else { throw WireError(reason: "its compression is not known") }
                return try A(wire: try Gzip.decompress(bytes, limit: limit))
            } catch {
                throw RPCError(code: .internalError, message: "the answer cannot be decoded: \(error)")
            }
        }
        if answer != nil { stream.connection?.consume(stream, all: stream.inbound.wholeMessages == 0) }
        return answer
    }
}
