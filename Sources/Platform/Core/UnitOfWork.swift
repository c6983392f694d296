package import Kernel
package import Storage

/// One change of the store by one caller: what the body does, says to the audit log and tells others is one
/// transaction. Valid only inside the body that got it.
package final class UnitOfWork {
    package let connection: any Connection
    /// When the change happens. Everything in it bears this time.
    package let now: Instant
    package let principal: Principal
    package let environment: Environment

    /// What is done, such as `case.accept`.
    let action: String
    private(set) var auditNotes: [AuditNote] = []
    private(set) var events: [DomainEvent] = []

    init(
        connection: any Connection, now: Instant, principal: Principal, environment: Environment,
        action: String
    ) {
        self.connection = connection
        self.now = now
        self.principal = principal
        self.environment = environment
        self.action = action
    }

    /// Writes an entry into the audit log: the caller did the unit's action to `subject`.
    ///
    /// - Parameters:
    ///   - subject: a resource name, such as `cases/2611230001-7`.
    ///   - details: values that matter, without personal data.
    package func audit(subject: String, details: [String: String] = [:]) {
        auditNotes.append(AuditNote(action: action, subject: subject, details: details))
    }

    /// The same for a second action of this unit that has a name of its own.
    package func audit(action: String, subject: String, details: [String: String] = [:]) {
        auditNotes.append(AuditNote(action: action, subject: subject, details: details))
    }

    /// Tells others, once the transaction is there for good.
    package func publish(_ event: DomainEvent) { events.append(event) }

    /// An id that is greater than all that were given out before.
    package func newID() -> String { environment.newID().description }

    /// A unit on the same store in which an earlier time is the present: for what happened before this store was there, such
    /// as the histories of a demonstration. What is done in it bears `time` and is `principal`'s. It says nothing to the
    /// audit log, which holds what happened here, and publishes nothing: the unit that it comes of writes down that
    /// histories were taken in.
    package func telling(at time: Instant, by principal: Principal) -> UnitOfWork {
        UnitOfWork(
            connection: connection, now: time, principal: principal,
            environment: Environment(clock: ManualClock(time), random: environment.random), action: action)
    }

    /// The same store at the same time, for code that only reads.
    package var reading: ReadContext { ReadContext(connection: connection, now: now, principal: principal) }
}

/// A snapshot of the store for one caller. Valid only inside the body that got it.
package struct ReadContext {
    package let connection: any Connection
    package let now: Instant
    /// Nil only where the access table lets anyone in.
    package let principal: Principal?

    package init(connection: any Connection, now: Instant, principal: Principal?) {
        self.connection = connection
        self.now = now
        self.principal = principal
    }
}

/// What a unit of work says to the audit log.
struct AuditNote: Sendable {
    let action: String
    let subject: String
    let details: [String: String]
}
