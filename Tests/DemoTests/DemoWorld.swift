import Crypto
import Foundation
import GrassrootsWork
import Kernel
import LifeCircle
import Logging
import OneStop
import Platform
import Storage

@testable import linlid

/// A store with the data files and the service items of the product, before the demonstration is loaded.
struct DemoWorld: Sendable {
    static let dataFiles: String = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "ops/data").path

    let platform: Platform
    let oneStop: OneStop
    let hasher: PasswordHasher
    let clock: ManualClock

    static func with(at now: Instant, _ body: (DemoWorld) async throws -> Void) async throws {
        let directory: URL = FileManager.default.temporaryDirectory
            .appending(path: "linli-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let database = try await SQLiteDatabase(
            path: directory.appending(path: "demo.sqlite").path, migrations: Composition.migrations)
        let clock = ManualClock(now)
        let platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(
                keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
                indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
            logger: Logger(label: "demo"), documents: Documents(readers: Composition.documentReaders))
        let world = DemoWorld(
            platform: platform,
            oneStop: OneStop(
                platform: platform,
                signer: try NoteSigner(name: "demo/linli", key: SigningKey(generating: .ed25519)),
                synthetic: .allowed), hasher: try PasswordHasher(), clock: clock)
        try await DataFiles.load(platform, from: dataFiles)
        try await DataFiles.loadItems(world.oneStop.catalogue, from: dataFiles)
        let result: Result<Void, any Error>
        do { result = .success(try await body(world)) } catch { result = .failure(error) }
        try await world.hasher.shutdown()
        await database.close()
        try result.get()
    }

    func load(_ data: DemoData) async throws {
        _ = try await DemoImport(platform: platform, hasher: hasher, services: oneStop.past) { _, _ in }.load(
            data)
    }
}
