import Kernel
import Platform
import Storage

/// An answer that the store holds already.
struct KnownAnswer: Sendable, Equatable {
    /// As its kind writes it.
    var value: String
    var kind: FormQuestion.Kind
    /// Where it comes from, in words.
    var origin: BilingualText
}

enum KnownAnswerLimits {
    /// Names that are kept of one person; those not given for longest go first.
    static let perPerson: Int = 100
    /// Days after which an answer that was not given again is forgotten: two years.
    static let retentionDays: Int64 = 730
}

/// Answers that residents gave in earlier applications, by the name under which forms share them. Sealed; offered to the
/// same person only, and forgotten in time or when the person asks for it.
struct KnownAnswers: Sendable {
    static let schema: String = """
        CREATE TABLE onestop_known_answers (
            id TEXT PRIMARY KEY NOT NULL,
            resident TEXT NOT NULL,
            known_as TEXT NOT NULL,
            kind INTEGER NOT NULL,
            value BLOB NOT NULL,
            item_text TEXT NOT NULL,
            time INTEGER NOT NULL,
            UNIQUE (resident, known_as)
        ) STRICT;
        CREATE INDEX onestop_known_answers_time ON onestop_known_answers (time);
        """
    static let sealed: SealedColumns = SealedColumns("onestop_known_answers", "value")

    let keyring: Keyring

    private static func context(_ id: String) -> String { "onestop_known_answers.value/\(id)" }

    /// What a person gave, by name; nothing that is too old.
    func all(of resident: String, now: Instant, _ connection: any Connection) throws -> [String: KnownAnswer]
    {
        let rows: [(id: String, key: String, kind: Int, value: [UInt8], item: String, time: Instant)] =
            try connection.query(
                """
                SELECT id, known_as, kind, value, item_text, time FROM onestop_known_answers
                WHERE resident = $1 AND time > $2
                """, .text(resident), SQLValue(now.adding(days: -KnownAnswerLimits.retentionDays))
            ) { ($0.text(0), $0.text(1), $0.int(2), $0.blob(3), $0.text(4), $0.instant(5)) }
        var found: [String: KnownAnswer] = [:]
        for row in rows {
            guard let kind = FormQuestion.Kind(rawValue: row.kind) else { continue }
            found[row.key] = KnownAnswer(
                value: try keyring.open(row.value, context: KnownAnswers.context(row.id)), kind: kind,
                origin: FormTexts.origin(item: row.item, row.time.shanghaiDate))
        }
        return found
    }

    /// Keeps an answer under its name, in place of an older one.
    func keep(
        _ value: String, as key: String, kind: FormQuestion.Kind, of resident: String, itemText: String,
        _ unit: UnitOfWork
    ) throws {
        // Every answer that comes in sweeps out what is too old, of everybody.
        try KnownAnswers.sweep(unit)
        let id: String = unit.newID()
        try unit.connection.execute(
            "DELETE FROM onestop_known_answers WHERE resident = $1 AND known_as = $2", .text(resident),
            .text(key))
        try unit.connection.execute(
            """
            INSERT INTO onestop_known_answers (id, resident, known_as, kind, value, item_text, time)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            .text(id), .text(resident), .text(key), SQLValue(kind.rawValue),
            .blob(try keyring.seal(value, context: KnownAnswers.context(id))), .text(itemText),
            SQLValue(unit.now))
        try unit.connection.execute(
            """
            DELETE FROM onestop_known_answers WHERE resident = $1 AND id NOT IN (
                SELECT id FROM onestop_known_answers WHERE resident = $1
                ORDER BY id DESC LIMIT \(KnownAnswerLimits.perPerson))
            """, .text(resident))
    }

    /// Forgets all that a person gave; returns how many answers that were.
    @discardableResult
    static func forget(of resident: String, _ connection: any Connection) throws -> Int {
        try connection.execute("DELETE FROM onestop_known_answers WHERE resident = $1", .text(resident))
    }

    /// Forgets what was not given again for too long; returns how many answers that were.
    @discardableResult
    static func sweep(_ unit: UnitOfWork) throws -> Int {
        try unit.connection.execute(
            "DELETE FROM onestop_known_answers WHERE time <= $1",
            SQLValue(unit.now.adding(days: -KnownAnswerLimits.retentionDays)))
    }
}
