import Kernel
import Platform
import Testing

@testable import GrassrootsWork

/// Whose a case is, the stored record says.
@Suite struct CaseReporterTests {
    @Test func nobodyElseSeesRatesOrReopensAReport() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            try await world.resolve(record.number)
            let reporters: CaseReporters = world.module.reporters
            let found: [Bool] = try await world.perform(as: People.neighbour) { unit in
                unit.audit(subject: record.name)
                return [
                    try reporters.find(record.number, reporter: unit.principal.name, unit.reading) != nil,
                    try reporters.rate(record.number, rating: 1, comment: "", unit) != nil,
                    try reporters.reopen(record.number, reason: "还没修好", unit) != nil,
                ]
            }
            #expect(found == [false, false, false])
            #expect(try await world.stored(record.number).state == .awaitingRating)
        }
    }

    @Test func aReporterSeesBodiesAndNoStaff() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            try await world.resolve(record.number)
            let seen: ReportedCase? = try await world.perform(as: People.reporter) { unit in
                unit.audit(subject: record.name)
                return try world.module.reporters.find(
                    record.number, reporter: unit.principal.name, unit.reading)
            }
            let report: ReportedCase = try #require(seen)
            #expect(report.canRate && report.canReopen)
            #expect(report.reopenUntil == at("2026-12-04 00:00").adding(milliseconds: -1))
            #expect(report.nextOwner.zh == "您本人")
            #expect(report.events.map(\.draft.zh).contains { $0.contains("城区 住建局") })
            let shown: String = report.events.map {
                $0.draft.zh + ($0.draft.isNotePublic ? $0.draft.note : "")
            }
            .joined()
            #expect(!shown.contains("某某") && !shown.contains("staff/"))
            // What the verifier noted stays inside.
            #expect(!shown.contains("已亮"))
        }
    }

    @Test func onlyOpenOnesAreListedIfAskedFor() async throws {
        try await World.run { world in
            let declined: CaseRecord = try await world.report()
            let open: CaseRecord = try await world.report()
            try await world.act(
                .decline(reason: "属于产权单位", responsibleBody: "城区供电公司"), declined.number, People.acceptor)
            func numbers(openOnly: Bool) async throws -> [String] {
                try await world.perform(as: People.reporter) { unit in
                    unit.audit(subject: "reports")
                    return try world.module.reporters.list(
                        reporter: unit.principal.name, openOnly: openOnly, before: nil, limit: 10,
                        unit.reading)
                }.map(\.number)
            }
            #expect(try await numbers(openOnly: true) == [open.spacedNumber])
            #expect(try await numbers(openOnly: false) == [open.spacedNumber, declined.spacedNumber])
        }
    }
}
