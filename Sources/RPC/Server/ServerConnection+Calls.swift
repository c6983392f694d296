internal import CNghttp2
internal import Kernel
internal import Logging
internal import NIOCore

// A call from the start of its handler to its end.
extension ServerConnection {
    // MARK: Start

    func startReady() {
        var index: Int = 0
        // A handler that starts may make nothing ready, since input comes only from nghttp2.
        while index < ready.count {
            if let stream = streams[ready[index]], !stream.isComplete, stream.call == nil { start(stream) }
            index += 1
        }
        ready.removeAll(keepingCapacity: true)
    }

    private func start(_ stream: ServerStream) {
        guard let method = stream.method else { return }
        let call = ServerCall(bound, stream, method.descriptor, peer)
        stream.call = call
        let interceptors: [any ServerInterceptor] = core.interceptors
        stream.task = Self.launch(method, call, interceptors, executor)
    }

    /// The handler starts on this thread at once and stays on the event loop where it waits.
    private static func launch(
        _ method: RegisteredMethod, _ call: ServerCall, _ interceptors: [any ServerInterceptor],
        _ executor: LoopExecutor
    ) -> Task<Void, Never> {
        Task.immediate(executorPreference: executor) {
            await ServerConnection.run(method, call, interceptors)
        }
    }

    private static func run(
        _ method: RegisteredMethod, _ call: ServerCall, _ interceptors: [any ServerInterceptor]
    ) async {
        do {
            if !interceptors.isEmpty { try await begin(interceptors, call) }
            try await method.method.run(call)
        } catch {
            call.fail(error)
        }
    }

    private static func begin(_ interceptors: [any ServerInterceptor], _ call: ServerCall) async throws {
        for interceptor in interceptors {
            try await interceptor.begin(call)
            call.begunInterceptors += 1
        }
    }

    // MARK: End

    /// The handler or an interceptor has thrown.
    func fail(_ id: Int32, _ error: any Error) {
        guard let stream = streams[id], !stream.isComplete, let call = stream.call else { return }
        if CallStatus.isUnforeseen(error) {
            core.logger.error(
                "handler failed",
                metadata: [
                    "method": "\(call.method.path)", "request_id": "\(call.requestID)",
                    "error": "\(String(reflecting: error))",
                ])
        }
        complete(stream, CallStatus(thrown: error, in: call.acceptLanguage))
    }

    /// Decides the status of a call, once, and sends it after the answers that are waiting.
    func complete(_ stream: ServerStream, _ status: CallStatus) {
        guard !stream.isComplete, let session else { return }
        finishRecord(stream, status.code, status.message)
        var trailing: HeaderBlock?
        let options: ServerCall.ResponseOptions? = stream.call?.responseOptions
        if status.code != .ok { trailing = status.trailers }
        if let options, !options.trailingMetadata.isEmpty {
            var block: HeaderBlock = trailing ?? CallStatus.ok.trailers
            block.add(options.trailingMetadata)
            trailing = block
        }
        stream.trailers = trailing
        if stream.headSent {
            resume(stream)
        } else if status.code != .ok, stream.outbound.readableBytes == 0,
            options?.initialMetadata.isEmpty ?? true
        {
            sendTrailersOnly(session, stream)
        } else {
            sendHead(stream)
        }
        releaseWaiters(stream)
        watch(stream)
        setNeedsFlush()
    }

    /// Headers and trailers in one frame.
    private func sendTrailersOnly(_ session: OpaquePointer, _ stream: ServerStream) {
        stream.headSent = true
        var prefix: [nghttp2_nv] = Array(StaticHeaders.responseHead)
        if stream.requestEncoding == .unknown { prefix += StaticHeaders.acceptEncoding }
        stream.trailers?.withFields(after: prefix) {
            _ = nghttp2_submit_response(session, stream.id, $0, $1, nil)
        }
    }

    /// The call's time is over. A first time means that its handler is too slow, a second that its client does not read.
    func expire(_ stream: ServerStream) {
        let wasComplete: Bool = stream.isComplete
        let isStuck: Bool = stream.outbound.readableBytes > 0
        if !wasComplete {
            stream.task?.cancel()
            let language = Language(acceptLanguage: stream.headers.first("accept-language"))
            stream.deadline = now.advanced(by: core.limits.statusDeliveryTimeout)
            complete(stream, CallStatus(refusal: RuntimeRefusal.deadlineExceeded, in: language))
        }
        if wasComplete || isStuck { abandon(stream) }
    }

    /// Ends a stream without a status.
    func abandon(_ stream: ServerStream) {
        guard let session else { return }
        stream.task?.cancel()
        stream.deadline = .distantFuture
        nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, NGHTTP2_CANCEL.rawValue)
        setNeedsFlush()
    }

    func streamClosed(_ id: Int32, _ error: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        if !stream.isComplete {
            stream.task?.cancel()
            finishRecord(stream, .cancelled, "the client has gone")
        }
        releaseWaiters(stream)
        bufferedRequestBytes -= stream.inbound.bufferedBytes
        if let session, stream.unconsumed > 0 {
            nghttp2_session_consume_connection(session, stream.unconsumed)
        }
        if current === stream { current = nil }
        if spare.count < Self.maximumSpareStreams {
            stream.reset()
            spare.append(stream)
        }
        noteCallEnded()
    }

    private static let maximumSpareStreams: Int = 64

    private func releaseWaiters(_ stream: ServerStream) {
        stream.requestWaiter?.resume(throwing: CancellationError())
        stream.requestWaiter = nil
        stream.roomWaiter?.resume(throwing: CancellationError())
        stream.roomWaiter = nil
    }

    /// Marks the call as complete and tells figures, interceptors and the log.
    func finishRecord(_ stream: ServerStream, _ code: StatusCode, _ message: String) {
        stream.isComplete = true
        let end: Deadline = Deadline.now()
        let nanoseconds: Int64 = end.remainingNanoseconds(at: stream.arrived)
        (stream.method?.metrics ?? CallMetrics.unknown).record(code, nanoseconds: nanoseconds)
        guard !core.interceptors.isEmpty || core.logsCalls else { return }
        if let call = stream.call, !core.interceptors.isEmpty {
            let outcome = CallOutcome(
                code: code, message: message, duration: .nanoseconds(nanoseconds),
                requestBytes: stream.requestBytes,
                responseBytes: stream.responseBytes)
            for interceptor in core.interceptors.prefix(call.begunInterceptors).reversed() {
                interceptor.end(call, outcome)
            }
        }
        if core.logsCalls {
            core.logger.debug(
                "call",
                metadata: [
                    "method": "\(stream.method?.descriptor.path ?? "unknown")", "code": "\(code.name)",
                    "microseconds": "\(nanoseconds / 1_000)", "peer": "\(peer.address)",
                    "request_id": "\(stream.call?.requestID ?? "")",
                ])
        }
    }
}
