import Glibc

/// What a backup does with files, so that it is on the disk when it says so.
enum Files {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func size(_ path: String) throws -> Int64 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw StorageError.file("cannot find", path) }
        return Int64(status.st_size)
    }

    /// Hands the file to `body` in pieces.
    static func read(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor: Int32 = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.file("cannot open", path) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count: Int = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw StorageError.file("cannot read", path) }
            if count == 0 { return }
            try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    static func digest(_ path: String) throws -> String {
        let digest = Digest()
        try read(path) { digest.add($0) }
        return digest.hex()
    }

    /// Copies and syncs; returns the SHA-256 of what was copied. The copy is readable by its owner alone.
    static func copy(_ source: String, to target: String) throws -> String {
        let digest = Digest()
        try write(target) { put in
            try read(source) { piece in
                digest.add(piece)
                try put(piece)
            }
        }
        return digest.hex()
    }

    /// Writes a file anew and syncs it.
    static func write(
        _ path: String, _ body: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let descriptor: Int32 = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.file("cannot make", path) }
        defer { close(descriptor) }
        try body { piece in
            var rest: UnsafeRawBufferPointer = piece
            while !rest.isEmpty {
                let count: Int = Glibc.write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else { throw StorageError.file("cannot write", path) }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
        guard fsync(descriptor) == 0 else { throw StorageError.file("cannot sync", path) }
    }

    /// Makes an empty file that its owner alone may read, and its name safe; does nothing if there is one. SQLite itself
    /// would let everybody read it, and does not sync the folder of a new database.
    static func makePrivate(_ path: String) throws {
        let descriptor: Int32 = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 && errno == EEXIST { return }
        guard descriptor >= 0 else { throw StorageError.file("cannot make", path) }
        close(descriptor)
        try syncFolder(of: path)
    }

    static func sync(_ path: String) throws {
        let descriptor: Int32 = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.file("cannot open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError.file("cannot sync", path) }
    }

    /// Makes new and changed names in the file's folder safe.
    static func syncFolder(of path: String) throws {
        guard let slash = path.lastIndex(of: "/") else { return try sync(".") }
        try sync(slash == path.startIndex ? "/" : String(path[..<slash]))
    }

    static func rename(_ old: String, to new: String) throws {
        guard Glibc.rename(old, new) == 0 else { throw StorageError.file("cannot rename", old) }
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw StorageError.file("cannot remove", path) }
    }
}
