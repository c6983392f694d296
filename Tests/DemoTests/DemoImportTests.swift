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
    private static let dataFiles: String = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "ops/data").path

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
            logger: Logger(label: "demo"),
            documents: Documents(readers: GrassrootsWork.documentReaders))
        let hasher = try PasswordHasher()
        let source: DemoSource = try demoSource()
        let told = Mutex<[Int]>([])
        try await DataFiles.load(platform, from: DemoImportTests.dataFiles)
        let load = DemoImport(platform: platform, hasher: hasher) { done, _ in
            told.withLock { $0.append(done) }
        }

        #expect(try await load.presence() == .none)
        let clock = ContinuousClock()
        let begin: ContinuousClock.Instant = clock.now
        let data = try DemoData(source: source, seed: 1, now: now)
        let signIns: [DemoSignIn] = try await load.load(data)
        #expect(clock.now - begin < DemoImportTests.patience)
        #expect(try await load.presence() == .whole)

        #expect(data.staff.first?.id == DemoStaff.firstID)
        #expect(data.staff.count <= DemoImport.batchSize)
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
        try await expectHistories(of: data, in: platform)
        try await hasher.shutdown()
        await database.close()
    }

    /// The timeline of each case is as long as its story, and what waits has a deadline.
    private func expectHistories(of data: DemoData, in platform: Platform) async throws {
        func count(_ sql: String) async throws -> Int {
            try await platform.readAsSystem { try $0.connection.first(sql) { $0.int(0) } ?? -1 }
        }
        #expect(
            try await count("SELECT count(*) FROM grassroots_case_event")
                == data.cases.reduce(0) { $0 + $1.steps.count })
        #expect(
            try await count("SELECT count(*) FROM grassroots_case WHERE main_case IS NOT NULL")
                == data.cases.count { $0.mainCase != nil })
        #expect(
            try await count(
                "SELECT count(*) FROM grassroots_case WHERE state = 'in_progress' AND due_time IS NULL") == 0)
        #expect(
            try await count("SELECT count(*) FROM grassroots_case_pause")
                == data.cases.reduce(0) { $0 + $1.pauses.count })
        #expect(
            try await count(
                "SELECT household_count FROM platform_organizations WHERE code = '\(DemoPlaces.mingfeng)'")
                == 3_428)
    }

    @Test func theBarShowsHowFarItIs() {
        let bar = ProgressBar(title: "t")
        #expect(bar.text(0, 10) == "t [..............................] 0%  0/10")
        #expect(bar.text(5, 10) == "t [###############...............] 50%  5/10")
        #expect(bar.text(10, 10) == "t [##############################] 100%  10/10")
    }

    @Test func theShippedFilesAreFound() throws {
        #expect(try DemoStart.source(DemoImportTests.dataFiles).workflow.id == "case")
    }
}
