import Kernel
import Storage

/// All SQL of cases. Values are bound, never spliced; every query that answers a member of staff takes a `CaseScope`.
package enum CaseStore {
    static let columns: String = """
        c.id, c.number, c.version, c.workflow_version, c.state, c.state_since, c.category, c.standard_code,
        c.description, c.grid_code, c.org_path, c.grid_text, c.place, c.latitude, c.longitude, c.synthetic,
        c.channel, c.reporter, c.reporter_contact, c.creator, c.assignee_code, c.assignee_text, c.assignee_path,
        c.main_case, c.facts, c.clock_start, c.step_start, c.extensions, c.due_time, c.yellow_time, c.red_time,
        c.provisional, c.create_time, c.update_time,
        (SELECT count(*) FROM grassroots_case f WHERE f.main_case = c.number)
        """

    /// The next serial of a day, from 1. Two callers never get the same: the row is locked until the write ends.
    static func nextSerial(day: String, _ connection: any Connection) throws -> Int {
        let serial: Int? = try connection.first(
            """
            INSERT INTO grassroots_case_serial (day, last) VALUES ($1, 1)
            ON CONFLICT (day) DO UPDATE SET last = grassroots_case_serial.last + 1 RETURNING last
            """, .text(day)
        ) { $0.int(0) }
        guard let serial else { throw Refusal.internalError(reason: "CASE_SERIAL_MISSING") }
        return serial
    }

    /// Stores a new case and gives it its id.
    static func insert(_ record: CaseRecord, _ connection: any Connection) throws -> CaseRecord {
        var values: [(String, SQLValue)] = [
            ("number", .text(record.number)), ("description", .text(record.description)),
            ("grid_code", .text(record.place.gridCode)), ("org_path", .text(record.place.path)),
            ("grid_text", .text(record.place.gridText)), ("place", .text(record.place.words)),
            ("latitude", SQLValue(record.place.latitude)), ("longitude", SQLValue(record.place.longitude)),
            ("synthetic", SQLValue(record.place.isSynthetic)), ("channel", .text(record.channel.rawValue)),
            ("reporter", SQLValue(record.reporter.resident)),
            ("reporter_contact", SQLValue(record.reporter.contact)), ("creator", .text(record.creator)),
            ("workflow_version", SQLValue(record.workflowVersion)),
            ("create_time", SQLValue(record.createTime)),
        ]
        values += changing(record)
        let names: String = values.map(\.0).joined(separator: ", ")
        let marks: String = values.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        var stored: CaseRecord = record
        let id: Int64? = try connection.first(
            "INSERT INTO grassroots_case (\(names)) VALUES (\(marks)) RETURNING id", values: values.map(\.1)
        ) { $0.integer(0) }
        guard let id else { throw Refusal.internalError(reason: "CASE_NOT_STORED") }
        stored.id = id
        return stored
    }

    /// Stores a change. `record` has the new version; the row must still have the one before it.
    ///
    /// - Throws: `CHANGED_MEANWHILE` if somebody else was faster.
    static func update(_ record: CaseRecord, _ connection: any Connection) throws {
        let values: [(String, SQLValue)] = changing(record)
        let assignments: String = values.enumerated().map { "\($1.0) = $\($0 + 3)" }.joined(separator: ", ")
        let changed: Int = try connection.execute(
            "UPDATE grassroots_case SET \(assignments) WHERE id = $1 AND version = $2",
            values: [SQLValue(record.id), SQLValue(record.version - 1)] + values.map(\.1))
        guard changed == 1 else { throw Refusal.conflict(metadata: ["case": record.name]) }
    }

    /// One case by its canonical number, whoever asks; for ports that check ownership themselves, and for guards.
    static func find(_ number: String, _ connection: any Connection) throws -> CaseRecord? {
        let record: CaseRecord? = try connection.first(
            "SELECT \(columns) FROM grassroots_case c WHERE c.number = $1", .text(number), row: record)
        return try record.map { try withPauses($0, connection) }
    }

    /// One case inside the scope.
    static func find(_ number: String, in scope: CaseScope, _ connection: any Connection) throws
        -> CaseRecord?
    {
        let (condition, values): (String, [SQLValue]) = scope.sql(firstIndex: 2)
        let record: CaseRecord? = try connection.first(
            "SELECT \(columns) FROM grassroots_case c WHERE c.number = $1 AND (\(condition))",
            values: [.text(number)] + values, row: record)
        return try record.map { try withPauses($0, connection) }
    }

    /// Cases inside the scope, newest first.
    static func list(
        _ filter: CaseFilter, in scope: CaseScope, before id: Int64?, limit: Int, _ connection: any Connection
    ) throws -> [CaseRecord] {
        let (sql, values): (String, [SQLValue]) = listStatement(filter, in: scope, before: id, limit: limit)
        return try connection.query(sql, values: values, row: record)
            .map { try withPauses($0, connection) }
    }

    /// The statement of `list`, apart so that its plan can be tested.
    static func listStatement(
        _ filter: CaseFilter, in scope: CaseScope, before id: Int64?, limit: Int, waiting: CaseWaiting? = nil
    ) -> (String, [SQLValue]) {
        var (condition, values): (String, [SQLValue]) = scope.sql(firstIndex: 1)
        if let waiting {
            let (sql, more): (String, [SQLValue]) = waiting.sql(firstIndex: values.count + 1)
            condition += " AND \(sql)"
            values += more
        }
        func add(_ text: String, _ value: SQLValue) {
            values.append(value)
            condition += " AND " + text.replacing("?", with: "$\(values.count)")
        }
        if !filter.states.isEmpty {
            let first: Int = values.count + 1
            values += filter.states.map { .text($0.rawValue) }
            condition +=
                " AND c.state IN (\((first...values.count).map { "$\($0)" }.joined(separator: ", ")))"
        }
        if let path = filter.placePath {
            add("c.org_path >= ?", .text(path))
            add("c.org_path < ?", .text(CaseScope.end(of: path)))
        }
        if let assignee = filter.assignee { add("c.assignee_code = ?", .text(assignee)) }
        if let category = filter.category { add("c.category = ?", .text(category)) }
        if let moment = filter.overdueAt {
            // A clock that stands still is not overdue, however long it has stood.
            add("c.state <> 'suspended' AND c.red_time <= ?", SQLValue(moment))
        }
        if !filter.words.isEmpty { add("c.description LIKE ? ESCAPE '\\'", .text(contains(filter.words))) }
        if let id { add("c.id < ?", SQLValue(id)) }
        values.append(SQLValue(limit))
        return (
            """
            SELECT \(columns) FROM grassroots_case c WHERE \(condition)
            ORDER BY c.id DESC LIMIT $\(values.count)
            """, values
        )
    }

    /// The cases of a reporter, newest first.
    static func list(
        reporter: String, openOnly: Bool, before id: Int64?, limit: Int, _ connection: any Connection
    ) throws -> [CaseRecord] {
        let open: String = openOnly ? "AND c.state NOT IN ('archived', 'declined')" : ""
        return try connection.query(
            """
            SELECT \(columns) FROM grassroots_case c
            WHERE c.reporter = $1 AND c.id < $2 \(open) ORDER BY c.id DESC LIMIT $3
            """, .text(reporter), SQLValue(id ?? Int64.max), SQLValue(limit), row: record
        ).map { try withPauses($0, connection) }
    }

    /// The cases that follow a main case.
    static func followers(of main: String, _ connection: any Connection) throws -> [CaseRecord] {
        try connection.query(
            "SELECT \(columns) FROM grassroots_case c WHERE c.main_case = $1 ORDER BY c.id", .text(main),
            row: record)
    }

    /// Points the followers of one main case to another; they are answered with that one from now on.
    static func repoint(from main: String, to other: String, _ connection: any Connection) throws {
        try connection.execute(
            "UPDATE grassroots_case SET main_case = $2, version = version + 1 WHERE main_case = $1",
            .text(main), .text(other))
    }

    /// A pattern that finds `words` anywhere, with the wildcards in it taken as they are.
    static func contains(_ words: String) -> String {
        var pattern: String = "%"
        for character in words {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}

/// What to list. Empty and nil mean all.
struct CaseFilter: Sendable, Equatable {
    var states: [CaseState] = []
    var placePath: String?
    var assignee: String?
    var category: String?
    /// Only those that show a red card at this time.
    var overdueAt: Instant?
    var words: String = ""
}
