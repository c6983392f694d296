internal import Kernel
internal import Storage

/// Writes the audit log. Entry and business change are one transaction.
struct AuditLog: Sendable {
    /// How an entry ends that was not refused.
    static let outcomeOK: String = "ok"

    func append(
        _ notes: [AuditNote], actor: String, peer: String, outcome: String = outcomeOK, now: Instant,
        _ connection: any Connection
    ) throws {
        for note in notes {
            try connection.execute(
                """
                INSERT INTO platform_audit_entries (position, time, actor, action, subject, outcome, details, peer)
                SELECT COALESCE(MAX(position) + 1, 0), $1, $2, $3, $4, $5, $6, $7 FROM platform_audit_entries
                """,
                SQLValue(now), .text(actor), .text(note.action), .text(note.subject), .text(outcome),
                .text(CanonicalJSON.object(note.details)), .text(peer))
        }
    }
}
