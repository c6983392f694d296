import Client
import Foundation
import Kernel
import RPC

/// Why a command ended badly, with what to do next and the exit code that scripts see.
struct Failure: Error {
    enum ExitCode: Int32 {
        case failed = 1
        case cancelled = 2
        case notFound = 3
        case denied = 4
        case usage = 64
        case temporary = 75
    }

    let exitCode: ExitCode
    let zh: String
    let en: String
    /// Nil for both: the command has not read its options yet.
    let language: Language?

    var text: String {
        switch language {
        case .chinese?: zh
        case .english?: en
        case nil: zh + en
        }
    }

    func report() -> Never {
        Printer.toStandardError("✗ " + text)
        exit(exitCode.rawValue)
    }
}

extension Failure {
    /// A file on this machine that cannot be used, in both languages.
    static func file(_ zh: String, _ en: String) -> Failure {
        Failure(exitCode: .usage, zh: zh, en: en, language: nil)
    }

    /// The reason that the server gives to a wrong account, password or code.
    private static let signInRefused: String = "SIGN_IN_REFUSED"

    /// The reason of a text that is too short or too long.
    private static let textLength: String = "TEXT_LENGTH"

    /// What a failed call means for people, and for scripts.
    init(_ error: RPCError, language: Language) {
        let explanation: Explanation = Explanation(error, in: language)
        var lines: [String] = [explanation.text]
        for field: Explanation.Field in explanation.fields where field.text != explanation.text {
            lines.append("  \(field.field): \(field.text)")
        }
        // The rule of a text's length is the same for every field, and its words name none.
        if explanation.reason == Failure.textLength, lines.count == 1, let field = explanation.fields.first {
            lines.append(language == .english ? "  In: \(field.field)" : "  在：\(field.field)")
        }
        let code: ExitCode
        switch error.code {
        case .notFound: code = .notFound
        case .unauthenticated:
            code = .denied
            // Who is just signing in knows how.
            if explanation.reason != Failure.signInRefused {
                lines.append(
                    language == .english
                        ? "  Sign in: linlictl session sign-in --account YOURS"
                        : "  登录：linlictl session sign-in --account 账号")
            }
        case .permissionDenied: code = .denied
        case .unavailable, .deadlineExceeded, .resourceExhausted, .aborted: code = .temporary
        case .cancelled: code = .cancelled
        default: code = .failed
        }
        let text: String = lines.joined(separator: "\n")
        self.init(exitCode: code, zh: text, en: text, language: language)
    }
}
