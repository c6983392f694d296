import Foundation
import Kernel
import Platform
import Storage

extension CaseStore {
    /// The columns that a change may touch, with their values.
    static func changing(_ record: CaseRecord) -> [(String, SQLValue)] {
        [
            ("version", SQLValue(record.version)), ("state", .text(record.state.rawValue)),
            ("state_since", SQLValue(record.stateSince)), ("category", .text(record.category)),
            ("standard_code", .text(record.standardCode)),
            ("assignee_code", SQLValue(record.assignee?.code)),
            ("assignee_text", SQLValue(record.assignee?.text)),
            ("assignee_path", SQLValue(record.assigneePath)), ("main_case", SQLValue(record.mainCase)),
            ("facts", .text(facts(record.facts))),
            ("clock_start", SQLValue(record.clockStart)), ("step_start", SQLValue(record.stepStart)),
            ("extensions", .text(record.extensions.map(\.description).joined(separator: ","))),
            ("due_time", SQLValue(record.deadline?.due)), ("yellow_time", SQLValue(record.deadline?.yellow)),
            ("red_time", SQLValue(record.deadline?.red)),
            ("provisional", SQLValue(record.deadline?.isProvisional ?? false)),
            ("update_time", SQLValue(record.updateTime)),
        ]
    }

    /// A row of `columns`.
    static func record(_ row: Row) throws -> CaseRecord {
        guard let state = CaseState(rawValue: row.text(4)), let channel = CaseChannel(rawValue: row.text(16))
        else { throw Refusal.internalError(reason: "CASE_ROW_UNKNOWN_VALUE") }
        var record: CaseRecord = CaseRecord(
            number: row.text(1), workflowVersion: row.int(3), state: state, stateSince: row.instant(5),
            category: row.text(6), standardCode: row.text(7), description: row.text(8),
            place: CasePlace(
                gridCode: row.text(9), path: row.text(10), gridText: row.text(11), words: row.text(12),
                latitude: row.realOrNil(13), longitude: row.realOrNil(14), isSynthetic: row.bool(15)),
            channel: channel,
            reporter: CaseReporter(resident: row.textOrNil(17), contact: row.blobOrNil(18)),
            creator: row.text(19), clockStart: row.instantOrNil(25), stepStart: row.instant(26),
            createTime: row.instant(32), updateTime: row.instant(33))
        record.id = row.integer(0)
        record.version = row.integer(2)
        record.assignee = body(row, 20)
        record.assigneePath = row.textOrNil(22)
        record.mainCase = row.textOrNil(23)
        record.facts = try facts(row.text(24))
        record.extensions = row.text(27).split(separator: ",").compactMap { TimeLimit(String($0)) }
        if let due = row.instantOrNil(28), let yellow = row.instantOrNil(29), let red = row.instantOrNil(30) {
            record.deadline = CaseDeadline(due: due, yellow: yellow, red: red, isProvisional: row.bool(31))
        }
        record.followerCount = row.int(34)
        return record
    }

    /// Facts as JSON with sorted keys, so that equal facts are equal texts.
    private static func facts(_ facts: [String: WorkflowValue]) -> String {
        let encoder: JSONEncoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(facts), as: UTF8.self)
        } catch {
            preconditionFailure("facts are texts, numbers and lists, which JSON holds: \(error)")
        }
    }

    private static func facts(_ text: String) throws -> [String: WorkflowValue] {
        try JSONDecoder().decode([String: WorkflowValue].self, from: Data(text.utf8))
    }

    private static func body(_ row: Row, _ column: Int) -> CaseBody? {
        guard let code = row.textOrNil(column), let text = row.textOrNil(column + 1) else { return nil }
        return CaseBody(code: code, text: text)
    }

    /// The record with its pauses, oldest first.
    static func withPauses(_ record: CaseRecord, _ connection: any Connection) throws -> CaseRecord {
        var record: CaseRecord = record
        record.pauses = try connection.query(
            """
            SELECT start_time, end_time, reason, evidence, resume_by FROM grassroots_case_pause
            WHERE case_id = $1 ORDER BY start_time
            """, SQLValue(record.id)
        ) { row in
            CasePause(
                start: row.instant(0), end: row.instantOrNil(1), reason: row.text(2), evidence: row.text(3),
                resumeBy: row.instant(4))
        }
        return record
    }

    /// Stores the pauses of a record: a new one is added, an ended one gets its end; none is ever taken away.
    static func storePauses(of record: CaseRecord, _ connection: any Connection) throws {
        for pause in record.pauses {
            try connection.execute(
                """
                INSERT INTO grassroots_case_pause (case_id, start_time, end_time, reason, evidence, resume_by)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (case_id, start_time) DO UPDATE SET end_time = excluded.end_time
                """, SQLValue(record.id), SQLValue(pause.start), SQLValue(pause.end), .text(pause.reason),
                .text(pause.evidence), SQLValue(pause.resumeBy))
        }
    }
}
