internal import Crypto
internal import Kernel
internal import Storage

/// A checkpoint that was signed.
struct StoredCheckpoint: Sendable, Equatable {
    let size: Int64
    let root: [UInt8]
    /// The signed note (C2SP tlog-checkpoint).
    let note: String
}

/// Signs what the log says of itself, and keeps what was signed.
struct AuditCheckpoints: Sendable {
    /// Seconds between two checkpoints that the server signs by itself while the log grows.
    static let intervalSeconds: Int = 60

    let signer: NoteSigner

    /// The newest checkpoint; signs one if the log has grown since.
    func newest(_ connection: any Connection, now: Instant) throws -> StoredCheckpoint {
        let frontier: MerkleFrontier = try AuditLog.frontier(connection)
        if let stored = try AuditCheckpoints.find(connection, size: Int64(frontier.size)) { return stored }
        let checkpoint: Checkpoint = try Checkpoint(
            origin: signer.name, size: frontier.size, root: frontier.root)
        let stored: StoredCheckpoint = StoredCheckpoint(
            size: Int64(frontier.size), root: frontier.root, note: try checkpoint.signed(by: signer))
        try connection.execute(
            "INSERT INTO platform_audit_checkpoints (size, root, note, time) VALUES ($1, $2, $3, $4)",
            .integer(stored.size), .blob(stored.root), .text(stored.note), SQLValue(now))
        return stored
    }

    /// Whether the log has grown since the newest checkpoint.
    static func isBehind(_ connection: any Connection) throws -> Bool {
        let signed: Int64? =
            try connection.first("SELECT MAX(size) FROM platform_audit_checkpoints") {
                $0.integerOrNil(0)
            } ?? nil
        return Int64(try AuditLog.frontier(connection).size) > signed ?? -1
    }

    /// The checkpoint that was signed at a size, if one was.
    static func find(_ connection: any Connection, size: Int64) throws -> StoredCheckpoint? {
        try connection.first(
            "SELECT size, root, note FROM platform_audit_checkpoints WHERE size = $1", .integer(size),
            row: record)
    }

    /// The newest checkpoint that was signed.
    static func newestSigned(_ connection: any Connection) throws -> StoredCheckpoint? {
        try connection.first(
            "SELECT size, root, note FROM platform_audit_checkpoints ORDER BY size DESC LIMIT 1", row: record)
    }

    private static func record(_ row: Row) -> StoredCheckpoint {
        StoredCheckpoint(size: row.integer(0), root: row.blob(1), note: row.text(2))
    }
}
