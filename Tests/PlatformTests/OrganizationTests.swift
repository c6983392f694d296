import Foundation
import Kernel
import Storage
import Testing

@testable import Platform

@Suite struct OrganizationTests {
    private func fill(_ platform: Platform) async throws {
        try await platform.performAsSystem(action: "test") { unit in
            let new: [NewOrganization] = [
                NewOrganization(code: "1405", name: "晋城市", level: .prefecture, parentCode: nil),
                NewOrganization(code: "140502", name: "城区", level: .county, parentCode: "1405"),
                NewOrganization(code: "140502001", name: "东街街道", level: .town, parentCode: "140502"),
                NewOrganization(
                    code: "140502001999", name: "凤台社区", level: .community, parentCode: "140502001",
                    aliases: ["凤台小区", "泽州路"]),
                NewOrganization(
                    code: "140502001998", name: "凤苑社区", level: .community, parentCode: "140502001"),
            ]
            for organization in new { try Organizations.insert(unit.connection, organization) }
        }
    }

    @Test func pathsAndCountsFollowTheTree() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            let (town, community) = try await test.platform.readAsSystem { context in
                (
                    try Organizations.get(context.connection, "140502001"),
                    try Organizations.get(context.connection, "140502001999")
                )
            }
            #expect(town.childCount == 2)
            #expect(community.path == "/1405/140502/140502001/140502001999/")
            #expect(community.pathText == "晋城市 / 城区 / 东街街道 / 凤台社区")
        }
    }

    /// Boundaries change on a day: what was there before is found on the days before, and nothing new goes into it after.
    @Test func boundariesGoByDates() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            let today = test.clock.now().shanghaiDate
            let day = today.adding(days: 7)
            _ = try await test.platform.performAsSystem(action: "test") { unit in
                try Organizations.insert(
                    unit.connection,
                    NewOrganization(
                        code: "140502001997", name: "凤城社区", level: .community, parentCode: "140502001",
                        startDate: day))
                let old = try Organizations.get(unit.connection, "140502001999")
                try Boundaries.end(
                    old, on: day, successors: ["140502001997"], today: today, unit.connection)
            }
            let names = { @Sendable (date: CivilDate) in
                try await test.platform.readAsSystem {
                    try Organizations.children($0.connection, of: "140502001", on: date, limit: 10).map(
                        \.name)
                }
            }
            #expect(try await names(day.adding(days: -1)) == ["凤苑社区", "凤台社区"])
            #expect(try await names(day) == ["凤城社区", "凤苑社区"])
            func usable(_ code: String, _ date: CivilDate) async -> String? {
                do {
                    try await test.platform.readAsSystem {
                        _ = try Boundaries.usable($0.connection, code, on: date)
                    }
                    return nil
                } catch let refusal as Refusal {
                    return refusal.reason + refusal.text(in: .chinese)
                } catch { return "\(error)" }
            }
            #expect(await usable("140502001999", day.adding(days: -1)) == nil)
            #expect(await usable("140502001999", day)?.contains("请改选：凤城社区") == true)
            #expect(await usable("140502001997", today)?.hasPrefix("ORGANIZATION_NOT_BEGUN") == true)
            let homes = try await test.platform.readAsSystem { context in
                try [today, day].map { try Boundaries.current(context.connection, "140502001999", on: $0) }
            }
            #expect(homes == ["140502001999", "140502001997"])
            let found = try await test.platform.readAsSystem { context in
                try [today, day].map { date in
                    try OrganizationSearch.find(
                        context.connection, query: "泽州路", ancestorPath: "/", level: nil, on: date, limit: 5
                    ).map(\.code)
                }
            }
            #expect(found == [["140502001999"], []])
        }
    }

    @Test func whatCannotEndSaysWhy() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            let today = test.clock.now().shanghaiDate
            func end(_ code: String, after days: Int, _ successors: [String]) async -> String? {
                do {
                    _ = try await test.platform.performAsSystem(action: "test") { unit in
                        try Boundaries.end(
                            try Organizations.get(unit.connection, code), on: today.adding(days: days),
                            successors: successors, today: today, unit.connection)
                    }
                    return nil
                } catch let refusal as Refusal { return refusal.reason } catch { return "\(error)" }
            }
            let other = ["140502001998"]
            #expect(await end("140502001999", after: 0, other) == "END_DATE_RANGE")
            #expect(await end("140502001999", after: Boundaries.daysAheadMax + 1, other) == "END_DATE_RANGE")
            #expect(await end("140502001999", after: 1, []) == "SUCCESSOR_COUNT")
            #expect(await end("140502001999", after: 1, other + other) == "SUCCESSOR_COUNT")
            #expect(await end("140502001999", after: 1, ["140502001"]) == "SUCCESSOR_UNSUITABLE")
            #expect(await end("140502001999", after: 1, ["140502001999"]) == "SUCCESSOR_UNSUITABLE")
            #expect(await end("140502001", after: 1, ["140502001999"]) == "ORGANIZATION_HAS_PARTS")
            #expect(await end("140502001999", after: Boundaries.daysAheadMax, other) == nil)
            #expect(await end("140502001999", after: 1, other) == "ORGANIZATION_ENDED")
        }
    }

    private func counts(_ platform: Platform, _ codes: [String]) async throws -> [[Int]] {
        try await platform.readAsSystem { context in
            try codes.map { code in
                let record = try Organizations.get(context.connection, code)
                return [record.householdCount, record.residentCount]
            }
        }
    }

    private static let above: [String] = ["1405", "140502", "140502001"]

    @Test func householdsAndResidentsAreCountedUpTheTree() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            func add(_ code: String, below parent: String, _ households: Int, _ residents: Int) async throws {
                try await test.platform.performAsSystem(action: "test") { unit in
                    _ = try Organizations.insert(
                        unit.connection,
                        NewOrganization(
                            code: code, name: "第\(code)网格", level: .grid1, parentCode: parent,
                            householdCount: households, residentCount: residents))
                }
            }
            try await add("g1", below: "140502001999", 40, 120)
            try await add("g2", below: "140502001999", 30, 0)
            #expect(
                try await counts(test.platform, OrganizationTests.above + ["140502001999"])
                    == Array(repeating: [70, 120], count: 4))
            // What is given for a place covers what lies below it, as long as that is not more.
            try await add("c3", below: "140502001", 100, 300)
            try await add("g3", below: "c3", 60, 300)
            #expect(try await counts(test.platform, ["c3", "140502001"]) == [[100, 300], [170, 420]])
            try await add("g4", below: "c3", 50, 1)
            #expect(
                try await counts(test.platform, ["c3"] + OrganizationTests.above)
                    == [[110, 301]] + Array(repeating: [180, 421], count: 3))
        }
    }

    /// A store from before the sums, with a given figure and one that only the grids have.
    @Test func oldTreesAreSummedUp() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            try await test.platform.performAsSystem(action: "test") { unit in
                let grids: [(String, String, Int, Int)] = [
                    ("g1", "140502001999", 40, 120), ("g2", "140502001999", 30, 80),
                    ("g3", "140502001998", 5, 9),
                ]
                for (code, parent, households, residents) in grids {
                    try Organizations.insert(
                        unit.connection,
                        NewOrganization(
                            code: code, name: code, level: .grid1, parentCode: parent,
                            householdCount: households, residentCount: residents))
                }
                for column in [
                    "own_household_count", "own_resident_count", "households_below", "residents_below",
                ] {
                    try unit.connection.execute("ALTER TABLE platform_organizations DROP COLUMN \(column)")
                }
                try unit.connection.execute(
                    "UPDATE platform_organizations SET household_count = 0, resident_count = 0 WHERE code NOT LIKE 'g%'"
                )
                try unit.connection.execute(
                    "UPDATE platform_organizations SET household_count = 9 WHERE code = '140502001998'")
                for statement in OrganizationCounts.schema.split(separator: ";") {
                    let sql = statement.trimmingCharacters(in: .whitespacesAndNewlines)
                    if !sql.isEmpty { try unit.connection.execute(sql) }
                }
            }
            #expect(
                try await counts(test.platform, ["140502001999", "140502001998"] + OrganizationTests.above)
                    == [[70, 200], [9, 9]] + Array(repeating: [79, 209], count: 3))
        }
    }

    @Test func publishedFiguresAreKeptByTheirDay() async throws {
        @Sendable func figures(_ value: String, _ date: String) throws -> [(
            place: String, figure: PlaceFigure
        )] {
            try PlaceFigures.read(
                tsv:
                    "place\tid\tzh\ten\tvalue\tdate\tsource\n1405\tusers\t注册用户\tusers\t\(value)\t\(date)\t公报\n"
            )
        }
        try await TestPlatform.run { test in
            try await fill(test.platform)
            func put(_ value: String, _ date: String) async throws -> Bool {
                try await test.platform.performAsSystem(action: "test") { unit in
                    let (place, figure) = try figures(value, date)[0]
                    return try PlaceFigures.put(figure, of: place, unit.connection)
                }
            }
            #expect(try await put("2610000", "2022-07-15"))
            #expect(try await !put("2610000", "2022-07-15"), "it is there")
            #expect(try await !put("1", "2021-01-01"), "older")
            #expect(try await put("2700000", "2023-01-01"), "newer")
            let kept = try await test.platform.readAsSystem {
                try PlaceFigures.all(of: "1405", $0.connection)
            }
            #expect(kept.map(\.value) == [2_700_000])
            #expect(kept[0].title.zh == "注册用户" && kept[0].source == "公报")
        }
        for (value, date) in [("-1", "2022-07-15"), ("many", "2022-07-15"), ("1", "July")] {
            #expect(throws: DataFileError.self) { try figures(value, date) }
        }
    }

    @Test(arguments: [
        ("凤台", ["140502001999"]), ("泽州路", ["140502001999"]), ("凤", ["140502001998", "140502001999"]),
        ("东街 凤苑", ["140502001998"]), ("凤台社区", ["140502001999"]), ("南街", []), ("？", []),
    ])
    func peopleFindPlacesByTheirWords(query: String, codes: [String]) async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            let found: [OrganizationRecord] = try await test.platform.readAsSystem { context in
                try OrganizationSearch.find(
                    context.connection, query: query, ancestorPath: "/", level: nil,
                    on: context.now.shanghaiDate, limit: 10)
            }
            #expect(found.map(\.code) == codes)
        }
    }

    @Test func whatIsThereOrHasNoParentIsRefused() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            func insert(_ code: String, parent: String?) async throws {
                try await test.platform.performAsSystem(action: "test") { unit in
                    _ = try Organizations.insert(
                        unit.connection,
                        NewOrganization(code: code, name: "某地", level: .grid1, parentCode: parent))
                }
            }
            let twice = await #expect(throws: Refusal.self) { try await insert("140502", parent: "1405") }
            #expect(twice?.reason == "ORGANIZATION_EXISTS")
            let orphan = await #expect(throws: Refusal.self) { try await insert("9", parent: "8") }
            #expect(orphan?.reason == "ORGANIZATION_NOT_FOUND")
        }
    }
}
