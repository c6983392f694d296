internal import Kernel
internal import Synchronization

/// Wakes those who wait for something to happen, for `Watch…` methods.
///
/// A wake-up says only that something may be there: read your own table from where you stand, send what is new, and
/// wait again. Wake-ups that come while you read are not lost; several may become one.
package final class EventFeed: Sendable {
    /// Why a watcher was woken.
    package enum Wake: Sendable {
        /// An event of one of the types that were asked for was committed.
        case event
        /// Nothing for this long (`heartbeatSeconds`): send a sign of life, and look all the same.
        case heartbeat
    }

    /// Seconds between two heartbeats.
    package static let heartbeatSeconds: Int = 15
    /// Watchers at one time; beyond it `subscribe` refuses.
    package static let maximumSubscriptions: Int = 20_000
    /// Seconds after which a refused watcher should try again.
    package static let retryAfterSeconds: Int = 30

    private struct Subscription {
        let types: Set<String>
        let continuation: AsyncStream<Wake>.Continuation
    }
    private struct State {
        var next: UInt64 = 0
        var subscriptions: [UInt64: Subscription] = [:]
        var closed: Bool = false
    }
    private let state: Mutex<State> = Mutex(State())

    package init() {}

    /// Wake-ups for events of these types, from now on. Ends when the server stops; drop the stream to unsubscribe.
    ///
    /// Subscribe before the first read, or what is committed between the two is seen only at the next wake-up.
    /// - Throws: RESOURCE_EXHAUSTED (`TOO_MANY_WATCHERS`).
    package func subscribe(types: Set<String>) throws -> AsyncStream<Wake> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Wake.self, bufferingPolicy: .bufferingNewest(1))
        let key: UInt64? = state.withLock { state in
            guard !state.closed, state.subscriptions.count < EventFeed.maximumSubscriptions else {
                return nil
            }
            state.next += 1
            state.subscriptions[state.next] = Subscription(types: types, continuation: continuation)
            return state.next
        }
        guard let key else {
            throw Refusal.exhausted(
                retryAfterSeconds: EventFeed.retryAfterSeconds, reason: "TOO_MANY_WATCHERS",
                zh: "同时关注的人太多，请稍后再试。", en: "Too many are watching at this moment. Try again later.")
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.subscriptions.removeValue(forKey: key) }
        }
        return stream
    }

    /// How many watch now.
    var subscriptionCount: Int { state.withLock { $0.subscriptions.count } }

    /// Wakes those who asked for one of these types.
    func wake(types: Set<String>) {
        let continuations: [AsyncStream<Wake>.Continuation] = state.withLock { state in
            state.subscriptions.values.filter { !$0.types.isDisjoint(with: types) }.map(\.continuation)
        }
        for continuation in continuations { continuation.yield(.event) }
    }

    /// Gives everyone a sign of life.
    func beat() {
        let continuations: [AsyncStream<Wake>.Continuation] = state.withLock { state in
            state.subscriptions.values.map(\.continuation)
        }
        for continuation in continuations { continuation.yield(.heartbeat) }
    }

    /// Ends all streams, so that watching calls return.
    package func close() {
        let continuations: [AsyncStream<Wake>.Continuation] = state.withLock { state in
            state.closed = true
            return state.subscriptions.values.map(\.continuation)
        }
        for continuation in continuations { continuation.finish() }
    }
}
