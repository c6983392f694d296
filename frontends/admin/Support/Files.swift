import ArgumentParser
import Foundation

/// Small text files that commands read and write.
enum TextFile {
    /// A file larger than this is not read: no document of ours comes near it.
    static let bytesMax: Int = 4 * 1_024 * 1_024

    static func read(_ path: String) throws -> String {
        guard let data: Data = FileManager.default.contents(atPath: path) else {
            throw Failure.file(
                "文件 \(path) 读不了。请检查路径和权限。", "The file cannot be read; check path and rights.")
        }
        guard data.count <= bytesMax else {
            throw Failure.file(
                "文件 \(path) 超过 4 MiB。请拆成几份。", "The file is larger than 4 MiB; split it.")
        }
        guard let text: String = String(validating: data, as: UTF8.self) else {
            throw Failure.file(
                "文件 \(path) 不是 UTF-8。请另存为 UTF-8 再试。", "The file is not UTF-8; save it as UTF-8.")
        }
        if let place: String.UTF8View.Index = text.utf8.firstIndex(of: 0) {
            let line: Int = text.utf8[..<place].count { $0 == UInt8(ascii: "\n") } + 1
            throw Failure.file(
                "文件 \(path) 第\(line)行有空字符。请用文本编辑器重新保存。",
                "There is a NUL on line \(line); save the file as text.")
        }
        return text
    }

    /// Writes the file anew; with `ownerOnly` nobody else can read it, at no moment.
    static func write(_ text: String, to path: String, ownerOnly: Bool) throws {
        let mode: mode_t = ownerOnly ? 0o600 : 0o644
        let descriptor: Int32 = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0, fchmod(descriptor, mode) == 0 else {
            throw Failure.file(
                "文件 \(path) 写不了。请检查目录和权限。", "The file cannot be written; check folder and rights.")
        }
        let handle: FileHandle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    static func makeDirectory(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure.file(
                "目录 \(path) 建不了。请检查路径和权限。", "The folder cannot be made; check path and rights.")
        }
    }
}

/// A document from the server that is kept on this machine.
struct NewFile {
    let path: String

    /// Asks before anything is fetched whether the file may be written: it never replaces another.
    init(at path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure.file("文件 \(path) 已经有了，请换个名字。", "The file exists; choose another name.")
        }
        self.path = path
    }

    /// Writes what was fetched; only its owner can read it, because it may be about a person.
    func write(_ content: Data) throws {
        let descriptor: Int32 = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure.file("文件 \(path) 写不了。请检查目录和权限。", "It cannot be written; check folder and rights.")
        }
        let handle: FileHandle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: content)
            try handle.close()
        } catch {
            // Half a document looks like a whole one.
            unlink(path)
            throw Failure.file("文件 \(path) 写到一半失败，已经删掉。磁盘满了吗？", "Writing failed half-way; it was removed.")
        }
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
