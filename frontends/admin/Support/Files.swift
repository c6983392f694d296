import ArgumentParser
import Foundation

/// Small text files that commands read and write.
enum TextFile {
    /// A file larger than this is not read: no document of ours comes near it.
    static let bytesMax: Int = 4 * 1_024 * 1_024

    static func read(_ path: String) throws -> String {
        guard let data: Data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("文件 \(path) 读不了。请检查路径和权限。The file cannot be read; check path and rights.")
        }
        guard data.count <= bytesMax else {
            throw ValidationError("文件 \(path) 超过 4 MiB。请拆成几份。The file is larger than 4 MiB; split it.")
        }
        guard let text: String = String(validating: data, as: UTF8.self) else {
            throw ValidationError(
                "文件 \(path) 不是 UTF-8。请另存为 UTF-8 再试。The file is not UTF-8; save it as UTF-8.")
        }
        if let place: String.UTF8View.Index = text.utf8.firstIndex(of: 0) {
            let line: Int = text.utf8[..<place].count { $0 == UInt8(ascii: "\n") } + 1
            throw ValidationError(
                "文件 \(path) 第\(line)行有空字符。请用文本编辑器重新保存。There is a NUL on line \(line); save the file as text.")
        }
        return text
    }

    /// Writes the file anew; with `ownerOnly` nobody else can read it, at no moment.
    static func write(_ text: String, to path: String, ownerOnly: Bool) throws {
        let mode: mode_t = ownerOnly ? 0o600 : 0o644
        let descriptor: Int32 = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0, fchmod(descriptor, mode) == 0 else {
            throw ValidationError(
                "文件 \(path) 写不了。请检查目录和权限。The file cannot be written; check folder and rights.")
        }
        let handle: FileHandle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    static func makeDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
}

/// Questions whose answers do not show on the screen.
enum Secrets {
    static func ask(_ prompt: String) throws -> String {
        FileHandle.standardError.write(Data(prompt.utf8))
        var before: termios = termios()
        let isTerminal: Bool = tcgetattr(STDIN_FILENO, &before) == 0
        if isTerminal {
            var quiet: termios = before
            quiet.c_lflag &= ~tcflag_t(ECHO)
            _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        }
        defer {
            if isTerminal {
                _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
                FileHandle.standardError.write(Data("\n".utf8))
            }
        }
        guard let line: String = readLine() else {
            throw ValidationError("没有输入。Nothing was typed.")
        }
        return line
    }
}

/// The server's own program beside this one: what works on a data directory without a running server.
enum ServerProgram {
    static func run(_ arguments: [String]) throws {
        let own: URL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let program: URL = own.deletingLastPathComponent().appendingPathComponent("linlid")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw ValidationError(
                "找不到 \(program.path)。这个命令要和 linlid 装在一起。This command needs linlid beside it.")
        }
        let process: Process = Process()
        process.executableURL = program
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw ExitCode(process.terminationStatus) }
    }
}
