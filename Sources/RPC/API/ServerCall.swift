internal import Synchronization

/// The language of a call's texts for people.
package enum CallLanguage: String, Sendable, Hashable {
    case zh
    case en
}

/// One call on the server's side: what came with it, who sent it, and what goes back beside the messages.
package final class ServerCall: Sendable {
    package let method: MethodDescriptor
    package let peer: Peer
    /// When the call must be over: what the client asked for, within the server's limits.
    package let deadline: Deadline

    private struct State {
        var values: [ObjectIdentifier: any Sendable] = [:]
        var metadata: Metadata?
        var initialMetadata = Metadata()
        var trailingMetadata = Metadata()
    }
    private let state: Mutex<State>

    /// A call without a connection, for running a handler in a test.
    package init(
        method: MethodDescriptor, metadata: Metadata = Metadata(), peer: Peer = Peer(address: "in-process"),
        deadline: Deadline = .distantFuture
    ) {
        self.method = method
        self.peer = peer
        self.deadline = deadline
        self.state = Mutex(State(metadata: metadata))
    }

    /// The request's headers without those of HTTP/2 and gRPC.
    package var metadata: Metadata { state.withLock { $0.metadata ?? Metadata() } }

    /// Whether the call is over or its task cancelled, so that further work is for nobody.
    package var isCancelled: Bool { Task.isCancelled }

    /// A value that an interceptor has attached to the call.
    package subscript<Key: CallValueKey>(key: Key.Type) -> Key.Value {
        get { state.withLock { $0.values[ObjectIdentifier(key)] as? Key.Value } ?? Key.defaultValue }
        set { state.withLock { $0.values[ObjectIdentifier(key)] = newValue } }
    }

    /// Sets headers that go out before the first answer; has no effect once they have gone.
    package func setInitialMetadata(_ metadata: Metadata) { state.withLock { $0.initialMetadata = metadata } }

    /// Sets trailers that go out with the status.
    package func setTrailingMetadata(_ metadata: Metadata) {
        state.withLock { $0.trailingMetadata = metadata }
    }

    /// Names the call in logs: the trace id of a `traceparent` header (W3C Trace Context), else one of our own.
    package var requestID: String { "in-process" }

    /// The language for texts that people see, by the `accept-language` header; Chinese unless English is preferred.
    package var acceptLanguage: CallLanguage { .zh }

    func onlyRequest<Q: Message>() async throws -> Q { throw CancellationError() }
    func nextRequest<Q: Message>() async throws -> Q? { throw CancellationError() }
    func write<A: Message>(_ answer: A) async throws { throw CancellationError() }
    func finish<A: Message>(with answer: A) async throws { throw CancellationError() }
    func finish() async throws { throw CancellationError() }
}
