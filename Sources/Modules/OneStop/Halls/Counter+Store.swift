import Kernel
import Platform
import Storage

/// SQL about open counters, and what time does to tickets.
extension QueueStore {
    private static let counterColumns: String = "hall, number, day, groups, clerk, device, ticket"

    private static func counter(_ row: Row) -> Counter {
        guard let day = CivilDate(row.text(2)) else { preconditionFailure("a counter without its day") }
        return Counter(
            hall: row.text(0), number: row.int(1), day: day, groups: row.text(3).map(String.init),
            clerk: row.text(4), device: row.textOrNil(5), ticket: row.textOrNil(6))
    }

    /// False if the counter is open or the clerk sits at another one.
    static func open(_ counter: Counter, _ connection: any Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO onestop_hall_counters (\(counterColumns)) VALUES ($1, $2, $3, $4, $5, $6, NULL)
            ON CONFLICT DO NOTHING
            """,
            .text(counter.hall), SQLValue(counter.number), .text(counter.day.description),
            .text(counter.groups.joined()), .text(counter.clerk), SQLValue(counter.device)) == 1
    }

    static func close(_ counter: Counter, _ connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM onestop_hall_counters WHERE hall = $1 AND number = $2", .text(counter.hall),
            SQLValue(counter.number))
    }

    static func counter(_ connection: any Connection, clerk: String) throws -> Counter? {
        try connection.first(
            "SELECT \(counterColumns) FROM onestop_hall_counters WHERE clerk = $1", .text(clerk), row: counter
        )
    }

    static func counter(_ connection: any Connection, hall: String, number: Int) throws -> Counter? {
        try connection.first(
            "SELECT \(counterColumns) FROM onestop_hall_counters WHERE hall = $1 AND number = $2",
            .text(hall), SQLValue(number), row: counter)
    }

    static func counters(_ connection: any Connection, hall: String) throws -> [Counter] {
        try connection.query(
            "SELECT \(counterColumns) FROM onestop_hall_counters WHERE hall = $1 ORDER BY number",
            .text(hall), row: counter)
    }

    /// Puts a ticket on the counter, or takes it off.
    static func setTicket(_ ticket: String?, at counter: Counter, _ connection: any Connection) throws {
        try connection.execute(
            "UPDATE onestop_hall_counters SET ticket = $3 WHERE hall = $1 AND number = $2",
            .text(counter.hall), SQLValue(counter.number), SQLValue(ticket))
    }

    // MARK: What time does

    /// Days of halls with open tickets or counters, up to a day.
    static func openDays(_ connection: any Connection, upTo day: CivilDate) throws
        -> [(hall: String, day: CivilDate)]
    {
        let rows: [(String, String)] = try connection.query(
            """
            SELECT hall, day FROM onestop_hall_tickets WHERE state IN (1, 2, 3) AND day <= $1
            UNION SELECT hall, day FROM onestop_hall_counters WHERE day <= $1
            ORDER BY 2, 1
            """, .text(day.description)
        ) { ($0.text(0), $0.text(1)) }
        return rows.compactMap { hall, day in CivilDate(day).map { (hall, $0) } }
    }

    static func openTickets(_ connection: any Connection, hall: String, day: CivilDate) throws -> [Ticket] {
        let ids: [String] = try connection.query(
            "SELECT id FROM onestop_hall_tickets WHERE state IN (1, 2, 3) AND hall = $1 AND day = $2 ORDER BY id",
            .text(hall), .text(day.description)
        ) { $0.text(0) }
        return try ids.compactMap { try find(connection, id: $0) }
    }

    /// Closes all counters of the day; returns how many.
    static func closeAll(_ connection: any Connection, hall: String, day: CivilDate) throws -> Int {
        try connection.execute(
            "DELETE FROM onestop_hall_counters WHERE hall = $1 AND day = $2", .text(hall),
            .text(day.description))
    }

    /// Days that a ticket says whose it was; as long as it can be rated.
    static let personalRetentionDays: Int = 30

    /// Forgets whose the old tickets and appointments were, and who handled them; returns how many were changed. How long
    /// they took is kept.
    static func forget(_ connection: any Connection, now: Instant) throws -> Int {
        let limit: Instant = now.adding(days: -Int64(personalRetentionDays))
        let last: String = limit.shanghaiDate.description
        try connection.execute(
            """
            DELETE FROM onestop_hall_ticket_handlers WHERE ticket IN (
                SELECT id FROM onestop_hall_tickets WHERE day < $1)
            """, .text(last))
        try connection.execute("DELETE FROM onestop_hall_calls WHERE day < $1", .text(last))
        let tickets: Int = try connection.execute(
            """
            UPDATE onestop_hall_tickets
            SET resident = NULL, claim_hash = NULL, applications = '', appointment = NULL, note = '',
                version = version + 1
            WHERE day < $1 AND (resident IS NOT NULL OR claim_hash IS NOT NULL OR applications <> ''
                OR appointment IS NOT NULL OR note <> '')
            """, .text(last))
        let appointments: Int = try connection.execute(
            """
            UPDATE onestop_hall_appointments SET resident = NULL, version = version + 1
            WHERE end_time < $1 AND resident IS NOT NULL
            """, SQLValue(limit))
        return tickets + appointments
    }
}
