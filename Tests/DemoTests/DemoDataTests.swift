import Foundation
import Kernel
import Platform
import Testing

@testable import linlid

private func file(_ path: String) throws -> String {
    let root: URL = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "ops/data/\(path)"), encoding: .utf8)
}

let demoNow: Instant = Instant(startOf: CivilDate(daysSinceEpoch: 20_780)).adding(hours: 15)

func demoSource() throws -> DemoSource {
    let year = try WorkYear(yaml: file("calendar/2026.yaml"))
    return try DemoSource(calendar: WorkCalendar(years: [year]), text: file)
}

@Suite struct DemoDataTests {
    static let data: Result<DemoData, any Error> = Result {
        try DemoData(source: demoSource(), seed: 1, now: demoNow)
    }
    let data: DemoData

    init() throws { data = try DemoDataTests.data.get() }

    private func count(_ level: OrganizationLevel, below prefix: String) -> Int {
        data.organizations.count { $0.level == level && $0.code.hasPrefix(prefix) }
    }

    @Test func placesAreAsMany() {
        #expect(count(.county, below: "1405") == 6)
        #expect(count(.town, below: "1405") == 77)
        #expect(count(.community, below: "140525107") == 34)
        #expect(count(.grid1, below: "140525107") == 34)
        #expect(count(.grid2, below: "140525107") == 158)
        #expect(count(.grid3, below: "140525107") == 854)
        #expect(data.households.count { $0.grid.hasPrefix("140525107") } == 12_306)
        #expect(count(.grid1, below: DemoPlaces.mingfeng) == 11)
        #expect(data.households.count { $0.grid.hasPrefix(DemoPlaces.mingfeng) } == 3_428)
        #expect(data.people.count { $0.home.hasPrefix(DemoPlaces.mingfeng) } == 10_683)
        #expect(count(.community, below: "140581") == 334)
        #expect(
            data.organizations.count { $0.code.hasPrefix("140581") && $0.code.contains("-station") } == 340)
        #expect(
            data.organizations.count { $0.level == .department && $0.parentCode == DemoPlaces.gaoping } == 65)
    }

    @Test func parentsComeFirstAndCodesOnce() {
        var seen: Set<String> = []
        for place in data.organizations {
            #expect(place.parentCode.map(seen.contains) ?? true, "\(place.code)")
            #expect(seen.insert(place.code).inserted, "\(place.code)")
        }
    }

    @Test func nobodyExists() {
        #expect(data.people.allSatisfy { $0.idNumber.isSynthetic && $0.phone?.isSynthetic ?? true })
        #expect(Set(data.people.map(\.idNumber)).count == data.people.count)
        #expect(Set(data.people.compactMap(\.phone)).count == data.people.compactMap(\.phone).count)
        #expect(data.people.allSatisfy { $0.idNumber.birthDate == $0.birth })
        #expect(data.organizations.allSatisfy { $0.synthetic || $0.code.count == 12 })
        #expect(data.shops.allSatisfy { $0.creditCode.isSynthetic && $0.phone.hasPrefix("0356-000") })
    }

    @Test func theSameSeedGivesTheSame() throws {
        let again = try DemoData(source: demoSource(), seed: 1, now: demoNow)
        #expect(again.people == data.people)
        #expect(again.cases == data.cases)
        #expect(again.staff == data.staff)
        #expect(again.shops == data.shops)
        #expect(try DemoData(source: demoSource(), seed: 2, now: demoNow).cases != data.cases)
    }

    @Test(arguments: DemoCase.Scenario.allCases)
    func theHardOnesAreAmongThem(scenario: DemoCase.Scenario) throws {
        let found: [DemoCase] = data.cases.filter { $0.scenario == scenario }
        let first: DemoCase = try #require(found.first)
        let actions: [String] = first.steps.map(\.action.id)
        switch scenario {
        case .wrongBody: #expect(first.instance.facts["return_count"] == .integer(1))
        case .returnedThrice:
            #expect(first.instance.facts["return_count"] == .integer(3))
            #expect(actions.contains("dispatch_by_conference"))
            #expect(first.attempts.map(\.reason) == ["CONFERENCE_NEEDED"])
        case .duplicate: #expect(found.count { $0.mainCase != nil } >= 4)
        case .pauseAbuse:
            #expect(first.pauses.count == 2)
            #expect(first.attempts.map(\.reason) == ["COUNT_TOO_HIGH"])
        case .reopenedOnDayTen: #expect(actions.last == "reopen")
        case .refusedOnDayEleven: #expect(first.attempts.map(\.reason) == ["TOO_LATE"])
        case .appealUpheld: #expect(first.instance.facts["rating_excluded"] == .text("appeal_upheld"))
        case .appealRejected: #expect(actions.contains("remedy"))
        case .rework: #expect(first.instance.facts["rework_count"] == .integer(2))
        case .extended: #expect(first.extensions.count == 1)
        case .overdue:
            let due: Instant = try #require(try first.due(demoSource().calendar, now: demoNow))
            #expect(due < demoNow)
        case .holidaySpanning:
            let clock: Instant = try #require(first.clockStart)
            #expect(clock.shanghaiDate.description == "2026-09-30")
        case .ordinary: #expect(found.count >= 200)
        case .patrol, .declined, .unrated, .waiting: #expect(!actions.isEmpty)
        }
    }

    /// Before and after holidays, at weekends, at the edges of the published year.
    @Test(arguments: [
        "2026-03-02", "2026-05-06", "2026-06-21", "2026-10-08", "2026-10-10", "2026-12-31", "2027-03-01",
    ])
    func theStoriesHoldOnAnyDay(day: String) throws {
        let midnight = Instant(startOf: try #require(CivilDate(day)))
        let source: DemoSource = try demoSource()
        for hours in [1, 9, 23] {
            let now: Instant = midnight.adding(hours: Int64(hours))
            var book = DemoCaseBook(
                source: source, places: try DemoPlaces(source: source), people: data.people,
                staff: data.staff,
                now: now, random: SeededRandom(seed: 9))
            try book.write()
            // On 2 March no long holiday of a published year lies far enough back.
            let missing: Set<DemoCase.Scenario> = day == "2026-03-02" ? [.holidaySpanning] : []
            #expect(Set(DemoCase.Scenario.allCases).subtracting(book.cases.map(\.scenario)) == missing)
            #expect(book.cases.allSatisfy { $0.steps.allSatisfy { $0.time <= now } })
            let waiting: Set<String> = Set(
                book.cases.filter { $0.scenario == .waiting }.map(\.instance.state))
            #expect(waiting.count == 11, "\(day) \(hours): \(waiting)")
        }
    }

    @Test func somethingWaitsInEveryHand() throws {
        let open: Set<String> = Set(data.cases.map(\.instance.state))
        for state in [
            "reported", "awaiting_receipt", "in_progress", "awaiting_verification", "awaiting_rating",
        ] {
            #expect(open.contains(state), "no case is \(state)")
        }
    }

    @Test func historiesAreInOrderAndInThePast() {
        #expect(data.cases.map(\.createTime) == data.cases.map(\.createTime).sorted())
        for told in data.cases {
            #expect(told.steps.map(\.time) == told.steps.map(\.time).sorted())
            #expect(told.steps.allSatisfy { $0.time <= demoNow })
            #expect(told.steps.last?.to == told.instance.state)
            if let main = told.mainCase { #expect(data.cases[main].mainCase == nil) }
        }
    }

    @Test func shopsLieWithinAWalkOfFengtai() {
        let near: [DemoShop] = data.shops.filter { $0.point.metres(to: DemoPlaces.fengtaiCenter) < 800 }
        #expect(near.contains { $0.trade == "repair" && $0.takesOrders })
        #expect(Set(data.shops.map(\.id)).count == data.shops.count)
        #expect(data.shops.contains { $0.point.metres(to: DemoPlaces.fengtaiCenter) > 1_000 })
    }
}
