import ArgumentParser
import Contract
import Foundation
import Kernel
import RPC

/// `linlictl certificate …`: certificates that communities issue, and their check without a network.
struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "证明 Certificates",
        discussion: """
            例子 Examples:
              linlictl certificate find 单身证明
              linlictl certificate issue residence --holder residents/0199… --answer address=凤台社区3号楼
              linlictl certificate trust trust.txt
              linlictl certificate verify scanned.txt --trust trust.txt
            """,
        subcommands: [
            Types.self, Find.self, Issue.self, Show.self, List.self, Download.self, Revoke.self, Keys.self,
            RotateKey.self, RevokeKey.self, Trust.self, Verify.self,
        ])
}

enum CertificateColumns {
    typealias Certificate = OneStopV1.Certificate

    static func short(_ language: Language) -> [Column<Certificate>] {
        [
            Column("number", "编号") { $0.number },
            Column("title", "名称") { language.text($0.title) },
            Column("state", "状态") { state($0.state, language) },
            Column("holder", "持有人") { $0.holderText },
            Column("issuer", "出具单位") { $0.issuerText },
            Column("issued", "出具") { Times.text($0.issueTime) },
            Column("expires", "有效至") { Times.text($0.expireTime) },
        ]
    }

    private static func state(_ state: OneStopV1.CertificateState, _ language: Language) -> String {
        let english: Bool = language == .english
        switch state {
        case .valid: return english ? "valid" : "有效"
        case .expired: return english ? "expired" : "已过期"
        case .revoked: return english ? "revoked" : "已作废"
        case .unspecified, .unrecognized: return ""
        }
    }

    static func whole(_ language: Language) -> [Column<Certificate>] {
        short(language) + [
            Column("lines", "内容") { (row: Certificate) -> Cell in
                .list(row.lines.map { "\($0.label)：\($0.value)" })
            },
            Column("application", "办件") { $0.application },
            Column("revoke_reason", "撤销原因") { $0.revokeReason },
            Column("algorithm", "算法") { String(describing: $0.algorithm) },
            Column("key", "密钥") { $0.keyID },
            Column("credential", "二维码内容") { $0.credential },
        ]
    }

    static var key: [Column<OneStopV1.CertificateKey>] {
        [
            Column("id", "密钥") { $0.id },
            Column("algorithm", "算法") { String(describing: $0.algorithm) },
            Column("created", "生成") { Times.text($0.createTime) },
            Column("retired", "停用") { Times.text($0.retireTime) },
            Column("revoked", "作废") { Times.text($0.revokeTime) },
        ]
    }
}

/// How a certificate is signed.
enum SigningAlgorithm: String, ExpressibleByArgument, CaseIterable {
    case ed25519, sm2

    var wire: OneStopV1.SignatureAlgorithm { self == .sm2 ? .sm2 : .ed25519 }
}

extension CertificateCommand {
    struct Types: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "能出具哪些证明 Which certificates are issued here")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let answer: OneStopV1.ListCertificateTypesResponse = try await console.certificates
                    .listCertificateTypes(.init(), options: console.call)
                console.printer.list(
                    answer.types,
                    [
                        Column("id", "类型") { $0.id },
                        Column("title", "名称") { language.text($0.title) },
                        Column("questions", "要填") { (row: OneStopV1.CertificateType) -> Cell in
                            .list(row.questions.map { "\($0.id) \(language.text($0.label))" })
                        },
                        Column("days", "有效天数") { (row: OneStopV1.CertificateType) -> Cell in
                            .number(Int64(row.validityDays))
                        },
                    ], empty: ("没有可出具的证明。", "None is issued here."))
            }
        }
    }

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "按词找证明：能出具，还是不该出具、该找谁 Find a proof: issued here, or who does instead")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "居民怎么说的。As people say it.") var words: String

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let found: OneStopV1.FindProofResponse = try await console.certificates.findProof(
                    .init(words: words), options: console.call)
                let rows: [(String, String, String)] =
                    found.types.map {
                        (
                            language == .english ? "✓ issued here" : "✓ 可出具", language.text($0.title),
                            language.text($0.description)
                        )
                    }
                    + found.refusedProofs.map {
                        (
                            language == .english ? "✗ not issued" : "✗ 不出具", language.text($0.title),
                            language.text($0.instead) + "　" + $0.legalBasis
                        )
                    }
                let columns: [Column<(String, String, String)>] = [
                    Column("result", "结果") { $0.0 }, Column("title", "名称") { $0.1 },
                    Column("text", "说明") { $0.2 },
                ]
                // What to do instead is read out at the counter: it must not be cut to the width of a table.
                guard console.printer.format == .table, !rows.isEmpty else {
                    return console.printer.list(
                        rows, columns, empty: ("没有找到，换个说法试试。", "Nothing was found; try other words."))
                }
                for (index, row) in rows.enumerated() {
                    if index > 0 { print() }
                    console.printer.one(row, columns)
                }
            }
        }
    }

    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "出具证明 Issue a certificate")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "类型，见 types。Type.") var type: String
        @Option(help: "给谁：residents/编号。For whom.") var holder: String
        @Option(help: "填写，问题=内容，可多次。Answer as question=value; may be repeated.") var answer: [String] = []
        @Option(help: "ed25519 或 sm2。Algorithm.") var algorithm: SigningAlgorithm = .ed25519

        func run() async throws {
            let answers: [OneStopV1.FormAnswer] = try answer.map { text in
                guard let cut = text.firstIndex(of: "=") else {
                    throw ValidationError("--answer 请写成 问题=内容。Write --answer question=value.")
                }
                return .init(
                    question: String(text[..<cut]), value: String(text[text.index(after: cut)...]))
            }
            let request = OneStopV1.IssueCertificateRequest(
                type: type, holder: Names.resident(holder), answers: answers, algorithm: algorithm.wire,
                requestID: options.requestID())
            try await options.send(request, show: CertificateCommand.show) { console, request, call in
                try await console.certificates.issueCertificate(request, options: call)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一份证明 Show a certificate")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "证明编号。Number.") var number: String

        func run() async throws {
            try await options.withConsole { console in
                CertificateCommand.show(
                    try await console.certificates.getCertificate(
                        .init(name: Names.certificate(number)), options: console.call), console)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出证明 List certificates, newest first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.Certificate] = try await page.collect { size, token in
                    let answer: OneStopV1.ListCertificatesResponse = try await console.certificates
                        .listCertificates(.init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.certificates, answer.nextPageToken)
                }
                console.printer.list(
                    rows, CertificateColumns.short(console.printer.language),
                    empty: ("还没有证明。", "There are no certificates."))
            }
        }
    }

    struct Download: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "下载 PDF Download the PDF")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "证明编号。Number.") var number: String
        @Argument(help: "存到哪个文件；已有的不覆盖。File; never overwritten.", completion: .file()) var file: String

        func run() async throws {
            let target: NewFile = try NewFile(at: file)
            try await options.withConsole { console in
                var content: Data = Data()
                let chunks = console.certificates.downloadCertificate(
                    .init(name: Names.certificate(number)), options: console.call)
                for try await chunk: OneStopV1.CertificateChunk in chunks { content += chunk.data }
                try target.write(content)
                console.printer.say("✓ 已存到 \(file)", "✓ Written to \(file)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "撤销证明 Revoke a certificate")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "证明编号。Number.") var number: String
        @Option(help: "为什么。Why.") var reason: String

        func run() async throws {
            let request = OneStopV1.RevokeCertificateRequest(
                name: Names.certificate(number), reason: reason, requestID: options.requestID())
            try await options.send(request, show: CertificateCommand.show) { console, request, call in
                try await console.certificates.revokeCertificate(request, options: call)
            }
        }
    }

    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出签名密钥 List the signing keys")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let bundle: OneStopV1.TrustBundle = try await console.certificates.getTrustBundle(
                    .init(), options: console.call)
                console.printer.list(
                    bundle.keys, CertificateColumns.key, empty: ("还没有密钥。", "There is no key yet."))
            }
        }
    }

    struct RotateKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "换一把签名密钥；旧的还能核验 Make a new key; the old one still verifies")
        @OptionGroup var options: ConsoleOptions
        @Option(help: "ed25519 或 sm2。Algorithm.") var algorithm: SigningAlgorithm = .ed25519

        func run() async throws {
            let request = OneStopV1.RotateCertificateKeyRequest(
                algorithm: algorithm.wire, requestID: options.requestID())
            try await options.send(request) { (key: OneStopV1.CertificateKey, console) in
                console.printer.one(key, CertificateColumns.key)
            } _: { console, request, call in
                try await console.certificates.rotateCertificateKey(request, options: call)
            }
        }
    }

    struct RevokeKey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "作废密钥：它签的全部作废 Revoke a key: all that it signed is refused")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "密钥编号，见 keys。Id of the key.") var id: String
        @Option(help: "为什么。Why.") var reason: String
        @Option(help: "再写一遍密钥编号。The id once more.") var confirm: String = ""

        func run() async throws {
            let request = OneStopV1.RevokeCertificateKeyRequest(
                id: id, reason: reason, requestID: options.requestID())
            try await options.withConsole { console in
                try console.requireConfirmation(of: id, given: confirm)
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.certificates.revokeCertificateKey(request, options: console.call),
                    CertificateColumns.key)
            }
        }
    }

    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "取信任文件，供离线核验 Fetch the trust file for checks without a network")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "存到哪个文件。File.", completion: .file()) var file: String

        func run() async throws {
            try await options.withConsole { console in
                let bundle: OneStopV1.TrustBundle = try await console.certificates.getTrustBundle(
                    .init(), options: console.call)
                try Data(bundle.bundleText.utf8).write(to: URL(filePath: file), options: .atomic)
                console.printer.say(
                    "✓ 已存到 \(file)，\(Times.text(bundle.nextUpdateTime))前再取一次。",
                    "✓ Written to \(file). Fetch it again before \(Times.text(bundle.nextUpdateTime)).")
            }
        }
    }

    fileprivate static func show(_ certificate: OneStopV1.Certificate, _ console: Console) {
        console.printer.one(certificate, CertificateColumns.whole(console.printer.language))
    }
}
