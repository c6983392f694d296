import Foundation
import Storage

let thingMigration = Migration(
    module: "test", number: 1, name: "things",
    sql: """
        CREATE TABLE test_thing (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight REAL, photo BLOB, note TEXT,
            parent INTEGER REFERENCES test_thing (id) DEFERRABLE INITIALLY DEFERRED, CHECK (weight > 0)
        ) STRICT;
        """)

/// A folder that is gone afterwards.
func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder: String = NSTemporaryDirectory() + "/storage-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// A store of its own with the table `test_thing`, closed afterwards.
func withStore<T>(
    _ change: (inout SQLiteConfiguration) -> Void = { _ in }, _ body: (SQLiteDatabase) async throws -> T
) async throws -> T {
    try await withFolder { folder in
        var configuration = SQLiteConfiguration(path: folder + "/linli.sqlite")
        change(&configuration)
        let store = try await SQLiteDatabase(configuration, migrations: [thingMigration])
        let result: Result<T, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        await store.close()
        return try result.get()
    }
}
