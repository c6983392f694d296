import Foundation
import Testing

/// The real program in a real terminal (tmux), in front of a real server with the demonstration's people: after a session
/// nothing of the person is on the screen or in what the terminal remembers.
///
/// Only with `LINLI_TERMINAL_TESTS=1`: it needs a machine that does nothing else, since it types as a person would.
@Suite(
    "What a session leaves behind", .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["LINLI_TERMINAL_TESTS"] != nil))
final class WipeTests {
    private static let phone = "10010000001"
    private let folder = FileManager.default.temporaryDirectory.appending(path: "linli-kiosk-\(UUID())")
    private var server: Process?
    private var socket: String { folder.lastPathComponent }
    private var programs: URL {
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(filePath: tests).deletingLastPathComponent()
    }

    deinit {
        _ = try? Self.run("/usr/bin/tmux", ["-L", socket, "kill-server"])
        server?.terminate()
        server?.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What a program says. Not by `Process`, which waits until the last heir of the program has ended too, and tmux leaves a
    /// server behind.
    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let words = ([program] + arguments).map { "'" + $0.replacing("'", with: "'\\''") + "'" }
        let pipe = try #require(popen(words.joined(separator: " ") + " 2>/dev/null </dev/null", "r"))
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits for a condition; how long the machine takes is not what is tested.
    private func until(_ what: String, seconds: Int = 60, _ condition: () throws -> Bool) async throws {
        for _ in 0..<(seconds * 20) {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(what) did not come: \(try screen())")
        throw CancellationError()
    }

    private func startServer() async throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = programs.appending(path: "linlid")
        process.arguments = [
            "serve", "--demo", "--data-files", root.appending(path: "ops/data").path, "--data-directory",
            folder.path, "--port", "0", "--metrics-port", "0",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        server = process
        try await until("the server") {
            FileManager.default.fileExists(atPath: folder.appending(path: "linlid.json").path)
        }
    }

    private func startKiosk(_ options: String = "") throws {
        let command =
            "env LINLI_DATA_DIRECTORY=\(folder.path) \(programs.path)/linli-kiosk"
            + " --settings \(folder.path)/demo/kiosk/kiosk.yaml \(options)"
        try Self.run(
            "/usr/bin/tmux",
            [
                "-L", socket, "-f", "/dev/null", "new-session", "-d", "-s", "k", "-x", "80", "-y", "24",
                command,
            ])
    }

    private func screen() throws -> String {
        try Self.run("/usr/bin/tmux", ["-L", socket, "capture-pane", "-p", "-t", "k"])
    }

    /// The screen and everything above it, on both of the terminal's screens.
    private func everything() throws -> String {
        try Self.run("/usr/bin/tmux", ["-L", socket, "capture-pane", "-p", "-S", "-", "-t", "k"])
            + Self.run(
                "/usr/bin/tmux", ["-L", socket, "capture-pane", "-a", "-q", "-p", "-S", "-", "-t", "k"])
    }

    /// One key at a time, as a person types: faster is a scanner.
    private func type(_ keys: [String]) async throws {
        for key in keys {
            try Self.run("/usr/bin/tmux", ["-L", socket, "send-keys", "-t", "k", key])
            try await Task.sleep(for: .milliseconds(90))
        }
    }

    private func wait(for text: String) async throws {
        try await until(text) { try screen().contains(text) }
    }

    /// Types the number that stands before a choice.
    private func choose(_ label: String) async throws {
        try await wait(for: label)
        let found = try screen().firstMatch(of: Regex<(Substring, Substring)>("([0-9]) +\(label)"))
        try await type([String(try #require(found).output.1)])
    }

    private func signIn() async throws {
        try await wait(for: "主菜单")
        try await choose("我的办件")
        try await wait(for: "手机号和验证码")
        try await type(["2"])
        try await wait(for: "11 位手机号")
        try await type(Self.phone.map(String.init) + ["Enter"])
        try await wait(for: "6 位验证码")
        let texts = try String(contentsOf: folder.appending(path: "outbox-sms.jsonl"), encoding: .utf8)
        let code = try #require(texts.split { !$0.isNumber }.last { $0.count == 6 })
        try await type(code.map(String.init) + ["Enter"])
        try await wait(for: "，您好。")
    }

    /// What was on the screen and must be nowhere afterwards.
    private func marks() throws -> [String] {
        let name = try #require(try screen().split(separator: "\n").first { $0.contains("，您好。") })
        let shown = name.prefix { $0 != "，" }.trimmingCharacters(in: .whitespaces)
        return [shown, "您好", Self.phone, String(Self.phone.suffix(4))]
    }

    @Test("after F10, and after nobody was there, the screen and its scrollback know nobody")
    func wiped() async throws {
        try await startServer()
        try startKiosk("--idle-seconds 12 --warning-seconds 3")
        for (ending, words) in [("F10", "已结束"), ("", "没有人操作")] {
            try await signIn()
            let marks = try marks()
            #expect(try everything().contains(marks[0]), "the search finds what is there")
            if ending.isEmpty { try await wait(for: "还在吗") } else { try await type([ending]) }
            try await wait(for: words)
            let left = try everything()
            for mark in marks { #expect(!left.contains(mark), "\(mark) is still there after \(words)") }
            #expect(left.contains("主菜单"), "and the kiosk is there for the next person")
        }
    }
}
