import Kernel
import OneStop
import Platform
import Storage
import Synchronization
import Testing

@testable import linlid

@Suite struct DemoImportTests {
    /// The promise is twenty seconds for whoever starts the server; beside all other tests it may take three times that.
    private static let patience: Duration = .seconds(60)

    @Test func everythingIsStoredInTime() async throws {
        try await DemoWorld.with(at: demoNow) { world in try await everythingIsStored(in: world) }
    }

    private func everythingIsStored(in world: DemoWorld) async throws {
        let platform: Platform = world.platform
        let source: DemoSource = try demoSource()
        let told = Mutex<[Int]>([])
        let load = DemoImport(
            platform: platform, hasher: world.hasher, services: world.oneStop.past
        ) { done, _ in told.withLock { $0.append(done) } }

        #expect(try await load.presence() == .none)
        let clock = ContinuousClock()
        let begin: ContinuousClock.Instant = clock.now
        let data = try DemoData(source: source, seed: 1, now: demoNow)
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
        #expect(steps.last == counts.reduce(0, +) + data.services.count)
        try await expectHistories(of: data, in: platform)
        try await expectCounts(of: data, in: platform)
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
    }

    /// The figures of the source, in their place and counted in all places above.
    private func expectCounts(of data: DemoData, in platform: Platform) async throws {
        func counts(_ code: String) async throws -> [Int] {
            try await platform.readAsSystem { context in
                let place = try Organizations.get(context.connection, code)
                return [place.householdCount, place.residentCount]
            }
        }
        #expect(try await counts(DemoPlaces.mingfeng) == [3_428, 10_683])
        #expect(try await counts(DemoPlaces.gaodu)[0] == 12_306)
        let fengtai: [Int] = try await counts(DemoPlaces.fengtai)
        #expect(fengtai == [320, data.people.count { $0.home.hasPrefix(DemoPlaces.fengtai) }])
        // 凤台, and 凤苑 with the figures that are published of it.
        #expect(try await counts("140502001000") == [320 + 1_224, fengtai[1] + 3_801])
        #expect(try await counts(DemoPlaces.zezhou)[0] == 12_306)
        var sum: [Int] = [0, 0]
        for county in data.organizations where county.level == .county {
            let own: [Int] = try await counts(county.code)
            sum = [sum[0] + own[0], sum[1] + own[1]]
        }
        #expect(try await counts(DemoPlaces.prefecture) == sum)
        try await DataFiles.loadFigures(platform, from: DemoWorld.dataFiles)
        func figure(_ id: String, of code: String) async throws -> Int64? {
            try await platform.readAsSystem { context in
                try PlaceFigures.all(of: code, context.connection).first { $0.id == id }?.value
            }
        }
        #expect(try await figure("registered_users", of: DemoPlaces.prefecture) == 2_610_000)
        #expect(try await figure("transactions", of: DemoPlaces.prefecture) == 137_000_000)
        #expect(try await figure("village_cameras", of: DemoPlaces.gaodu) == 564)
        #expect(try await figure("kiosks", of: DemoPlaces.gaoping) == 15)
        #expect(try await figure("base_records", of: "140524101999") == 1_864)
        #expect(sum[0] == 320 + 1_224 + 1_100 + 3_428 + 12_306 + 191)
    }

    @Test func theBarShowsHowFarItIs() {
        let bar = ProgressBar(title: "t")
        #expect(bar.text(0, 10) == "t [..............................] 0%  0/10")
        #expect(bar.text(5, 10) == "t [###############...............] 50%  5/10")
        #expect(bar.text(10, 10) == "t [##############################] 100%  10/10")
    }

    @Test func theShippedFilesAreFound() throws {
        #expect(try DemoStart.source(DemoWorld.dataFiles).workflow.id == "case")
    }
}
