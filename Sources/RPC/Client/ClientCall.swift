/// One call on the client's side.
final class ClientCall: Sendable {
    func initialMetadata() async throws -> Metadata { throw CancellationError() }
    func trailingMetadata() async -> Metadata { Metadata() }
    func cancel() {}
    func next<A: Message>() async throws -> A? { throw CancellationError() }
    func write<Q: Message>(_ request: Q) async throws { throw CancellationError() }
    func finishWriting() {}
}
