import Kernel
import Storage

extension CaseStore {
    private static let eventColumns: String = """
        e.sequence, c.number, e.action, e.from_state, e.to_state, e.text_zh, e.text_en, e.note, e.note_public,
        e.actor, e.actor_text, e.time
        """

    /// Appends a line to the timeline, with its photos. Lines are never changed and never deleted.
    @discardableResult
    static func append(
        _ draft: CaseEventDraft, to record: CaseRecord, actor: String, actorText: String, time: Instant,
        _ connection: any Connection
    ) throws -> Int64 {
        let sequence: Int64? = try connection.first(
            """
            INSERT INTO grassroots_case_event
                (case_id, action, from_state, to_state, text_zh, text_en, note, note_public, actor, actor_text, time)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING sequence
            """, SQLValue(record.id), .text(draft.action), SQLValue(draft.from?.rawValue),
            .text(draft.to.rawValue), .text(draft.zh), .text(draft.en), .text(draft.note),
            SQLValue(draft.isNotePublic), .text(actor), .text(actorText), SQLValue(time)
        ) { $0.integer(0) }
        guard let sequence else { throw Refusal.internalError(reason: "CASE_EVENT_NOT_STORED") }
        for file in draft.photos {
            try connection.execute(
                """
                INSERT INTO grassroots_case_photo (case_id, position, file, event_sequence)
                SELECT $1, 1 + count(*), $2, $3 FROM grassroots_case_photo WHERE case_id = $1
                """, SQLValue(record.id), .text(file), SQLValue(sequence))
        }
        return sequence
    }

    /// The timeline of one case, oldest first, after a sequence.
    static func events(
        of caseID: Int64, after sequence: Int64, limit: Int, _ connection: any Connection
    ) throws -> [CaseEventRecord] {
        try connection.query(
            """
            SELECT \(eventColumns) FROM grassroots_case_event e JOIN grassroots_case c ON c.id = e.case_id
            WHERE e.case_id = $1 AND e.sequence > $2 ORDER BY e.sequence LIMIT $3
            """, SQLValue(caseID), SQLValue(sequence), SQLValue(limit), row: event
        ).map { try withPhotos($0, connection) }
    }

    /// The newest lines of one case, oldest first.
    static func newestEvents(
        of caseID: Int64, limit: Int, _ connection: any Connection
    ) throws -> [CaseEventRecord] {
        try connection.query(
            """
            SELECT \(eventColumns) FROM grassroots_case_event e JOIN grassroots_case c ON c.id = e.case_id
            WHERE e.case_id = $1 ORDER BY e.sequence DESC LIMIT $2
            """, SQLValue(caseID), SQLValue(limit), row: event
        ).reversed()
    }

    /// What happened to cases inside the scope, oldest first, after a sequence.
    static func events(
        in scope: CaseScope, after sequence: Int64, limit: Int, _ connection: any Connection
    ) throws -> [CaseEventRecord] {
        let (condition, values): (String, [SQLValue]) = scope.sql(firstIndex: 3)
        return try connection.query(
            """
            SELECT \(eventColumns) FROM grassroots_case_event e JOIN grassroots_case c ON c.id = e.case_id
            WHERE e.sequence > $1 AND (\(condition)) ORDER BY e.sequence LIMIT $2
            """, values: [SQLValue(sequence), SQLValue(limit)] + values, row: event
        ).map { try withPhotos($0, connection) }
    }

    /// The newest sequence; 0 before the first event.
    static func lastSequence(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT coalesce(max(sequence), 0) FROM grassroots_case_event") { $0.integer(0) }
            ?? 0
    }

    /// The newest sequence of one case.
    static func lastSequence(of caseID: Int64, _ connection: any Connection) throws -> Int64 {
        try connection.first(
            "SELECT coalesce(max(sequence), 0) FROM grassroots_case_event WHERE case_id = $1",
            SQLValue(caseID)
        ) { $0.integer(0) } ?? 0
    }

    /// All photos of a case in the order in which they came.
    static func photos(of caseID: Int64, _ connection: any Connection) throws -> [String] {
        try connection.query(
            "SELECT file FROM grassroots_case_photo WHERE case_id = $1 ORDER BY position", SQLValue(caseID)
        ) { $0.text(0) }
    }

    /// Remembers that this member of staff worked on the case, so that the same person never verifies it.
    static func addWorker(_ staff: String, to caseID: Int64, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO grassroots_case_worker (case_id, staff) VALUES ($1, $2)
            ON CONFLICT (case_id, staff) DO NOTHING
            """, SQLValue(caseID), .text(staff))
    }

    /// Whether this member of staff ever worked on the case.
    static func isWorker(_ staff: String, of caseID: Int64, _ connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM grassroots_case_worker WHERE case_id = $1 AND staff = $2", SQLValue(caseID),
            .text(staff)
        ) { _ in true } ?? false
    }

    private static func event(_ row: Row) throws -> CaseEventRecord {
        guard let to = CaseState(rawValue: row.text(4)) else {
            throw Refusal.internalError(reason: "CASE_ROW_UNKNOWN_VALUE")
        }
        return CaseEventRecord(
            sequence: row.integer(0), caseNumber: row.text(1),
            draft: CaseEventDraft(
                action: row.text(2), from: row.textOrNil(3).flatMap(CaseState.init(rawValue:)), to: to,
                zh: row.text(5), en: row.text(6), note: row.text(7), isNotePublic: row.bool(8)),
            actor: row.text(9), actorText: row.text(10), time: row.instant(11))
    }

    private static func withPhotos(
        _ event: CaseEventRecord, _ connection: any Connection
    ) throws -> CaseEventRecord {
        var event: CaseEventRecord = event
        event.draft.photos = try connection.query(
            "SELECT file FROM grassroots_case_photo WHERE event_sequence = $1 ORDER BY position",
            SQLValue(event.sequence)
        ) { $0.text(0) }
        return event
    }
}
