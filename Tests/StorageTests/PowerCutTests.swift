import CPowerCutVFS
import Foundation
import Storage
import Testing

/// The failing disk is one for the process, so these run one after another.
@Suite(.serialized, .timeLimit(.minutes(2))) struct PowerCutTests {
    init() {
        powercut_register()
        powercut_reset()
    }

    private static func failing(_ configuration: inout SQLiteConfiguration) {
        configuration.synchronous = .full
        configuration.fileLayer = POWERCUT_NAME
        // Small enough that cuts fall into checkpoints too.
        configuration.limits.checkpointPages = 40
    }

    /// Writes from many tasks until the store fails, and returns what was acknowledged.
    private func writeUntilFailure(_ store: SQLiteDatabase, from first: Int, tasks: Int = 12) async -> [Int] {
        await withTaskGroup(of: [Int].self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var id: Int = first + task
                    var acknowledged: [Int] = []
                    do {
                        while true {
                            try await store.insert(id, name: "thing \(id) \(id &* 7_919 % 10_007)")
                            acknowledged.append(id)
                            id += tasks
                        }
                    } catch { return acknowledged }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func expectSound(_ store: SQLiteDatabase) async throws {
        let integrity: [String] = try await store.read {
            try $0.query("SELECT integrity_check FROM pragma_integrity_check") { $0.text(0) }
        }
        #expect(integrity == ["ok"])
    }

    /// Cuts the power `cuts` times and returns how many acknowledged writes were gone afterwards. Stops at the first cut
    /// after which the database is broken.
    private func lostWrites(
        cuts: Int, seed: UInt64, _ synchronous: SQLiteConfiguration.Synchronous
    ) async throws -> Int {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            var acknowledged: Set<Int> = []
            var lost = 0
            var random: UInt64 = seed
            for number in 0..<cuts {
                powercut_reset()
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                do {
                    let cutAt: UInt64 = 20 + (random >> 33) % 400
                    let cutSeed: UInt64 = random
                    try await withStore(at: path) {
                        Self.failing(&$0)
                        $0.synchronous = synchronous
                    } _: { store in
                        let ids: Set<Int> = Set(try await store.ids())
                        lost += acknowledged.subtracting(ids).count
                        acknowledged.formIntersection(ids)
                        try await expectSound(store)
                        powercut_cut_at(cutAt, cutSeed)
                        acknowledged.formUnion(await writeUntilFailure(store, from: number * 1_000_000))
                        guard case .failed = store.health else {
                            Issue.record("The store serves without power: \(store.health)")
                            return
                        }
                    }
                } catch StorageError.engine where synchronous != .full {
                    return lost + 1
                }
            }
            powercut_reset()
            try await withStore(at: path) { store in
                let ids: Set<Int> = Set(try await store.ids())
                lost += acknowledged.subtracting(ids).count
            }
            return lost
        }
    }

    @Test func acknowledgedWritesSurviveAPowerCut() async throws {
        let seed: UInt64 =
            ProcessInfo.processInfo.environment["LINLI_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...9_999)
        print("power cuts: LINLI_SEED=\(seed)")
        #expect(try await lostWrites(cuts: 25, seed: seed, .full) == 0, "LINLI_SEED=\(seed)")
    }

    /// The control: with less than FULL the same cuts do lose acknowledged writes, so the test above can fail.
    @Test(arguments: [SQLiteConfiguration.Synchronous.normal, .off])
    func withLessThanFullTheyDoNot(_ synchronous: SQLiteConfiguration.Synchronous) async throws {
        #expect(try await lostWrites(cuts: 5, seed: 1, synchronous) > 0)
    }

    @Test func afterAFailedSyncNothingIsAcknowledgedUntilReopened() async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            try await withStore(at: path, Self.failing) { store in
                try await store.insert(1)
                powercut_fail_sync_at(1)
                let error = await #expect(throws: StorageError.self) { try await store.insert(2) }
                guard case .failed(let reason) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(store.health == .failed(reason: reason))
                // The disk is well again, but the store does not believe it.
                await #expect(throws: StorageError.failed(reason: reason)) { try await store.insert(3) }
                await #expect(throws: StorageError.failed(reason: reason)) { try await store.ids() }

                try await store.reopen()
                #expect(store.health == .serving)
                try await store.insert(4)
                powercut_cut(1)
                await #expect(throws: StorageError.self) { try await store.insert(5) }
            }
            powercut_reset()
            try await withStore(at: path) { store in
                let ids: [Int] = try await store.ids()
                // 2 was not acknowledged: it may be there or not. 1 and 4 were.
                #expect(ids.filter { $0 != 2 } == [1, 4])
            }
        }
    }

    @Test func aFailedStoreIsReopenedOnceByManyWhoTry() async throws {
        try await withStore(Self.failing) { store in
            powercut_fail_sync_at(1)
            await #expect(throws: StorageError.self) { try await store.insert(1) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await store.reopen() } }
                try await group.waitForAll()
            }
            #expect(store.health == .serving)
            try await store.insert(2)
            try await store.reopen()
            try await store.insert(3)
        }
    }

    @Test func aStoreThatCannotBeReopenedStaysFailed() async throws {
        try await withStore(Self.failing) { store in
            powercut_cut(1)
            await #expect(throws: StorageError.self) { try await store.insert(1) }
            await #expect(throws: StorageError.self) { try await store.reopen() }
            guard case .failed = store.health else {
                Issue.record("\(store.health)")
                return
            }
            await #expect(throws: StorageError.self) { try await store.insert(1) }
        }
    }

    @Test func waitingWritesShareASync() async throws {
        try await withStore {
            Self.failing(&$0)
            $0.limits.checkpointPages = 10_000
            $0.limits.groupSizeMax = 10
        } _: { store in
            let syncs: (_ writes: Int, _ from: Int) async throws -> UInt64 = { writes, first in
                let gate = Gate()
                async let held: Void = store.write { _ in gate.hold() }
                await gate.waitForEntry()
                let tasks: [Task<Void, any Error>] = (0..<writes).map { number in
                    Task { try await store.insert(first + number) }
                }
                try await waitUntil { store.waitingWrites == writes }
                let before: UInt64 = powercut_syncs()
                gate.release()
                try await held
                for task in tasks { try await task.value }
                return powercut_syncs() - before
            }
            try await store.insert(0)
            // The held write is one of the ten.
            #expect(try await syncs(9, 100) == 1)
            #expect(try await syncs(10, 200) == 2)
        }
    }

    /// Lets each write, sync and truncation of a short life fail in turn: what was acknowledged is there afterwards.
    @Test func anyOneOperationMayFail() async throws {
        var n: UInt64 = 0
        var finished = false
        while !finished {
            n += 1
            powercut_reset()
            try await withFolder { folder in
                let path: String = folder + "/linli.sqlite"
                var acknowledged: [Int] = []
                powercut_fail_at(n)
                do {
                    try await withStore(at: path) {
                        Self.failing(&$0)
                        $0.limits.checkpointPages = 12
                    } _: { store in
                        for id in 1...6 {
                            do {
                                try await store.insert(id)
                                acknowledged.append(id)
                            } catch StorageError.failed {
                                try await store.reopen()
                            }
                        }
                    }
                } catch is StorageError {}
                finished = powercut_operations() < n
                powercut_reset()
                try await withStore(at: path) { store in
                    #expect(Set(try await store.ids()).isSuperset(of: acknowledged), "operation \(n)")
                    try await expectSound(store)
                }
            }
        }
        #expect(n > 20)
    }
}
