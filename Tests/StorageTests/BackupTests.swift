import Foundation
import Kernel
import Storage
import Testing

@Suite(.timeLimit(.minutes(1))) struct BackupTests {
    private let now = Instant(seconds: 1_800_000_000)

    /// A store with things 1...count and a backup of it.
    private func withBackup(
        _ count: Int, _ body: (_ database: String, _ backup: String) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let path: String = folder + "/linli.sqlite"
            let backup: String = folder + "/备份?1%.sqlite"
            try await withStore(at: path) { store in
                for id in 1...count { try await store.insert(id) }
                _ = try await Backup.create(of: store, at: backup, now: now)
            }
            try await body(path, backup)
        }
    }

    private func problem(_ body: () async throws -> Void) async -> String {
        let error = await #expect(throws: StorageError.self) { try await body() }
        guard case .backup(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return ""
        }
        return reason
    }

    @Test func aBackupUnderLoadIsOneMoment() async throws {
        try await withFolder { folder in
            let backup: String = folder + "/backup.sqlite"
            let acknowledged: Int = try await withStore(at: folder + "/linli.sqlite") { store in
                for id in stride(from: 0, to: 2_000, by: 2) { try await store.insert(id) }
                let writer = Task {
                    var id = 2_000
                    // Two rows a write: half a write in the backup would show as an odd count.
                    while !Task.isCancelled {
                        let now: Int = id
                        try await store.write { connection in
                            for id in [now, now + 1] {
                                try connection.execute(
                                    "INSERT INTO test_thing (id, name) VALUES ($1, $2)", SQLValue(id),
                                    .text("thing \(id)"))
                            }
                        }
                        id += 2
                    }
                    return id
                }
                try await waitUntil { try await store.ids().count > 1_100 }
                let before: Int = try await store.ids().count
                _ = try await Backup.create(of: store, at: backup, now: now)
                writer.cancel()
                _ = await writer.result
                return before
            }
            let manifest: BackupManifest = try await Backup.verify(backup)
            #expect(manifest.createdAt.hasPrefix("2027-01-15T08:00:00"))
            #expect(manifest.schema.map(\.name) == ["things"])
            let restored: String = folder + "/restored.sqlite"
            #expect(try await Backup.restore(backup, to: restored, now: now) == nil)
            try await withStore(at: restored) { store in
                let ids: [Int] = try await store.ids()
                #expect(ids.count >= acknowledged)
                #expect(ids.filter { $0 >= 2_000 }.count.isMultiple(of: 2))
            }
        }
    }

    @Test func restoringKeepsWhatItReplaces() async throws {
        try await withBackup(3) { database, backup in
            try await withStore(at: database) { try await $0.insert(4) }
            let aside: String? = try await Backup.restore(backup, to: database, now: now)
            try await withStore(at: database) { try await expectThings($0, [1, 2, 3]) }
            try await withStore(at: try #require(aside)) { try await expectThings($0, [1, 2, 3, 4]) }
            #expect(try await Backup.restore(backup, to: database, now: now) != aside)
        }
    }

    @Test func aRunningStoreIsNotReplaced() async throws {
        try await withBackup(1) { database, backup in
            try await withStore(at: database) { store in
                await #expect(throws: StorageError.inUse(path: database + ".lock")) {
                    try await Backup.restore(backup, to: database, now: now)
                }
                try await expectThings(store, [1])
            }
        }
    }

    @Test func aChangedByteIsFound() async throws {
        try await withBackup(200) { database, backup in
            var bytes: Data = try #require(FileManager.default.contents(atPath: backup))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: backup))
            #expect(await problem { _ = try await Backup.verify(backup) }.contains("SHA-256"))
            #expect(
                await problem { _ = try await Backup.restore(backup, to: database, now: now) }.contains(
                    "SHA-256"))
            try await withStore(at: database) { try await expectThings($0, Array(1...200)) }
            bytes.removeLast()
            try bytes.write(to: URL(fileURLWithPath: backup))
            #expect(
                await problem { _ = try await Backup.verify(backup) }.contains("bytes, its manifest says"))
        }
    }

    @Test func aFileWithoutAManifestIsNoBackup() async throws {
        try await withBackup(1) { _, backup in
            try FileManager.default.removeItem(atPath: backup + ".json")
            #expect(await problem { _ = try await Backup.verify(backup) }.contains("has no manifest"))
            try Data("{}".utf8).write(to: URL(fileURLWithPath: backup + ".json"))
            #expect(await problem { _ = try await Backup.verify(backup) }.contains("is no manifest"))
        }
    }

    @Test func aBackupNeverOverwrites() async throws {
        try await withBackup(1) { database, backup in
            try await withStore(at: database) { store in
                #expect(await problem { try await store.backup(to: backup) }.contains("is there already"))
            }
            _ = try await Backup.verify(backup)
        }
    }

    @Test func verifyingLeavesNothingBeside() async throws {
        try await withBackup(1) { _, backup in
            _ = try await Backup.verify(backup)
            let folder: String = (backup as NSString).deletingLastPathComponent
            let names: [String] = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.filter { $0.contains("备份") }.sorted() == ["备份?1%.sqlite", "备份?1%.sqlite.json"])
        }
    }

    @Test func nobodyElseMayReadTheFiles() async throws {
        try await withBackup(1) { database, backup in
            _ = try await Backup.restore(backup, to: database + "-2", now: now)
            try await withStore(at: database) { store in
                try await store.insert(2)
                for path in [
                    database, database + "-wal", database + "-shm", database + ".lock", backup,
                    backup + ".json",
                    database + "-2",
                ] {
                    let mode: Any? = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
                    #expect(mode as? Int == 0o600, "\(path)")
                }
            }
        }
    }

    @Test func anInterruptedRestoreStopsTheServerUntilItRanAgain() async throws {
        try await withBackup(2) { database, backup in
            // The old database is aside and the new one not in its place yet.
            try FileManager.default.moveItem(atPath: database, toPath: database + ".aside")
            try FileManager.default.copyItem(atPath: backup, toPath: database + ".restoring")
            #expect(
                await problem { try await withStore(at: database) { _ in } }.contains("was interrupted"))
            _ = try await Backup.restore(backup, to: database, now: now)
            try await withStore(at: database) { try await expectThings($0, [1, 2]) }
        }
    }
}
