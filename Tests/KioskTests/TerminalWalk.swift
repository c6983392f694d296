import Foundation
import Testing

/// The real program in a real terminal (tmux), in front of a real server with the demonstration's people.
///
/// Keys are typed one by one, each when the one before is on the screen: a machine that is busy makes this slower, and does
/// not make a scanner of it.
final class TerminalWalk {
    let folder = FileManager.default.temporaryDirectory.appending(path: "linli-kiosk-\(UUID())")
    private var server: Process?
    private var socket: String { folder.lastPathComponent }
    private var programs: URL {
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(filePath: tests).deletingLastPathComponent()
    }

    /// A server on data of its own.
    init() async throws {
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

    deinit {
        _ = try? tmux(["kill-server"])
        server?.terminate()
        server?.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What tmux says. Not by `Process`, which waits until the last heir of the program has ended too, and tmux leaves a
    /// server behind.
    @discardableResult
    func tmux(_ arguments: [String]) throws -> String {
        let words = (["/usr/bin/tmux", "-L", socket, "-f", "/dev/null"] + arguments).map {
            "'" + $0.replacing("'", with: "'\\''") + "'"
        }
        let pipe = try #require(popen(words.joined(separator: " ") + " 2>/dev/null </dev/null", "r"))
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Waits for a condition; how long the machine takes is not what is tested.
    func until(_ what: String, seconds: Int = 60, _ condition: () throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(what) did not come: \(try screen())")
        throw CancellationError()
    }

    func startKiosk(_ options: String = "") throws {
        let command =
            "exec env LINLI_DATA_DIRECTORY=\(folder.path) \(programs.path)/linli-kiosk"
            + " --settings \(folder.path)/demo/kiosk/kiosk.yaml \(options)"
        try tmux(["new-session", "-d", "-s", "k", "-x", "80", "-y", "24", command])
    }

    /// The number of its process.
    func process() throws -> pid_t {
        let number = try tmux(["list-panes", "-t", "k", "-F", "#{pane_pid}"])
        return try #require(pid_t(number.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    func screen() throws -> String { try tmux(["capture-pane", "-p", "-t", "k"]) }

    /// The screen and everything above it, on both of the terminal's screens.
    func everything() throws -> String {
        try tmux(["capture-pane", "-p", "-S", "-", "-t", "k"])
            + tmux(["capture-pane", "-a", "-q", "-p", "-S", "-", "-t", "k"])
    }

    func press(_ key: String) throws { try tmux(["send-keys", "-t", "k", key]) }

    func wait(for text: String) async throws {
        try await until(text) { try screen().contains(text) }
    }

    /// Digits into the line that is open, and Enter.
    func enter(_ digits: String) async throws {
        var typed = ""
        for digit in digits {
            try press(String(digit))
            typed.append(digit)
            try await wait(for: typed + "_")
        }
        try press("Enter")
    }

    /// Types the number that stands before a choice.
    func choose(_ label: String) async throws {
        try await wait(for: label)
        let found = try screen().firstMatch(of: Regex<(Substring, Substring)>("([0-9]) +\(label)"))
        try press(String(try #require(found).output.1))
    }

    func signIn(_ phone: String) async throws {
        try await choose("我的办件")
        try await choose("手机号和验证码")
        try await wait(for: "11 位手机号")
        try await enter(phone)
        try await wait(for: "6 位验证码")
        let texts = try String(contentsOf: folder.appending(path: "outbox-sms.jsonl"), encoding: .utf8)
        try await enter(String(try #require(texts.split { !$0.isNumber }.last { $0.count == 6 })))
        try await wait(for: "，您好。")
    }
}
