internal import Foundation

/// Says texts, one at a time: a new one ends the one before.
protocol Speaker: Sendable {
    func say(_ text: String)
    /// Says no more, at once.
    func silence()
}

/// A program that reads a text from its standard input and says it, such as `espeak-ng -v cmn` or `spd-say -e -l zh`. It is
/// started for each text and ended when another one comes: so a person who presses a key is not made to wait.
final class SpeechProcess: Speaker {
    /// A screen has far less; a pipe takes so much without waiting for its reader.
    static let bytesAtMost: Int = 16_384

    private let command: [String]
    private let queue = DispatchQueue(label: "linli.speech")
    /// Touched on the queue only.
    private nonisolated(unsafe) var process: Process?

    /// - Parameter command: a program and its arguments.
    init(command: [String]) { self.command = command }

    func say(_ text: String) {
        queue.async { [self] in
            stop()
            start(text)
        }
    }

    func silence() { queue.sync { stop() } }

    private func stop() {
        if let process, process.isRunning { process.terminate() }
        process = nil
    }

    private func start(_ text: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardInput = pipe
        var bytes = Data(text.utf8.prefix(Self.bytesAtMost))
        defer { bytes.resetBytes(in: 0..<bytes.count) }
        do {
            try process.run()
            self.process = process
            try pipe.fileHandleForWriting.write(contentsOf: bytes)
            try pipe.fileHandleForWriting.close()
        } catch {
            KioskCommand.complain(
                "朗读程序 \(command.joined(separator: " ")) 用不了。The speech program does not work.")
        }
    }
}
