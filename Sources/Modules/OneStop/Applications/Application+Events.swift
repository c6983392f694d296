import Kernel
import Platform
import Storage

/// The timeline of applications: lines are never changed and never deleted.
extension ApplicationStore {
    private static let eventColumns: String =
        "sequence, action, text_zh, text_en, note, actor, device, time"

    static func append(_ event: ApplicationEvent, to record: ApplicationRecord, _ connection: any Connection)
        throws
    {
        try connection.execute(
            """
            INSERT INTO onestop_application_events
                (application_id, action, text_zh, text_en, note, actor, device, time)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """, SQLValue(record.id), .text(event.action), .text(event.zh), .text(event.en),
            .text(event.note), .text(event.actor), .text(event.device), SQLValue(event.time))
    }

    /// The newest lines of one application, oldest first.
    static func events(of id: Int64, limit: Int, _ connection: any Connection) throws -> [ApplicationEvent] {
        try connection.query(
            """
            SELECT \(eventColumns) FROM onestop_application_events WHERE application_id = $1
            ORDER BY sequence DESC LIMIT $2
            """, SQLValue(id), SQLValue(limit)
        ) { row in
            ApplicationEvent(
                sequence: row.integer(0), action: row.text(1), zh: row.text(2), en: row.text(3),
                note: row.text(4), actor: row.text(5), device: row.text(6), time: row.instant(7))
        }.reversed()
    }

    /// The newest sequence of one application; 0 before its first line.
    static func lastSequence(of id: Int64, _ connection: any Connection) throws -> Int64 {
        try connection.first(
            "SELECT coalesce(max(sequence), 0) FROM onestop_application_events WHERE application_id = $1",
            SQLValue(id)
        ) { $0.integer(0) } ?? 0
    }

    /// Staff who worked on it, each with the device.
    static func handlers(of id: Int64, _ connection: any Connection) throws -> [(
        staff: String, device: String
    )] {
        try connection.query(
            """
            SELECT DISTINCT actor, device FROM onestop_application_events
            WHERE application_id = $1 AND actor LIKE 'staff/%'
            """, SQLValue(id)
        ) { ($0.text(0), $0.text(1)) }
    }
}
