import ArgumentParser
import Crypto
import Foundation
import Kernel

extension CertificateCommand {
    /// Checks the text of a QR code with a trust file alone: no server, no network, no account.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "离线核验二维码 Check the text of a QR code without a network",
            discussion: "退出码 0 有效，1 无效（写明原因）。Exit code 0 if it is good, 1 with the reason if it is not.")

        @Argument(help: "二维码的文字、文件，或 - 从标准输入读。Text, a file, or - for standard input.")
        var text: String
        @Option(help: "信任文件，见 trust。The trust file.", completion: .file()) var trust: String
        @Option(help: "语言 zh 或 en。Language.") var lang: String?

        /// Longer inputs are no credential.
        static let bytesMax: Int = 64 * 1_024

        func run() async throws {
            let language: Language =
                (lang ?? ProcessInfo.processInfo.environment["LINLI_LANG"] ?? "zh").hasPrefix("en")
                ? .english : .chinese
            let report: Report = try check(at: SystemClock().now(), language)
            for warning in report.warnings { Printer.toStandardError("！ " + warning) }
            for line in report.lines { print(line) }
            guard report.isGood else {
                throw Failure(exitCode: .failed, zh: report.reason, en: report.reason, language: language)
            }
            Printer.toStandardError("✓ " + report.reason)
        }

        /// What a check says.
        struct Report {
            let isGood: Bool
            let reason: String
            let lines: [String]
            let warnings: [String]
        }

        func check(at now: Instant, _ language: Language) throws -> Report {
            let bundle: TrustBundle
            do {
                let content: String = try String(contentsOfFile: trust, encoding: .utf8)
                bundle = try TrustFile(content).bundle
            } catch {
                throw Failure(
                    exitCode: .usage,
                    zh: "信任文件 \(trust) 用不了。请用 linlictl certificate trust 再取一份。",
                    en: "The trust file \(trust) cannot be used. Fetch it again: linlictl certificate trust.",
                    language: language)
            }
            let found: CredentialCheck = try bundle.check(try input(language), at: now)
            let (zh, en): (String, String) = CertificateCommand.words(found.finding)
            let lines: [String] =
                found.credential.map { credential in
                    ["\(credential.title)　\(credential.number)　\(credential.issuer)"]
                        + credential.lines.map { "  \($0.label)：\($0.value)" }
                } ?? []
            return Report(
                isGood: found.finding == .valid, reason: language == .english ? en : zh, lines: lines,
                warnings: found.warnings.map { warning in
                    let (zh, en): (String, String) = CertificateCommand.words(warning)
                    return language == .english ? en : zh
                })
        }

        private func input(_ language: Language) throws -> String {
            if text == "-" {
                let data: Data = try FileHandle.standardInput.read(upToCount: Self.bytesMax) ?? Data()
                return String(decoding: data, as: UTF8.self)
            }
            guard FileManager.default.fileExists(atPath: text) else {
                // No credential has a slash: this was meant as a file, and a false alarm about a paper would be worse.
                guard text.contains("/") else { return text }
                throw Failure(
                    exitCode: .usage, zh: "没有文件 \(text)，请检查路径。",
                    en: "There is no file \(text). Check the path.", language: language)
            }
            let handle: FileHandle = try FileHandle(forReadingFrom: URL(filePath: text))
            return String(decoding: try handle.read(upToCount: Self.bytesMax) ?? Data(), as: UTF8.self)
        }
    }

    fileprivate static func words(_ finding: CredentialCheck.Finding) -> (String, String) {
        switch finding {
        case .valid: ("有效。请与纸面逐项核对。", "Good. Compare it with the paper, line by line.")
        case .expired: ("已过期，请持有人重新开具。", "Its time is over. The holder needs a new one.")
        case .revoked: ("已被撤销，不能再用。", "It was revoked and is no good any more.")
        case .tampered:
            ("签名不符：内容被改过，或者是伪造的。请不要采信。", "The signature does not fit: it was changed or made up.")
        case .unknownKey(.notInBundle):
            ("信任文件里没有这把密钥。请取最新的信任文件再核验。", "The key is not in the trust file. Fetch a newer one.")
        case .unknownKey(.revoked): ("签它的密钥已经作废，不能采信。", "Its key was revoked. Do not trust it.")
        case .unknownKey(.notInUse):
            ("签名时间不在密钥的使用期内，不能采信。", "Its key was not in use at that time. Do not trust it.")
        case .unreadable:
            ("这不是一网通办的证明码，或者没有扫全。请重新扫。", "This is no code of ours, or only a part. Scan it again.")
        }
    }

    fileprivate static func words(_ warning: CredentialCheck.Warning) -> (String, String) {
        switch warning {
        case .statusListStale(let since):
            (
                "信任文件旧了（\(since.shanghai.description)起）：之后撤销的看不出来。请再取一份。",
                "The trust file is old (since \(since.shanghai.description)): later revocations are not seen."
            )
        case .newerThanStatusList:
            ("这份证明比信任文件新，看不出是否撤销。请再取一份。", "The certificate is newer than the trust file. Fetch it again.")
        case .issuedInFuture:
            ("出具时间在将来，请检查这台机器的时钟。", "It was issued in the future: check this machine's clock.")
        }
    }
}
