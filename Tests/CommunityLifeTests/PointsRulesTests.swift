import Kernel
import Platform
import Testing

@testable import CommunityLife

@Suite struct PointsRulesTests {
    private func rule(points: Int = 10, month: Int? = nil, day: Int? = nil) throws -> PointsCatalogue.Rule {
        var caps: String = month.map { ", monthly_cap: \($0)" } ?? ""
        if let day { caps += ", daily_cap: \(day)" }
        let catalogue = try PointsCatalogue(
            yaml: """
                id: test
                version: 1
                expiry_months: 24
                rules:
                  r: {zh: 甲, en: a, points: \(points)\(caps), requires: {zh: 乙, en: b}}
                partners: {p: {zh: 丙, en: c, monthly_cap: 100}}
                offers: {o: {zh: 丁, en: d, points: 1, partner: p}}
                """)
        return try #require(catalogue.rule("r"))
    }

    @Test func pointsExpireAfterTheMonthInWhichTheyWereEarned() throws {
        let date = try #require(CivilDate("2026-01-31"))
        let first = try #require(CivilDate("2028-02-01"))
        let begin = Instant(startOf: date)
        #expect(PointsRules.expireTime(earned: begin, months: 24) == Instant(startOf: first))
        let lastMoment = begin.adding(days: 1).adding(milliseconds: -1)
        #expect(PointsRules.expireTime(earned: lastMoment, months: 24) == Instant(startOf: first))
        #expect(
            PointsRules.expireTime(earned: lastMoment.adding(milliseconds: 1), months: 24)
                == Instant(startOf: first.adding(months: 1)))
    }

    @Test func capsCutWhatIsGiven() throws {
        let capped = try rule(month: 25)
        #expect(PointsRules.award(capped, earnedThisMonth: 15, earnedToday: 0) == 10)
        #expect(PointsRules.award(capped, earnedThisMonth: 16, earnedToday: 0) == 9)
        #expect(PointsRules.award(capped, earnedThisMonth: 24, earnedToday: 0) == 1)
        #expect(PointsRules.award(capped, earnedThisMonth: 25, earnedToday: 0) == 0)
        #expect(PointsRules.award(try rule(day: 12), earnedThisMonth: 500, earnedToday: 5) == 7)
        #expect(PointsRules.award(try rule(), earnedThisMonth: 5_000, earnedToday: 5_000) == 10)
    }

    @Test func lotsThatExpireFirstAreUsedFirst() {
        let late = PointsLot(id: "a", left: 5, expireTime: Instant(seconds: 9))
        let early = PointsLot(id: "b", left: 5, expireTime: Instant(seconds: 1))
        #expect(
            PointsRules.take(7, from: [late, early])
                == [LotUse(lot: "b", points: 5), LotUse(lot: "a", points: 2)])
        #expect(PointsRules.take(10, from: [late, early])?.count == 2)
        #expect(PointsRules.take(11, from: [late, early]) == nil)
        #expect(PointsRules.take(0, from: []) == [])
    }

    @Test func postingsSumToZero() {
        let a = PointsAccountID.resident(ada)
        #expect(
            PointsTransaction.isBalanced([
                Posting(account: a, points: 5), Posting(account: .issue, points: -5),
            ]))
        #expect(
            !PointsTransaction.isBalanced([
                Posting(account: a, points: 5), Posting(account: .issue, points: -4),
            ]))
        #expect(
            !PointsTransaction.isBalanced([Posting(account: a, points: 5), Posting(account: a, points: -5)]))
        #expect(!PointsTransaction.isBalanced([]))
    }

    @Test func aCodeFindsEverySlipOfTheFinger() throws {
        let code = RedemptionCode(random: SeededRandom(seed: 4))
        #expect(code.digits.count == 12)
        #expect(try RedemptionCode(parsing: code.grouped) == code)
        #expect(try RedemptionCode(parsing: " " + code.grouped.replacing("-", with: "  ") + "\n") == code)
        let digits = Array(code.digits)
        for index in digits.indices {
            for wrong in "0123456789" where wrong != digits[index] {
                var typed = digits
                typed[index] = wrong
                #expect(throws: Refusal.self) { try RedemptionCode(parsing: String(typed)) }
            }
        }
        for bad in ["", "12", code.digits + "0", "abcdefghijkl", String(repeating: " ", count: 200)] {
            #expect(throws: Refusal.self) { try RedemptionCode(parsing: bad) }
        }
    }

    @Test func whatIsLeftIsLimitedByStockAndPartner() throws {
        let catalogue = try PointsCatalogue(yaml: rulesText)
        let towel = try #require(catalogue.offer("towel"))
        let rice = try #require(catalogue.offer("rice"))
        let house = catalogue.partner("house")
        #expect(PointsRules.left(towel, house, pieces: 0, partnerPoints: 0) == 2)
        #expect(PointsRules.left(towel, house, pieces: 3, partnerPoints: 0) == 0)
        #expect(PointsRules.left(towel, house, pieces: 0, partnerPoints: 21) == 1)
        #expect(PointsRules.left(rice, house, pieces: 0, partnerPoints: 20) == 1)
        #expect(PointsRules.left(rice, house, pieces: 0, partnerPoints: 21) == 0)
        #expect(PointsRules.left(rice, nil, pieces: 9, partnerPoints: 9) == nil)
    }
}
