import Kernel
import Platform
import Storage
import Testing

@testable import GrassrootsWork

/// Several report the same thing: one case is handled, and everybody is answered.
@Suite struct CaseFollowerTests {
    @Test func everyFollowerIsAnswered() async throws {
        try await World.run { world in
            let main: CaseRecord = try await world.report()
            let follower: CaseRecord = try await world.report(by: People.neighbour)
            try await merge(follower, into: main, world)
            #expect(try await world.stored(main.number).followerCount == 1)
            try await world.resolve(main.number)

            let seen: ReportedCase = try await #require(
                world.perform(as: People.neighbour) { unit in
                    unit.audit(subject: follower.name)
                    return try world.module.reporters.find(
                        follower.number, reporter: People.neighbour.name, unit.reading)
                })
            #expect(seen.state == .merged)
            #expect(seen.result == "已更换灯泡")
            #expect(seen.events.last?.draft.zh.hasPrefix("主案：") == true)
            #expect(!seen.canRate && !seen.canReopen)

            let events: [String] = try await published(follower.name, world)
            #expect(
                events == [
                    "case.reported", "case.merged", "case.dispatched", "case.handled", "case.resolved",
                ])
            // Only the main case's reporter is rewarded.
            #expect(try await published(main.name, world).contains("case.report_confirmed"))
        }
    }

    @Test func followersOfAFollowerFollowItsMainCase() async throws {
        try await World.run { world in
            let first: CaseRecord = try await world.report()
            let second: CaseRecord = try await world.report()
            let third: CaseRecord = try await world.report()
            try await merge(third, into: second, world)
            try await merge(second, into: first, world)
            #expect(try await world.stored(third.number).mainCase == first.number)
            #expect(try await world.stored(first.number).followerCount == 2)
        }
    }

    @Test func whatTheMainReporterWritesIsNotShownToFollowers() async throws {
        try await World.run { world in
            let main: CaseRecord = try await world.report()
            let follower: CaseRecord = try await world.report(by: People.neighbour)
            try await merge(follower, into: main, world)
            try await world.resolve(main.number)
            try await world.act(.reopen(reason: "我家门口又不亮"), main.number, People.reporter)
            let lines: [CaseEventRecord] = try await world.platform.readAsSystem {
                try CaseStore.events(of: follower.id, after: 0, limit: 50, $0.connection)
            }
            #expect(lines.contains { $0.draft.action == "reopen" })
            #expect(!lines.contains { $0.draft.note.contains("我家") })
        }
    }

    private func merge(_ follower: CaseRecord, into main: CaseRecord, _ world: World) async throws {
        let command: CaseCommand = .merge(
            main: CaseMain(number: main.number, state: main.state, mainCase: main.mainCase))
        try await world.act(command, follower.number, People.dispatcher)
    }

    private func published(_ subject: String, _ world: World) async throws -> [String] {
        try await world.platform.readAsSystem { context in
            try context.connection.query(
                "SELECT type FROM platform_events WHERE subject = $1 ORDER BY sequence", .text(subject)
            ) { $0.text(0) }
        }
    }
}
