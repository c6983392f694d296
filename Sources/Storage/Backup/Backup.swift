import CSQLite
package import Kernel

/// Copies of a running store: made, checked, and put back.
package enum Backup {
    /// Pages that are copied at a time.
    private static let pagesAStep: Int32 = 1_024

    /// Copies the database as it is at one moment, while reads and writes go on, and writes its manifest.
    ///
    /// The copy is on the disk when this returns. The log grows while it runs, since the moment is kept.
    /// - Parameter path: the new file; the manifest gets `.json` appended.
    /// - Throws: `StorageError.backup` if there is a file of that name; `.engine` if a disk fails.
    package static func create(
        of database: SQLiteDatabase, at path: String, now: Instant
    ) async throws -> BackupManifest {
        let configuration: SQLiteConfiguration = database.configuration
        return try await onThread {
            guard !Files.exists(path) else {
                throw StorageError.backup(reason: "\(path) is there already; give the backup another name.")
            }
            let partial: String = path + ".partial"
            try Files.remove(partial)
            try Files.makePrivate(partial)
            let schema: [AppliedMigration] = try copy(configuration, to: partial)
            try Files.sync(partial)
            let manifest = BackupManifest(
                format: BackupManifest.currentFormat, createdAt: now.rfc3339, bytes: try Files.size(partial),
                sha256: try Files.digest(partial), schema: schema.map { BackupManifest.Step($0) })
            try Files.rename(partial, to: path)
            try manifest.write(for: path)
            return manifest
        }
    }

    /// Checks a backup: the file against its manifest, its pages and indexes, its foreign keys, and its schema.
    ///
    /// - Throws: `StorageError.backup` with what is wrong.
    package static func verify(_ path: String) async throws -> BackupManifest {
        try await onThread { try verifyNow(path) }
    }

    /// Puts a backup in the place of a database that no server has open. What it replaces is kept beside it.
    ///
    /// If it is interrupted, the server refuses to start until it was run again.
    /// - Returns: the name that the replaced file has now; nil if there was none.
    /// - Throws: `StorageError.inUse` if a server runs on it, `.backup` if the backup is not sound.
    package static func restore(
        _ path: String, to database: String, now: Instant
    ) async throws -> String? {
        try await onThread {
            try FileLock.holding(database + ".lock") {
                let manifest: BackupManifest = try verifyNow(path)
                let restoring: String = restoringPath(database)
                guard try Files.copy(path, to: restoring) == manifest.sha256 else {
                    throw StorageError.backup(reason: "\(path) changed while it was copied.")
                }
                try Files.syncFolder(of: database)
                let aside: String? = try setAside(database, now)
                try Files.rename(restoring, to: database)
                try Files.syncFolder(of: database)
                return aside
            }
        }
    }

    /// Where a restored database is until it is complete. A server does not start while it is there.
    static func restoringPath(_ database: String) -> String { database + ".restoring" }

    private static func setAside(_ database: String, _ now: Instant) throws -> String? {
        guard Files.exists(database) else { return nil }
        let time: String = now.rfc3339.replacing(":", with: "")
        var aside: String = "\(database).replaced-\(time)"
        var number = 1
        while Files.exists(aside) {
            number += 1
            aside = "\(database).replaced-\(time)-\(number)"
        }
        // The log goes first: without it the old database is only older, but with it the new one would be spoilt.
        for suffix in ["-wal", "-shm", ""] where Files.exists(database + suffix) {
            try Files.rename(database + suffix, to: aside + suffix)
        }
        return aside
    }

    private static func copy(_ configuration: SQLiteConfiguration, to path: String) throws
        -> [AppliedMigration]
    {
        let source = try SQLiteConnection(configuration, .reader)
        try source.runScript("BEGIN")
        // The first statement that reads fixes the moment.
        let schema: [AppliedMigration] = try AppliedMigration.all(source)
        var target: OpaquePointer?
        defer { sqlite3_close_v2(target) }
        let opened: Int32 = sqlite3_open_v2(path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard opened == SQLITE_OK else { throw StorageError.file("cannot make", path) }
        // An unfinished copy is thrown away, so it needs no journal; it is synced once, at the end.
        sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nil, nil, nil)
        guard let backup = sqlite3_backup_init(target, "main", source.handle, "main") else {
            throw StorageError.backup(reason: "\(path): \(String(cString: sqlite3_errmsg(target)))")
        }
        var code: Int32 = SQLITE_OK
        while code == SQLITE_OK { code = sqlite3_backup_step(backup, pagesAStep) }
        let finished: Int32 = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE && finished == SQLITE_OK else {
            throw StorageError.backup(reason: "\(path): \(String(cString: sqlite3_errstr(code)))")
        }
        return schema
    }

    private static func verifyNow(_ path: String) throws -> BackupManifest {
        let manifest: BackupManifest = try BackupManifest.read(for: path)
        func expect(_ condition: Bool, _ what: String) throws {
            if !condition { throw StorageError.backup(reason: "\(path) is not sound: \(what).") }
        }
        let size: Int64 = try Files.size(path)
        try expect(size == manifest.bytes, "it has \(size) bytes, its manifest says \(manifest.bytes)")
        try expect(try Files.digest(path) == manifest.sha256, "its SHA-256 is not that of its manifest")
        let connection = try SQLiteConnection(SQLiteConfiguration(path: path), .immutable)
        let integrity: [String] = try connection.rows("PRAGMA integrity_check") { $0.text(0) }
        try expect(integrity == ["ok"], integrity.joined(separator: "; "))
        let broken: [String] = try connection.rows("PRAGMA foreign_key_check") { $0.text(0) }
        try expect(broken.isEmpty, "rows of \(Set(broken).sorted()) point to nothing")
        let schema: [AppliedMigration] = try AppliedMigration.all(connection)
        try expect(
            schema.map { BackupManifest.Step($0) } == manifest.schema, "its schema is not its manifest's")
        return manifest
    }
}

extension SQLiteDatabase {
    /// Copies the running database to `path` with a manifest beside it, see `Backup.create`.
    package func backup(to path: String, now: Instant = SystemClock().now()) async throws {
        _ = try await Backup.create(of: self, at: path, now: now)
    }
}

/// Refuses a database whose restoring was interrupted: the old one is set aside and the new one not yet in its place.
func refuseHalfRestored(_ database: String) throws {
    guard Files.exists(Backup.restoringPath(database)) else { return }
    throw StorageError.backup(
        reason:
            "A restore of \(database) was interrupted. Run it again, or remove \(Backup.restoringPath(database))."
    )
}
