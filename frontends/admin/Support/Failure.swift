import Foundation
import Kernel

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
    let language: Language

    func report() -> Never {
        Printer.toStandardError("✗ " + (language == .english ? en : zh))
        exit(exitCode.rawValue)
    }
}
