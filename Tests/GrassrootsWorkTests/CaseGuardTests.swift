import Kernel
import Platform
import Testing

@testable import GrassrootsWork

/// Conditions that read what is stored, never what a request says.
@Suite struct CaseGuardTests {
    // Closer and verifier.

    @Test func whoeverHandledItNeverVerifiesIt() throws {
        let both: Principal = Principal(
            kind: .staff, id: "both",
            grants: People.officer.grants + People.verifier.grants)
        var bench: Bench = try Bench()
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:20"))
        try bench.act(.receive, both, at("2026-11-23 09:30"))
        try bench.act(.handle(result: "已修", photos: []), both, at("2026-11-23 10:00"))
        #expect(bench.refusal(Bench.pass, both, at("2026-11-23 11:00")) == "CLOSER_IS_VERIFIER")
        #expect(!bench.verbs(both, at("2026-11-23 11:00")).contains("verify"))
        #expect(bench.verbs(People.verifier, at("2026-11-23 11:00")) == ["verify"])
    }

    @Test func norDoesWhoeverHandledAnEarlierRoundOrOnlyReceivedIt() throws {
        let both: Principal = Principal(
            kind: .staff, id: "both", grants: People.officer.grants + People.verifier.grants)
        var bench: Bench = try Bench()
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:20"))
        try bench.act(.receive, both, at("2026-11-23 09:30"))
        // A colleague reports it as done, so that the newest handler is somebody else.
        try bench.act(.handle(result: "已修", photos: []), People.colleague, at("2026-11-23 10:00"))
        #expect(bench.refusal(Bench.pass, both, at("2026-11-23 11:00")) == "CLOSER_IS_VERIFIER")
    }

    // Returns.

    @Test func aReturnIsPossibleUntilTheEndOfTheSecondWorkingDay() throws {
        var bench: Bench = try Bench()
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-26 09:10"))
        // Thursday: the second working day is the Monday after.
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-26 09:20"))
        #expect(bench.refusal(Bench.giveBack, People.officer, at("2026-11-30 18:00")) == "")
        #expect(bench.refusal(Bench.giveBack, People.officer, at("2026-11-30 18:01")) == "TOO_LATE")
    }

    @Test func theThirdReturnForcesAConference() throws {
        var bench: Bench = try Bench()
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        for _ in 1...3 {
            try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:20"))
            try bench.act(Bench.giveBack, People.officer, at("2026-11-23 09:30"))
            try bench.act(
                .reviewReturn(approved: true, reason: "理由成立"), People.dispatcher, at("2026-11-23 09:40"))
        }
        #expect(bench.record.returnCount == 3)
        // The ordinary dispatch is gone; the conference's has to say what was decided.
        #expect(bench.refusal(Bench.dispatch, People.dispatcher, at("2026-11-23 09:50")) == "INPUT_MISSING")
        let decided: CaseCommand = .dispatch(
            assignee: Places.housing, path: Places.housingPath, note: "经会商由住建局办理")
        let change: CaseChange = try bench.act(decided, People.dispatcher, at("2026-11-23 10:00"))
        #expect(change.event.action == "dispatch_by_conference")
        #expect(change.eventTypes.contains("case.conference_decided"))
        #expect(bench.refusal(Bench.giveBack, People.officer, at("2026-11-23 10:10")) == "COUNT_TOO_HIGH")
    }

    @Test func whoeverReturnedItDoesNotDecideOnTheReturn() throws {
        let both: Principal = Principal(
            kind: .staff, id: "both", grants: People.officer.grants + People.dispatcher.grants)
        var bench: Bench = try Bench()
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:20"))
        try bench.act(Bench.giveBack, both, at("2026-11-23 09:30"))
        let approve: CaseCommand = .reviewReturn(approved: true, reason: "同意")
        #expect(bench.refusal(approve, both, at("2026-11-23 09:40")) == "SAME_PERSON")
        #expect(bench.refusal(approve, People.dispatcher, at("2026-11-23 09:40")) == "")
    }

    // Reopening: DIGIT counts from the last edit, and reads owner and time from the request.

    @Test func reopeningWorksOnTheTenthDayAndNotOnTheEleventh() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        try bench.act(.rate(2, comment: ""), People.reporter, at("2026-11-24 08:00"))
        // Resolved on 23 November: the tenth day is 3 December.
        let reopen: CaseCommand = .reopen(reason: "又不亮了")
        #expect(bench.refusal(reopen, People.reporter, at("2026-12-03 23:59")) == "")
        #expect(bench.refusal(reopen, People.reporter, at("2026-12-04 00:00")) == "TOO_LATE")
        #expect(bench.verbs(People.reporter, at("2026-12-03 23:59")) == ["reopen"])
        #expect(bench.verbs(People.reporter, at("2026-12-04 00:00")).isEmpty)
        #expect(bench.view(at: at("2026-11-24 08:00")).reopenEnd == at("2026-12-04 00:00"))
    }

    @Test func noEditMovesTheWindow() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        // Archived on the eighth day: the newest change, but not the event that counts.
        try bench.act(.archive(note: ""), People.acceptor, at("2026-12-01 09:00"))
        #expect(bench.record.updateTime == at("2026-12-01 09:00"))
        #expect(bench.refusal(.reopen(reason: "又不亮了"), People.reporter, at("2026-12-04 00:00")) == "TOO_LATE")
    }

    @Test func onlyTheReporterOnRecordReopensAndRates() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        #expect(
            bench.refusal(.reopen(reason: "又不亮了"), People.neighbour, at("2026-11-24 08:00")) == "NOT_THE_ONE")
        #expect(
            bench.refusal(.rate(1, comment: ""), People.neighbour, at("2026-11-24 08:00")) == "NOT_THE_ONE")
        #expect(
            bench.refusal(.rate(1, comment: ""), People.officer, at("2026-11-24 08:00")) == "ROLE_MISSING")
    }

    @Test func aReopenedCaseBeginsAnew() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        try bench.act(.reopen(reason: "又不亮了"), People.reporter, at("2026-11-25 09:00"))
        #expect(bench.record.state == .awaitingDispatch)
        #expect(bench.record.assignee == nil)
        #expect(bench.record.reopenCount == 1)
        #expect(bench.record.resolveTime == nil)
        #expect(bench.view(at: at("2026-11-25 09:00")).reopenEnd == nil)
        #expect(bench.record.clockStart == nil)
    }

    // Ratings.

    @Test func aBadRatingLeadsToRemedyAndIsAskedAgain() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        #expect(
            bench.refusal(.rate(4, comment: ""), People.reporter, at("2026-11-24 09:00")) == "INPUT_MISSING")
        #expect(
            bench.refusal(.rate(0, comment: ""), People.reporter, at("2026-11-24 09:00"))
                == "INPUT_OUT_OF_RANGE")
        #expect(
            bench.refusal(.rate(6, comment: "坏"), People.reporter, at("2026-11-24 09:00"))
                == "INPUT_OUT_OF_RANGE")
        try bench.act(.rate(4, comment: "只亮了一天"), People.reporter, at("2026-11-24 09:00"))
        #expect(bench.record.state == .remedying)
        #expect(bench.record.rating == 4)
        try bench.act(.handle(result: "换了整灯", photos: []), People.officer, at("2026-11-25 09:00"))
        #expect(bench.changes.last?.event.action == "remedy")
        try bench.act(Bench.pass, People.verifier, at("2026-11-25 10:00"))
        #expect(bench.record.state == .awaitingRating)
        // The old rating was for the old resolution.
        #expect(bench.record.rating == 0)
        try bench.act(.rate(3, comment: ""), People.reporter, at("2026-11-25 11:00"))
        #expect(bench.record.state == .archived)
    }

    // Pauses and more time.

    @Test func aPauseNeedsEvidenceAndATimeToGoOn() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        let now: Instant = at("2026-11-23 10:00")
        let until: Instant = at("2026-12-01 09:00")
        #expect(
            bench.refusal(.suspend(reason: "等待配件", evidence: "", resumeBy: until), People.officer, now)
                == "INPUT_MISSING")
        #expect(
            bench.refusal(.suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: nil), People.officer, now)
                == "INPUT_MISSING")
        #expect(
            bench.refusal(.suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: now), People.officer, now)
                == "TIME_OUT_OF_RANGE")
        let longest: Instant = now.adding(days: 90)
        #expect(
            bench.refusal(.suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: longest), People.officer, now)
                == "")
        #expect(
            bench.refusal(
                .suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: longest.adding(milliseconds: 1)),
                People.officer, now) == "TIME_OUT_OF_RANGE")
        // A dispatcher cannot stop the clock for the department.
        #expect(
            bench.refusal(
                .suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: until), People.dispatcher, now)
                == "ROLE_MISSING")
        try bench.act(.suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: until), People.officer, now)
        #expect(bench.record.openPause?.evidence == "采购单7号")
        try bench.act(.resume(note: ""), People.officer, at("2026-11-25 10:00"))
        #expect(bench.record.openPause == nil)
        #expect(bench.record.pauses.first?.end == at("2026-11-25 10:00"))
    }

    @Test func aPauseIsNoWayOutOnceTheLimitIsOver() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        // 路灯: 3 working days from receipt on Monday.
        #expect(bench.record.deadline?.due == at("2026-11-26 18:00"))
        let late: Instant = at("2026-11-27 09:00")
        #expect(
            bench.refusal(
                .suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: late.adding(days: 3)), People.officer,
                late)
                == "OVERDUE")
    }

    @Test func moreTimeIsAskedForOnceAndDecidedBySomebodyElse() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        let now: Instant = at("2026-11-23 10:00")
        let ten: TimeLimit? = TimeLimit(value: 10, unit: .workingDays)
        let eleven: TimeLimit? = TimeLimit(value: 11, unit: .workingDays)
        #expect(
            bench.refusal(.requestExtension(reason: "需要停电", more: eleven), People.officer, now)
                == "INPUT_OUT_OF_RANGE")
        #expect(
            bench.refusal(.requestExtension(reason: "需要停电", more: nil), People.officer, now)
                == "INPUT_MISSING")
        try bench.act(.requestExtension(reason: "需要停电", more: ten), People.officer, now)
        #expect(bench.record.state == .extensionReview)
        let both: Principal = Principal(
            kind: .staff, id: "officer", grants: People.officer.grants + People.dispatcher.grants)
        #expect(bench.refusal(.reviewExtension(approved: true, reason: "同意"), both, now) == "SAME_PERSON")
        try bench.act(
            .reviewExtension(approved: true, reason: "同意"), People.dispatcher, at("2026-11-23 11:00"))
        #expect(bench.record.state == .inProgress)
        // Three working days end on Thursday; ten more end on 10 December.
        #expect(bench.record.deadline?.due == at("2026-12-10 18:00"))
        #expect(
            bench.refusal(.requestExtension(reason: "还要", more: ten), People.officer, at("2026-11-24 10:00"))
                == "COUNT_TOO_HIGH")
    }

    // Archiving.

    @Test func archivingWaitsUntilTheTimeForRatingIsOver() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        #expect(bench.refusal(.archive(note: ""), People.acceptor, at("2026-11-30 23:59")) != "")
        #expect(bench.refusal(.archive(note: ""), People.acceptor, at("2026-12-01 00:00")) == "")
    }

    @Test func whatStaffFoundThemselvesNeedsNoRating() throws {
        var bench: Bench = try Bench(by: People.gridWorker)
        try bench.toAwaitingRating()
        #expect(bench.refusal(.archive(note: ""), People.acceptor, at("2026-11-23 17:00")) == "")
        #expect(
            bench.refusal(.rate(1, comment: ""), People.gridWorker, at("2026-11-23 17:00")) == "ROLE_MISSING")
    }

    // Merging.

    @Test func aMainCaseIsAnotherOpenOne() throws {
        let bench: Bench = try Bench()
        func merge(_ number: String, _ state: CaseState, _ main: String? = nil) -> String {
            bench.refusal(
                .merge(main: CaseMain(number: number, state: state, mainCase: main)), People.dispatcher,
                at("2026-11-23 09:05"))
        }
        #expect(merge(bench.record.number, .reported) == "MAIN_CASE_IS_SELF")
        #expect(merge("AJ261123000029", .archived) == "MAIN_CASE_CLOSED")
        #expect(merge("AJ261123000029", .merged, "AJ261123000038") == "MAIN_CASE_MERGED")
        #expect(merge("AJ261123000029", .inProgress) == "")
    }
}
