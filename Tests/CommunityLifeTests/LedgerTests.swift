import Contract
import Kernel
import Logging
import Platform
import RPC
import Storage
import Testing

@testable import CommunityLife

@Suite struct LedgerTests {
    @Test func everythingSumsToZeroWhateverHappens() async throws {
        try await Community.with { community in
            try await community.apply("big", about: "cases/1")
            try await community.apply("hazard_verified", to: bao, about: "cases/1")
            let first = try await community.redeem("towel")
            _ = try await community.redeem("rice")
            try await community.apply("false_report", about: "cases/2")
            _ = try await community.write { book, unit in try book.confirm(first.code, unit) }
            community.clock.advance(days: 31)
            _ = try await community.module.timers.run()
            let entry = try #require(
                try await community.entries().first { $0.kind == .deducted })
            _ = try await community.write { book, unit in
                try book.reverse(entry.id, reason: "查错了", unit)
            }
            community.clock.advance(days: 800)
            _ = try await community.module.timers.run()

            let kinds = Set(try await community.entries().map(\.kind))
            #expect(kinds == [.earned, .deducted, .redeemed, .returned, .expired, .reversal])
            #expect(try await community.number("SELECT sum(points) FROM community_points_postings") == 0)
            #expect(
                try await community.number(
                    """
                    SELECT count(*) FROM (SELECT entry_id FROM community_points_postings
                    GROUP BY entry_id HAVING sum(points) <> 0)
                    """) == 0)
            #expect(
                try await community.number(
                    """
                    SELECT count(*) FROM community_points_accounts AS a WHERE balance <> (
                        SELECT COALESCE(sum(points), 0) FROM community_points_postings WHERE account_id = a.id)
                    """) == 0)
            #expect(
                try await community.number(
                    """
                    SELECT count(*) FROM community_points_accounts AS a WHERE kind = 'resident' AND balance <> (
                        SELECT COALESCE(sum(left_points), 0) FROM community_points_lots WHERE resident = a.id)
                    """) == 0)
            #expect(try await community.balance() == 0)
        }
    }

    @Test func staffSeeWhatOneMatterLedToAndNothingElseOfAnybody() async throws {
        try await Community.with { community in
            try await community.apply("hazard_verified", about: "cases/1")
            try await community.apply("big", to: bao, about: "cases/1")
            try await community.apply("hazard_verified", to: bao, about: "cases/2")
            let desk = PointsDesk(platform: community.platform)
            func ask(_ subject: String, as principal: Principal) async throws -> [CommunityLifeV1.PointsEntry]
            {
                let method = CommunityLifeV1.PointsServiceMethods.listPointsEntries
                let call = ServerCall(method: method, metadata: [:], peer: Peer(address: "203.0.113.5:4000"))
                call.principal = principal
                return try await desk.listPointsEntries(.init(subject: subject), call).entries
            }
            let grant = Grant(role: .operator, scopeCode: "140500000000", scopePath: "/140500000000/")
            let staff = Principal(kind: .staff, id: "op", grants: [grant])
            let found = try await ask("cases/1", as: staff)
            #expect(found.map(\.points) == [50, 10])
            #expect(found.allSatisfy { $0.balanceAfter == 0 })
            #expect(try await ask("cases/3", as: staff).isEmpty)
            #expect(await reason { _ = try await ask("", as: staff) } == "POINTS_SUBJECT_MISSING")
            // A resident sees the own ones, whatever the request names.
            let own = try await ask("cases/1", as: Principal(kind: .resident, id: "ada", level: .phone))
            #expect(own.map(\.points) == [10])
            #expect(own.first?.balanceAfter == 10)
        }
    }

    @Test func noBalanceGoesBelowZero() async throws {
        try await Community.with { community in
            #expect(try await community.apply("false_report", about: "cases/1") == .nothing)
            try await community.apply("hazard_verified", about: "cases/2")
            try await community.apply("false_report", about: "cases/3")
            #expect(try await community.balance() == 0)
            #expect(try await community.apply("false_report", about: "cases/4") == .nothing)
            #expect(await reason { try await community.redeem("towel") } == "POINTS_TOO_FEW")
            // And the table refuses it, whoever writes.
            await #expect(throws: (any Error).self) {
                try await community.write { _, unit in
                    try unit.connection.execute(
                        "UPDATE community_points_accounts SET balance = -1 WHERE kind = 'resident'")
                }
            }
        }
    }

    @Test func aRuleGivesOncePerSubjectAndStopsAtItsCaps() async throws {
        try await Community.with { community in
            for number in 1...4 { try await community.apply("hazard_verified", about: "cases/\(number)") }
            #expect(try await community.entries().map(\.points) == [5, 10, 10])
            #expect(try await community.apply("hazard_verified", about: "cases/5") == .capped)
            #expect(try await community.apply("hazard_verified", about: "cases/1") == .nothing)
            community.clock.advance(days: 31)
            #expect(try await community.apply("hazard_verified", about: "cases/1") == .nothing)
            try await community.apply("hazard_verified", about: "cases/6")
            #expect(try await community.balance() == 35)
            try await community.apply("volunteering", about: "shifts/1")
            try await community.apply("volunteering", about: "shifts/2")
            #expect(try await community.balance() == 50)
            community.clock.advance(days: 1)
            try await community.apply("volunteering", about: "shifts/3")
            #expect(try await community.balance() == 60)
            #expect(try await community.entries().first?.balanceAfter == 60)
            #expect(try await community.entries().first?.ruleVersion == 3)
        }
    }

    @Test func pointsExpireByLot() async throws {
        try await Community.with { community in
            try await community.apply("big", about: "cases/1")
            community.clock.advance(days: 40)
            try await community.apply("hazard_verified", about: "cases/2")
            let lots = try await community.platform.readAsSystem { try Ledger.lots($0.connection, ada) }
            let firstEnd = try #require(lots.first?.expireTime)
            community.clock.set(firstEnd.adding(milliseconds: -1))
            try await community.settle()
            #expect(try await community.balance() == 60)
            community.clock.set(firstEnd)
            try await community.settle()
            try await community.settle()
            #expect(try await community.balance() == 10)
            #expect(try await community.entries().first?.points == -50)
        }
    }

    @Test func aReversalTakesWhatIsLeftAndWorksOnce() async throws {
        try await Community.with { community in
            try await community.apply("big", about: "cases/1")
            let entry = try #require(try await community.entries().first)
            _ = try await community.redeem("rice")
            let counter = try await community.write { book, unit in
                try book.reverse(entry.id, reason: "不属实", unit)
            }
            #expect(counter.points == -20)
            #expect(counter.reverses == entry.id)
            #expect(counter.reason.zh.contains("不属实"))
            #expect(try await community.balance() == 0)
            func reverse(_ id: String) async -> String? {
                await reason {
                    _ = try await community.write { book, unit in
                        try book.reverse(id, reason: "再来", unit)
                    }
                }
            }
            #expect(await reverse(entry.id) == "POINTS_ENTRY_REVERSED")
            #expect(await reverse(counter.id) == "POINTS_ENTRY_NOT_REVERSIBLE")
            #expect(await reverse("nothing") == "POINTS_ENTRY_NOT_FOUND")
        }
    }
}

extension ManualClock {
    func advance(days: Int64) { set(now().adding(days: days)) }
}
