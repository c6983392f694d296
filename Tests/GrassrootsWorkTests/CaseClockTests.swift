import Kernel
import Platform
import Testing

@testable import GrassrootsWork

/// Deadlines by the work calendar, never by elapsed time.
@Suite struct CaseClockTests {
    @Test func theNearerOfStepAndWholeShows() throws {
        var bench: Bench = try Bench()
        // 已上报: 4 working hours, over noon: 3 in the morning and 1 from 14:30.
        #expect(bench.record.deadline?.due == at("2026-11-23 15:30"))
        try bench.toInProgress()
        #expect(bench.record.deadline?.due == at("2026-11-26 18:00"))
        try bench.act(.handle(result: "已修", photos: []), People.officer, at("2026-11-26 17:00"))
        // 待核查 has two working days, but the whole ends on Thursday.
        #expect(bench.record.deadline?.due == at("2026-11-26 18:00"))
    }

    @Test func holidaysDoNotCount() throws {
        var bench: Bench = try Bench(at: at("2026-09-30 09:00"))
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-09-30 09:10"))
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-09-30 09:20"))
        try bench.act(.receive, People.officer, at("2026-09-30 09:30"))
        // 1 to 7 October are off; 8, 9 and the 调休 Saturday 10 October are worked.
        #expect(bench.record.deadline?.due == at("2026-10-10 18:00"))
    }

    @Test func aPauseMovesTheDeadlineByWhatItTookAway() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        try bench.act(
            .suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: at("2026-12-10 09:00")), People.officer,
            at("2026-11-24 08:30"))
        let during: CaseView = bench.view(at: at("2026-11-25 18:00"))
        #expect(during.deadline?.isPaused == true)
        try bench.act(.resume(note: ""), People.officer, at("2026-11-26 08:30"))
        // Tuesday and Wednesday stood still: Thursday becomes Monday.
        #expect(bench.record.deadline?.due == at("2026-11-30 18:00"))
        #expect(bench.record.stepStart == at("2026-11-23 09:30"))
    }

    @Test func theYellowCardShowsADayBeforeAndTheRedOneTheFirstDayAfter() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        let deadline: Deadline = try #require(bench.view(at: at("2026-11-23 10:00")).deadline)
        #expect(deadline.card(at: at("2026-11-25 17:59")) == .green)
        #expect(deadline.card(at: at("2026-11-26 08:30")) == .yellow)
        #expect(deadline.card(at: at("2026-11-26 18:00")) == .yellow)
        #expect(deadline.card(at: at("2026-11-27 08:30")) == .red)
    }

    @Test func aLimitThatReachesIntoAnUnpublishedYearSaysSo() throws {
        var bench: Bench = try Bench(at: at("2026-12-30 09:00"))
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-12-30 09:10"))
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-12-30 09:20"))
        try bench.act(.receive, People.officer, at("2026-12-30 09:30"))
        #expect(bench.record.deadline?.isProvisional == true)
    }

    @Test func theNextOwnerIsABodyOrAPostAndNeverAPerson() throws {
        var bench: Bench = try Bench()
        #expect(bench.view(at: at("2026-11-23 09:00")).nextOwner.zh == "受理员")
        try bench.toInProgress()
        #expect(bench.view(at: at("2026-11-23 10:00")).nextOwner.zh == "城区 住建局")
    }

    @Test func threeSchemesShowTheSameState() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        let view: CaseView = bench.view(at: at("2026-11-23 17:00"))
        #expect(view.stage("seven_stage") == "核查结案")
        #expect(view.stage("five_step") == "事件评价")
        #expect(view.stage("hotline") == "回访")
    }
}
