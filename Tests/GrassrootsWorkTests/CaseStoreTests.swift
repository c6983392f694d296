import Kernel
import Platform
import Storage
import Testing

@testable import GrassrootsWork

@Suite struct CaseStoreTests {
    @Test func aCaseComesBackAsItWasStored() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            #expect(try await world.stored(record.number) == record)
            #expect(record.number.hasPrefix("AJ261123"))
            #expect(record.place.gridText == "东街街道 凤台社区 第一网格")
            try await world.resolve(record.number)
            let resolved: CaseRecord = try await world.stored(record.number)
            #expect(resolved.state == .awaitingRating && resolved.version == 6)
            #expect(resolved.resolveTime == at("2026-11-23 09:00"))
        }
    }

    @Test func numbersOfADayAreGivenOnce() async throws {
        try await World.run { world in
            let numbers: Set<String> = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await world.report().number } }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
            #expect(numbers.count == 20)
            world.clock.set(at("2026-11-24 00:00"))
            #expect(try await world.report().spacedNumber.hasPrefix("AJ-261124-00001-"))
        }
    }

    @Test func whoeverIsSlowerIsTold() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            let accept: CaseCommand = .accept(category: "", note: "")
            try await world.act(accept, record.number, People.acceptor)
            // The same command on the record as it was read before.
            let reason: String? = await refusal {
                try await world.perform(as: People.acceptor) { unit in
                    try world.cases.apply(accept, to: record, unit)
                }
            }
            #expect(reason == "CHANGED_MEANWHILE")
            #expect(try await world.stored(record.number).version == 2)
        }
    }

    @Test func aRefusedCommandLeavesNothing() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            #expect(await refusal { try await world.act(.receive, record.number, People.officer) } != nil)
            let events: [CaseEventRecord] = try await world.platform.readAsSystem {
                try CaseStore.events(of: record.id, after: 0, limit: 10, $0.connection)
            }
            #expect(events.map(\.draft.action) == ["submit"])
        }
    }

    @Test func scopeIsPlaceTimesDepartment() async throws {
        try await World.run { world in
            let first: CaseRecord = try await world.report()
            let second: CaseRecord = try await world.report(grid: Places.otherGrid)
            func visible(_ principal: Principal) async throws -> [String] {
                try await world.platform.readAsSystem {
                    try CaseStore.list(
                        CaseFilter(), in: CaseScope(of: principal), before: nil, limit: 10, $0.connection)
                }.map(\.number)
            }
            #expect(try await visible(People.acceptor) == [second.number, first.number])
            #expect(try await visible(People.gridWorker) == [first.number])
            #expect(try await visible(People.otherGridWorker) == [second.number])
            #expect(try await visible(People.officer) == [])
            #expect(try await visible(People.reporter) == [])
            #expect(try await visible(People.staff("far", .verifier, "/140500000000/140581000000/")) == [])
            #expect(try await visible(People.staff("seller", .partnerClerk, Places.prefecture)) == [])

            try await world.act(.accept(category: "", note: ""), first.number, People.acceptor)
            try await world.act(Bench.dispatch, first.number, People.dispatcher)
            #expect(try await visible(People.officer) == [first.number])
            #expect(try await visible(People.otherOfficer) == [])
        }
    }

    /// 网格调整: what was reported before stays where it was, and nothing new is filed in what has ended.
    @Test func aCaseKeepsTheGridOfItsDay() async throws {
        try await World.run { world in
            let before: CaseRecord = try await world.report()
            let today: CivilDate = world.clock.now().shanghaiDate
            _ = try await world.platform.performAsSystem(action: "test") { unit in
                try Boundaries.end(
                    try Organizations.get(unit.connection, Places.code(Places.grid)),
                    on: today.adding(days: 1),
                    successors: [Places.code(Places.otherGrid)], today: today, unit.connection)
            }
            _ = try await world.report("又灭了")
            world.clock.advance(seconds: 86_400)
            await #expect(throws: Refusal.self) { _ = try await world.report("还是不亮") }
            _ = try await world.report("还是不亮", grid: Places.otherGrid)
            func canTake(_ grid: String) async throws -> Bool {
                try await world.platform.readAsSystem { context in
                    do {
                        _ = try CaseBodies.assignee(
                            "organizations/\(Places.code(grid))", for: Places.grid, scope: .everything,
                            on: context.now.shanghaiDate, context.connection)
                        return true
                    } catch let refusal as Refusal where refusal.reason == "ORGANIZATION_ENDED" {
                        return false
                    }
                }
            }
            #expect(try await !canTake(Places.grid))
            #expect(try await canTake(Places.otherGrid))
            let kept: CaseRecord? = try await world.platform.readAsSystem {
                try CaseStore.find(before.number, in: CaseScope(of: People.gridWorker), $0.connection)
            }
            #expect(kept?.place == before.place)
        }
    }

    @Test func whatIsSentToAGridIsSeenThere() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report(grid: Places.community)
            try await world.act(.accept(category: "", note: ""), record.number, People.acceptor)
            let grid = CaseBody(code: Places.code(Places.grid), text: "第一网格")
            try await world.act(
                .dispatch(assignee: grid, path: Places.grid, note: ""), record.number, People.dispatcher)
            let seen: CaseRecord? = try await world.platform.readAsSystem {
                try CaseStore.find(record.number, in: CaseScope(of: People.gridWorker), $0.connection)
            }
            #expect(seen?.number == record.number)
        }
    }

    @Test func wordsAreSearchedAsTheyAre() async throws {
        try await World.run { world in
            _ = try await world.report("路灯不亮，已三天")
            let percent: CaseRecord = try await world.report("井盖破损50%")
            func found(_ words: String) async throws -> [String] {
                try await world.platform.readAsSystem {
                    try CaseStore.list(
                        CaseFilter(words: words), in: .everything, before: nil, limit: 10, $0.connection)
                }.map(\.number)
            }
            #expect(try await found("0%") == [percent.number])
            #expect(try await found("%") == [percent.number])
            #expect(try await found("_") == [])
            #expect(try await found("\\") == [])
            #expect(try await found("路灯").count == 1)
        }
    }

    /// Whatever a grid worker asks is answered from an index over the own grid, not by reading all cases.
    @Test func aScopedListUsesTheIndexOfThePlace() async throws {
        try await World.run { world in
            let filter = CaseFilter(states: [.reported], words: "路灯")
            let (sql, values) = CaseStore.listStatement(
                filter, in: CaseScope(of: People.gridWorker), before: nil, limit: 21)
            let plan: [String] = try await world.platform.readAsSystem { context in
                try context.connection.query("EXPLAIN QUERY PLAN " + sql, values: values) { $0.text(3) }
            }
            #expect(!plan.contains { $0 == "SCAN c" || $0.hasPrefix("SCAN c ") }, "\(plan)")
            #expect(plan.contains { $0.contains("grassroots_case_by_place") }, "\(plan)")
        }
    }
}
