package import Crypto
internal import Kernel
package import Storage

/// Checks an audit log from outside: reads every entry, makes all hashes anew, and holds them against those that are
/// stored, against every signed checkpoint, and against checkpoints that were kept elsewhere. Needs no server and no lock.
///
/// What somebody with the whole data directory, key included, rewrote from some entry on is found by a kept checkpoint
/// alone: keep one on another machine.
package struct AuditVerifier: Sendable {
    /// Entries that are in memory at a time.
    static let pageEntries: Int = 4_096

    let origin: String
    let keys: [NoteVerifier]
    let kept: [KeptCheckpoint]

    /// - Parameters:
    ///   - origin: the log's name in its checkpoints.
    ///   - keys: those that may have signed them.
    package init(origin: String, keys: [NoteVerifier], kept: [KeptCheckpoint] = []) {
        self.origin = origin
        self.keys = keys
        self.kept = kept
    }

    /// Reads the whole log on one snapshot, up to the first fault. Time grows with the log, memory does not.
    ///
    /// - Throws: `StorageError` if the store cannot be read; what is wrong with the log is in the report.
    package func verify(_ connection: any Connection) throws -> AuditReport {
        var walk: AuditWalk = AuditWalk(verifier: self, connection: connection)
        var fault: AuditFault?
        do {
            try walk.run()
        } catch let found as AuditFault {
            fault = found
        }
        return AuditReport(
            size: walk.frontier.size, root: walk.frontier.root, checkpoints: walk.checkpoints,
            signedSize: walk.signedSize, fault: fault)
    }
}

/// One pass over a log.
private struct AuditWalk {
    let verifier: AuditVerifier
    let connection: any Connection
    /// The tree over the entries that were read.
    var frontier: MerkleFrontier = MerkleFrontier()
    var checkpoints: Int = 0
    var signedSize: UInt64?
    /// Up to here the entries are those that a signed or kept checkpoint speaks of.
    private var agreed: UInt64 = 0
    private var recorded: (size: UInt64, hashes: [UInt8]) = (0, [])

    init(verifier: AuditVerifier, connection: any Connection) {
        self.verifier = verifier
        self.connection = connection
    }

    mutating func run() throws {
        recorded =
            try connection.first("SELECT size, hashes FROM platform_audit_tree WHERE id = 1") {
                (UInt64(clamping: $0.integer(0)), $0.blob(1))
            } ?? (0, [])
        for checkpoint in try storedCheckpoints(after: Int64.min, through: 0) { try compare(checkpoint) }
        try compareKept()
        var last: Int64 = Int64.min
        while true {
            let page: [(entry: AuditEntryRecord, leafHash: [UInt8])] = try entries(after: last)
            guard let end = page.last?.entry.index else { break }
            last = end
            let size: Int64 = Int64(frontier.size)
            var stored: ArraySlice<StoredCheckpoint> =
                try storedCheckpoints(after: size, through: size + Int64(page.count))[...]
            for (entry, leafHash) in page {
                try take(entry, leafHash)
                while let checkpoint = stored.first, checkpoint.size <= Int64(frontier.size) {
                    try compare(checkpoint)
                    stored.removeFirst()
                }
                try compareKept()
            }
        }
        try compareEnd()
    }

    // MARK: Entries

    private mutating func take(_ entry: AuditEntryRecord, _ stored: [UInt8]) throws {
        let expected: UInt64 = frontier.size
        guard entry.index >= 0 else {
            throw AuditFault(.edited, 0..<1, "an entry has the position \(entry.index), which is none")
        }
        let position: UInt64 = UInt64(entry.index)
        guard position == expected else {
            throw AuditFault(
                .missing, expected..<position,
                position - expected == 1
                    ? "entry \(expected) is not there"
                    : "entries \(expected) to \(position - 1) are not there")
        }
        let leafHash: [UInt8] = entry.leafHash
        guard leafHash == stored else { throw try diagnosis(entry, stored) }
        for (node, hash) in frontier.append(leafHash: leafHash) where AuditNodes.isStored(node) {
            try compare(node, hash)
        }
    }

    private func compare(_ node: MerkleTree.Node, _ hash: [UInt8]) throws {
        let stored: [UInt8]? = try connection.first(
            "SELECT hash FROM platform_audit_nodes WHERE level = $1 AND position = $2", SQLValue(node.level),
            .integer(Int64(node.index))
        ) { $0.blob(0) }
        guard stored == hash else {
            let first: UInt64 = node.index << UInt64(node.level)
            throw AuditFault(
                .rewritten, first..<(first + (1 << UInt64(node.level))),
                "the hash over these entries is not the one that was stored when they were written")
        }
    }

    /// Why an entry does not fit to its leaf hash: a hash is made over the position too, so that an entry which was moved
    /// can be told from one that was changed.
    private func diagnosis(_ entry: AuditEntryRecord, _ stored: [UInt8]) throws -> AuditFault {
        let index: UInt64 = UInt64(entry.index)
        guard let place = try rightfulPlace(of: entry, stored) else {
            return AuditFault(.edited, index..<(index + 1), "entry \(index) is not what its hash was made of")
        }
        let count: UInt64 =
            try connection.first("SELECT COUNT(*) FROM platform_audit_entries") {
                UInt64($0.integer(0))
            } ?? 0
        if place > index, count < recorded.size {
            return AuditFault(
                .missing, index..<place,
                "entry \(place) stands in the place of entry \(index), which is not there"
            )
        }
        return AuditFault(
            .reordered, index..<(index + 1), "entry \(place) stands in the place of entry \(index)")
    }

    /// Where else an entry would be right, by its own hash or by the hash that stands there.
    private func rightfulPlace(of entry: AuditEntryRecord, _ stored: [UInt8]) throws -> UInt64? {
        var place: Int64 = 0
        let end: Int64 = Int64(clamping: recorded.size)
        while true {
            let hashes: [Int64: [UInt8]] = Dictionary(
                try connection.query(
                    """
                    SELECT position, leaf_hash FROM platform_audit_entries WHERE position >= $1 AND position < $2
                    """,
                    .integer(place), .integer(place + Int64(AuditVerifier.pageEntries))
                ) { ($0.integer(0), $0.blob(1)) }, uniquingKeysWith: { first, _ in first })
            if hashes.isEmpty, place >= end { return nil }
            for candidate in place..<(place + Int64(AuditVerifier.pageEntries)) where candidate != entry.index
            {
                let hash: [UInt8] = entry.moved(to: candidate).leafHash
                if hash == stored || hash == hashes[candidate] { return UInt64(candidate) }
            }
            place += Int64(AuditVerifier.pageEntries)
        }
    }

    // MARK: Checkpoints

    private mutating func compare(_ stored: StoredCheckpoint) throws {
        let signed: Checkpoint = try signed(stored)
        guard signed.root == frontier.root else { throw rewritten("the checkpoint of size \(signed.size)") }
        agreed = signed.size
        signedSize = signed.size
        checkpoints += 1
    }

    private func signed(_ stored: StoredCheckpoint) throws(AuditFault) -> Checkpoint {
        let size: UInt64 = UInt64(clamping: stored.size)
        let signed: Checkpoint
        do throws(CryptoError) {
            signed = try Checkpoint(verifying: stored.note, origin: verifier.origin, keys: verifier.keys)
        } catch {
            throw AuditFault(
                .badSignature, agreed..<max(agreed, size), "the checkpoint of size \(stored.size): \(error)")
        }
        guard Int64(clamping: signed.size) == stored.size, signed.root == stored.root else {
            throw AuditFault(
                .badSignature, agreed..<max(agreed, size),
                "the checkpoint of size \(stored.size) says something else than its signed note")
        }
        return signed
    }

    private mutating func compareKept() throws {
        for kept in verifier.kept where kept.checkpoint.size == frontier.size {
            guard kept.checkpoint.root == frontier.root else {
                throw rewritten("the checkpoint of size \(kept.checkpoint.size) in \(kept.source)")
            }
            agreed = frontier.size
        }
    }

    private func rewritten(_ witness: String) -> AuditFault {
        AuditFault(
            .rewritten, agreed..<max(agreed, frontier.size),
            "\(witness) has another root than the entries before it")
    }

    // MARK: The end

    private func compareEnd() throws {
        let size: UInt64 = frontier.size
        for kept in verifier.kept where kept.checkpoint.size > size {
            throw truncated(to: kept.checkpoint.size, "the checkpoint in \(kept.source)")
        }
        if let later = try storedCheckpoints(after: Int64(clamping: size), through: Int64.max).first {
            throw truncated(to: try signed(later).size, "a signed checkpoint")
        }
        if recorded.size > size { throw truncated(to: recorded.size, "the stored tree") }
        let nodes: UInt64 =
            try connection.first("SELECT COALESCE(MAX((position + 1) << level), 0) FROM platform_audit_nodes")
        {
            UInt64(clamping: $0.integer(0))
        } ?? 0
        if nodes > size { throw truncated(to: nodes, "a stored hash") }
        guard recorded.size == size else {
            throw AuditFault(
                .rewritten, recorded.size..<size,
                "these entries were not written by the log: its tree lacks them")
        }
        guard recorded.hashes == frontier.hashes.flatMap({ $0 }) else {
            throw AuditFault(
                .rewritten, agreed..<size, "the stored tree has another root than the entries")
        }
    }

    private func truncated(to size: UInt64, _ witness: String) -> AuditFault {
        AuditFault(
            .truncated, frontier.size..<size,
            "the log ends after \(frontier.size) entries, but \(witness) speaks of \(size)")
    }

    // MARK: Reading

    private func entries(after position: Int64) throws -> [(entry: AuditEntryRecord, leafHash: [UInt8])] {
        try connection.query(
            """
            SELECT position, time, actor, action, subject, outcome, details, peer, leaf_hash
            FROM platform_audit_entries WHERE position > $1 ORDER BY position LIMIT $2
            """,
            .integer(position), SQLValue(AuditVerifier.pageEntries)
        ) { row in
            (
                AuditEntryRecord(
                    index: row.integer(0), time: row.instant(1), actor: row.text(2), action: row.text(3),
                    subject: row.text(4), outcome: row.text(5), details: row.text(6), peer: row.text(7)),
                row.blob(8)
            )
        }
    }

    /// Those whose size is above one and not above another, the smallest first.
    private func storedCheckpoints(after size: Int64, through end: Int64) throws -> [StoredCheckpoint] {
        try connection.query(
            """
            SELECT size, root, note FROM platform_audit_checkpoints WHERE size > $1 AND size <= $2 ORDER BY size
            """,
            .integer(size), .integer(end)
        ) { StoredCheckpoint(size: $0.integer(0), root: $0.blob(1), note: $0.text(2)) }
    }
}

extension AuditEntryRecord {
    /// The same entry at another position.
    fileprivate func moved(to index: Int64) -> AuditEntryRecord {
        AuditEntryRecord(
            index: index, time: time, actor: actor, action: action, subject: subject, outcome: outcome,
            details: details, peer: peer)
    }
}
