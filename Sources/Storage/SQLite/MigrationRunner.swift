/// Brings a database to the schema of this release.
struct MigrationRunner {
    let connection: SQLiteConnection
    let migrations: [Migration]

    static let table: String = """
        CREATE TABLE IF NOT EXISTS storage_migration (
            module TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
            applied_at INTEGER NOT NULL, PRIMARY KEY (module, number)
        ) STRICT, WITHOUT ROWID
        """

    /// Runs what is missing, each step in a transaction of its own. Running it again does nothing.
    ///
    /// - Throws: `StorageError.migration` if the database is of a newer release, or a step was changed after its release.
    func run() throws {
        try checkNumbers()
        try connection.runScript(Self.table)
        let applied: [AppliedMigration] = try AppliedMigration.all(connection)
        try check(applied)
        let known: Set<[String]> = Set(applied.map { [$0.module, String($0.number)] })
        let missing: [Migration] = migrations.filter { !known.contains([$0.module, String($0.number)]) }
        guard !missing.isEmpty else { return }
        // Rebuilding a table drops it, which would delete or refuse the rows that point to it. The check before each
        // commit is the same promise. https://sqlite.org/lang_altertable.html section 7
        try connection.runScript("PRAGMA foreign_keys = OFF")
        for migration in missing { try run(migration) }
        try connection.runScript("PRAGMA foreign_keys = ON")
    }

    private func run(_ migration: Migration) throws {
        do {
            try connection.runScript("BEGIN IMMEDIATE")
            try connection.runScript(migration.sql)
            guard connection.isInTransaction else { throw migration.error("it ends its transaction itself") }
            try checkResult(migration)
            _ = try connection.execute(
                "INSERT INTO storage_migration VALUES ($1, $2, $3, $4, unixepoch() * 1000)",
                values: [
                    .text(migration.module), SQLValue(migration.number), .text(migration.name),
                    .text(migration.checksum),
                ])
            try connection.runScript("COMMIT")
        } catch {
            if connection.isInTransaction { try connection.runScript("ROLLBACK") }
            guard case StorageError.engine(let failure) = error, !StorageError.engine(failure).isFatal else {
                throw error
            }
            throw migration.error(failure.message)
        }
    }

    private func checkResult(_ migration: Migration) throws {
        let lax: [String] = try connection.rows(
            """
            SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
            """
        ) { $0.text(0) }
        if let name = lax.first { throw migration.error("table \(name) is not STRICT") }
        let broken: [String] = try connection.rows("PRAGMA foreign_key_check") { $0.text(0) }
        if let name = broken.first {
            throw migration.error("it leaves rows of \(name) that point to nothing")
        }
    }

    private func checkNumbers() throws {
        var last: [String: Int] = [:]
        for migration in migrations {
            let expected: Int = last[migration.module, default: 0] + 1
            guard migration.number == expected else {
                throw migration.error("number \(expected) was expected")
            }
            last[migration.module] = expected
        }
    }

    private func check(_ applied: [AppliedMigration]) throws {
        for old in applied {
            let same: Migration? = migrations.first { $0.module == old.module && $0.number == old.number }
            guard let same else {
                throw StorageError.migration(
                    reason: """
                        The database has migration \(old.module) \(old.number) (\(old.name)), which this release does \
                        not know: it was written by a newer release. Start that release, or restore a backup of this one.
                        """)
            }
            guard same.checksum == old.checksum else {
                throw same.error(
                    """
                    it ran on this database with another text. A released migration never changes: undo the change and \
                    add a new migration
                    """)
            }
        }
    }
}

/// A migration that ran on a database, as it is kept there.
struct AppliedMigration: Sendable, Hashable {
    let module: String
    let number: Int
    let name: String
    let checksum: String

    static func all(_ connection: SQLiteConnection) throws -> [AppliedMigration] {
        try connection.rows(
            "SELECT module, number, name, checksum FROM storage_migration ORDER BY module, number"
        ) { AppliedMigration(module: $0.text(0), number: $0.int(1), name: $0.text(2), checksum: $0.text(3)) }
    }
}

extension Migration {
    /// SHA-256 of the text, in hexadecimal.
    var checksum: String { Digest.hex(sql) }

    func error(_ reason: String) -> StorageError {
        .migration(reason: "Migration \(module) \(number) (\(name)): \(reason).")
    }
}
