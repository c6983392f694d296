/// Where a client puts the messages that it streams to the server.
package struct RequestWriter<Q: Message>: Sendable {
    let call: ClientCall

    /// Sends one message. Suspends while the server does not take what it has got already. Throws `RPCError` once the
    /// call is over.
    package func write(_ request: Q) async throws { try await call.write(request) }

    /// Says that no further message follows. Optional: leaving the closure that got the writer does it too.
    package func finish() { call.finishWriting() }
}
