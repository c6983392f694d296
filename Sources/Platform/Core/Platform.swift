package import Kernel
package import Logging
package import RPC
package import Storage

/// What every module gets: the store, the outside world, and the one way to change something.
package final class Platform: Sendable {
    package let database: any Database
    package let environment: Environment
    /// Encrypts protected fields and makes blind indexes.
    package let keyring: Keyring
    /// Wakes `Watch…` methods.
    package let events: EventFeed
    package let logger: Logger
    /// Photos and documents that belong to cases and applications.
    package let files: Files
    /// Menus, workflows, calendars and other versioned data.
    package let documents: Documents
    /// Messages to people.
    package let messages: Messages = Messages()

    private let requests: RequestLog
    private let audit: AuditLog
    private let outbox: Outbox

    package init(
        database: any Database, environment: Environment, keyring: Keyring, logger: Logger,
        documents: Documents = Documents(readers: [])
    ) {
        self.database = database
        self.environment = environment
        self.keyring = keyring
        self.logger = logger
        events = EventFeed()
        files = Files(keyring: keyring)
        self.documents = documents
        requests = RequestLog(keyring: keyring)
        audit = AuditLog()
        outbox = Outbox()
    }

    /// Changes something for a caller. The body, the answer for repeats, the audit entries and the events are one
    /// transaction.
    ///
    /// A repeat of (caller, method, `requestID`) gets the first answer without running the body again, for
    /// `RequestLog.retentionSeconds` (AIP-155).
    ///
    /// - Parameters:
    ///   - requestID: made by the caller, a UUID.
    ///   - action: what is done, for the audit log, such as `case.accept`.
    ///   - body: runs on the store's thread, must not block, and writes at least one audit entry.
    /// - Throws: what the body throws, and then nothing has changed; INVALID_ARGUMENT (`REQUEST_ID_INVALID`,
    ///   `REQUEST_ID_REUSED` for the same id with another request); UNAUTHENTICATED without a caller.
    package func perform<Q: Message, A: Message>(
        _ call: ServerCall, _ request: Q, requestID: String, action: String,
        _ body: @escaping @Sendable (UnitOfWork) throws -> A
    ) async throws -> A {
        let principal: Principal = try call.requirePrincipal()
        let key: RequestLog.Key = try requests.key(
            scope: principal.name, method: call.method, requestID: requestID, request: request)
        return try await perform(call, as: principal, key: key, action: action, body)
    }

    /// The first answer to a request that was made before; nil for a new one. For methods that ask somebody outside before
    /// they write: what was answered is not asked again.
    ///
    /// - Throws: as `perform` for the request id.
    package func replayed<Q: Message, A: Message>(
        _ call: ServerCall, _ request: Q, requestID: String
    ) async throws -> A? {
        let principal: Principal = try call.requirePrincipal()
        let key: RequestLog.Key = try requests.key(
            scope: principal.name, method: call.method, requestID: requestID, request: request)
        return try await readAsSystem { [requests] in try requests.replay(key, $0.connection) }
    }

    /// The same for methods without a `request_id`, which do no harm when they are repeated.
    package func perform<T: Sendable>(
        _ call: ServerCall, action: String, _ body: @escaping @Sendable (UnitOfWork) throws -> T
    ) async throws -> T {
        let principal: Principal = try call.requirePrincipal()
        return try await transact(principal: principal, peer: call.peerName, action: action) { unit in
            let answer: T = try body(unit)
            try self.requireAudit(unit)
            return answer
        }
    }

    /// Changes something without a caller: imports, timers, listeners.
    package func performAsSystem<T: Sendable>(
        action: String, _ body: @escaping @Sendable (UnitOfWork) throws -> T
    ) async throws -> T {
        try await transact(principal: .system, peer: "", action: action, body)
    }

    /// Reads one snapshot of the store for a caller.
    package func read<T: Sendable>(
        _ call: ServerCall, _ body: @escaping @Sendable (ReadContext) throws -> T
    ) async throws -> T {
        let now: Instant = environment.now()
        let principal: Principal? = call.principal
        return try await translatingStorageErrors {
            try await database.read { connection in
                try body(ReadContext(connection: connection, now: now, principal: principal))
            }
        }
    }

    /// Reads one snapshot of the store for the server itself.
    package func readAsSystem<T: Sendable>(
        _ body: @escaping @Sendable (ReadContext) throws -> T
    ) async throws -> T {
        let now: Instant = environment.now()
        return try await translatingStorageErrors {
            try await database.read { connection in
                try body(ReadContext(connection: connection, now: now, principal: .system))
            }
        }
    }

    /// Changes something for a principal that the call does not carry: somebody who is just registering.
    func perform<A: Message>(
        _ call: ServerCall, as principal: Principal, key: RequestLog.Key, action: String,
        keep: @escaping @Sendable (A) -> A = { $0 }, _ body: @escaping @Sendable (UnitOfWork) throws -> A
    ) async throws -> A {
        let requests: RequestLog = requests
        return try await transact(principal: principal, peer: call.peerName, action: action) { unit in
            if let answer: A = try requests.replay(key, unit.connection) { return answer }
            let answer: A = try body(unit)
            try self.requireAudit(unit)
            try requests.remember(key, keep(answer), unit.connection, now: unit.now)
            return answer
        }
    }

    /// A key for callers that are not known yet, such as somebody who is registering.
    func requestKey<Q: Message>(
        _ call: ServerCall, scope: String, requestID: String, request: Q
    ) throws(Refusal) -> RequestLog.Key {
        try requests.key(scope: scope, method: call.method, requestID: requestID, request: request)
    }

    /// Whether a request was answered before, so that a repeat need not be checked again.
    func wasAnswered(_ key: RequestLog.Key) async throws -> Bool {
        try await readAsSystem { try RequestLog.contains(key, $0.connection) }
    }

    /// One transaction: the body, then its audit entries and events; then those wake who wait for them.
    func transact<T: Sendable>(
        principal: Principal, peer: String, action: String,
        _ body: @escaping @Sendable (UnitOfWork) throws -> T
    ) async throws -> T {
        let (answer, types): (T, Set<String>) = try await translatingStorageErrors {
            try await database.write { [environment, audit, outbox] connection in
                let unit: UnitOfWork = UnitOfWork(
                    connection: connection, now: environment.now(), principal: principal,
                    environment: environment, action: action)
                let answer: T = try body(unit)
                try audit.append(
                    unit.auditNotes, actor: principal.name, peer: peer, now: unit.now, connection)
                try outbox.append(unit.events, environment: environment, now: unit.now, connection)
                return (answer, Set(unit.events.map(\.type)))
            }
        }
        if !types.isEmpty { events.wake(types: types) }
        return answer
    }

    /// Writes into the audit log that a call was refused.
    func recordRefusal(actor: String, peer: String, subject: String, outcome: String) async throws {
        let note: AuditNote = AuditNote(action: "call.refused", subject: subject, details: [:])
        try await translatingStorageErrors {
            try await database.write { [environment, audit] connection in
                try audit.append(
                    [note], actor: actor, peer: peer, outcome: outcome, now: environment.now(), connection)
            }
        }
    }

    /// A change that says nothing to the audit log is a bug of ours; it must not reach the disk.
    private func requireAudit(_ unit: UnitOfWork) throws(Refusal) {
        if unit.auditNotes.isEmpty {
            logger.error("a change without an audit entry was undone", metadata: ["action": "\(unit.action)"])
            throw .internalError(reason: "AUDIT_MISSING")
        }
    }
}

extension ServerCall {
    /// The caller's end of the connection for the audit log: certificate serial or address.
    var peerName: String {
        peer.certificate.map { "certificates/\($0.serialNumber)" } ?? peer.address
    }
}
