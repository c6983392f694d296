import Crypto
import Foundation
import GrassrootsWork
import Kernel
import LifeCircle
import Logging
import Platform
import Storage
import Synchronization
import Testing

@testable import linlid

@Suite struct DemoImportTests {
    /// The promise is twenty seconds for whoever starts the server; beside all other tests it may take three times that.
    private static let patience: Duration = .seconds(60)

    @Test func everythingIsStoredInTime() async throws {
        let directory: URL = FileManager.default.temporaryDirectory
            .appending(path: "linli-demo-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let database = try await SQLiteDatabase(
            path: directory.appending(path: "demo.sqlite").path,
            migrations: Platform.migrations + GrassrootsWork.migrations + LifeCircle.migrations)
        let now: Instant = demoNow
        let platform = Platform(
            database: database, environment: .fixed(at: now),
            keyring: try Keyring(
                keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
                indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
            logger: Logger(label: "demo"))
        let hasher = try PasswordHasher()
        let source: DemoSource = try demoSource()
        let told = Mutex<[Int]>([])
        let load = DemoImport(
            platform: platform, hasher: hasher,
            caseData: LoadedCaseData(
                workflows: [source.workflow], calendar: source.calendar, categories: source.categories)
        ) { done, _ in told.withLock { $0.append(done) } }

        #expect(try await !load.isLoaded())
        let clock = ContinuousClock()
        let begin: ContinuousClock.Instant = clock.now
        let data = try DemoData(source: source, seed: 1, now: now)
        let signIns: [DemoSignIn] = try await load.load(data)
        #expect(clock.now - begin < DemoImportTests.patience)
        #expect(try await load.isLoaded())

        #expect(signIns.map(\.post).contains("派遣员"))
        #expect(signIns.map(\.post).contains("居民"))
        let steps: [Int] = told.withLock { $0 }
        #expect(steps == steps.sorted())
        let counts: [Int] = try await platform.readAsSystem { context in
            try [
                "platform_organizations", "platform_staff", "platform_residents", "grassroots_case",
                "lifecircle_shops",
            ].map { table in
                try context.connection.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0
            }
        }
        #expect(
            counts == [
                data.organizations.count, data.staff.count, data.people.count { $0.phone != nil },
                data.cases.count, data.shops.count,
            ])
        #expect(steps.last == counts.reduce(0, +))
        try await hasher.shutdown()
        await database.close()
    }

    @Test func theBarShowsHowFarItIs() {
        let bar = ProgressBar(title: "t")
        #expect(bar.text(0, 10) == "t [..............................] 0%  0/10")
        #expect(bar.text(5, 10) == "t [###############...............] 50%  5/10")
        #expect(bar.text(10, 10) == "t [##############################] 100%  10/10")
    }

    @Test func theShippedFilesAreFound() throws {
        let folder: String = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "ops/data").path
        #expect(try DemoStart.source(folder).workflow.id == "case")
    }
}
