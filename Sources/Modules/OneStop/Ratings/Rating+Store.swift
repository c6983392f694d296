import Kernel
import Platform
import Storage

/// All SQL about ratings and invitations to rate. Comments are sealed: people write about themselves.
struct RatingStore {
    static let schema: String = """
        CREATE TABLE onestop_rating_ratings (
            id TEXT PRIMARY KEY NOT NULL,
            subject TEXT NOT NULL UNIQUE,
            subject_text TEXT NOT NULL,
            department TEXT NOT NULL,
            department_path TEXT NOT NULL,
            department_text TEXT NOT NULL,
            resident TEXT,
            grade INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 5),
            comment BLOB,
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
            clock_start INTEGER,
            clock_limit TEXT,
            clock_round INTEGER,
            appeal_time INTEGER,
            review_time INTEGER,
            due_time INTEGER,
            rectification TEXT NOT NULL,
            rectify_time INTEGER,
            appeal_reason TEXT NOT NULL,
            appellant TEXT NOT NULL,
            appeal_decision TEXT NOT NULL,
            confirmed INTEGER CHECK (confirmed IN (0, 1)),
            confirm_comment BLOB,
            was_late INTEGER NOT NULL CHECK (was_late IN (0, 1)),
            create_time INTEGER NOT NULL,
            update_time INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX onestop_rating_ratings_department ON onestop_rating_ratings (department, id);
        CREATE INDEX onestop_rating_ratings_resident ON onestop_rating_ratings (resident, id)
            WHERE resident IS NOT NULL;
        CREATE INDEX onestop_rating_ratings_open ON onestop_rating_ratings (state, due_time, id)
            WHERE state IN (2, 3, 4);

        CREATE TABLE onestop_rating_invitations (
            subject TEXT PRIMARY KEY NOT NULL,
            resident TEXT NOT NULL,
            subject_text TEXT NOT NULL,
            invite_time INTEGER NOT NULL,
            again_time INTEGER
        ) STRICT;
        CREATE INDEX onestop_rating_invitations_silent ON onestop_rating_invitations (invite_time)
            WHERE again_time IS NULL;
        """

    static let sealedColumns: [SealedColumns] = [
        SealedColumns("onestop_rating_ratings", "comment", "confirm_comment")
    ]

    private static let columns: String = """
        id, subject, subject_text, department, department_path, department_text, resident, grade, comment, state,
        clock_start, clock_limit, clock_round, appeal_time, review_time, due_time, rectification, rectify_time,
        appeal_reason, appellant, appeal_decision, confirmed, confirm_comment, was_late, create_time, update_time,
        version
        """

    let keyring: Keyring

    private func rating(_ row: Row) throws -> Rating {
        guard let state: RatingState = RatingState(rawValue: row.int(9)) else {
            preconditionFailure("the schema lets no other state in")
        }
        let id: String = row.text(0)
        let clock: RatingClock? = row.textOrNil(11).flatMap { TimeLimit($0) }.map { limit in
            RatingClock(
                start: row.instant(10), limit: limit, round: row.int(12), appealTime: row.instantOrNil(13),
                reviewTime: row.instantOrNil(14))
        }
        return Rating(
            id: id, subject: row.text(1), subjectText: row.text(2), departmentCode: row.text(3),
            departmentPath: row.text(4), departmentText: row.text(5), resident: row.textOrNil(6),
            grade: row.int(7), comment: try open(row.blobOrNil(8), "comment", id), state: state,
            clock: clock, rectification: row.text(16), rectifyTime: row.instantOrNil(17),
            appealReason: row.text(18), appellant: row.text(19), appealDecision: row.text(20),
            confirmed: row.boolOrNil(21),
            confirmComment: try open(row.blobOrNil(22), "confirm_comment", id), wasLate: row.bool(23),
            createTime: row.instant(24), updateTime: row.instant(25), version: row.integer(26))
    }

    private func open(_ sealed: [UInt8]?, _ column: String, _ id: String) throws -> String {
        try sealed.map { try keyring.open($0, context: "onestop_rating_ratings.\(column)/\(id)") } ?? ""
    }

    private func seal(_ text: String, _ column: String, _ id: String) throws -> SQLValue {
        text.isEmpty
            ? .null : .blob(try keyring.seal(text, context: "onestop_rating_ratings.\(column)/\(id)"))
    }

    // MARK: One rating

    /// False if the service was rated before: one rating a service, whatever happens at the same time.
    func insert(_ rating: Rating, due: Instant?, _ connection: any Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO onestop_rating_ratings (\(Self.columns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25, $26, $27)
            ON CONFLICT (subject) DO NOTHING
            """,
            .text(rating.id), .text(rating.subject), .text(rating.subjectText), .text(rating.departmentCode),
            .text(rating.departmentPath), .text(rating.departmentText), SQLValue(rating.resident),
            SQLValue(rating.grade), try seal(rating.comment, "comment", rating.id),
            SQLValue(rating.state.rawValue), SQLValue(rating.clock?.start),
            SQLValue(rating.clock?.limit.description), SQLValue(rating.clock?.round),
            SQLValue(rating.clock?.appealTime), SQLValue(rating.clock?.reviewTime), SQLValue(due),
            .text(rating.rectification), SQLValue(rating.rectifyTime), .text(rating.appealReason),
            .text(rating.appellant), .text(rating.appealDecision), SQLValue(rating.confirmed),
            try seal(rating.confirmComment, "confirm_comment", rating.id), SQLValue(rating.wasLate),
            SQLValue(rating.createTime), SQLValue(rating.updateTime), .integer(rating.version)) == 1
    }

    /// Writes what changed, guarded by the version that was read.
    func update(_ rating: Rating, due: Instant?, _ connection: any Connection) throws {
        let changed: Int = try connection.execute(
            """
            UPDATE onestop_rating_ratings
            SET state = $3, clock_start = $4, clock_limit = $5, clock_round = $6, appeal_time = $7, review_time = $8,
                due_time = $9, rectification = $10, rectify_time = $11, appeal_reason = $12, appellant = $13,
                appeal_decision = $14, confirmed = $15, confirm_comment = $16, was_late = $17, update_time = $18,
                version = version + 1
            WHERE id = $1 AND version = $2
            """,
            .text(rating.id), .integer(rating.version), SQLValue(rating.state.rawValue),
            SQLValue(rating.clock?.start), SQLValue(rating.clock?.limit.description),
            SQLValue(rating.clock?.round), SQLValue(rating.clock?.appealTime),
            SQLValue(rating.clock?.reviewTime), SQLValue(due), .text(rating.rectification),
            SQLValue(rating.rectifyTime), .text(rating.appealReason), .text(rating.appellant),
            .text(rating.appealDecision), SQLValue(rating.confirmed),
            try seal(rating.confirmComment, "confirm_comment", rating.id), SQLValue(rating.wasLate),
            SQLValue(rating.updateTime))
        guard changed == 1 else { throw Refusal.conflict() }
    }

    func find(_ connection: any Connection, id: String) throws -> Rating? {
        try connection.first(
            "SELECT \(Self.columns) FROM onestop_rating_ratings WHERE id = $1", .text(id), row: rating)
    }

    static func isRated(_ subject: String, _ connection: any Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM onestop_rating_ratings WHERE subject = $1", .text(subject)) { _ in
            true
        } ?? false
    }

    // MARK: Lists

    /// A resident's own, newest first, before an id.
    func list(
        _ connection: any Connection, resident: String, state: RatingState?, before: String?, limit: Int
    ) throws -> [Rating] {
        try connection.query(
            """
            SELECT \(Self.columns) FROM onestop_rating_ratings
            WHERE resident = $1 AND ($2 = 0 OR state = $2) AND ($3 = '' OR id < $3) ORDER BY id DESC LIMIT $4
            """, .text(resident), SQLValue(state?.rawValue ?? 0), .text(before ?? ""), SQLValue(limit),
            row: rating)
    }

    /// Those of departments within a scope, newest first, before an id.
    func list(
        _ connection: any Connection, scope: ScopeFilter, state: RatingState?, before: String?, limit: Int
    ) throws -> [Rating] {
        let (sql, values): (String, [SQLValue]) = scope.sql(
            column: "department_path", departmentColumn: "department", firstIndex: 4)
        return try connection.query(
            """
            SELECT \(Self.columns) FROM onestop_rating_ratings
            WHERE ($1 = 0 OR state = $1) AND ($2 = '' OR id < $2) AND \(sql) ORDER BY id DESC LIMIT $3
            """,
            values: [SQLValue(state?.rawValue ?? 0), .text(before ?? ""), SQLValue(limit)] + values,
            row: rating)
    }

    /// Those in a state within a scope, nearest deadline first, after a place in that order.
    func waiting(
        _ connection: any Connection, state: RatingState, scope: ScopeFilter, after: TaskPosition?, limit: Int
    ) throws -> [(rating: Rating, due: Instant?)] {
        let (sql, values): (String, [SQLValue]) = scope.sql(
            column: "department_path", departmentColumn: "department", firstIndex: 5)
        let due: String =
            state == .rectifying ? "coalesce(due_time, \(Int64.max))" : String(Int64.max)
        return try connection.query(
            """
            SELECT \(Self.columns) FROM onestop_rating_ratings
            WHERE state = $1 AND (\(due), 'ratings/' || id) > ($2, $3) AND \(sql) ORDER BY \(due), id LIMIT $4
            """,
            values: [
                SQLValue(state.rawValue), .integer(after?.dueMilliseconds ?? .min),
                .text(after?.subject ?? ""), SQLValue(limit),
            ] + values
        ) { (try rating($0), state == .rectifying ? $0.instantOrNil(15) : nil) }
    }

    /// How many are in a state within a scope: all, due before the first time but not the second, due before the second.
    func count(
        _ connection: any Connection, state: RatingState, scope: ScopeFilter, nearBefore: Instant,
        overdueBefore: Instant
    ) throws -> (total: Int, near: Int, overdue: Int) {
        let (sql, values): (String, [SQLValue]) = scope.sql(
            column: "department_path", departmentColumn: "department", firstIndex: 4)
        return try connection.first(
            """
            SELECT count(*), count(*) FILTER (WHERE due_time < $2 AND due_time >= $3),
                count(*) FILTER (WHERE due_time < $3)
            FROM onestop_rating_ratings WHERE state = $1 AND \(sql)
            """, values: [SQLValue(state.rawValue), SQLValue(nearBefore), SQLValue(overdueBefore)] + values
        ) { ($0.int(0), $0.int(1), $0.int(2)) } ?? (0, 0, 0)
    }

    /// Ids of those whose follow-up nobody has answered since a time.
    static func silent(_ connection: any Connection, rectifiedUpTo time: Instant, limit: Int) throws
        -> [String]
    {
        try connection.query(
            """
            SELECT id FROM onestop_rating_ratings WHERE state = 4 AND state IN (2, 3, 4) AND rectify_time <= $1
            ORDER BY id LIMIT $2
            """, SQLValue(time), SQLValue(limit)
        ) { $0.text(0) }
    }

    // MARK: Figures

    /// What is published of a department.
    struct Figures: Sendable, Equatable {
        let department: String
        let text: String
        let total: Int
        /// How many of grade 1 to 5.
        let grades: [Int]
        let inTime: Int
        let due: Int
    }

    /// Figures by department in order of its code, after a code. Ratings that were taken out do not count.
    static func figures(
        _ connection: any Connection, within scope: ScopeFilter, after: String, limit: Int, now: Instant
    ) throws -> [Figures] {
        let (sql, values): (String, [SQLValue]) = scope.sql(column: "department_path", firstIndex: 4)
        let isDue: String = "grade >= 4 AND (rectify_time IS NOT NULL OR was_late = 1 OR due_time < $2)"
        let isInTime: String = "grade >= 4 AND rectify_time IS NOT NULL AND was_late = 0"
        return try connection.query(
            """
            SELECT department, max(department_text), count(*), count(*) FILTER (WHERE grade = 1),
                count(*) FILTER (WHERE grade = 2), count(*) FILTER (WHERE grade = 3), count(*) FILTER (WHERE grade = 4),
                count(*) FILTER (WHERE grade = 5), count(*) FILTER (WHERE \(isInTime)),
                count(*) FILTER (WHERE \(isDue))
            FROM onestop_rating_ratings WHERE state <> 5 AND department > $1 AND \(sql)
            GROUP BY department ORDER BY department LIMIT $3
            """, values: [.text(after), SQLValue(now), SQLValue(limit)] + values
        ) { row in
            Figures(
                department: row.text(0), text: row.text(1), total: row.int(2),
                grades: (3...7).map { row.int($0) }, inTime: row.int(8), due: row.int(9))
        }
    }

    // MARK: Invitations

    /// False if somebody was invited to rate it before.
    static func invite(
        _ subject: String, text: String, resident: String, now: Instant, _ connection: any Connection
    ) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO onestop_rating_invitations (subject, resident, subject_text, invite_time)
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """, .text(subject), .text(resident), .text(text), SQLValue(now)) == 1
    }

    /// Invitations of up to a time that were neither answered nor repeated.
    static func unanswered(_ connection: any Connection, invitedUpTo time: Instant, limit: Int) throws
        -> [(subject: String, resident: String, text: String)]
    {
        try connection.query(
            """
            SELECT subject, resident, subject_text FROM onestop_rating_invitations
            WHERE again_time IS NULL AND invite_time <= $1 ORDER BY invite_time, subject LIMIT $2
            """, SQLValue(time), SQLValue(limit)
        ) { ($0.text(0), $0.text(1), $0.text(2)) }
    }

    /// False if it was repeated, or ended, before.
    static func inviteAgain(_ subject: String, now: Instant, _ connection: any Connection) throws -> Bool {
        try connection.execute(
            """
            UPDATE onestop_rating_invitations SET again_time = $2
            WHERE subject = $1 AND again_time IS NULL
            """, .text(subject), SQLValue(now)) == 1
    }

    static func endInvitation(_ subject: String, _ connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM onestop_rating_invitations WHERE subject = $1", .text(subject))
    }

    // MARK: Forgetting

    /// Days that a rating says who gave it, and with which words.
    static let personalRetentionDays: Int = 1_095

    /// Forgets who gave ratings that are over, and their words; and old invitations. The grades stay.
    static func forget(_ connection: any Connection, invitedBefore: Instant, now: Instant) throws -> Int {
        try connection.execute(
            "DELETE FROM onestop_rating_invitations WHERE invite_time < $1", SQLValue(invitedBefore))
            + connection.execute(
                """
                UPDATE onestop_rating_ratings
                SET resident = NULL, comment = NULL, confirm_comment = NULL, version = version + 1
                WHERE update_time < $1 AND state IN (1, 5)
                    AND (resident IS NOT NULL OR comment IS NOT NULL OR confirm_comment IS NOT NULL)
                """, SQLValue(now.adding(days: -Int64(personalRetentionDays))))
    }
}
