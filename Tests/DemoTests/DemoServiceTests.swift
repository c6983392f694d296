import Kernel
import OneStop
import Platform
import Storage
import Testing

@testable import linlid

/// What the one-stop service did, as the rules of the product took it in.
@Suite struct DemoServiceTests {
    private static let data: Result<DemoData, any Error> = Result {
        try DemoData(source: demoSource(), seed: 1, now: demoNow)
    }

    /// The services of a day, with those places and people alone that they are about.
    private static func data(at now: Instant) throws -> DemoData {
        var data: DemoData = try data.get()
        data.organizations.removeAll { !$0.code.hasPrefix("140500") && !$0.code.hasPrefix("140502") }
        data.people.removeAll { !$0.home.hasPrefix(DemoPlaces.fengtai) }
        data.staff.removeAll { !$0.organization.hasPrefix("140502") }
        data.cases = []
        data.shops = []
        var book = DemoServiceBook(
            people: data.people, staff: data.staff, calendar: try demoSource().calendar, now: now,
            random: SeededRandom(seed: 3))
        book.write()
        data.services = book.services
        return data
    }

    private static func rows(_ world: DemoWorld, _ sql: String) async throws -> [String: Int] {
        try await world.platform.readAsSystem { context in
            Dictionary(
                try context.connection.query(sql) { ($0.text(0), $0.int(1)) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    private static func expectEveryState(_ world: DemoWorld) async throws {
        let states = try await rows(world, "SELECT state, count(*) FROM onestop_applications GROUP BY state")
        #expect(
            Set(states.keys) == [
                "waiting", "submitted", "supplement_requested", "rejected", "accepted", "special_procedure",
                "granted",
                "refused", "delivered", "archived", "withdrawn",
            ])
        let now: Int64 = world.platform.environment.now().milliseconds
        let cards = try await rows(
            world,
            """
            SELECT CASE WHEN due_time IS NULL THEN 'none' WHEN due_time < \(now) AND red_time <= \(now) THEN 'red'
                WHEN yellow_time <= \(now) THEN 'yellow' ELSE 'green' END AS card, count(*)
            FROM onestop_applications WHERE state = 'accepted' GROUP BY card
            """)
        for card in ["red", "yellow", "green"] { #expect(cards[card, default: 0] >= 1, "\(card) at \(now)") }
        #expect(
            try await rows(
                world, "SELECT 'urged', count(*) FROM onestop_applications WHERE facts LIKE '%urge_count%'")[
                    "urged"] == 1)
    }

    @Test func everythingIsThere() async throws {
        try await DemoWorld.with(at: demoNow) { world in
            let data: DemoData = try Self.data(at: demoNow)
            #expect(Set(data.services.map(\.scenario)) == Set(DemoService.Scenario.allCases))
            try await world.load(data)
            try await Self.expectEveryState(world)
            let departments = try await Self.rows(
                world, "SELECT department_code, count(*) FROM onestop_applications GROUP BY department_code")
            #expect(departments.count >= 7)
            #expect(departments.values.reduce(0, +) >= 40)
            #expect(departments["140502000000-housing_fund", default: 0] >= 8)
            let applicants = try await Self.rows(
                world, "SELECT applicant, count(*) FROM onestop_applications GROUP BY applicant")
            #expect(applicants.count >= 20)
            // One bad rating is open, the good ones are closed.
            let ratings = try await Self.rows(
                world, "SELECT 'state' || state, count(*) FROM onestop_rating_ratings GROUP BY state")
            #expect(ratings == ["state1": 6, "state2": 1])
            let mandates = try await Self.rows(
                world, "SELECT substr(agent, 1, 6), count(*) FROM onestop_mandates GROUP BY 1")
            #expect(mandates == ["reside": 1, "staff/": 1])
            let bundle = try await Self.rows(
                world, "SELECT item_id || ' ' || state, 1 FROM onestop_applications WHERE bundle_case <> ''")
            #expect(
                Set(bundle.keys) == [
                    "JC-B-104 delivered", "JC-B-105 granted", "JC-B-001 accepted", "JC-B-095 waiting",
                ])
            let certificates = try await Self.rows(
                world,
                "SELECT type || (revoke_time IS NOT NULL), count(*) FROM onestop_certificates GROUP BY 1")
            #expect(certificates == ["residence0": 2, "residence1": 1, "low_income0": 1])
            let fees = try await Self.rows(
                world,
                "SELECT 'paid' || (fee_paid_time IS NOT NULL), count(*) FROM onestop_applications WHERE fee_fen > 0 GROUP BY 1"
            )
            #expect(fees == ["paid0": 1, "paid1": 1])
        }
    }

    /// The audit log says what happened here, and nobody is told anew what happened long ago.
    @Test func nothingIsSaidToHappenNow() async throws {
        try await DemoWorld.with(at: demoNow) { world in
            let data: DemoData = try Self.data(at: demoNow)
            try await world.load(data)
            let told = try await Self.rows(
                world,
                "SELECT type, count(*) FROM platform_events WHERE type LIKE 'application.%' GROUP BY type")
            #expect(told.isEmpty)
            let audit = try await Self.rows(
                world,
                "SELECT actor || ' ' || action, count(*) FROM platform_audit_entries WHERE action LIKE 'demo.%' OR action LIKE 'certificate.%' OR action LIKE 'application.%' GROUP BY 1"
            )
            #expect(audit["system demo.staff_and_services"] == 1)
            #expect(audit["system certificate.key.make"] == 1)
            #expect(audit.keys.allSatisfy { $0.hasPrefix("system ") && !$0.contains("application.") })
            let early = try await Self.rows(
                world,
                "SELECT 'late', count(*) FROM onestop_application_events WHERE time > \(demoNow.milliseconds)"
            )
            #expect(early == ["late": 0])
            // What time alone does was done in its time: nothing is left over for the timers.
            for work in world.oneStop.timedWork where type(of: work).workName == "applications" {
                #expect(try await work.run() as? Int == 0)
            }
        }
    }

    /// On holidays, at weekends, by night and at the edges of the published year.
    @Test(arguments: [
        ("2026-03-02", 1), ("2026-05-06", 9), ("2026-06-21", 23), ("2026-10-08", 7), ("2026-10-10", 17),
        ("2026-12-31", 12), ("2027-03-01", 10),
    ])
    func theStoriesHoldOnAnyDay(day: String, hours: Int64) async throws {
        let now: Instant = Instant(startOf: try #require(CivilDate(day))).adding(hours: hours)
        try await DemoWorld.with(at: now) { world in
            let data: DemoData = try Self.data(at: now)
            for service in data.services { #expect(!service.isCutShort, "\(service.scenario)") }
            try await world.load(data)
            try await Self.expectEveryState(world)
        }
    }
}
