/// The messages that a client streams to a handler, in order. Taking one lets the client send more.
///
/// One consumer only: a second concurrent iterator traps, since each message exists once.
package struct RequestStream<Q: Message>: AsyncSequence, Sendable {
    package typealias Element = Q
    package typealias Failure = any Error

    fileprivate enum Source: Sendable {
        case call(ServerCall)
        case closure(@Sendable () async throws -> Q?)
    }
    private let source: Source

    init(call: ServerCall) { source = .call(call) }

    /// A stream that asks a closure for each message, nil at the end, for calling a handler without a connection.
    package init(_ next: @escaping @Sendable () async throws -> Q?) { source = .closure(next) }

    package func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: Source

        /// The next message; nil when the client has sent its last. Throws `CancellationError` once the call is over
        /// and `RPCError` for a message that cannot be decoded.
        package mutating func next() async throws -> Q? {
            switch source {
            case .call(let call): try await call.nextRequest()
            case .closure(let next): try await next()
            }
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> Q? {
            switch source {
            case .call(let call): try await call.nextRequest()
            case .closure(let next): try await next()
            }
        }
    }
}
