import Storage
import Testing

@Suite(.timeLimit(.minutes(1))) struct GroupCommitTests {
    /// Lets `count` writes wait behind one that is held, so that they become one group.
    private func grouped(
        _ store: SQLiteDatabase, _ count: Int,
        _ body: @escaping @Sendable (Int, any Connection) throws -> Void
    ) async throws -> [Int: any Error] {
        let gate = Gate()
        let held = Task { try await store.write { _ in gate.hold() } }
        await gate.waitForEntry()
        return try await withThrowingTaskGroup(of: (Int, (any Error)?).self) { group in
            for number in 1...count {
                group.addTask {
                    do {
                        try await store.write { try body(number, $0) }
                        return (number, nil)
                    } catch { return (number, error) }
                }
                try await waitUntil { store.waitingWrites == number }
            }
            gate.release()
            var errors: [Int: any Error] = [:]
            for try await (number, error) in group { errors[number] = error }
            // The held write is the first of the group.
            _ = await held.result
            return errors
        }
    }

    private static let insert: @Sendable (Int, any Connection) throws -> Void = { number, connection in
        try connection.execute(
            "INSERT INTO test_thing (id, name) VALUES ($1, $2)", SQLValue(number), .text("thing \(number)"))
    }

    @Test func anErrorUndoesItsOwnWriteAlone() async throws {
        try await withStore { store in
            let errors: [Int: any Error] = try await grouped(store, 20) { number, connection in
                try Self.insert(number, connection)
                if number % 3 == 0 { throw Mistake(number: number) }
            }
            #expect(errors.keys.sorted() == [3, 6, 9, 12, 15, 18])
            for (number, error) in errors { #expect(error as? Mistake == Mistake(number: number)) }
            try await expectThings(store, (1...20).filter { $0 % 3 != 0 })
        }
    }

    @Test func aCaughtStatementErrorStillFailsItsWrite() async throws {
        try await withStore { store in
            let errors: [Int: any Error] = try await grouped(store, 3) { number, connection in
                try Self.insert(number, connection)
                if number == 2 { do { try Self.insert(1, connection) } catch {} }
            }
            #expect(errors.keys.sorted() == [2])
            #expect((errors[2] as? StorageError)?.isViolation(of: .primaryKey) == true)
            try await expectThings(store, [1, 3])
        }
    }

    @Test func aForeignKeyCheckedAtTheCommitFailsItsOwnWriteAlone() async throws {
        try await withStore { store in
            let errors: [Int: any Error] = try await grouped(store, 3) { number, connection in
                try Self.insert(number, connection)
                if number == 2 { try connection.execute("UPDATE test_thing SET parent = 77 WHERE id = 2") }
            }
            #expect(errors.keys.sorted() == [2])
            #expect((errors[2] as? StorageError)?.isViolation(of: .foreignKey) == true)
            try await expectThings(store, [1, 3])
        }
    }

    @Test func aStatementThatRollsBackUndoesTheGroupButNotTheStore() async throws {
        try await withStore { store in
            let errors: [Int: any Error] = try await grouped(store, 3) { number, connection in
                if number == 2 {
                    try connection.execute("INSERT OR ROLLBACK INTO test_thing (id) VALUES (2)")
                }
                try Self.insert(number, connection)
            }
            // The first had run in the undone transaction; the third ran in the next one.
            #expect(errors.keys.sorted() == [1, 2])
            guard case .groupUndone = errors[1] as? StorageError else {
                Issue.record("\(String(describing: errors[1]))")
                return
            }
            try await expectThings(store, [3])
            #expect(store.health == .serving)
        }
    }

    @Test func aWriteSeesTheOnesBeforeItInTheGroup() async throws {
        try await withStore { store in
            let errors: [Int: any Error] = try await grouped(store, 5) { number, connection in
                let count: Int? = try connection.first("SELECT count(*) FROM test_thing") { $0.int(0) }
                #expect(count == number - 1)
                try Self.insert(number, connection)
            }
            #expect(errors.isEmpty)
        }
    }

    @Test func aCancelledWriteThatWaitsIsNotDone() async throws {
        try await withStore { store in
            let gate = Gate()
            async let held: Void = store.write { _ in gate.hold() }
            await gate.waitForEntry()
            let cancelled = Task { try await store.insert(1) }
            try await waitUntil { store.waitingWrites == 1 }
            async let other: Void = store.insert(2)
            try await waitUntil { store.waitingWrites == 2 }
            cancelled.cancel()
            // It is answered at once, not when its turn would have come.
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            #expect(store.waitingWrites == 1)
            gate.release()
            try await held
            try await other
            try await expectThings(store, [2])
        }
    }

    @Test func aTaskThatIsCancelledAlreadyWritesNothing() async throws {
        try await withStore { store in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await store.insert(1)
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            try await expectThings(store, [])
        }
    }

    @Test func oneWriteMoreThanMayWaitIsRefused() async throws {
        try await withStore {
            $0.limits.waitingWritesMax = 3
            $0.limits.retryAfterSeconds = 7
        } _: { store in
            let gate = Gate()
            async let held: Void = store.write { _ in gate.hold() }
            await gate.waitForEntry()
            let waiting: [Task<Void, any Error>] = (1...3).map { id in Task { try await store.insert(id) } }
            try await waitUntil { store.waitingWrites == 3 }
            await #expect(throws: StorageError.overloaded(retryAfterSeconds: 7)) { try await store.insert(4) }
            gate.release()
            try await held
            for task in waiting { try await task.value }
            try await expectThings(store, [1, 2, 3])
            try await store.insert(4)
        }
    }

    @Test func oneReadMoreThanMayWaitIsRefused() async throws {
        try await withStore {
            $0.limits.readers = 1
            $0.limits.waitingReadsMax = 1
        } _: { store in
            let gate = Gate()
            async let held: Void = store.read { _ in gate.hold() }
            await gate.waitForEntry()
            async let waiting: [Int] = store.ids()
            try await waitUntil { store.waitingReads == 1 }
            await #expect(throws: StorageError.overloaded(retryAfterSeconds: 1)) { try await store.ids() }
            gate.release()
            try await held
            #expect(try await waiting == [])
        }
    }

    @Test func manyTasksWriteEachOnce() async throws {
        try await withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<64 {
                    group.addTask { for id in 0..<20 { try await store.insert(task * 20 + id) } }
                }
                try await group.waitForAll()
            }
            try await expectThings(store, Array(0..<1_280))
        }
    }
}
