import Glibc

/// A lock on a file that the kernel lets go of when the process ends, however it ends.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: `StorageError.inUse` if somebody holds it, in this process or another.
    init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.file("cannot open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StorageError.inUse(path: path)
        }
    }

    deinit {
        // A child that was forked and did not get to its exec yet has the descriptor too, and closing would leave it the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Runs `body` while the lock is held.
    static func holding<T>(_ path: String, _ body: () throws -> T) throws -> T {
        let lock = try FileLock(path)
        let result: Result<T, any Error> = Result { try body() }
        lock.release()
        return try result.get()
    }

    /// Lets go of the lock.
    private consuming func release() {}
}

extension StorageError {
    /// What `errno` says of a file.
    static func file(_ what: String, _ path: String) -> StorageError {
        let code: Int32 = errno
        return .engine(
            EngineFailure(code: code, message: "\(what) \(path): \(String(cString: strerror(code)))", sql: "")
        )
    }
}
