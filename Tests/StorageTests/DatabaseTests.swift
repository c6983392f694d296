import Foundation
import Storage
import Testing

@Suite(.timeLimit(.minutes(1))) struct DatabaseTests {
    @Test func whatWasWrittenIsReadBack() async throws {
        try await withStore { store in
            try await store.write { connection in
                let inserted: Int = try connection.execute(
                    "INSERT INTO test_thing (id, name, weight, photo, note) VALUES ($1, $5, $2, $3, $4)", 1,
                    2.5, .blob([1, 0, 2]), nil, "南门\u{0}花园")
                #expect(inserted == 1)
            }
            let name: String? = try await store.read { connection in
                try connection.first(
                    "SELECT id, name, weight, photo, note FROM test_thing WHERE id = $1", 1
                ) { row in
                    #expect(row.int(0) == 1)
                    #expect(row.real(2) == 2.5)
                    #expect(row.blob(3) == [1, 0, 2])
                    #expect(row.isNull(4) && row.textOrNil(4) == nil)
                    #expect(row.value(1) == "南门\u{0}花园")
                    return row.text(1)
                }
            }
            #expect(name == "南门\u{0}花园")
        }
    }

    @Test func emptyTextAndEmptyBytesAreNotNull() async throws {
        try await withStore { store in
            try await store.write { connection in
                try connection.execute(
                    "INSERT INTO test_thing (id, name, photo) VALUES (1, $1, $2)", "", .blob([]))
                let row: (String, [UInt8])? = try connection.first("SELECT name, photo FROM test_thing") {
                    ($0.text(0), $0.blob(1))
                }
                #expect(row?.0 == "" && row?.1 == [])
            }
        }
    }

    @Test func aStatementWithReturningWritesAllItsRows() async throws {
        try await withStore { store in
            let first: Int? = try await store.write { connection in
                try connection.first(
                    "INSERT INTO test_thing (id, name) VALUES (1, 'a'), (2, 'b') RETURNING id"
                ) { $0.int(0) }
            }
            #expect(first == 1)
            try await expectThings(store, [1, 2])
        }
    }

    @Test func theSameStatementCanRunInsideItself() async throws {
        try await withStore { store in
            for id in 1...3 { try await store.insert(id) }
            let pairs: [[Int]] = try await store.read { connection in
                try connection.query("SELECT id FROM test_thing ORDER BY id") { outer in
                    let id: Int = outer.int(0)
                    let inner: [Int] = try connection.query("SELECT id FROM test_thing ORDER BY id") {
                        $0.int(0)
                    }
                    return [id] + inner
                }
            }
            #expect(pairs == [[1, 1, 2, 3], [2, 1, 2, 3], [3, 1, 2, 3]])
        }
    }

    @Test func aReadSeesOneMoment() async throws {
        try await withStore { store in
            try await store.insert(1)
            let gate = Gate()
            async let counts: [Int] = store.read { connection in
                let count: () throws -> Int = {
                    try connection.first("SELECT count(*) FROM test_thing") { $0.int(0) } ?? -1
                }
                let before: Int = try count()
                gate.hold()
                return [before, try count()]
            }
            await gate.waitForEntry()
            try await store.insert(2)
            try await expectThings(store, [1, 2])
            gate.release()
            #expect(try await counts == [1, 1])
        }
    }

    @Test(arguments: [
        (
            "INSERT INTO test_thing (id, name) VALUES (2, 'one')", ConstraintViolation.Kind.unique,
            "test_thing.name"
        ),
        ("INSERT INTO test_thing (id, name) VALUES (1, 'two')", .primaryKey, "test_thing.id"),
        ("INSERT INTO test_thing (id, name) VALUES (2, NULL)", .notNull, "test_thing.name"),
        ("INSERT INTO test_thing (id, name, weight) VALUES (2, 'two', -1)", .check, "weight_is_positive"),
        (
            "INSERT INTO test_thing (id, name, weight) VALUES (2, 'two', 'heavy')", .dataType,
            "test_thing.weight"
        ),
        ("INSERT INTO test_thing (id, name, parent) VALUES (2, 'two', 9)", .foreignKey, "FOREIGN KEY"),
    ]) func aRefusedRowSaysWhichConstraint(
        _ sql: String, _ kind: ConstraintViolation.Kind, _ detail: String
    ) async throws {
        try await withStore { store in
            try await store.insert(1, name: "one")
            let error = await #expect(throws: StorageError.self) {
                try await store.write { try $0.execute(sql) }
            }
            #expect(error?.isViolation(of: kind) == true)
            guard case .constraint(let violation) = error else { return }
            #expect(violation.detail.contains(detail))
            #expect(violation.isDuplicate == (kind == .unique || kind == .primaryKey))
            try await expectThings(store, [1])
        }
    }

    @Test func aDatabaseIsOpenOnce() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            try await withStore(at: path) { _ in
                await #expect(throws: StorageError.inUse(path: path + ".lock")) {
                    try await withStore(at: path) { _ in }
                }
            }
            try await withStore(at: path) { _ in }
        }
    }

    @Test func closingFinishesWhatWaitsAndRefusesTheRest() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            try await withStore(at: path) { store in
                let gate = Gate()
                async let held: Void = store.write { _ in gate.hold() }
                await gate.waitForEntry()
                async let waiting: Void = store.insert(1)
                try await waitUntil { store.waitingWrites == 1 }
                async let closed: Void = store.close()
                try await waitUntil { store.health == .closed }
                gate.release()
                try await held
                try await waiting
                await closed
                await #expect(throws: StorageError.closed) { try await store.insert(2) }
                await #expect(throws: StorageError.closed) { try await store.ids() }
            }
            try await withStore(at: path) { try await expectThings($0, [1]) }
        }
    }

    /// Counts for minutes, if nobody stops it.
    private static let endless: String = """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000000000)
        SELECT count(*) FROM numbers
        """

    @Test func aReadThatTakesTooLongIsStopped() async throws {
        try await withStore {
            $0.limits.readSecondsMax = 1
        } _: { store in
            try await store.insert(1)
            await #expect(throws: StorageError.readTooLong(seconds: 1)) {
                try await store.read { try $0.first(Self.endless) { $0.int(0) } }
            }
            // The same threads and connections go on.
            for _ in 0..<8 { try await expectThings(store, [1]) }
            #expect(store.health == .serving)
        }
    }

    @Test func aReadWhoseTaskIsCancelledStops() async throws {
        try await withStore {
            $0.limits.readers = 1
        } _: { store in
            let task = Task { try await store.read { try $0.first(Self.endless) { $0.int(0) } } }
            async let next: [Int] = store.ids()
            try await waitUntil { store.waitingReads == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await next == [])
        }
    }

    @Test func theLogStaysShort() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            try await withStore(at: path) {
                $0.limits.checkpointPages = 20
            } _: { store in
                for id in 1...300 { try await store.insert(id) }
                let size: Int = try logSize(path)
                // 20 pages and the commit that went beyond, each page with a header of 24 bytes.
                #expect(size > 10 * 4_120 && size < 40 * 4_120)
            }
            #expect(try logSize(path) == 0)
            try await withStore(at: path) {
                $0.limits.checkpointPages = 100_000
            } _: { store in
                for id in 301...600 { try await store.insert(id) }
                #expect(try logSize(path) > 300 * 4_120)
            }
        }
    }

    private func logSize(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int)
    }

    @Test func textIsFoundByAFullTextIndex() async throws {
        let search = Migration(
            module: "test", number: 2, name: "search",
            sql: "CREATE VIRTUAL TABLE test_search USING fts5 (words, content = '', detail = none)")
        try await withFolder { folder in
            try await withStore(at: folder + "/linli.sqlite", migrations: [thingMigration, search]) { store in
                try await store.write { connection in
                    try connection.execute(
                        "INSERT INTO test_search (rowid, words) VALUES (7, $1)", "噪声 声扰 扰民")
                }
                let found: [Int] = try await store.read { connection in
                    try connection.query("SELECT rowid FROM test_search WHERE test_search MATCH $1", "扰民") {
                        $0.int(0)
                    }
                }
                #expect(found == [7])
            }
        }
    }

    @Test func aRowOfAnotherTypeTraps() async throws {
        await #expect(processExitsWith: .failure) {
            try await withStore { store in
                _ = try await store.read { try $0.first("SELECT 1") { $0.text(0) } }
            }
        }
    }

    @Test func aStatementThatWritesTrapsInARead() async throws {
        await #expect(processExitsWith: .failure) {
            try await withStore { store in
                _ = try await store.read { try $0.execute("DELETE FROM test_thing") }
            }
        }
    }

    @Test func aBodyThatCommitsTraps() async throws {
        await #expect(processExitsWith: .failure) {
            try await withStore { store in _ = try await store.write { try $0.execute(" commit") } }
        }
    }
}
