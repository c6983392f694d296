import Kernel
import Platform
import Storage

/// All SQL about appointments.
enum AppointmentStore {
    static let schema: String = """
        CREATE TABLE onestop_hall_appointments (
            id TEXT PRIMARY KEY NOT NULL,
            hall TEXT NOT NULL,
            group_id TEXT NOT NULL,
            resident TEXT,
            start_time INTEGER NOT NULL,
            end_time INTEGER NOT NULL,
            item TEXT NOT NULL,
            item_text TEXT NOT NULL,
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
            create_time INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX onestop_hall_appointments_resident ON onestop_hall_appointments (resident, start_time)
            WHERE resident IS NOT NULL;
        CREATE INDEX onestop_hall_appointments_booked ON onestop_hall_appointments (end_time) WHERE state = 1;

        CREATE TABLE onestop_hall_slots (
            hall TEXT NOT NULL,
            group_id TEXT NOT NULL,
            start_time INTEGER NOT NULL,
            taken INTEGER NOT NULL CHECK (taken >= 0),
            PRIMARY KEY (hall, group_id, start_time)
        ) STRICT;
        """

    private static let columns: String = """
        id, hall, group_id, resident, start_time, end_time, item, item_text, state, create_time, version
        """

    private static func appointment(_ row: Row) -> Appointment {
        guard let state = AppointmentState(rawValue: row.int(8)) else {
            preconditionFailure("the schema lets no other state in")
        }
        return Appointment(
            id: row.text(0), hall: row.text(1), group: row.text(2), resident: row.textOrNil(3),
            start: row.instant(4), end: row.instant(5), item: row.text(6), itemText: row.text(7),
            state: state, createTime: row.instant(9), version: row.integer(10))
    }

    /// Takes a place of a time; false if all are taken. The store itself guards the capacity.
    static func takePlace(
        _ connection: any Connection, hall: String, group: String, start: Instant, capacity: Int
    ) throws -> Bool {
        guard capacity > 0 else { return false }
        return try connection.execute(
            """
            INSERT INTO onestop_hall_slots (hall, group_id, start_time, taken) VALUES ($1, $2, $3, 1)
            ON CONFLICT (hall, group_id, start_time) DO UPDATE SET taken = onestop_hall_slots.taken + 1
                WHERE onestop_hall_slots.taken < $4
            """, .text(hall), .text(group), SQLValue(start), SQLValue(capacity)) == 1
    }

    static func givePlaceBack(_ appointment: Appointment, _ connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE onestop_hall_slots SET taken = taken - 1
            WHERE hall = $1 AND group_id = $2 AND start_time = $3 AND taken > 0
            """, .text(appointment.hall), .text(appointment.group), SQLValue(appointment.start))
    }

    /// Places that are taken, by beginning.
    static func taken(
        _ connection: any Connection, hall: String, group: String, from: Instant, to: Instant
    ) throws -> [Instant: Int] {
        let rows: [(Instant, Int)] = try connection.query(
            """
            SELECT start_time, taken FROM onestop_hall_slots
            WHERE hall = $1 AND group_id = $2 AND start_time BETWEEN $3 AND $4
            """, .text(hall), .text(group), SQLValue(from), SQLValue(to)
        ) { ($0.instant(0), $0.int(1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    static func insert(_ appointment: Appointment, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO onestop_hall_appointments (\(columns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            .text(appointment.id), .text(appointment.hall), .text(appointment.group),
            SQLValue(appointment.resident), SQLValue(appointment.start), SQLValue(appointment.end),
            .text(appointment.item), .text(appointment.itemText), SQLValue(appointment.state.rawValue),
            SQLValue(appointment.createTime), .integer(appointment.version))
    }

    /// Writes the state, guarded by the version that was read.
    static func update(_ appointment: Appointment, _ connection: any Connection) throws {
        let changed: Int = try connection.execute(
            "UPDATE onestop_hall_appointments SET state = $3, version = version + 1 WHERE id = $1 AND version = $2",
            .text(appointment.id), .integer(appointment.version), SQLValue(appointment.state.rawValue))
        guard changed == 1 else { throw Refusal.conflict() }
    }

    static func find(_ connection: any Connection, id: String) throws -> Appointment? {
        try connection.first(
            "SELECT \(columns) FROM onestop_hall_appointments WHERE id = $1", .text(id), row: appointment)
    }

    /// Booked ones of a resident, in order of time.
    static func booked(_ connection: any Connection, resident: String) throws -> [Appointment] {
        try connection.query(
            """
            SELECT \(columns) FROM onestop_hall_appointments WHERE resident = $1 AND state = 1
            ORDER BY start_time, id LIMIT 100
            """, .text(resident), row: appointment)
    }

    /// In order of time; those that are over only on request, and then newest first.
    static func list(
        _ connection: any Connection, resident: String, past: Bool, now: Instant, after: [String]?, limit: Int
    ) throws -> [Appointment] {
        let start: Int64 = after.flatMap { Int64($0[0]) } ?? (past ? Int64.max : Int64.min)
        let id: String = after?[1] ?? ""
        return past
            ? try connection.query(
                """
                SELECT \(columns) FROM onestop_hall_appointments
                WHERE resident = $1 AND (start_time < $2 OR start_time = $2 AND id < $3)
                ORDER BY start_time DESC, id DESC LIMIT $4
                """, .text(resident), .integer(start), .text(id), SQLValue(limit), row: appointment)
            : try connection.query(
                """
                SELECT \(columns) FROM onestop_hall_appointments
                WHERE resident = $1 AND state IN (1, 2) AND end_time >= $5
                    AND (start_time > $2 OR start_time = $2 AND id > $3)
                ORDER BY start_time, id LIMIT $4
                """, .text(resident), .integer(start), .text(id), SQLValue(limit), SQLValue(now),
                row: appointment)
    }

    /// Marks those whose time is over as missed; returns how many.
    static func markMissed(_ connection: any Connection, now: Instant) throws -> Int {
        try connection.execute(
            "UPDATE onestop_hall_appointments SET state = 4, version = version + 1 WHERE state = 1 AND end_time < $1",
            SQLValue(now))
    }
}
