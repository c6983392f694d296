internal import Glibc

/// Files with keys and secrets: owned and readable by one user alone (mode 0600).
package enum SecretFile {
    /// The longest file that is read.
    package static let maximumBytes: Int = 1_024 * 1_024

    /// Writes `bytes` to `path` with mode 0600 and so that after a power cut either all or nothing of it is there: to a
    /// new file beside it, synced, then renamed.
    ///
    /// - Parameter replacing: if false, an existing file is left alone and refused.
    package static func write(_ bytes: [UInt8], to path: String, replacing: Bool = false) throws(CryptoError)
    {
        if !replacing, access(path, F_OK) == 0 {
            throw .file(path: path, reason: "exists already")
        }
        let temporary: String = "\(path).\(SecureRandom.token(bytes: 6)).new"
        let file: Int32 = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failed(temporary) }
        do throws(CryptoError) {
            defer { close(file) }
            var rest: ArraySlice<UInt8> = bytes[...]
            while !rest.isEmpty {
                let count: Int = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failed(temporary) }
                rest = rest.dropFirst(count)
            }
            guard fsync(file) == 0 else { throw failed(temporary) }
            guard replacing ? rename(temporary, path) == 0 : link(temporary, path) == 0 else {
                throw failed(path)
            }
            if !replacing { unlink(temporary) }
        } catch {
            unlink(temporary)
            throw error
        }
        try syncFolder(of: path)
    }

    /// The bytes of a secret file; `fileTooOpen` if its group or others may read or write it.
    package static func read(_ path: String) throws(CryptoError) -> [UInt8] {
        let file: Int32 = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failed(path) }
        defer { close(file) }
        var status: stat = stat()
        guard fstat(file, &status) == 0 else { throw failed(path) }
        guard status.st_mode & 0o077 == 0 else {
            throw .fileTooOpen(path: path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        var bytes: [UInt8] = []
        var buffer: [UInt8] = Array(repeating: 0, count: 16_384)
        while true {
            let count: Int = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failed(path) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= maximumBytes else { throw .file(path: path, reason: "is over 1 MiB") }
        }
    }

    /// The text of a secret file; `malformed` if it is not UTF-8.
    package static func readText(_ path: String) throws(CryptoError) -> String {
        let bytes: [UInt8] = try read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(what: "\(path), which is not UTF-8")
        }
        return text
    }

    private static func syncFolder(of path: String) throws(CryptoError) {
        let folder: String =
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor: Int32 = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed(folder) }
    }

    private static func failed(_ path: String) -> CryptoError {
        .file(path: path, reason: String(cString: strerror(errno)))
    }
}
