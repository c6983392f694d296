/// Where a streaming handler puts its answers.
package struct ResponseWriter<A: Message>: Sendable {
    private enum Destination: Sendable {
        case call(ServerCall)
        case closure(@Sendable (A) async throws -> Void)
    }
    private let destination: Destination

    init(call: ServerCall) { destination = .call(call) }

    /// A writer that hands each answer to a closure, for calling a handler without a connection.
    package init(_ receive: @escaping @Sendable (A) async throws -> Void) { destination = .closure(receive) }

    /// Sends one message. Suspends while the peer does not read what it has got already; throws `CancellationError`
    /// once the call is over (the peer has gone, or the deadline has passed).
    package func write(_ answer: A) async throws {
        switch destination {
        case .call(let call): try await call.write(answer)
        case .closure(let receive): try await receive(answer)
        }
    }
}
