import Contract
import Kernel
import Platform
import RPC
import Testing

@testable import CommunityLife

@Suite struct RedemptionTests {
    private func confirm(_ code: RedemptionCode, in community: Community) async throws -> Redemption {
        try await community.write { book, unit in try book.confirm(code, unit) }
    }

    @Test func aCodeWorksOnce() async throws {
        try await Community.with { community in
            try await community.apply("big", about: "cases/1")
            let redemption = try await community.redeem("towel")
            #expect(try await community.balance() == 35)
            #expect(try await confirm(redemption.code, in: community).state == .confirmed)
            #expect(
                await reason { _ = try await confirm(redemption.code, in: community) } == "REDEMPTION_USED")
            let other = RedemptionCode(random: SeededRandom(seed: 99))
            #expect(await reason { _ = try await confirm(other, in: community) } == "REDEMPTION_NOT_FOUND")
            // Time does nothing to what was handed over.
            community.clock.advance(days: 31)
            try await community.settle()
            #expect(try await community.balance() == 35)
        }
    }

    @Test func anUnusedCodeGivesItsPointsBackWithTheirOldEnd() async throws {
        try await Community.with { community in
            try await community.apply("big", about: "cases/1")
            let before = try await community.platform.readAsSystem { try Ledger.lots($0.connection, ada) }
            let redemption = try await community.redeem("towel")
            community.clock.set(redemption.expireTime.adding(milliseconds: -1))
            try await community.settle()
            #expect(try await community.balance() == 35)
            community.clock.set(redemption.expireTime)
            #expect(
                await reason { _ = try await confirm(redemption.code, in: community) }
                    == "REDEMPTION_EXPIRED")
            #expect(try await community.module.timers.run() == 1)
            #expect(try await community.module.timers.run() == 0)
            #expect(try await community.balance() == 50)
            let after = try await community.platform.readAsSystem { try Ledger.lots($0.connection, ada) }
            #expect(after == before)
            #expect(
                await reason { _ = try await confirm(redemption.code, in: community) }
                    == "REDEMPTION_EXPIRED")
        }
    }

    @Test func thePartnerTakesNoMoreThanItsCap() async throws {
        try await Community.with { community in
            for number in 1...4 { try await community.apply("big", about: "cases/\(number)") }
            try await community.redeem("rice")
            try await community.redeem("towel")
            #expect(await reason { try await community.redeem("towel") } == "OFFER_USED_UP")
            #expect(await reason { try await community.redeem("rice") } == "OFFER_USED_UP")
            #expect(await reason { try await community.redeem("gold") } == "OFFER_NOT_FOUND")
            community.clock.advance(days: 31)
            try await community.redeem("rice")
            #expect(try await community.balance() == 170)
        }
    }

    @Test func onlyItsResidentSeesTheCodeAndOnlyWhileItIsOpen() async throws {
        try await Community.with { community in
            try await community.apply("big", about: "cases/1")
            var redemption = try await community.redeem("towel")
            let owner = Principal(kind: .resident, id: "ada", level: .phone)
            #expect(redemption.message(for: owner).code == redemption.code.grouped)
            #expect(
                redemption.message(for: Principal(kind: .resident, id: "bao", level: .phone)).code.isEmpty)
            #expect(redemption.message(for: Principal(kind: .staff, id: "clerk")).code.isEmpty)
            redemption.state = .confirmed
            #expect(redemption.message(for: owner).code.isEmpty)
        }
    }

    @Test func everyMethodHasItsRow() {
        let methods = CommunityLife.access.map(\.method.method)
        #expect(Set(methods) == Set(CommunityLifeV1.PointsServiceMethods.all.map(\.method)))
        #expect(methods.count == CommunityLifeV1.PointsServiceMethods.all.count)
    }
}
