import Kernel
import Platform
import Storage

/// What an entry is; the text is what the store keeps.
enum EntryKind: String, Sendable {
    /// A rule gave points.
    case earned
    /// A rule cost points.
    case deducted
    /// Taken for an offer.
    case redeemed
    /// Given back because the code was not used.
    case returned
    /// Not used in time.
    case expired
    /// The counter-entry of another one.
    case reversal
}

/// One line of a resident's account.
struct LedgerEntry: Sendable, Equatable {
    var id: String
    var resident: String
    var kind: EntryKind
    var points: Int64
    var balanceAfter: Int64 = 0
    var reason: BilingualText
    var rule: String = ""
    var ruleVersion: Int = 0
    var subject: String = ""
    /// Id of the event that it comes from.
    var event: String?
    var reverses: String?
    var createTime: Instant
    var expireTime: Instant?
}

/// The ledger of points and all SQL about it. Entries and postings are added and never changed; the balance of an
/// account is kept beside them and is always their sum.
enum Ledger {
    static let schema: String = """
        CREATE TABLE community_points_accounts (
            id TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('resident', 'issue', 'partner', 'expiry')),
            balance INTEGER NOT NULL,
            CONSTRAINT residents_never_owe CHECK (kind <> 'resident' OR balance >= 0)
        ) STRICT;

        CREATE TABLE community_points_entries (
            id TEXT PRIMARY KEY NOT NULL,
            resident TEXT NOT NULL REFERENCES community_points_accounts (id),
            kind TEXT NOT NULL
                CHECK (kind IN ('earned', 'deducted', 'redeemed', 'returned', 'expired', 'reversal')),
            points INTEGER NOT NULL CHECK (points <> 0),
            balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
            reason_zh TEXT NOT NULL,
            reason_en TEXT NOT NULL,
            rule TEXT NOT NULL,
            rule_version INTEGER NOT NULL,
            subject TEXT NOT NULL,
            event TEXT UNIQUE,
            reverses TEXT UNIQUE REFERENCES community_points_entries (id),
            create_time INTEGER NOT NULL,
            expire_time INTEGER
        ) STRICT;
        CREATE INDEX community_points_entries_resident ON community_points_entries (resident, id);
        CREATE UNIQUE INDEX community_points_entries_once ON community_points_entries (resident, rule, subject)
            WHERE kind = 'earned' AND subject <> '';

        CREATE TABLE community_points_postings (
            entry_id TEXT NOT NULL REFERENCES community_points_entries (id),
            account_id TEXT NOT NULL REFERENCES community_points_accounts (id),
            points INTEGER NOT NULL CHECK (points <> 0),
            PRIMARY KEY (entry_id, account_id)
        ) STRICT;

        CREATE TABLE community_points_lots (
            entry_id TEXT PRIMARY KEY NOT NULL REFERENCES community_points_entries (id),
            resident TEXT NOT NULL,
            left_points INTEGER NOT NULL CHECK (left_points >= 0),
            expire_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX community_points_lots_left ON community_points_lots (resident, expire_time)
            WHERE left_points > 0;

        CREATE TABLE community_points_lot_uses (
            entry_id TEXT NOT NULL REFERENCES community_points_entries (id),
            lot_id TEXT NOT NULL REFERENCES community_points_lots (entry_id),
            points INTEGER NOT NULL CHECK (points > 0),
            PRIMARY KEY (entry_id, lot_id)
        ) STRICT;
        """

    /// For whoever corrects what one matter led to.
    static let subjectIndex: String = """
        CREATE INDEX community_points_entries_subject ON community_points_entries (subject, id) WHERE subject <> '';
        """

    // MARK: Writing

    /// Gives points that expire: an entry, its postings and a lot. Returns the entry with its balance.
    static func give(
        _ entry: LedgerEntry, from account: PointsAccountID, expires: Instant, _ unit: UnitOfWork
    )
        throws -> LedgerEntry
    {
        precondition(entry.points > 0, "giving is positive")
        var given: LedgerEntry = entry
        given.expireTime = expires
        try post(&given, against: account, unit)
        try unit.connection.execute(
            """
            INSERT INTO community_points_lots (entry_id, resident, left_points, expire_time)
            VALUES ($1, $2, $3, $4)
            """,
            .text(given.id), .text(given.resident), .integer(given.points), SQLValue(expires))
        return given
    }

    /// Takes points out of these lots. Returns the entry with its balance.
    static func take(_ entry: LedgerEntry, to account: PointsAccountID, uses: [LotUse], _ unit: UnitOfWork)
        throws -> LedgerEntry
    {
        precondition(
            entry.points < 0 && uses.reduce(0) { $0 + $1.points } == -entry.points, "lots cover what is taken"
        )
        var taken: LedgerEntry = entry
        try post(&taken, against: account, unit)
        for use in uses {
            try unit.connection.execute(
                "UPDATE community_points_lots SET left_points = left_points - $1 WHERE entry_id = $2",
                .integer(use.points), .text(use.lot))
            try unit.connection.execute(
                "INSERT INTO community_points_lot_uses (entry_id, lot_id, points) VALUES ($1, $2, $3)",
                .text(taken.id), .text(use.lot), .integer(use.points))
        }
        return taken
    }

    /// Gives back what the entry `original` took, to the lots that it came from: a redemption that comes to nothing
    /// neither shortens nor lengthens the life of points.
    static func giveBack(
        _ entry: LedgerEntry, from account: PointsAccountID, of original: String, _ unit: UnitOfWork
    ) throws -> LedgerEntry {
        var given: LedgerEntry = entry
        try post(&given, against: account, unit)
        try unit.connection.execute(
            """
            UPDATE community_points_lots SET left_points = left_points + (
                SELECT points FROM community_points_lot_uses WHERE entry_id = $1 AND lot_id = community_points_lots.entry_id)
            WHERE entry_id IN (SELECT lot_id FROM community_points_lot_uses WHERE entry_id = $1)
            """, .text(original))
        return given
    }

    private static func post(_ entry: inout LedgerEntry, against other: PointsAccountID, _ unit: UnitOfWork)
        throws
    {
        let transaction: PointsTransaction = PointsTransaction(
            resident: entry.resident, entry.points, against: other)
        for posting in transaction.postings {
            // The check on the table refuses a resident who would owe points; the accounts have to be there first.
            try unit.connection.execute(
                "INSERT INTO community_points_accounts (id, kind, balance) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
                .text(posting.account.id), .text(posting.account.kind.rawValue))
            try unit.connection.execute(
                "UPDATE community_points_accounts SET balance = balance + $1 WHERE id = $2",
                .integer(posting.points), .text(posting.account.id))
        }
        entry.balanceAfter = try balance(unit.connection, entry.resident)
        try insert(entry, unit.connection)
        for posting in transaction.postings {
            try unit.connection.execute(
                "INSERT INTO community_points_postings (entry_id, account_id, points) VALUES ($1, $2, $3)",
                .text(entry.id), .text(posting.account.id), .integer(posting.points))
        }
        unit.audit(
            action: "points.\(entry.kind.rawValue)", subject: "pointsEntries/\(entry.id)",
            details: [
                "account": entry.resident, "points": String(entry.points), "rule": entry.rule,
                "subject": entry.subject,
            ])
    }

    private static func insert(_ entry: LedgerEntry, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO community_points_entries (\(columns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            .text(entry.id), .text(entry.resident), .text(entry.kind.rawValue), .integer(entry.points),
            .integer(entry.balanceAfter), .text(entry.reason.zh), .text(entry.reason.en), .text(entry.rule),
            SQLValue(entry.ruleVersion), .text(entry.subject), SQLValue(entry.event),
            SQLValue(entry.reverses), SQLValue(entry.createTime), SQLValue(entry.expireTime))
    }

    // MARK: Reading

    private static let columns: String = """
        id, resident, kind, points, balance_after, reason_zh, reason_en, rule, rule_version, subject, event, reverses,
        create_time, expire_time
        """

    private static func entry(_ row: Row) -> LedgerEntry {
        guard let kind: EntryKind = EntryKind(rawValue: row.text(2)) else {
            preconditionFailure("the schema lets no other kind in")
        }
        return LedgerEntry(
            id: row.text(0), resident: row.text(1), kind: kind, points: row.integer(3),
            balanceAfter: row.integer(4), reason: BilingualText(zh: row.text(5), en: row.text(6)),
            rule: row.text(7), ruleVersion: row.int(8), subject: row.text(9), event: row.textOrNil(10),
            reverses: row.textOrNil(11), createTime: row.instant(12), expireTime: row.instantOrNil(13))
    }

    /// What a resident has; 0 for somebody who never earned any.
    static func balance(_ connection: any Connection, _ resident: String) throws -> Int64 {
        try connection.first(
            "SELECT balance FROM community_points_accounts WHERE id = $1", .text(resident)
        ) { $0.integer(0) } ?? 0
    }

    static func find(_ connection: any Connection, id: String) throws -> LedgerEntry? {
        try connection.first(
            "SELECT \(columns) FROM community_points_entries WHERE id = $1", .text(id), row: entry)
    }

    /// Whether there is a counter-entry already.
    static func isReversed(_ connection: any Connection, id: String) throws -> Bool {
        try connection.first("SELECT 1 FROM community_points_entries WHERE reverses = $1", .text(id)) { _ in
            true
        } ?? false
    }

    /// Newest first, before an id if one is given.
    static func list(_ connection: any Connection, _ resident: String, before: String?, limit: Int) throws
        -> [LedgerEntry]
    {
        try connection.query(
            """
            SELECT \(columns) FROM community_points_entries
            WHERE resident = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3
            """, .text(resident), .text(before ?? ""), SQLValue(limit), row: entry)
    }

    /// Entries about one matter, whoever has them; newest first.
    static func list(_ connection: any Connection, about subject: String, before: String?, limit: Int) throws
        -> [LedgerEntry]
    {
        try connection.query(
            """
            SELECT \(columns) FROM community_points_entries
            WHERE subject = $1 AND subject <> '' AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3
            """, .text(subject), .text(before ?? ""), SQLValue(limit), row: entry)
    }

    /// Whether the event, or another one about the same thing by the same rule, gave points before.
    static func hasEarned(
        _ connection: any Connection, _ resident: String, rule: String, subject: String, event: String
    ) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM community_points_entries
            WHERE event = $4 OR (resident = $1 AND rule = $2 AND subject = $3 AND kind = 'earned') LIMIT 1
            """, .text(resident), .text(rule), .text(subject), .text(event)
        ) { _ in true } ?? false
    }

    /// Points that a rule gave since a time, without those that were reversed.
    static func earned(_ connection: any Connection, _ resident: String, rule: String, since: Instant) throws
        -> Int64
    {
        try connection.first(
            """
            SELECT COALESCE(sum(points), 0) FROM community_points_entries AS e
            WHERE resident = $1 AND rule = $2 AND kind = 'earned' AND create_time >= $3
              AND NOT EXISTS (SELECT 1 FROM community_points_entries AS r WHERE r.reverses = e.id)
            """, .text(resident), .text(rule), SQLValue(since)
        ) { $0.integer(0) } ?? 0
    }

    /// Lots with something left, those first that expire first.
    static func lots(_ connection: any Connection, _ resident: String) throws -> [PointsLot] {
        try connection.query(
            """
            SELECT entry_id, left_points, expire_time FROM community_points_lots
            WHERE resident = $1 AND left_points > 0 ORDER BY expire_time, entry_id
            """, .text(resident)
        ) { PointsLot(id: $0.text(0), left: $0.integer(1), expireTime: $0.instant(2)) }
    }
}
