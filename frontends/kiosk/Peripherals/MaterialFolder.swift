internal import Foundation
internal import Kernel

/// Where the scanner, or the camera, puts its files. Only what came during this session is shown, and all of it is removed
/// at its end: what one person scanned is not there for the next.
struct MaterialFolder: Sendable {
    let path: String
    /// When the session began.
    let begin: Instant

    /// Files that are looked at; a scanner makes far fewer.
    private static let filesAtMost: Int = 200

    /// Newest first.
    func files() -> [Material] {
        entries().sorted { $0.time > $1.time }.map { entry in
            Material(
                path: entry.path, sizeBytes: entry.size, contentType: Self.contentType(entry.path),
                time: entry.time.shanghai.clockText)
        }
    }

    /// Removes the files of this session. Answers how many could not be removed.
    func clear() -> Int {
        entries().filter { unlink($0.path) != 0 }.count
    }

    private struct Entry {
        let path: String
        let size: Int64
        let time: Instant
    }

    private func entries() -> [Entry] {
        let names: [String]
        // A scanner that is not there yet has no folder.
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { return [] }
        return names.prefix(Self.filesAtMost).compactMap { name in
            guard !name.hasPrefix(".") else { return nil }
            var status = stat()
            let file: String = path + "/" + name
            guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            let time = Instant(
                milliseconds: Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
            )
            guard time >= begin else { return nil }
            return Entry(path: file, size: Int64(status.st_size), time: time)
        }
    }

    /// By the first bytes; a name says nothing.
    private static func contentType(_ path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        defer { file.closeFile() }
        let start: Data = file.readData(ofLength: 5)
        if start.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        return start == Data("%PDF-".utf8) ? "application/pdf" : ""
    }
}
