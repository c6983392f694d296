import Storage
import Testing

@Suite(.timeLimit(.minutes(1))) struct MigrationTests {
    private let first = Migration(
        module: "test", number: 1, name: "owners",
        sql: """
            CREATE TABLE test_owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
            CREATE TABLE test_pet (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES test_owner (id)) STRICT;
            INSERT INTO test_owner VALUES (1, '王'); INSERT INTO test_pet VALUES (1, 1);
            """)

    private func reason(_ path: String, _ migrations: [Migration]) async throws -> String {
        let error = await #expect(throws: StorageError.self) {
            try await withStore(at: path, migrations: migrations) { _ in }
        }
        guard case .migration(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return ""
        }
        return reason
    }

    private func step(_ number: Int, _ sql: String, module: String = "test") -> Migration {
        Migration(module: module, number: number, name: "step", sql: sql)
    }

    @Test func migrationsRunOnce() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            let second: Migration = step(2, "INSERT INTO test_owner VALUES (2, '李')")
            let counts: (any Database) async throws -> Int? = { store in
                try await store.read { try $0.first("SELECT count(*) FROM test_owner") { $0.int(0) } }
            }
            try await withStore(at: path, migrations: [first]) {
                let count: Int? = try await counts($0); #expect(count == 1)
            }
            for _ in 1...2 {
                try await withStore(at: path, migrations: [first, second]) {
                    let count: Int? = try await counts($0)
                    #expect(count == 2)
                }
            }
        }
    }

    @Test func aChangedMigrationIsRefused() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            try await withStore(at: path, migrations: [first]) { _ in }
            let changed = Migration(module: "test", number: 1, name: "owners", sql: first.sql + " ")
            #expect(
                try await reason(path, [changed]).contains("test 1 (owners): it ran on this database with"))
        }
    }

    @Test func aDatabaseOfANewerReleaseIsRefused() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            let other: Migration = step(
                1, "CREATE TABLE other_a (id INTEGER PRIMARY KEY) STRICT", module: "other")
            try await withStore(at: path, migrations: [first, other]) { _ in }
            #expect(
                try await reason(path, [first]).contains("other 1 (step), which this release does not know"))
            try await withStore(at: path, migrations: [other, first]) { _ in }
        }
    }

    @Test func aFailedMigrationLeavesNothingOfItself() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            let broken: Migration = step(
                2, "CREATE TABLE test_new (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1)")
            #expect(try await reason(path, [first, broken]).contains("no such table: nowhere"))
            try await withStore(at: path, migrations: [first]) { store in
                let tables: [String] = try await store.read {
                    try $0.query("SELECT name FROM sqlite_schema WHERE name LIKE 'test%'") { $0.text(0) }
                }
                #expect(tables == ["test_owner", "test_pet"])
            }
        }
    }

    @Test(arguments: [
        ("CREATE TABLE test_lax (id INTEGER)", 2, "test_lax is not STRICT"),
        ("DELETE FROM test_owner", 2, "leaves rows of test_pet that point to nothing"),
        ("COMMIT", 2, "ends its transaction itself"),
        ("SELECT 1", 3, "number 2 was expected"),
    ]) func whatAMigrationMustNotDoIsRefused(_ sql: String, _ number: Int, _ text: String) async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            let reason: String = try await reason(path, [first, step(number, sql)])
            #expect(reason.contains(text))
        }
    }

    @Test func aTableThatOthersPointToCanBeRebuilt() async throws {
        let rebuild: Migration = step(
            2,
            """
            CREATE TABLE test_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, phone TEXT) STRICT;
            INSERT INTO test_new SELECT id, name, NULL FROM test_owner;
            DROP TABLE test_owner;
            ALTER TABLE test_new RENAME TO test_owner;
            """)
        try await withFolder { folder in
            try await withStore(at: folder + "/linli.sqlite", migrations: [first, rebuild]) { store in
                let pets: Int? = try await store.read {
                    try $0.first("SELECT count(*) FROM test_pet JOIN test_owner ON owner = test_owner.id") {
                        $0.int(0)
                    }
                }
                #expect(pets == 1)
                let error = await #expect(throws: StorageError.self) {
                    try await store.write { try $0.execute("DELETE FROM test_owner") }
                }
                #expect(error?.isViolation(of: .foreignKey) == true)
            }
        }
    }
}
