internal import Crypto
internal import Kernel
internal import Storage

/// Writes the audit log: a Merkle tree (RFC 6962) whose entries are appended in the transaction of the change that they
/// tell of. The complete subtrees' roots are kept, so that an entry costs one hash on average.
struct AuditLog: Sendable {
    /// How an entry ends that was not refused.
    static let outcomeOK: String = "ok"

    func append(
        _ notes: [AuditNote], actor: String, peer: String, outcome: String = outcomeOK, now: Instant,
        _ connection: any Connection
    ) throws {
        if notes.isEmpty { return }
        var frontier: MerkleFrontier = try AuditLog.frontier(connection)
        for note in notes {
            let entry: AuditEntryRecord = AuditEntryRecord(
                index: Int64(frontier.size), time: now, actor: actor, action: note.action,
                subject: note.subject, outcome: outcome, details: CanonicalJSON.object(note.details),
                peer: peer)
            let leafHash: [UInt8] = entry.leafHash
            try connection.execute(
                """
                INSERT INTO platform_audit_entries (
                    position, time, actor, action, subject, outcome, details, peer, leaf_hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                .integer(entry.index), SQLValue(entry.time), .text(entry.actor), .text(entry.action),
                .text(entry.subject), .text(entry.outcome), .text(entry.details), .text(entry.peer),
                .blob(leafHash))
            for (node, hash) in frontier.append(leafHash: leafHash) where AuditNodes.isStored(node) {
                try AuditNodes.insert(connection, node, hash)
            }
        }
        try connection.execute(
            """
            INSERT INTO platform_audit_tree (id, size, hashes) VALUES (1, $1, $2)
            ON CONFLICT (id) DO UPDATE SET size = excluded.size, hashes = excluded.hashes
            """,
            .integer(Int64(frontier.size)), .blob(frontier.hashes.flatMap { $0 }))
    }

    /// The tree as it stands.
    static func frontier(_ connection: any Connection) throws -> MerkleFrontier {
        let row: (size: Int64, hashes: [UInt8])? = try connection.first(
            "SELECT size, hashes FROM platform_audit_tree WHERE id = 1"
        ) { ($0.integer(0), $0.blob(1)) }
        guard let row else { return MerkleFrontier() }
        let hashes: [[UInt8]] = stride(from: 0, to: row.hashes.count, by: MerkleTree.hashSize).map {
            Array(row.hashes[$0..<min($0 + MerkleTree.hashSize, row.hashes.count)])
        }
        return try MerkleFrontier(size: UInt64(row.size), hashes: hashes)
    }

    /// Entries from an index on, in order, before an end.
    static func entries(_ connection: any Connection, from first: Int64, to end: Int64) throws
        -> [AuditEntryRecord]
    {
        try connection.query(
            """
            SELECT position, time, actor, action, subject, outcome, details, peer FROM platform_audit_entries
            WHERE position >= $1 AND position < $2 ORDER BY position
            """,
            .integer(first), .integer(end)
        ) { row in
            AuditEntryRecord(
                index: row.integer(0), time: row.instant(1), actor: row.text(2), action: row.text(3),
                subject: row.text(4), outcome: row.text(5), details: row.text(6), peer: row.text(7))
        }
    }
}
