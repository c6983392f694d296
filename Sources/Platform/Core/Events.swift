package import Kernel

/// Something that happened and that others may want to know. Written in the transaction that made it happen.
package struct DomainEvent: Sendable, Equatable {
    /// What happened, such as `case.resolved`.
    package let type: String
    /// To what: a resource name. Events of one subject reach each listener in their order.
    package let subject: String
    /// Values that listeners need. No personal data: what is protected is read where it is kept.
    package let payload: [String: String]

    package init(type: String, subject: String, payload: [String: String] = [:]) {
        self.type = type
        self.subject = subject
        self.payload = payload
    }
}

/// An event as it stands in the outbox.
package struct StoredEvent: Sendable, Equatable {
    /// Position in the outbox; grows with time.
    package let sequence: Int64
    /// Unique for good, for those who are told more than once.
    package let id: String
    package let type: String
    package let subject: String
    package let payload: [String: String]
    package let time: Instant
}

/// Somebody who reacts to events of others.
///
/// `handle` runs after the event's own commit, in order of sequence, in a transaction of its own that also moves the
/// listener's cursor: once in effect, however often it is tried. If it throws, it is tried again with growing pauses,
/// and later events of this listener wait; other listeners go on.
package protocol EventListener: Sendable {
    /// Unique for good, such as `communitylife.points`: the cursor is kept under this name.
    var listenerName: String { get }
    /// The types that it wants; others are passed over.
    var eventTypes: Set<String> { get }
    func handle(_ event: StoredEvent, _ unit: UnitOfWork) throws
}
