import ArgumentParser
import Contract
import Crypto
import Foundation
import Kernel

/// `linlictl audit …`: the audit log and its proofs.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "审计 The audit log",
        subcommands: [List.self, CheckpointCommand.self, Prove.self, Verify.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看审计记录；看这个动作也会记下 Read entries; that is logged too")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "从第几条起。From this index.") var first: Int64 = 0
        @Option(help: "只看这个对象。Only about this subject.") var subject: String = ""
        @Option(help: "只看这个人做的。Only by this actor.") var actor: String = ""
        @Option(help: "为什么看。What for.") var purpose: String

        func run() async throws {
            try await options.withConsole { console in
                let rows: [PlatformV1.AuditEntry] = try await page.collect { size, token in
                    let answer: PlatformV1.ListAuditEntriesResponse = try await console.audit
                        .listAuditEntries(
                            .init(
                                firstIndex: first, subject: subject, actor: actor, pageSize: size,
                                pageToken: token,
                                purpose: purpose), options: console.call)
                    return (answer.entries, answer.nextPageToken)
                }
                console.printer.list(
                    rows,
                    [
                        Column("index", "序号") { (row: PlatformV1.AuditEntry) -> Cell in .number(row.index) },
                        Column("time", "时间") { Times.text($0.time) },
                        Column("actor", "谁") { $0.actor },
                        Column("action", "做了什么") { $0.action },
                        Column("subject", "对象") { $0.subject },
                        Column("outcome", "结果") { $0.outcome },
                        Column("details", "细节") { $0.detailsJson },
                        Column("peer", "来自") { $0.peer },
                    ], empty: ("没有记录。", "There are no entries."))
            }
        }
    }

    struct CheckpointCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "取签名检查点 Get the signed checkpoint",
            discussion: "请存到别的机器上：以后能证明日志没有被改写。Keep it on another machine.")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let answer: PlatformV1.Checkpoint = try await console.audit.getCheckpoint(
                    .init(), options: console.call)
                if console.printer.format == .table {
                    print(answer.note, terminator: "")
                    console.printer.say("验证用公钥：\(answer.verifierKey)", "Verifier key: \(answer.verifierKey)")
                } else {
                    console.printer.one(
                        answer,
                        [
                            Column("size", "条数") { (row: PlatformV1.Checkpoint) -> Cell in .number(row.size)
                            },
                            Column("root_hash", "根哈希") { Hex.encode($0.rootHash) },
                            Column("verifier_key", "公钥") { $0.verifierKey },
                            Column("note", "检查点") { $0.note },
                        ])
                }
            }
        }
    }

    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "证明一条记录在日志里 Prove that an entry is in the log, and check the proof here")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "第几条。Index.") var index: Int64

        func run() async throws {
            try await options.withConsole { console in
                let proof: PlatformV1.InclusionProof = try await console.audit.proveInclusion(
                    .init(index: index), options: console.call)
                let valid: Bool =
                    proof.checkpoint.map { checkpoint in
                        MerkleTree.verifyInclusion(
                            leafHash: proof.leafHash, index: UInt64(clamping: proof.index),
                            size: UInt64(clamping: proof.treeSize), proof: proof.hashes,
                            root: checkpoint.rootHash)
                    } ?? false
                console.printer.one(
                    proof,
                    [
                        Column("index", "序号") { (row: PlatformV1.InclusionProof) -> Cell in .number(row.index)
                        },
                        Column("tree_size", "条数") { (row: PlatformV1.InclusionProof) -> Cell in
                            .number(row.treeSize)
                        },
                        Column("leaf_hash", "叶哈希") { Hex.encode($0.leafHash) },
                        Column("hashes", "证明") { (row: PlatformV1.InclusionProof) -> Cell in
                            .list(row.hashes.map { Hex.encode($0) })
                        },
                        Column("valid", "有效") { (_: PlatformV1.InclusionProof) -> Cell in .flag(valid) },
                    ])
                guard valid else {
                    throw Failure(
                        exitCode: .failed, zh: "证明不成立：这一条不在签名的日志里。请马上联系审计负责人。",
                        en: "The proof fails: the entry is not in the signed log. Call the auditor at once.",
                        language: console.printer.language)
                }
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "离线核对整个日志 Verify the whole log off line",
            discussion: "直接读数据目录（服务器运行着也可以）。Reads the data directory; the server may be running.")
        @OptionGroup var options: ConsoleOptions
        @Option(help: "存在别处的公钥。The log's public key, as kept elsewhere.") var verifierKey: String?
        @Option(help: "存在别处的检查点。A checkpoint that was kept elsewhere.", completion: .file())
        var checkpoint: String?

        func run() throws {
            try ServerProgram.run(
                ["audit", "verify"] + options.dataDirectoryArguments()
                    + (verifierKey.map { ["--verifier-key", $0] } ?? [])
                    + (checkpoint.map { ["--checkpoint", $0] } ?? []))
        }
    }
}

/// `linlictl backup …`: snapshots while the server runs, and the way back.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "备份 Backups",
        subcommands: [Create.self, List.self, Verify.self, Restore.self])

    static var columns: [Column<PlatformV1.Backup>] {
        [
            Column("name", "编号") { $0.name },
            Column("path", "文件") { $0.path },
            Column("size_bytes", "字节") { (row: PlatformV1.Backup) -> Cell in .number(row.sizeBytes) },
            Column("sha256", "SHA-256") { Hex.encode($0.sha256) },
            Column("create_time", "时间") { Times.text($0.createTime) },
        ]
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "做一个备份，不停机 Make one while the server runs")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let request = PlatformV1.CreateBackupRequest(requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.backups.createBackup(request, options: console.endlessCall),
                    BackupCommand.columns)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出备份 List backups")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            try await options.withConsole { console in
                let rows: [PlatformV1.Backup] = try await page.collect { size, token in
                    let answer: PlatformV1.ListBackupsResponse = try await console.backups.listBackups(
                        .init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.backups, answer.nextPageToken)
                }
                console.printer.list(
                    rows, BackupCommand.columns, empty: ("还没有备份。", "There are no backups yet."))
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "检查备份文件 Check a backup, off line")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "备份文件。Backup file.", completion: .file()) var file: String

        func run() throws {
            try ServerProgram.run(["backup", "verify", file])
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "从备份恢复（先停服务器）Restore; stop the server first",
            discussion: "原来的数据会留在旁边，不会删除。What was there is kept beside it.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "备份文件。Backup file.", completion: .file()) var file: String
        @Option(help: "再写一遍数据目录，表示确定。The data directory once more, to confirm.") var confirm: String = ""

        func run() throws {
            let directory: String = try options.requiredDataDirectory()
            guard confirm == directory else {
                throw ValidationError(
                    "恢复会换掉 \(directory) 里的数据。确定的话加上 --confirm \(directory)。Add it to confirm.")
            }
            try ServerProgram.run(
                ["backup", "restore", file, "--data-directory", directory])
        }
    }
}

/// `linlictl pki …`: certificates of devices and vendors.
struct PkiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki", abstract: "证书 Certificates", subcommands: [Issue.self, Revoke.self, List.self])

    static var columns: [Column<PlatformV1.Certificate>] {
        [
            Column("name", "编号") { $0.name },
            Column("subject", "给谁") { $0.subject },
            Column("display_name", "名称") { $0.displayName },
            Column("not_after", "到期") { Times.text($0.notAfter) },
            Column("revoked", "吊销") { Times.text($0.revokeTime) },
            Column("reason", "原因") { $0.revokeReason },
        ]
    }

    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "签发 Issue to a device or vendor",
            discussion: "写出 证书.pem、私钥.key（0600）和根证书 root.pem。Writes the certificate, key and root.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "device 设备，vendor 商家或系统。Kind.") var kind: Kind
        @Argument(help: "代号：小写字母、数字、短横线。Id.") var id: String
        @Option(help: "名称。Display name.") var name: String
        @Option(help: "写到这个目录。Write the files here.", completion: .directory) var directory: String
        @Option(help: "自己的证书请求（PEM）；不写就在服务器上做私钥。PKCS#10 request.", completion: .file()) var csr: String?
        @Option(help: "有效天数，1 到 825。Days.") var days: Int32 = 90

        enum Kind: String, ExpressibleByArgument, CaseIterable { case device, vendor }

        func run() async throws {
            let request = PlatformV1.IssueCertificateRequest(
                kind: kind == .device ? .device : .vendor, subjectID: id, displayName: name,
                csrPem: try csr.map(TextFile.read) ?? "", validityDays: days, requestID: options.requestID())
            try await options.withConsole { console in
                guard try console.confirmSending(request) else { return }
                let issued: PlatformV1.IssueCertificateResponse = try await console.pki.issueCertificate(
                    request, options: console.call)
                try TextFile.makeDirectory(directory)
                try TextFile.write(issued.certificatePem, to: "\(directory)/\(id).pem", ownerOnly: false)
                try TextFile.write(issued.rootPem, to: "\(directory)/root.pem", ownerOnly: false)
                if !issued.privateKeyPem.isEmpty {
                    try TextFile.write(issued.privateKeyPem, to: "\(directory)/\(id).key", ownerOnly: true)
                }
                console.printer.say("✓ 证书写在 \(directory)。", "✓ Written to \(directory).")
                if let certificate = issued.certificate {
                    console.printer.one(certificate, PkiCommand.columns)
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "吊销，马上生效 Revoke at once")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "证书编号。Serial.") var serial: String
        @Option(help: "为什么。Why.") var reason: String

        func run() async throws {
            try await options.withConsole { console in
                let request = PlatformV1.RevokeCertificateRequest(
                    name: Names.certificate(serial), reason: reason, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.pki.revokeCertificate(request, options: console.call),
                    PkiCommand.columns)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出 List")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            try await options.withConsole { console in
                let rows: [PlatformV1.Certificate] = try await page.collect { size, token in
                    let answer: PlatformV1.ListCertificatesResponse = try await console.pki.listCertificates(
                        .init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.certificates, answer.nextPageToken)
                }
                console.printer.list(
                    rows, PkiCommand.columns, empty: ("还没有证书。", "There are no certificates."))
            }
        }
    }
}
