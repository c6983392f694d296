import Kernel
import Platform
import Storage

/// States of a redemption; the raw value is what the store keeps and what the wire carries.
enum RedemptionState: Int, Sendable {
    case open = 1
    case confirmed = 2
    case expired = 3
}

/// Something that a resident redeemed points for, with its code in the clear: it never leaves the module like this.
struct Redemption: Sendable, Equatable {
    var id: String
    var resident: String
    var offer: String
    var label: BilingualText
    var partner: String
    var partnerTitle: String
    var points: Int64
    var code: RedemptionCode
    var state: RedemptionState
    /// The entry that took the points.
    var entry: String
    var createTime: Instant
    var expireTime: Instant
}

/// All SQL about redemptions. The code is sealed and found by its blind index.
struct RedemptionStore: Sendable {
    static let schema: String = """
        CREATE TABLE community_redemptions (
            id TEXT PRIMARY KEY NOT NULL,
            resident TEXT NOT NULL REFERENCES community_points_accounts (id),
            offer TEXT NOT NULL,
            label_zh TEXT NOT NULL,
            label_en TEXT NOT NULL,
            partner TEXT NOT NULL,
            partner_title TEXT NOT NULL,
            points INTEGER NOT NULL CHECK (points > 0),
            code BLOB NOT NULL,
            code_index BLOB NOT NULL UNIQUE,
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 3),
            entry_id TEXT NOT NULL UNIQUE REFERENCES community_points_entries (id),
            create_time INTEGER NOT NULL,
            expire_time INTEGER NOT NULL,
            confirm_time INTEGER,
            confirmed_by TEXT
        ) STRICT;
        CREATE INDEX community_redemptions_resident ON community_redemptions (resident, id);
        CREATE INDEX community_redemptions_open ON community_redemptions (resident, expire_time) WHERE state = 1;
        CREATE INDEX community_redemptions_partner ON community_redemptions (partner, create_time);
        """

    private static let columns: String = """
        id, resident, offer, label_zh, label_en, partner, partner_title, points, code, state, entry_id, create_time,
        expire_time
        """
    private static let codeField: String = "community_redemptions.code"

    let keyring: Keyring

    private func redemption(_ row: Row) throws -> Redemption {
        guard let state: RedemptionState = RedemptionState(rawValue: row.int(9)) else {
            preconditionFailure("the schema lets no other state in")
        }
        return Redemption(
            id: row.text(0), resident: row.text(1), offer: row.text(2),
            label: BilingualText(zh: row.text(3), en: row.text(4)), partner: row.text(5),
            partnerTitle: row.text(6), points: row.integer(7),
            code: try RedemptionCode(
                parsing: keyring.open(row.blob(8), context: "\(Self.codeField)/\(row.text(0))")),
            state: state, entry: row.text(10), createTime: row.instant(11), expireTime: row.instant(12))
    }

    func insert(_ redemption: Redemption, _ unit: UnitOfWork) throws {
        try unit.connection.execute(
            """
            INSERT INTO community_redemptions (\(Self.columns), code_index)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            .text(redemption.id), .text(redemption.resident), .text(redemption.offer),
            .text(redemption.label.zh), .text(redemption.label.en), .text(redemption.partner),
            .text(redemption.partnerTitle), .integer(redemption.points),
            .blob(
                try keyring.seal(redemption.code.digits, context: "\(Self.codeField)/\(redemption.id)")),
            SQLValue(redemption.state.rawValue), .text(redemption.entry), SQLValue(redemption.createTime),
            SQLValue(redemption.expireTime), .blob(index(of: redemption.code)))
    }

    private func index(of code: RedemptionCode) -> [UInt8] {
        keyring.blindIndex(code.digits, field: Self.codeField)
    }

    /// A code that no redemption has had: what was used once never opens anything again.
    func newCode(_ unit: UnitOfWork) throws -> RedemptionCode {
        while true {
            let code: RedemptionCode = RedemptionCode(random: unit.environment.random)
            if try find(unit.connection, code: code) == nil { return code }
        }
    }

    func find(_ connection: any Connection, code: RedemptionCode) throws -> Redemption? {
        try connection.first(
            "SELECT \(Self.columns) FROM community_redemptions WHERE code_index = $1",
            .blob(index(of: code)), row: redemption)
    }

    /// Newest first, before an id if one is given.
    func list(_ connection: any Connection, _ resident: String, before: String?, limit: Int) throws
        -> [Redemption]
    {
        try connection.query(
            """
            SELECT \(Self.columns) FROM community_redemptions
            WHERE resident = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3
            """, .text(resident), .text(before ?? ""), SQLValue(limit), row: redemption)
    }

    /// Open ones whose time is over, oldest first.
    func overdue(_ connection: any Connection, _ resident: String, now: Instant) throws -> [Redemption] {
        try connection.query(
            """
            SELECT \(Self.columns) FROM community_redemptions
            WHERE resident = $1 AND state = 1 AND expire_time <= $2 ORDER BY expire_time, id
            """, .text(resident), SQLValue(now), row: redemption)
    }

    func openCount(_ connection: any Connection, _ resident: String) throws -> Int {
        try connection.first(
            "SELECT count(*) FROM community_redemptions WHERE resident = $1 AND state = 1", .text(resident)
        ) { $0.int(0) } ?? 0
    }

    /// Pieces of an offer and points of its partner since a time, without what expired.
    func taken(_ connection: any Connection, offer: String, partner: String, since: Instant) throws -> (
        pieces: Int, points: Int64
    ) {
        try connection.first(
            """
            SELECT COALESCE(sum(CASE WHEN offer = $1 THEN 1 ELSE 0 END), 0), COALESCE(sum(points), 0)
            FROM community_redemptions WHERE partner = $2 AND create_time >= $3 AND state <> 3
            """, .text(offer), .text(partner), SQLValue(since)
        ) { ($0.int(0), $0.integer(1)) } ?? (0, 0)
    }

    /// Ends an open redemption; false if it is not open any more.
    func end(_ redemption: Redemption, as state: RedemptionState, _ unit: UnitOfWork) throws -> Bool {
        try unit.connection.execute(
            """
            UPDATE community_redemptions SET state = $1, confirm_time = $2, confirmed_by = $3
            WHERE id = $4 AND state = 1
            """,
            SQLValue(state.rawValue), SQLValue(state == .confirmed ? unit.now : nil),
            SQLValue(state == .confirmed ? unit.principal.name : nil), .text(redemption.id)) == 1
    }

    /// Residents for whom something is due: a code whose time is over, or points.
    static func due(_ connection: any Connection, now: Instant, limit: Int) throws -> [String] {
        try connection.query(
            """
            SELECT resident FROM community_redemptions WHERE state = 1 AND expire_time <= $1
            UNION SELECT resident FROM community_points_lots WHERE left_points > 0 AND expire_time <= $1
            LIMIT $2
            """, SQLValue(now), SQLValue(limit)
        ) { $0.text(0) }
    }

    /// Whether something is due for one resident.
    static func isDue(_ connection: any Connection, _ resident: String, now: Instant) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM community_redemptions WHERE resident = $1 AND state = 1 AND expire_time <= $2
            UNION ALL
            SELECT 1 FROM community_points_lots
            WHERE resident = $1 AND left_points > 0 AND expire_time <= $2
            LIMIT 1
            """, .text(resident), SQLValue(now)
        ) { _ in true } ?? false
    }
}
