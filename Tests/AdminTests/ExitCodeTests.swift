import ArgumentParser
import Contract
import Foundation
import Kernel
import RPC
import Testing

@testable import linlictl

@Suite("Exit codes of linlictl")
struct ExitCodeTests {
    /// Runs the program as a shell does, in a home of its own.
    private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
        let home: URL = FileManager.default.temporaryDirectory.appending(path: "linlictl-\(UUID())")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        let tests: String = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let (output, errors) = (Pipe(), Pipe())
        let process: Process = Process()
        process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "linlictl")
        process.arguments = arguments
        process.environment = ["HOME": home.path(), "PATH": "/usr/bin:/bin"]
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text: (Data, Data) = (
            output.fileHandleForReading.readDataToEndOfFile(),
            errors.fileHandleForReading.readDataToEndOfFile()
        )
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text.0, as: UTF8.self),
            String(decoding: text.1, as: UTF8.self)
        )
    }

    @Test(
        "wrong usage ends with 64, and what is wrong is on standard error",
        arguments: [
            ["case", "show"], ["case", "paint"], ["case", "list", "--limit", "0"],
            ["case", "list", "--limit", "10001"], ["session", "show", "--timeout", "0"],
            ["session", "show", "--timeout", "601"], ["session", "show", "-o", "xml"],
            ["session", "sign-in", "--no-input", "--account", "wang.fang"],
            ["case", "list", "--state", "painted", "--server", "127.0.0.1:1"],
            ["staff", "disable", "1", "--reason", "left", "--server", "nowhere:port"],
        ])
    func usage(arguments: [String]) throws {
        let result = try run(arguments)
        #expect(result.code == 64, "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
    }

    @Test("no server ends with 75, within seconds, in words that say so")
    func noServer() throws {
        let start: ContinuousClock.Instant = .now
        let result = try run(["session", "show", "--server", "127.0.0.1:1", "--timeout", "120"])
        #expect(result.code == 75)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("连不上服务器"))
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test("help ends with 0 and is on standard output")
    func help() throws {
        let result = try run(["case", "dispatch", "--help"])
        #expect(result.code == 0)
        #expect(result.output.contains("linlictl case dispatch"))
        #expect(result.errors.isEmpty)
    }

    @Test(
        "a failed call ends with the code of its kind",
        arguments: [
            (StatusCode.unauthenticated, Int32(4)), (.permissionDenied, 4), (.notFound, 3), (.cancelled, 2),
            (.unavailable, 75), (.deadlineExceeded, 75), (.resourceExhausted, 75), (.aborted, 75),
            (.invalidArgument, 1), (.failedPrecondition, 1), (.internalError, 1),
        ])
    func kinds(code: StatusCode, exit: Int32) {
        #expect(Failure(RPCError(code: code, message: ""), language: .chinese).exitCode.rawValue == exit)
    }

    @Test("words that fit any field come with its name", arguments: ["TEXT_LENGTH", "NUMBER_CHECK_FAILED"])
    func fieldOfAText(reason: String) {
        let words: String = "内容应为2到200个字。"
        let wrong: GoogleRPC.BadRequest = GoogleRPC.BadRequest(fieldViolations: [
            .init(field: "reason", description: words, reason: reason)
        ])
        let info: GoogleRPC.ErrorInfo = GoogleRPC.ErrorInfo(reason: reason, domain: "linli")
        let told: GoogleRPC.LocalizedMessage = GoogleRPC.LocalizedMessage(locale: "zh-CN", message: words)
        let prefix: String = "type.googleapis.com/google.rpc."
        let status: GoogleRPC.Status = GoogleRPC.Status(
            code: 3, message: words,
            details: [
                .init(typeUrl: prefix + "ErrorInfo", value: info.encodedBytes()),
                .init(typeUrl: prefix + "BadRequest", value: wrong.encodedBytes()),
                .init(typeUrl: prefix + "LocalizedMessage", value: told.encodedBytes()),
            ])
        let failure: Failure = Failure(
            RPCError(code: .invalidArgument, message: words, details: status.encodedBytes()),
            language: .chinese)
        #expect(failure.zh == (reason == "TEXT_LENGTH" ? words + "\n  在：reason" : words))
    }

    @Test("who has no session is told how to sign in; who was just refused at signing in is not")
    func signInHint() throws {
        let none: Failure = Failure(RPCError(code: .unauthenticated, message: ""), language: .chinese)
        #expect(none.zh.contains("linlictl session sign-in"))
        let info: GoogleRPC.ErrorInfo = GoogleRPC.ErrorInfo(reason: "SIGN_IN_REFUSED", domain: "linli")
        let status: GoogleRPC.Status = GoogleRPC.Status(
            code: 16, message: "refused",
            details: [
                GoogleProtobuf.AnyMessage(
                    typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value: info.encodedBytes())
            ])
        let refused: Failure = Failure(
            RPCError(code: .unauthenticated, message: "refused", details: status.encodedBytes()),
            language: .chinese)
        #expect(!refused.zh.contains("linlictl session sign-in"))
        #expect(refused.exitCode == .denied)
    }
}
