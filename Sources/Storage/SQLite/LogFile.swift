import Glibc

/// Writes the write-ahead log over itself and syncs it, before anything reads it.
///
/// After a failed sync, Linux keeps the pages in memory, takes them for clean, and reports the next sync as a success,
/// though the disk never got them. A log that this process, or one before it, left behind may be such a one: SQLite would
/// read it, take its commits for safe, and build on them. Writing the pages again makes them dirty again, and the sync
/// means what it says. See Rebello et al., Can Applications Recover from fsync Failures?, USENIX ATC 2020.
func rewriteLog(_ path: String) throws {
    let descriptor: Int32 = open(path, O_RDWR | O_CLOEXEC)
    if descriptor < 0 && errno == ENOENT { return }
    guard descriptor >= 0 else { throw StorageError.file("cannot open", path) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset: off_t = 0
    while true {
        let count: Int = pread(descriptor, &buffer, buffer.count, offset)
        guard count >= 0 else { throw StorageError.file("cannot read", path) }
        if count == 0 { break }
        guard pwrite(descriptor, buffer, count, offset) == count else {
            throw StorageError.file("cannot write", path)
        }
        offset += off_t(count)
    }
    guard fsync(descriptor) == 0 else { throw StorageError.file("cannot sync", path) }
}
