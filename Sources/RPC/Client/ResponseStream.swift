/// The messages that a server streams to a client, in order. Dropping the stream cancels the call.
///
/// One consumer only. Taking a message lets the server send more.
package struct ResponseStream<A: Message>: AsyncSequence, Sendable {
    package typealias Element = A
    package typealias Failure = any Error

    let call: ClientCall

    /// The server's headers; waits until they are here. Throws `RPCError` if the call failed before.
    package var initialMetadata: Metadata { get async throws { try await call.initialMetadata() } }

    /// The server's trailers; empty until the stream has ended.
    package var trailingMetadata: Metadata { get async { await call.trailingMetadata() } }

    /// Ends the call; iteration throws CANCELLED.
    package func cancel() { call.cancel() }

    package func makeAsyncIterator() -> Iterator { Iterator(call: call) }

    package struct Iterator: AsyncIteratorProtocol {
        let call: ClientCall

        /// The next message; nil after the server's OK. Throws `RPCError` for any other status.
        package mutating func next() async throws -> A? { try await call.next() }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> A? {
            try await call.next()
        }
    }
}
