internal import Crypto
package import Kernel

/// One entry of the audit log, with the bytes that its leaf hash is made over.
package struct AuditEntryRecord: Sendable, Equatable {
    /// Position in the log, from 0.
    package let index: Int64
    package let time: Instant
    /// Resource name of the principal, or `system`.
    package let actor: String
    /// What was done, such as `case.accept`.
    package let action: String
    /// On what: a resource name, or a method's path for refused calls.
    package let subject: String
    /// `ok`, or the reason of a refusal.
    package let outcome: String
    /// Canonical JSON, without personal data.
    package let details: String
    /// Address or certificate of the caller.
    package let peer: String

    package init(
        index: Int64, time: Instant, actor: String, action: String, subject: String, outcome: String,
        details: String, peer: String
    ) {
        self.index = index
        self.time = time
        self.actor = actor
        self.action = action
        self.subject = subject
        self.outcome = outcome
        self.details = details
        self.peer = peer
    }

    /// What the leaf of the Merkle tree is made of: the line `linli audit 1`, then index and time in milliseconds as 8 bytes
    /// each, then actor, action, subject, outcome, details and peer, each as 4 bytes of length and UTF-8; big end first.
    /// One entry has one form, and no two entries have the same.
    package var leafBytes: [UInt8] {
        var bytes: [UInt8] = Array("linli audit 1\n".utf8)
        for number in [index, time.milliseconds] {
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * Int64($0))) }
        }
        for text in [actor, action, subject, outcome, details, peer] {
            let count: Int = text.utf8.count
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
            bytes += Array(text.utf8)
        }
        return bytes
    }

    /// The leaf's hash (RFC 6962 section 2.1).
    package var leafHash: [UInt8] { MerkleTree.leafHash(leafBytes) }
}
