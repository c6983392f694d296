import Kernel
import Logging
import Platform
import Testing

@testable import CommunityLife

@Suite struct ListenerTests {
    private func confirmReport(_ community: Community, _ payload: [String: String], about subject: String)
        async throws
    {
        try await community.platform.performAsSystem(action: "test") { unit in
            unit.publish(DomainEvent(type: "case.report_confirmed", subject: subject, payload: payload))
        }
    }

    private func drain(_ community: Community) async throws {
        try await EventDispatcher(
            platform: community.platform, listeners: community.module.listeners,
            logger: Logger(label: "listener")
        ).drain()
    }

    private func messages(_ community: Community) async throws -> Int64 {
        try await community.number("SELECT count(*) FROM platform_messages")
    }

    @Test func aConfirmedReportGivesPointsOnceAndAMessage() async throws {
        try await Community.with { community in
            let payload = ["reporter": ada, "number": "AJ-1", "points_rule": "hazard_verified"]
            try await confirmReport(community, payload, about: "cases/1")
            try await drain(community)
            #expect(try await community.balance() == 10)
            #expect(try await messages(community) == 1)
            // The case came back and was confirmed again.
            try await confirmReport(community, payload, about: "cases/1")
            try await drain(community)
            try await drain(community)
            #expect(try await community.balance() == 10)
            #expect(try await messages(community) == 1)
        }
    }

    @Test func whoIsNoResidentAndWhatHasNoRuleEarnsNothing() async throws {
        try await Community.with { community in
            try await confirmReport(
                community, ["reporter": "staff/1", "points_rule": "hazard_verified"], about: "cases/1")
            try await confirmReport(community, ["points_rule": "hazard_verified"], about: "cases/2")
            try await confirmReport(community, ["reporter": ada], about: "cases/3")
            try await confirmReport(community, ["reporter": ada, "points_rule": "gone"], about: "cases/4")
            try await drain(community)
            #expect(try await community.number("SELECT count(*) FROM community_points_entries") == 0)
        }
    }

    @Test func anEventWaitsForTheRules() async throws {
        try await Community.with(rules: false) { community in
            try await confirmReport(
                community, ["reporter": ada, "points_rule": "hazard_verified"], about: "cases/1")
            #expect(await reason { try await drain(community) } == "POINTS_RULES_MISSING")
            try await community.publishRules()
            try await drain(community)
            #expect(try await community.balance() == 10)
        }
    }
}
