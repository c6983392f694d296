internal import Kernel
internal import Storage

/// The table of events: written in the transaction that made them happen, read by listeners in order.
struct Outbox: Sendable {
    func append(
        _ events: [DomainEvent], environment: Environment, now: Instant, _ connection: any Connection
    ) throws {
        for event in events {
            try connection.execute(
                "INSERT INTO platform_events (id, type, subject, payload, time) VALUES ($1, $2, $3, $4, $5)",
                .text(environment.newID().description), .text(event.type), .text(event.subject),
                .text(CanonicalJSON.object(event.payload)), SQLValue(now))
        }
    }

    /// Events after a sequence number, of all types, in order.
    static func events(after sequence: Int64, limit: Int, _ connection: any Connection) throws
        -> [StoredEvent]
    {
        try connection.query(
            """
            SELECT sequence, id, type, subject, payload, time FROM platform_events
            WHERE sequence > $1 ORDER BY sequence LIMIT $2
            """,
            .integer(sequence), SQLValue(limit)
        ) { row in
            StoredEvent(
                sequence: row.integer(0), id: row.text(1), type: row.text(2), subject: row.text(3),
                payload: try CanonicalJSON.parse(row.text(4)), time: row.instant(5))
        }
    }

    /// The newest sequence number; 0 if there are no events.
    static func newest(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT COALESCE(MAX(sequence), 0) FROM platform_events") { $0.integer(0) } ?? 0
    }
}
