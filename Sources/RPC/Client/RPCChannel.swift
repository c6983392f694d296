/// A client's connection to one server. It connects when the first call needs it and again after a loss.
package final class RPCChannel: Sendable {
    /// Sends one message and waits for one answer.
    package func unary<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ request: Q, _ options: CallOptions = CallOptions()
    ) async throws -> A {
        throw CancellationError()
    }

    /// Sends one message and gives the stream of answers. The call starts at once.
    package func serverStreaming<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ request: Q, _ options: CallOptions = CallOptions()
    ) -> ResponseStream<A> {
        ResponseStream(call: ClientCall())
    }

    /// Sends what `body` writes and waits for one answer. The stream of requests ends when `body` returns.
    package func clientStreaming<Q: Message, A: Message>(
        _ method: MethodDescriptor, _ options: CallOptions = CallOptions(),
        _ body: (RequestWriter<Q>) async throws -> Void
    ) async throws -> A {
        throw CancellationError()
    }

    /// Sends what `body` writes while it reads the answers. The call is over when `body` returns.
    package func bidirectional<Q: Message, A: Message, R>(
        _ method: MethodDescriptor, _ options: CallOptions = CallOptions(),
        _ body: (RequestWriter<Q>, ResponseStream<A>) async throws -> R
    ) async throws -> R {
        throw CancellationError()
    }
}
