package import Crypto
internal import Kernel

/// What the check of an audit log found.
package struct AuditReport: Sendable, Equatable {
    /// Entries that were read and found good.
    package let size: UInt64
    /// The root over these entries.
    package let root: [UInt8]
    /// How many of the log's own signed checkpoints were checked.
    package let checkpoints: Int
    /// The size that the newest good checkpoint signs; nil if there is none.
    package let signedSize: UInt64?
    /// What is wrong first; nil for a log that is as it was written.
    package let fault: AuditFault?
}

/// The first thing that is wrong with an audit log.
package struct AuditFault: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// An entry is not what its leaf hash was made of.
        case edited
        /// An entry inside the log is not there.
        case missing
        /// An entry stands in another's place.
        case reordered
        /// The end of the log is not there.
        case truncated
        /// Entries and hashes fit to each other, but not to what was signed or kept before.
        case rewritten
        /// A checkpoint was not signed by the log's key, or says something else than what was signed.
        case badSignature
    }

    package let kind: Kind
    /// The first bad entry is among these, counted from 0; one entry where the hashes tell it exactly.
    package let entries: Range<UInt64>
    /// One sentence for the auditor.
    package let description: String

    package init(_ kind: Kind, _ entries: Range<UInt64>, _ description: String) {
        self.kind = kind
        self.entries = entries
        self.description = description
    }
}

/// A checkpoint that was kept outside the log, against which the log is held.
package struct KeptCheckpoint: Sendable, Equatable {
    package let checkpoint: Checkpoint
    /// Where it was kept, for messages.
    package let source: String

    /// One that the reader of this log wrote down; nobody signed it but nobody else could change it.
    package init(_ checkpoint: Checkpoint, source: String) {
        self.checkpoint = checkpoint
        self.source = source
    }

    /// A signed note from elsewhere.
    ///
    /// - Throws: `AuditFault` of kind `badSignature` if none of `keys` signed it, or it is not of the log `origin`.
    package init(note: String, source: String, origin: String, keys: [NoteVerifier]) throws(AuditFault) {
        do throws(CryptoError) {
            checkpoint = try Checkpoint(verifying: note, origin: origin, keys: keys)
        } catch {
            throw AuditFault(.badSignature, 0..<0, "the checkpoint in \(source) is not usable: \(error)")
        }
        self.source = source
    }
}
