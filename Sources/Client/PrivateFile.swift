internal import Foundation

/// A file that only its owner may read: a session, an unfinished conversation.
package struct PrivateFile: Sendable {
    /// Why the file was not used. `zh` and `en` say what to do.
    package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        package var zh: String
        package var en: String
        package var description: String { "\(zh)\n\(en)" }
    }

    package let path: String

    /// Longer files are not ours.
    static let maximumBytes = 4 * 1_024 * 1_024

    package init(path: String) {
        self.path = path
    }

    /// The content; nil if there is no such file. A file that others can read is refused, as ssh refuses such keys.
    package func read() throws(Problem) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw problem("读不到", "cannot be read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw problem("不是普通文件", "is not a regular file")
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw Problem(
                zh: "文件 \(path) 别人也能读，不能使用。请执行：chmod 600 \(path)",
                en: "Others can read \(path), so it is not used. Run: chmod 600 \(path)")
        }
        guard status.st_size <= Self.maximumBytes else { throw problem("太大", "is too large") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            guard got > 0 else { break }
            count += got
        }
        return Array(bytes.prefix(count))
    }

    /// Replaces the content as a whole: after a crash there is the old or the new file, never half of one.
    package func write(_ bytes: [UInt8]) throws(Problem) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw problem("建不了所在的文件夹", "has no folder, and none can be made") }
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw problem("写不了", "cannot be written") }
        var count = 0
        while count < bytes.count {
            let done = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            guard done > 0 else { break }
            count += done
        }
        let isClosed = close(descriptor) == 0
        guard count == bytes.count, isClosed, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw problem("写不完", "cannot be written whole")
        }
    }

    /// Removes the file; it is fine if there is none.
    package func remove() { unlink(path) }

    private func problem(_ zh: String, _ en: String) -> Problem {
        Problem(zh: "文件 \(path) \(zh)。", en: "The file \(path) \(en).")
    }
}
