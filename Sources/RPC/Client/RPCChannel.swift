internal import Kernel
package import NIOCore
internal import NIOPosix

/// A client's connection to one server. It connects when the first call needs it and again after a loss.
///
/// Errors are `RPCError`: what the server said, or UNAVAILABLE, DEADLINE_EXCEEDED or CANCELLED from this side.
package final class RPCChannel: Sendable {
    private let configuration: ChannelConfiguration
    private let loop: any EventLoop
    private let core: NIOLoopBoundBox<ChannelCore>

    /// Reads the TLS files; throws `TLSError` if they are not usable. Connects to nobody yet.
    package init(
        configuration: ChannelConfiguration, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws {
        self.configuration = configuration
        let loop: any EventLoop = group.next()
        self.loop = loop
        let tls: TLSContext = try TLSContext.client(configuration.tls)
        core = NIOLoopBoundBox.makeBoxSendingValue(
            ChannelCore(loop: loop, configuration: configuration, tls: tls), eventLoop: loop)
    }

    /// Ends the connection; calls that run fail with UNAVAILABLE.
    package func close() {
        let core: NIOLoopBoundBox<ChannelCore> = core
        loop.execute { core.value.close() }
    }

    /// A unary answer with what came beside it.
    package struct Answer<A: Message>: Sendable {
        package let message: A
        package let initialMetadata: Metadata
        package let trailingMetadata: Metadata
    }

    /// Sends one message and waits for one answer.
    package func unary<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ request: Q, _ options: CallOptions = CallOptions()
    ) async throws -> A {
        try await retrying(method, options) { call in
            call.start(with: request)
            return try await call.onlyAnswer()
        }
    }

    /// As `unary`, and gives headers and trailers too.
    package func unaryAnswer<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ request: Q, _ options: CallOptions = CallOptions()
    ) async throws -> Answer<A> {
        try await retrying(method, options) { call in
            call.start(with: request)
            let message: A = try await call.onlyAnswer()
            return Answer(
                message: message, initialMetadata: try await call.initialMetadata(),
                trailingMetadata: await call.trailingMetadata())
        }
    }

    /// Sends one message and gives the stream of answers. The call starts at once and is not retried.
    package func serverStreaming<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ request: Q, _ options: CallOptions = CallOptions()
    ) -> ResponseStream<A> {
        let call: ClientCall = makeCall(method, options, deadline(method, options))
        call.start(with: request)
        return ResponseStream(call: call)
    }

    /// Sends what `body` writes and waits for one answer. The stream of requests ends when `body` returns. Is not
    /// retried.
    package func clientStreaming<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ options: CallOptions = CallOptions(),
        _ body: (RequestWriter<Q>) async throws -> Void
    ) async throws -> A {
        let call: ClientCall = makeCall(method, options, deadline(method, options))
        call.start()
        do {
            try await body(RequestWriter(call: call))
        } catch {
            // If the server has answered before the last message, then its answer counts.
            if error is RPCError, await call.hasEnded() { return try await call.onlyAnswer() }
            call.cancel()
            throw error
        }
        call.finishWriting()
        return try await call.onlyAnswer()
    }

    /// Sends what `body` writes while it reads the answers. The call is over when `body` returns. Is not retried.
    package func bidirectional<Q: Message, A: Message, R>(
        _ method: MethodDescriptor, _ options: CallOptions = CallOptions(),
        _ body: (RequestWriter<Q>, ResponseStream<A>) async throws -> R
    ) async throws -> R {
        let call: ClientCall = makeCall(method, options, deadline(method, options))
        call.start()
        defer { call.cancel() }
        return try await body(RequestWriter(call: call), ResponseStream(call: call))
    }

    // MARK: One call and its repetitions

    private func deadline(_ method: MethodDescriptor, _ options: CallOptions) -> Deadline {
        let isUnary: Bool = method.kind == .unary
        let usual: Duration = isUnary ? configuration.defaultTimeout : configuration.defaultStreamTimeout
        return .in(options.timeout ?? usual)
    }

    private func makeCall(_ method: MethodDescriptor, _ options: CallOptions, _ deadline: Deadline)
        -> ClientCall
    {
        ClientCall(
            channel: core, loop: loop, configuration: configuration, method: method, options: options,
            deadline: deadline)
    }

    private func retrying<R: Sendable>(
        _ method: MethodDescriptor, _ options: CallOptions, _ body: (ClientCall) async throws -> R
    ) async throws -> R {
        let deadline: Deadline = deadline(method, options)
        var attempt: Int = 1
        var wasRepeated = false
        while true {
            let call: ClientCall = makeCall(method, options, deadline)
            do {
                return try await body(call)
            } catch let error as RPCError where error.code == .unavailable {
                // A call that the server has not looked at is sent again at once, without counting (gRFC A6).
                if !wasRepeated, await call.wasRefused() {
                    wasRepeated = true
                    continue
                }
                guard Self.isWorthRetrying(error) else { throw error }
                let wait: Duration = Self.backoff(options.retry, after: attempt)
                if attempt >= options.retry.maximumAttempts || wait >= deadline.remaining { throw error }
                attempt += 1
                do { try await Task.sleep(for: wait) } catch {
                    throw RPCError(code: .cancelled, message: "the caller's task was cancelled")
                }
            }
        }
    }

    /// A server that gives a reason of its own was reached, and what is ill lies behind it: asking again at once would only
    /// burden that. One that stops is another matter, for the next one may be up.
    private static func isWorthRetrying(_ error: RPCError) -> Bool {
        guard let reason = error.reason else { return true }
        return reason == StatusCode.unavailable.name || reason == RuntimeRefusal.stopping.reason
    }

    private static func backoff(_ retry: CallOptions.Retry, after attempt: Int) -> Duration {
        let first: Int64 = retry.firstBackoff.clampedNanoseconds
        let doubled: Int64 =
            attempt > 32 ? Int64.max : first.multipliedReportingOverflow(by: 1 << (attempt - 1)).0
        let whole: Int64 = max(min(doubled, retry.maximumBackoff.clampedNanoseconds), 2)
        return .nanoseconds(Int64.random(in: (whole / 2)...whole))
    }
}
