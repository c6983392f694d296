import FoundationEssentials
import Kernel
import Platform
import Storage

/// All SQL of applications. Answers are sealed and read only where they are shown.
struct ApplicationStore: Sendable {
    static let columns: String = """
        a.id, a.number, a.version, a.workflow_version, a.state, a.state_since, a.item_id, a.item_revision, a.item_text,
        a.promised_limit, a.statutory_limit, a.department_code, a.department_path, a.department_text, a.place_path,
        a.applicant, a.applicant_text, a.agent, a.agent_text, a.mandate, a.facts, a.details, a.clock_start,
        a.step_start, a.due_time, a.yellow_time, a.red_time, a.fee_number, a.fee_fen, a.fee_paid_time, a.certificate,
        a.bundle_case, a.ticket, a.synthetic, a.create_time, a.update_time, a.form_version
        """
    /// The condition of the index over what is open; written in each query that is to use it.
    static let isOpen: String = "a.state NOT IN ('archived', 'rejected', 'withdrawn')"
    private static func context(_ number: String) -> String { "onestop_applications.answers/\(number)" }

    let keyring: Keyring

    // MARK: Numbers

    /// The next number of the day; the row is locked until the write ends.
    static func nextNumber(_ kind: CheckedNumber.Kind, _ unit: UnitOfWork) throws -> String {
        let day: CivilDate = unit.now.shanghaiDate
        let last: Int =
            try unit.connection.first(
                """
                INSERT INTO onestop_application_counters (kind, day, last) VALUES ($1, $2, 1)
                ON CONFLICT (kind, day) DO UPDATE SET last = onestop_application_counters.last + 1 RETURNING last
                """, .text(kind.prefix), .text(day.description)
            ) { $0.int(0) } ?? 0
        guard CheckedNumber.sequences.contains(last) else { throw ApplicationTexts.dayIsFull }
        return CheckedNumber(kind: kind, date: day, sequence: last).description
    }

    // MARK: Writing

    /// Stores a new application with its answers and gives it its id.
    func insert(
        _ record: ApplicationRecord, answers: [KeptAnswer], hash: [UInt8], _ connection: any Connection
    ) throws -> ApplicationRecord {
        let values: [(String, SQLValue)] =
            [
                ("number", .text(record.number)), ("workflow_version", SQLValue(record.workflowVersion)),
                ("item_id", .text(record.itemID)), ("item_revision", SQLValue(record.itemRevision)),
                ("form_version", SQLValue(record.formVersion)), ("item_text", .text(record.itemText)),
                ("promised_limit", .text(record.promised.stored)),
                ("statutory_limit", .text(record.statutory.stored)),
                ("department_code", .text(record.department.code)),
                ("department_path", .text(record.department.path)),
                ("department_text", .text(record.department.text)),
                ("place_path", .text(record.placePath)), ("applicant", .text(record.applicant)),
                ("applicant_text", .text(record.applicantText)), ("agent", SQLValue(record.agent)),
                ("agent_text", .text(record.agentText)), ("mandate", .text(record.mandate)),
                ("bundle_case", .text(record.bundleCase)), ("ticket", .text(record.ticket)),
                ("answers", .blob(try seal(answers, record.number))), ("answers_hash", .blob(hash)),
                ("synthetic", SQLValue(record.synthetic)), ("create_time", SQLValue(record.createTime)),
            ] + (try Self.changing(record))
        let names: String = values.map(\.0).joined(separator: ", ")
        let marks: String = values.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let id: Int64? = try connection.first(
            "INSERT INTO onestop_applications (\(names)) VALUES (\(marks)) RETURNING id",
            values: values.map(\.1)
        ) { $0.integer(0) }
        guard let id else { throw Refusal.internalError(reason: "APPLICATION_NOT_STORED") }
        var stored: ApplicationRecord = record
        stored.id = id
        return stored
    }

    /// Stores a change. `record` has the new version; the row must still have the one before it.
    static func update(_ record: ApplicationRecord, _ connection: any Connection) throws {
        let values: [(String, SQLValue)] = try changing(record)
        let assignments: String = values.enumerated().map { "\($1.0) = $\($0 + 3)" }.joined(separator: ", ")
        let changed: Int = try connection.execute(
            "UPDATE onestop_applications SET \(assignments) WHERE id = $1 AND version = $2",
            values: [SQLValue(record.id), SQLValue(record.version - 1)] + values.map(\.1))
        guard changed == 1 else { throw Refusal.conflict(metadata: ["application": record.name]) }
    }

    /// Replaces the answers, as a supplement does.
    func setAnswers(_ answers: [KeptAnswer], of record: ApplicationRecord, _ connection: any Connection)
        throws
    {
        try connection.execute(
            "UPDATE onestop_applications SET answers = $2 WHERE id = $1", SQLValue(record.id),
            .blob(try seal(answers, record.number)))
    }

    private static func changing(_ record: ApplicationRecord) throws -> [(String, SQLValue)] {
        [
            ("version", SQLValue(record.version)), ("state", .text(record.state.rawValue)),
            ("state_since", SQLValue(record.stateSince)), ("facts", .text(try json(record.facts))),
            ("details", .text(try json(record.details))), ("clock_start", SQLValue(record.clockStart)),
            ("step_start", SQLValue(record.stepStart)), ("due_time", SQLValue(record.due?.due)),
            ("yellow_time", SQLValue(record.due?.yellow)), ("red_time", SQLValue(record.due?.red)),
            ("fee_number", SQLValue(record.fee?.number)), ("fee_fen", SQLValue(record.fee?.amountFen ?? 0)),
            ("fee_paid_time", SQLValue(record.fee?.paidTime)), ("certificate", .text(record.certificate)),
            ("update_time", SQLValue(record.updateTime)),
        ]
    }

    private func seal(_ answers: [KeptAnswer], _ number: String) throws -> [UInt8] {
        try keyring.seal(Self.json(answers), context: Self.context(number))
    }

    private static func json<T: Encodable>(_ value: T) throws -> String {
        let encoder: JSONEncoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func value<T: Decodable>(_ text: String) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(text.utf8))
    }

    // MARK: Reading

    /// One application by its canonical number, whoever asks; callers check who may see it.
    static func find(_ number: String, _ connection: any Connection) throws -> ApplicationRecord? {
        try connection.first(
            "SELECT \(columns) FROM onestop_applications a WHERE a.number = $1", .text(number), row: record)
    }

    static func find(id: Int64, _ connection: any Connection) throws -> ApplicationRecord? {
        try connection.first(
            "SELECT \(columns) FROM onestop_applications a WHERE a.id = $1", SQLValue(id), row: record)
    }

    /// The application that a voucher belongs to.
    static func find(voucher: String, _ connection: any Connection) throws -> ApplicationRecord? {
        try connection.first(
            "SELECT \(columns) FROM onestop_applications a WHERE a.fee_number = $1", .text(voucher),
            row: record)
    }

    func answers(of record: ApplicationRecord, _ connection: any Connection) throws -> [KeptAnswer] {
        let sealed: [UInt8]? = try connection.first(
            "SELECT answers FROM onestop_applications WHERE id = $1", SQLValue(record.id)
        ) { $0.blob(0) }
        guard let sealed else { return [] }
        return try Self.value(keyring.open(sealed, context: Self.context(record.number)))
    }

    /// The number of an application with the same hash of answers that was made after `since` and still counts.
    static func repeated(_ hash: [UInt8], since: Instant, _ connection: any Connection) throws -> String? {
        try connection.first(
            """
            SELECT number FROM onestop_applications
            WHERE answers_hash = $1 AND create_time > $2 AND state NOT IN ('withdrawn', 'rejected')
            ORDER BY id LIMIT 1
            """, .blob(hash), SQLValue(since)
        ) { $0.text(0) }
    }

    /// The parts of a bundle case, in the order in which they were made.
    static func parts(of bundleCase: String, _ connection: any Connection) throws -> [ApplicationRecord] {
        try connection.query(
            "SELECT \(columns) FROM onestop_applications a WHERE a.bundle_case = $1 ORDER BY a.id",
            .text(bundleCase), row: record)
    }

    /// Applications that time alone moves at `now`: their step is over and the workflow says what follows.
    static func expired(at now: Instant, states: [String], limit: Int, _ connection: any Connection) throws
        -> [String]
    {
        guard !states.isEmpty else { return [] }
        let marks: String = states.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
        return try connection.query(
            """
            SELECT a.number FROM onestop_applications a
            WHERE \(isOpen) AND a.state IN (\(marks)) AND a.due_time < $1 ORDER BY a.due_time LIMIT $2
            """, values: [SQLValue(now), SQLValue(limit)] + states.map { .text($0) }
        ) { $0.text(0) }
    }

    /// Delivered applications that somebody has rated, with the grade.
    static func rated(limit: Int, _ connection: any Connection) throws -> [(number: String, grade: Int)] {
        try connection.query(
            """
            SELECT a.number, r.grade FROM onestop_applications a
            JOIN onestop_rating_ratings r ON r.subject = 'applications/' || a.number
            WHERE \(isOpen) AND a.state = 'delivered' ORDER BY a.id LIMIT $1
            """, SQLValue(limit)
        ) { ($0.text(0), $0.int(1)) }
    }

    static func record(_ row: Row) throws -> ApplicationRecord {
        guard let state = ApplicationState(rawValue: row.text(4)) else {
            throw Refusal.internalError(reason: "APPLICATION_ROW_UNKNOWN_VALUE")
        }
        let details: ApplicationDetails = try value(row.text(21))
        let due: ApplicationDue? = row.instantOrNil(24).map {
            ApplicationDue(due: $0, yellow: row.instant(25), red: row.instant(26))
        }
        let fee: ApplicationFee? = row.textOrNil(27).map {
            ApplicationFee(
                number: $0, amountFen: row.integer(28), label: details.feeLabel,
                paidTime: row.instantOrNil(29))
        }
        return ApplicationRecord(
            id: row.integer(0), number: row.text(1), version: row.integer(2), workflowVersion: row.int(3),
            state: state, stateSince: row.instant(5), itemID: row.text(6), itemRevision: row.int(7),
            formVersion: row.intOrNil(36), itemText: row.text(8), promised: ItemLimit(stored: row.text(9)),
            statutory: ItemLimit(stored: row.text(10)),
            department: ApplicationDepartment(code: row.text(11), path: row.text(12), text: row.text(13)),
            placePath: row.text(14), applicant: row.text(15), applicantText: row.text(16),
            agent: row.textOrNil(17), agentText: row.text(18), mandate: row.text(19),
            facts: try value(row.text(20)), details: details, clockStart: row.instantOrNil(22),
            stepStart: row.instant(23), due: due, fee: fee, certificate: row.text(30),
            bundleCase: row.text(31), ticket: row.text(32), synthetic: row.bool(33),
            createTime: row.instant(34), updateTime: row.instant(35))
    }
}
