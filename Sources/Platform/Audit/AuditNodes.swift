internal import Crypto
internal import Storage

/// The nodes of the audit log's tree. Leaf hashes stand beside their entries; of the nodes above, every eighth level is
/// kept, which is one row for 256 entries; the others are made of at most 128 hashes below them when a proof asks.
enum AuditNodes {
    /// Levels between two that are kept.
    private static let stride: Int = 8

    static func isStored(_ node: MerkleTree.Node) -> Bool { node.level > 0 && node.level % stride == 0 }

    static func insert(_ connection: any Connection, _ node: MerkleTree.Node, _ hash: [UInt8]) throws {
        try connection.execute(
            "INSERT INTO platform_audit_nodes (level, position, hash) VALUES ($1, $2, $3)",
            SQLValue(node.level),
            .integer(Int64(node.index)), .blob(hash))
    }

    /// The hash of a node of the tree; our bug or damage if it is not there.
    static func hash(_ connection: any Connection, _ node: MerkleTree.Node) throws -> [UInt8] {
        let base: Int = node.level / stride * stride
        let width: UInt64 = 1 << UInt64(node.level - base)
        var hashes: [[UInt8]] = try kept(
            connection, level: base, from: Int64(node.index * width), count: Int64(width))
        guard hashes.count == Int(width) else { throw AuditDamage(level: node.level, index: node.index) }
        while hashes.count > 1 {
            hashes = Swift.stride(from: 0, to: hashes.count, by: 2).map {
                MerkleTree.nodeHash(hashes[$0], hashes[$0 + 1])
            }
        }
        return hashes[0]
    }

    private static func kept(_ connection: any Connection, level: Int, from first: Int64, count: Int64) throws
        -> [[UInt8]]
    {
        if level == 0 {
            return try connection.query(
                """
                SELECT leaf_hash FROM platform_audit_entries WHERE position >= $1 AND position < $2
                ORDER BY position
                """,
                .integer(first), .integer(first + count)
            ) { $0.blob(0) }
        }
        return try connection.query(
            """
            SELECT hash FROM platform_audit_nodes WHERE level = $1 AND position >= $2 AND position < $3
            ORDER BY position
            """,
            SQLValue(level), .integer(first), .integer(first + count)
        ) { $0.blob(0) }
    }
}

/// A node of the audit log's tree is missing: `linlictl audit verify` says what was done to the log.
struct AuditDamage: Error, CustomStringConvertible {
    let level: Int
    let index: UInt64
    var description: String { "the audit log lacks node \(index) of level \(level)" }
}
