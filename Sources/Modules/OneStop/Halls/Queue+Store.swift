import Kernel
import Platform
import Storage

/// All SQL about tickets.
enum QueueStore {
    static let schema: String = """
        CREATE TABLE onestop_hall_tickets (
            id TEXT PRIMARY KEY NOT NULL,
            hall TEXT NOT NULL,
            hall_path TEXT NOT NULL,
            day TEXT NOT NULL,
            group_id TEXT NOT NULL,
            number TEXT NOT NULL,
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 7),
            line INTEGER NOT NULL CHECK (line BETWEEN 0 AND 3),
            line_time INTEGER NOT NULL,
            item TEXT NOT NULL,
            item_text TEXT NOT NULL,
            applications TEXT NOT NULL,
            resident TEXT,
            claim_hash BLOB,
            appointment TEXT,
            create_time INTEGER NOT NULL,
            call_time INTEGER,
            call_count INTEGER NOT NULL,
            counter INTEGER NOT NULL,
            served_seconds INTEGER NOT NULL CHECK (served_seconds >= 0),
            missed_calls INTEGER NOT NULL,
            finish_time INTEGER,
            note TEXT NOT NULL,
            version INTEGER NOT NULL,
            told_soon INTEGER NOT NULL CHECK (told_soon IN (0, 1)),
            UNIQUE (hall, day, number)
        ) STRICT;
        CREATE INDEX onestop_hall_tickets_open ON onestop_hall_tickets (hall, group_id, id) WHERE state IN (1, 2, 3);
        CREATE INDEX onestop_hall_tickets_resident ON onestop_hall_tickets (resident, hall, day)
            WHERE resident IS NOT NULL;

        CREATE TABLE onestop_hall_ticket_handlers (
            ticket TEXT NOT NULL REFERENCES onestop_hall_tickets (id),
            staff TEXT NOT NULL,
            device TEXT NOT NULL,
            PRIMARY KEY (ticket, staff, device)
        ) STRICT;

        CREATE TABLE onestop_hall_numbers (
            hall TEXT NOT NULL,
            day TEXT NOT NULL,
            group_id TEXT NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (hall, day, group_id)
        ) STRICT;

        CREATE TABLE onestop_hall_counters (
            hall TEXT NOT NULL,
            number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 99),
            day TEXT NOT NULL,
            groups TEXT NOT NULL,
            clerk TEXT NOT NULL UNIQUE,
            device TEXT,
            ticket TEXT UNIQUE REFERENCES onestop_hall_tickets (id),
            PRIMARY KEY (hall, number)
        ) STRICT;

        CREATE TABLE onestop_hall_calls (
            sequence INTEGER PRIMARY KEY,
            hall TEXT NOT NULL,
            day TEXT NOT NULL,
            ticket_number TEXT NOT NULL,
            counter INTEGER NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX onestop_hall_calls_hall ON onestop_hall_calls (hall, sequence);
        """

    private static let columns: String = """
        id, hall, day, group_id, number, state, line, line_time, item, item_text, applications, resident, claim_hash,
        appointment, create_time, call_time, call_count, counter, served_seconds, missed_calls, finish_time, note, version
        """

    private static func ticket(_ row: Row) -> Ticket {
        guard let state = TicketState(rawValue: row.int(5)), let line = TicketLine(rawValue: row.int(6)),
            let day = CivilDate(row.text(2))
        else { preconditionFailure("the schema lets nothing else in") }
        return Ticket(
            id: row.text(0), hall: row.text(1), day: day, group: row.text(3), number: row.text(4),
            state: state, line: line, lineTime: row.instant(7), item: row.text(8), itemText: row.text(9),
            applications: row.text(10).split(separator: "\n").map(String.init), resident: row.textOrNil(11),
            claimHash: row.blobOrNil(12), appointment: row.textOrNil(13), createTime: row.instant(14),
            callTime: row.instantOrNil(15), callCount: row.int(16), counter: row.int(17),
            servedSeconds: row.int(18), missedCalls: row.int(19), finishTime: row.instantOrNil(20),
            note: row.text(21), version: row.integer(22))
    }

    // MARK: One ticket

    /// The next number of the day in the group; nil when they are used up.
    static func nextNumber(hall: String, day: CivilDate, group: String, _ connection: any Connection) throws
        -> Int?
    {
        try connection.first(
            """
            INSERT INTO onestop_hall_numbers (hall, day, group_id, last) VALUES ($1, $2, $3, 1)
            ON CONFLICT (hall, day, group_id) DO UPDATE SET last = onestop_hall_numbers.last + 1
                WHERE onestop_hall_numbers.last < $4
            RETURNING last
            """, .text(hall), .text(day.description), .text(group), SQLValue(QueueRules.numbersPerDayMax)
        ) { $0.int(0) }
    }

    static func insert(_ ticket: Ticket, hallPath: String, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO onestop_hall_tickets (\(columns), hall_path, told_soon)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, 0)
            """,
            .text(ticket.id), .text(ticket.hall), .text(ticket.day.description), .text(ticket.group),
            .text(ticket.number), SQLValue(ticket.state.rawValue), SQLValue(ticket.line.rawValue),
            SQLValue(ticket.lineTime), .text(ticket.item), .text(ticket.itemText),
            .text(ticket.applications.joined(separator: "\n")), SQLValue(ticket.resident),
            SQLValue(ticket.claimHash), SQLValue(ticket.appointment), SQLValue(ticket.createTime),
            SQLValue(ticket.callTime), SQLValue(ticket.callCount), SQLValue(ticket.counter),
            SQLValue(ticket.servedSeconds), SQLValue(ticket.missedCalls), SQLValue(ticket.finishTime),
            .text(ticket.note), .integer(ticket.version), .text(hallPath))
    }

    /// Writes what changed, guarded by the version that was read; false if somebody else was first.
    static func update(_ ticket: Ticket, _ connection: any Connection) throws -> Bool {
        try connection.execute(
            """
            UPDATE onestop_hall_tickets
            SET group_id = $3, state = $4, line = $5, line_time = $6, applications = $7, call_time = $8,
                call_count = $9, counter = $10, served_seconds = $11, missed_calls = $12, finish_time = $13,
                note = $14, told_soon = CASE WHEN $4 = 1 THEN 0 ELSE told_soon END, version = version + 1
            WHERE id = $1 AND version = $2
            """,
            .text(ticket.id), .integer(ticket.version), .text(ticket.group),
            SQLValue(ticket.state.rawValue), SQLValue(ticket.line.rawValue), SQLValue(ticket.lineTime),
            .text(ticket.applications.joined(separator: "\n")), SQLValue(ticket.callTime),
            SQLValue(ticket.callCount), SQLValue(ticket.counter), SQLValue(ticket.servedSeconds),
            SQLValue(ticket.missedCalls), SQLValue(ticket.finishTime), .text(ticket.note)) == 1
    }

    static func find(_ connection: any Connection, id: String) throws -> Ticket? {
        try connection.first(
            "SELECT \(columns) FROM onestop_hall_tickets WHERE id = $1", .text(id), row: ticket)
    }

    static func find(_ connection: any Connection, hall: String, day: CivilDate, number: String) throws
        -> Ticket?
    {
        try connection.first(
            "SELECT \(columns) FROM onestop_hall_tickets WHERE hall = $1 AND day = $2 AND number = $3",
            .text(hall), .text(day.description), .text(number), row: ticket)
    }

    /// Tickets of a resident in a hall on a day, newest first.
    static func ofResident(_ connection: any Connection, _ resident: String, hall: String, day: CivilDate)
        throws -> [Ticket]
    {
        try connection.query(
            """
            SELECT \(columns) FROM onestop_hall_tickets WHERE resident = $1 AND hall = $2 AND day = $3
            ORDER BY id DESC LIMIT 100
            """, .text(resident), .text(hall), .text(day.description), row: ticket)
    }

    // MARK: The line

    /// The order in which tickets are called: transferred, appointments whose time has come, returned, arrivals. The
    /// placeholder is `now`.
    private static func order(_ now: String) -> String {
        """
        CASE WHEN line = 1 AND line_time > \(now) THEN 3 ELSE line END,
        CASE WHEN line = 1 AND line_time > \(now) THEN create_time ELSE line_time END, id
        """
    }

    /// The first that waits in one of the groups.
    static func next(_ connection: any Connection, hall: String, groups: [String], now: Instant) throws
        -> Ticket?
    {
        let places: String = groups.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
        return try connection.first(
            """
            SELECT \(columns) FROM onestop_hall_tickets
            WHERE state = 1 AND state IN (1, 2, 3) AND hall = $1 AND group_id IN (\(places)) AND day = $\(groups.count + 3)
            ORDER BY \(order("$2")) LIMIT 1
            """,
            values: [.text(hall), SQLValue(now)] + groups.map { .text($0) }
                + [.text(now.shanghaiDate.description)], row: ticket)
    }

    /// All that wait today in the order of being called, by group.
    static func waiting(_ connection: any Connection, hall: String, group: String? = nil, now: Instant) throws
        -> [(id: String, group: String)]
    {
        try connection.query(
            """
            SELECT id, group_id FROM onestop_hall_tickets
            WHERE state = 1 AND state IN (1, 2, 3) AND hall = $1 AND ($3 = '' OR group_id = $3) AND day = $4
            ORDER BY \(order("$2"))
            """, .text(hall), SQLValue(now), .text(group ?? ""), .text(now.shanghaiDate.description)
        ) { ($0.text(0), $0.text(1)) }
    }

    /// Tickets of today: open ones in the order of being called, then those that are over, newest first.
    static func list(
        _ connection: any Connection, hall: String, scope: ScopeFilter, state: TicketState?, offset: Int,
        limit: Int, now: Instant
    ) throws -> [Ticket] {
        let (sql, values): (String, [SQLValue]) = scope.sql(column: "hall_path", firstIndex: 7)
        return try connection.query(
            """
            SELECT \(columns) FROM onestop_hall_tickets
            WHERE hall = $1 AND day = $3 AND ($4 = 0 OR state = $4) AND \(sql)
            ORDER BY CASE state WHEN 2 THEN 0 WHEN 1 THEN 1 WHEN 3 THEN 2 ELSE 3 END,
                CASE WHEN state > 3 THEN -finish_time ELSE 0 END, \(order("$2"))
            LIMIT $5 OFFSET $6
            """,
            values: [
                .text(hall), SQLValue(now), .text(now.shanghaiDate.description),
                SQLValue(state?.rawValue ?? 0), SQLValue(limit), SQLValue(offset),
            ] + values, row: ticket)
    }

    /// Seconds of each service that was finished in the group from the first to the last day, both included.
    static func servedSeconds(
        _ connection: any Connection, hall: String, group: String, from first: CivilDate, to last: CivilDate
    ) throws -> [Int] {
        try connection.query(
            """
            SELECT served_seconds FROM onestop_hall_tickets
            WHERE hall = $1 AND day BETWEEN $2 AND $3 AND group_id = $4 AND state = 4 AND served_seconds > 0
            """, .text(hall), .text(first.description), .text(last.description), .text(group)
        ) { $0.int(0) }
    }

    /// A waiting ticket of somebody known that has exactly so many before it and was not told yet; marks it as told.
    static func takeSoon(_ connection: any Connection, hall: String, group: String, now: Instant) throws
        -> Ticket?
    {
        let ids: [String] = try waiting(connection, hall: hall, group: group, now: now).map(\.id)
        guard ids.count > QueueRules.soonAhead else { return nil }
        let told: Int = try connection.execute(
            "UPDATE onestop_hall_tickets SET told_soon = 1 WHERE id = $1 AND told_soon = 0 AND resident IS NOT NULL",
            .text(ids[QueueRules.soonAhead]))
        return told == 1 ? try find(connection, id: ids[QueueRules.soonAhead]) : nil
    }

    // MARK: Who handled it

    static func addHandler(_ ticket: String, staff: String, device: String?, _ connection: any Connection)
        throws
    {
        try connection.execute(
            """
            INSERT INTO onestop_hall_ticket_handlers (ticket, staff, device) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
            """, .text(ticket), .text(staff), .text(device ?? ""))
    }

    static func handlers(of ticket: String, _ connection: any Connection) throws -> [(
        staff: String, device: String
    )] {
        try connection.query(
            "SELECT staff, device FROM onestop_hall_ticket_handlers WHERE ticket = $1", .text(ticket)
        ) { ($0.text(0), $0.text(1)) }
    }

    // MARK: Calls on the display

    static func addCall(_ ticket: Ticket, now: Instant, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO onestop_hall_calls (hall, day, ticket_number, counter, time) VALUES ($1, $2, $3, $4, $5)
            """, .text(ticket.hall), .text(ticket.day.description), .text(ticket.number),
            SQLValue(ticket.counter), SQLValue(now))
    }

    /// The newest calls of the day, newest first: of each ticket the last one, and none of a ticket that is back in line.
    static func calls(_ connection: any Connection, hall: String, day: CivilDate, limit: Int) throws
        -> [(number: String, counter: Int, time: Instant)]
    {
        try connection.query(
            """
            SELECT calls.ticket_number, calls.counter, calls.time FROM onestop_hall_calls AS calls
            JOIN onestop_hall_tickets AS tickets
                ON tickets.hall = calls.hall AND tickets.day = calls.day AND tickets.number = calls.ticket_number
            WHERE calls.hall = $1 AND calls.day = $2 AND tickets.state <> 1 AND NOT EXISTS (
                SELECT 1 FROM onestop_hall_calls AS later
                WHERE later.hall = calls.hall AND later.day = calls.day AND later.sequence > calls.sequence
                    AND later.ticket_number = calls.ticket_number)
            ORDER BY calls.sequence DESC LIMIT $3
            """, .text(hall), .text(day.description), SQLValue(limit)
        ) { ($0.text(0), $0.int(1), $0.instant(2)) }
    }
}
