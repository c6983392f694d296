import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Storage
import Testing

/// A platform on a store of its own, without a server.
struct TestPlatform {
    let platform: Platform
    let clock: ManualClock
    let keyring: Keyring

    static func run(_ body: (TestPlatform) async throws -> Void) async throws {
        let path: String = FileManager.default.temporaryDirectory
            .appending(path: "linli-platform-\(SecureRandom.token(bytes: 9)).sqlite").path()
        defer {
            for suffix in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
        }
        let database: SQLiteDatabase = try await SQLiteDatabase(path: path, migrations: Platform.migrations)
        let clock: ManualClock = ManualClock(Instant(seconds: 1_780_000_000))
        let keyring: Keyring = try Keyring(keys: [1: .random()], currentKeyID: 1, indexKey: .random())
        var logger: Logger = Logger(label: "test")
        logger.logLevel = .critical
        let platform: Platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: keyring, logger: logger)
        do {
            try await body(TestPlatform(platform: platform, clock: clock, keyring: keyring))
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    /// A call by somebody.
    func call(_ id: String = "one", method: MethodDescriptor = PlatformV1.StaffServiceMethods.createStaff)
        -> ServerCall
    {
        let call: ServerCall = ServerCall(method: method)
        call.principal = Principal(kind: .staff, id: id)
        return call
    }

    func count(_ table: String) async throws -> Int {
        try await platform.readAsSystem { context in
            try context.connection.first("SELECT COUNT(*) FROM \(table)") { $0.int(0) } ?? 0
        }
    }
}
