internal import Crypto
internal import Kernel
internal import Platform
internal import Storage

/// One check of the audit log in a data directory.
struct AuditCheck: Sendable {
    let directory: DataDirectory
    let origin: String
    let key: NoteVerifier
    let memory: AuditMemory

    /// What was found, and the words for it.
    struct Result: Sendable {
        let fault: AuditFault?
        let text: String
    }

    /// - Parameters:
    ///   - verifierKey: the public key as the auditor kept it; nil takes that of the data directory.
    ///   - stateFolder: where what was seen is remembered; nil is the user's own.
    init(directory: DataDirectory, verifierKey: String?, stateFolder: String? = nil) async throws {
        self.directory = directory
        if let verifierKey {
            key = try NoteVerifier(parsing: verifierKey)
            origin = key.name
        } else {
            origin = try await ServerSettings.auditOrigin(in: directory)
            key = try MasterKeys.auditVerifier(directory, origin: origin)
        }
        memory = AuditMemory(origin: origin, dataDirectory: directory.path, stateFolder: stateFolder)
    }

    /// Reads the log. A log without a fault is remembered.
    func run(checkpointFile: String?) async throws -> Result {
        let seen: AuditMemory.Seen? = try memory.read()
        var kept: [KeptCheckpoint] = []
        do {
            if let seen {
                kept.append(KeptCheckpoint(seen.checkpoint, source: memory.path))
                guard seen.verifierKey == (try key.text()) else {
                    throw AuditFault(
                        .badSignature, 0..<0,
                        "the log's key is another than the one that was seen last (\(memory.path))")
                }
            }
            if let checkpointFile {
                kept.append(
                    try KeptCheckpoint(
                        note: TextFile.read(checkpointFile), source: checkpointFile, origin: origin,
                        keys: [key]))
            }
        } catch let fault as AuditFault {
            return Result(fault: fault, text: text(of: fault))
        }
        let verifier: AuditVerifier = AuditVerifier(origin: origin, keys: [key], kept: kept)
        let report: AuditReport = try await SQLiteSnapshot.read(directory.databasePath) {
            try verifier.verify($0)
        }
        if report.fault == nil {
            try memory.write(
                origin: origin, size: report.size, root: report.root, verifierKey: key.text())
        }
        return Result(fault: report.fault, text: text(of: report, kept))
    }

    // MARK: Words

    private func text(of report: AuditReport, _ kept: [KeptCheckpoint]) -> String {
        var lines: [String] = [
            "日志 log          \(origin)",
            "条数 size         \(report.size)",
            "根哈希 root       \(Base64.encode(report.root))",
            "签名 signature    \(signature(report))",
        ]
        if report.fault == nil {
            lines += kept.map { kept in
                "一致 consistent   size \(kept.checkpoint.size), \(kept.source)"
            }
            if kept.isEmpty {
                lines.append("一致 consistent   第一次核对，已记下 first check, remembered in \(memory.path)")
            }
            lines.append("✓ 审计日志完整。The audit log is whole.")
        }
        return lines.map { $0 + "\n" }.joined() + (report.fault.map(text) ?? "")
    }

    private func signature(_ report: AuditReport) -> String {
        guard let signed = report.signedSize else {
            return "还没有签名的检查点 no signed checkpoint yet"
        }
        let end: String = report.fault == nil ? "有效 good" : "到此有效 good up to here"
        return "\(end): \(report.checkpoints) checkpoints, \(signed) of \(report.size) entries, key \(key)"
    }

    private func text(of fault: AuditFault) -> String {
        let kind: (zh: String, en: String)
        switch fault.kind {
        case .edited: kind = ("被改过", "edited")
        case .missing: kind = ("缺失", "missing")
        case .reordered: kind = ("换了位置", "reordered")
        case .truncated: kind = ("后面被截断", "truncated")
        case .rewritten: kind = ("被重写", "rewritten")
        case .badSignature: kind = ("签名不对", "bad signature")
        }
        let place: String
        switch fault.entries.count {
        case 0: place = "检查点 checkpoint"
        case 1: place = "第 \(fault.entries.lowerBound) 条 entry \(fault.entries.lowerBound)"
        default:
            let (first, last) = (fault.entries.lowerBound, fault.entries.upperBound - 1)
            place = "第 \(first)–\(last) 条 entries \(first)–\(last)"
        }
        return """
            ✗ \(place)：\(kind.zh) \(kind.en): \(fault.description).
              请不要动数据目录，马上联系审计负责人。如果是有意恢复了备份或重新安装，请删除 \(memory.path) 再核对。
              Touch nothing in the data directory and call the auditor. If a backup was restored or the server was set up \
            anew on purpose, remove \(memory.path) and check again.

            """
    }
}
