import Foundation

/// A server in a process of its own: its port, and the CPU time that it has used.
final class BenchedServer {
    enum Failure: Error, CustomStringConvertible {
        case noPort(String)
        case noStat(Int32)

        var description: String {
            switch self {
            case .noPort(let path): "\(path) ended before it said on which port it listens."
            case .noStat(let process): "/proc/\(process)/stat cannot be read; has the server ended?"
            }
        }
    }

    let port: Int
    private let process = Process()
    private let input = Pipe()

    /// Starts a program that prints its port as its first line and ends when its input ends.
    init(_ path: String, _ arguments: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n")
        {
            line.append(byte)
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else { throw Failure.noPort(path) }
        self.port = port
    }

    /// A server whose port is known from the start; `ready` waits until it answers.
    init(_ path: String, _ arguments: [String], port: Int, ready: (Int) throws -> Void) throws {
        self.port = port
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try ready(port)
    }

    /// Seconds of CPU, user and system, of all threads so far (proc(5), fields 14 and 15).
    func cpuSeconds() throws -> Double {
        let identifier: Int32 = process.processIdentifier
        guard let content = FileManager.default.contents(atPath: "/proc/\(identifier)/stat") else {
            throw Failure.noStat(identifier)
        }
        // The second field is the program's name in parentheses, which may hold anything.
        let text = String(decoding: content, as: UTF8.self)
        let fields: [Substring] = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw Failure.noStat(identifier)
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Ends the process at once; nothing that it holds is worth keeping, and nghttpd does not heed SIGTERM.
    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
