package import Contract
package import Crypto
internal import Kernel
package import RPC
internal import Storage

/// The audit log for those with the right to read it.
package struct AuditService: PlatformV1.AuditService {
    /// Entries that one page looks at, at most, when it looks for a subject or an actor.
    static let maximumScan: Int64 = 50_000
    private static let purposeRule: TextRule = TextRule(4...200)

    private let platform: Platform
    private let checkpoints: AuditCheckpoints
    private let verifierKey: String

    /// - Throws: `CryptoError` if the signer's public key cannot be written down.
    package init(platform: Platform, signer: NoteSigner) throws {
        self.platform = platform
        checkpoints = AuditCheckpoints(signer: signer)
        verifierKey = try signer.verifier.text()
    }

    package static let access: [AccessRule] = [
        AccessRule(PlatformV1.AuditServiceMethods.listAuditEntries, .staff(.auditor)),
        AccessRule(PlatformV1.AuditServiceMethods.getCheckpoint, .staff(.auditor, .operator)),
        AccessRule(PlatformV1.AuditServiceMethods.proveInclusion, .staff(.auditor, .operator)),
        AccessRule(PlatformV1.AuditServiceMethods.proveConsistency, .staff(.auditor, .operator)),
    ]

    package func listAuditEntries(_ request: PlatformV1.ListAuditEntriesRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.ListAuditEntriesResponse
    {
        let purpose: String = try AuditService.purposeRule.apply(request.purpose, field: "purpose")
        let paging: Paging = try Paging(
            size: request.pageSize, standard: 100, maximum: 500, token: request.pageToken,
            query: ["audit", "\(request.firstIndex)", request.subject, request.actor])
        try await platform.perform(call, action: "audit.read") { unit in
            unit.audit(
                subject: "audit",
                details: [
                    "purpose": Masking.numbers(in: purpose), "subject": request.subject,
                    "actor": request.actor,
                ])
        }
        return try await platform.read(call) { context in
            let after: Int64? = paging.after?.first.flatMap { Int64($0) }
            let first: Int64 = after.map { $0 + 1 } ?? max(0, request.firstIndex)
            return try AuditService.page(request, from: first, paging, context.connection)
        }
    }

    package func getCheckpoint(_ request: PlatformV1.GetCheckpointRequest, _ call: ServerCall) async throws
        -> PlatformV1.Checkpoint
    {
        _ = try call.requirePrincipal()
        let stored: StoredCheckpoint = try await platform.performAsSystem(action: "audit.checkpoint") {
            [checkpoints] unit in try checkpoints.newest(unit.connection, now: unit.now)
        }
        return contract(stored)
    }

    package func proveInclusion(_ request: PlatformV1.ProveInclusionRequest, _ call: ServerCall) async throws
        -> PlatformV1.InclusionProof
    {
        try await platform.read(call) { [self] context in
            let size: Int64 = try treeSize(request.treeSize, field: "tree_size", context.connection)
            guard request.index >= 0, request.index < size else {
                throw Refusal.outOfRange(
                    reason: "NO_SUCH_ENTRY", zh: "没有这条审计记录。", en: "The log has no such entry.",
                    metadata: ["index": "\(request.index)", "treeSize": "\(size)"])
            }
            let hashes: [[UInt8]] = try MerkleTree.inclusionProof(
                index: UInt64(request.index), size: UInt64(size)
            ) { try AuditNodes.hash(context.connection, $0) }
            let leaf: MerkleTree.Node = MerkleTree.Node(level: 0, index: UInt64(request.index))
            return PlatformV1.InclusionProof(
                index: request.index, treeSize: size, leafHash: try AuditNodes.hash(context.connection, leaf),
                hashes: hashes,
                checkpoint: try AuditCheckpoints.find(context.connection, size: size).map(contract))
        }
    }

    package func proveConsistency(_ request: PlatformV1.ProveConsistencyRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.ConsistencyProof
    {
        try await platform.read(call) { [self] context in
            let size: Int64 = try treeSize(request.newSize, field: "new_size", context.connection)
            guard request.oldSize >= 1, request.oldSize <= size else {
                throw Refusal.invalid(
                    field: "old_size", reason: "TREE_SIZE_INVALID", zh: "较早的大小应在1与较晚的大小之间。",
                    en: "The earlier size must lie between 1 and the later size.",
                    metadata: ["newSize": "\(size)"])
            }
            let hashes: [[UInt8]] = try MerkleTree.consistencyProof(
                from: UInt64(request.oldSize), to: UInt64(size)
            ) { try AuditNodes.hash(context.connection, $0) }
            return PlatformV1.ConsistencyProof(oldSize: request.oldSize, newSize: size, hashes: hashes)
        }
    }

    /// The size that was asked for, or that of the newest checkpoint for 0.
    private func treeSize(_ asked: Int64, field: String, _ connection: any Connection) throws -> Int64 {
        let current: Int64 = Int64(try AuditLog.frontier(connection).size)
        if asked == 0 { return try AuditCheckpoints.newestSigned(connection)?.size ?? current }
        guard asked > 0, asked <= current else {
            throw Refusal.invalid(
                field: field, reason: "TREE_SIZE_INVALID", zh: "审计日志没有这么多条记录。",
                en: "The log is not that large.", metadata: ["size": "\(current)"])
        }
        return asked
    }

    private func contract(_ stored: StoredCheckpoint) -> PlatformV1.Checkpoint {
        PlatformV1.Checkpoint(
            note: stored.note, size: stored.size, rootHash: stored.root, verifierKey: verifierKey)
    }

    /// Entries that fit, from an index on. A page that found less than it may show still has a token if the log goes on:
    /// it looked at as many entries as one page may.
    private static func page(
        _ request: PlatformV1.ListAuditEntriesRequest, from first: Int64, _ paging: Paging,
        _ connection: any Connection
    ) throws -> PlatformV1.ListAuditEntriesResponse {
        let isFiltered: Bool = !request.subject.isEmpty || !request.actor.isEmpty
        let size: Int64 = Int64(try AuditLog.frontier(connection).size)
        let end: Int64 = min(size, first + (isFiltered ? maximumScan : Int64(paging.limit)))
        let found: [AuditEntryRecord] = try AuditLog.entries(connection, from: first, to: max(first, end))
            .filter {
                (request.subject.isEmpty || $0.subject == request.subject)
                    && (request.actor.isEmpty || $0.actor == request.actor)
            }
        var page: (rows: [AuditEntryRecord], nextPageToken: String) = paging.cut(found) { ["\($0.index)"] }
        if page.nextPageToken.isEmpty, end < size { page.nextPageToken = paging.token(after: ["\(end - 1)"]) }
        return PlatformV1.ListAuditEntriesResponse(
            entries: page.rows.map(contract), nextPageToken: page.nextPageToken)
    }

    private static func contract(_ entry: AuditEntryRecord) -> PlatformV1.AuditEntry {
        PlatformV1.AuditEntry(
            index: entry.index, time: GoogleProtobuf.Timestamp(entry.time), actor: entry.actor,
            action: entry.action, subject: entry.subject, outcome: entry.outcome, detailsJson: entry.details,
            leafHash: entry.leafHash, peer: entry.peer)
    }
}
