import Dispatch
import Foundation
import Kernel
import Storage
import Testing

let thingMigration = Migration(
    module: "test", number: 1, name: "things",
    sql: """
        CREATE TABLE test_thing (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight REAL, photo BLOB, note TEXT,
            parent INTEGER REFERENCES test_thing (id) DEFERRABLE INITIALLY DEFERRED,
            CONSTRAINT weight_is_positive CHECK (weight > 0)
        ) STRICT;
        """)

/// An error that a body throws.
struct Mistake: Error, Equatable {
    let number: Int
}

/// A folder that is gone afterwards.
func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder: String = NSTemporaryDirectory() + "storage-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// A store with the table `test_thing`, closed afterwards.
@discardableResult
func withStore<T>(
    at path: String, migrations: [Migration] = [thingMigration],
    _ change: (inout SQLiteConfiguration) -> Void = { _ in }, _ body: (SQLiteDatabase) async throws -> T
) async throws -> T {
    var configuration = SQLiteConfiguration(path: path)
    // A test that measures durability says so.
    configuration.synchronous = .off
    change(&configuration)
    let store = try await SQLiteDatabase(configuration, migrations: migrations)
    let result: Result<T, any Error>
    do { result = .success(try await body(store)) } catch { result = .failure(error) }
    await store.close()
    return try result.get()
}

/// The same in a folder of its own.
@discardableResult
func withStore<T>(
    _ change: (inout SQLiteConfiguration) -> Void = { _ in }, _ body: (SQLiteDatabase) async throws -> T
) async throws -> T {
    try await withFolder { try await withStore(at: $0 + "/linli.sqlite", change, body) }
}

/// Polls until the condition holds; the test's time limit ends a wait in vain.
func waitUntil(_ condition: () async throws -> Bool) async throws {
    while !(try await condition()) { try await Task.sleep(for: .milliseconds(1)) }
}

/// Holds a thread of the store inside a body.
final class Gate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)

    /// Called in the body.
    func hold() {
        entered.signal()
        released.wait()
    }
    /// Returns once a body is held.
    func waitForEntry() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.entered.wait()
                continuation.resume()
            }
        }
    }
    func release() { released.signal() }
}

extension Database {
    func insert(_ id: Int, name: String? = nil) async throws {
        try await write { connection in
            try connection.execute(
                "INSERT INTO test_thing (id, name) VALUES ($1, $2)", SQLValue(id),
                .text(name ?? "thing \(id)"))
        }
    }

    func ids() async throws -> [Int] {
        try await read { try $0.query("SELECT id FROM test_thing ORDER BY id") { $0.int(0) } }
    }
}

func expectThings(
    _ store: SQLiteDatabase, _ expected: [Int], sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let ids: [Int] = try await store.ids()
    #expect(ids == expected, sourceLocation: sourceLocation)
}
