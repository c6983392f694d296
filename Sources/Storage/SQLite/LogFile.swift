import CSQLite
import Glibc

/// Writes the write-ahead log over itself and syncs it, before anything reads it.
///
/// After a failed sync, Linux keeps the pages in memory, takes them for clean, and reports the next sync as a success,
/// though the disk never got them. A log that this process, or one before it, left behind may be such a one: SQLite would
/// read it, take its commits for safe, and build on them. Writing the pages again makes them dirty again, and the sync
/// means what it says. See Rebello et al., Can Applications Recover from fsync Failures?, USENIX ATC 2020.
func rewriteLog(_ path: String, fileLayer: String?) throws {
    guard access(path, F_OK) == 0 else { return }
    guard let layer = sqlite3_vfs_find(fileLayer) else {
        preconditionFailure("SQLite has no file layer \(fileLayer ?? "")")
    }
    // The layer keeps the address of the name while the file is open.
    try path.withCString { name in
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: Int(layer.pointee.szOsFile), alignment: MemoryLayout<Int64>.alignment)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: Int(layer.pointee.szOsFile))
        let file: UnsafeMutablePointer<sqlite3_file> = memory.assumingMemoryBound(to: sqlite3_file.self)
        let opened: Int32 = layer.pointee.xOpen(
            layer, name, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, nil)
        defer { _ = file.pointee.pMethods?.pointee.xClose(file) }
        guard opened == SQLITE_OK, let methods = file.pointee.pMethods else {
            throw StorageError.log(opened, path)
        }
        try rewrite(file, methods.pointee, path)
    }
}

private func rewrite(
    _ file: UnsafeMutablePointer<sqlite3_file>, _ methods: sqlite3_io_methods, _ path: String
) throws {
    func expect(_ code: Int32) throws { if code != SQLITE_OK { throw StorageError.log(code, path) } }
    var size: sqlite3_int64 = 0
    try expect(methods.xFileSize(file, &size))
    // SQLite's own layer writes less than 128 KiB at a time.
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var offset: sqlite3_int64 = 0
    while offset < size {
        let count = Int32(min(size - offset, sqlite3_int64(buffer.count)))
        try expect(methods.xRead(file, &buffer, count, offset))
        try expect(methods.xWrite(file, buffer, count, offset))
        offset += sqlite3_int64(count)
    }
    try expect(methods.xSync(file, SQLITE_SYNC_NORMAL))
}

extension StorageError {
    fileprivate static func log(_ code: Int32, _ path: String) -> StorageError {
        let text = String(cString: sqlite3_errstr(code))
        return .engine(EngineFailure(code: code, message: "cannot write \(path) again: \(text)", sql: ""))
    }
}
