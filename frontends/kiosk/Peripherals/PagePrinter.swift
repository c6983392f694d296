internal import Contract
internal import Foundation

/// A printer for whole pages: a queue of CUPS, or a folder into which each page becomes a file.
struct PagePrinter: DocumentPrinter {
    enum Target: Sendable, Equatable {
        /// Name of the queue.
        case queue(String)
        case folder(String)
    }

    let target: Target

    func state() async -> PlatformV1.PartState {
        switch target {
        case .folder(let path): FileManager.default.isWritableFile(atPath: path) ? .ok : .failed
        case .queue(let name): Self.run(["lpstat", "-p", name], input: nil) ? .ok : .failed
        }
    }

    func print(pdf: [UInt8], id: String) async -> PrintOutcome {
        switch target {
        case .queue(let name): return Self.run(["lp", "-d", name, "-s"], input: Data(pdf)) ? .done : .failed
        case .folder(let path):
            let file: String = "\(path)/\(id).pdf"
            return FileManager.default.createFile(
                atPath: file, contents: Data(pdf), attributes: [.posixPermissions: 0o600]) ? .done : .failed
        }
    }

    /// True if the program ends well. Nothing of the document is in its arguments.
    private static func run(_ command: [String], input: Data?) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : pipe
        do {
            try process.run()
            if let input {
                try pipe.fileHandleForWriting.write(contentsOf: input)
                try pipe.fileHandleForWriting.close()
            }
        } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
