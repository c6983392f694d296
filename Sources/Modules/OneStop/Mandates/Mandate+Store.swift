import Kernel
import Platform
import Storage

/// All SQL about mandates. The signed text names people and is sealed.
struct MandateStore {
    static let schema: String = """
        CREATE TABLE onestop_mandates (
            id TEXT PRIMARY KEY NOT NULL,
            principal TEXT NOT NULL,
            principal_text TEXT NOT NULL,
            agent TEXT NOT NULL,
            agent_text TEXT NOT NULL,
            item_id TEXT NOT NULL REFERENCES onestop_items (id),
            item_text TEXT NOT NULL,
            create_time INTEGER NOT NULL,
            expire_time INTEGER NOT NULL CHECK (expire_time > create_time),
            revoke_time INTEGER,
            signed_text BLOB NOT NULL
        ) STRICT;
        CREATE INDEX onestop_mandates_principal ON onestop_mandates (principal, id);
        CREATE INDEX onestop_mandates_agent ON onestop_mandates (agent, id) WHERE agent <> '';
        """
    static let sealedColumns: SealedColumns = SealedColumns("onestop_mandates", "signed_text")

    private static let columns: String = """
        id, principal, principal_text, agent, agent_text, item_id, item_text, create_time, expire_time, revoke_time,
        signed_text
        """
    private static func context(_ id: String) -> String { "onestop_mandates.signed_text/\(id)" }

    let keyring: Keyring

    private func mandate(_ row: Row) throws -> Mandate {
        Mandate(
            id: row.text(0), principal: row.text(1), principalText: row.text(2), agent: row.text(3),
            agentText: row.text(4), itemID: row.text(5), itemText: row.text(6), createTime: row.instant(7),
            expireTime: row.instant(8), revokeTime: row.instantOrNil(9),
            signedText: try keyring.open(row.blob(10), context: Self.context(row.text(0))))
    }

    func insert(_ mandate: Mandate, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO onestop_mandates (\(Self.columns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)
            """,
            .text(mandate.id), .text(mandate.principal), .text(mandate.principalText), .text(mandate.agent),
            .text(mandate.agentText), .text(mandate.itemID), .text(mandate.itemText),
            SQLValue(mandate.createTime), SQLValue(mandate.expireTime),
            .blob(try keyring.seal(mandate.signedText, context: Self.context(mandate.id))))
    }

    func find(_ connection: any Connection, id: String) throws -> Mandate? {
        try connection.first(
            "SELECT \(Self.columns) FROM onestop_mandates WHERE id = $1", .text(id), row: mandate)
    }

    /// The mandate with this name, if `agent` may use it for `item` now.
    ///
    /// - Parameters:
    ///   - name: `mandates/{id}`.
    ///   - agent: `residents/{id}` or `staff/{id}` of the caller, as the session knows it.
    ///   - item: id of the item.
    /// - Throws: NOT_FOUND (`MANDATE_NOT_FOUND`) for another agent's too; FAILED_PRECONDITION (`MANDATE_REVOKED`,
    ///   `MANDATE_EXPIRED`, `MANDATE_OTHER_ITEM`).
    func usable(_ name: String, agent: String, item: String, now: Instant, _ connection: any Connection)
        throws -> Mandate
    {
        let id: String = try ResourceName(parsing: name, MandateDesk.pattern, field: "mandate").id
        return try MandateRules.check(
            try find(connection, id: id), agent: agent, item: item, now: now)
    }

    /// Mandates that somebody gave or holds, newest first, before an id.
    func list(
        _ connection: any Connection, of person: String, usableAt now: Instant?, before: String?, limit: Int
    ) throws -> [Mandate] {
        try connection.query(
            """
            SELECT \(Self.columns) FROM onestop_mandates
            WHERE (principal = $1 OR agent = $1) AND ($2 = '' OR id < $2)
                AND ($3 IS NULL OR (revoke_time IS NULL AND expire_time > $3))
            ORDER BY id DESC LIMIT $4
            """, .text(person), .text(before ?? ""), SQLValue(now), SQLValue(limit), row: mandate)
    }

    static func openCount(_ connection: any Connection, principal: String, now: Instant) throws -> Int {
        try connection.first(
            """
            SELECT count(*) FROM onestop_mandates
            WHERE principal = $1 AND revoke_time IS NULL AND expire_time > $2
            """, .text(principal), SQLValue(now)
        ) { $0.int(0) } ?? 0
    }

    /// Takes a mandate back; false if it was taken back before.
    static func revoke(_ connection: any Connection, id: String, now: Instant) throws -> Bool {
        try connection.execute(
            "UPDATE onestop_mandates SET revoke_time = $2 WHERE id = $1 AND revoke_time IS NULL", .text(id),
            SQLValue(now)) == 1
    }
}
