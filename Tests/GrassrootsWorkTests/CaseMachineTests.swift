import Kernel
import Platform
import Testing

@testable import GrassrootsWork

/// The way of a case through the states, and who may take it there.
@Suite struct CaseMachineTests {
    @Test func aReportGoesFromTheStreetToTheArchive() throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        try bench.act(.rate(1, comment: ""), People.reporter, at("2026-11-24 09:00"))

        #expect(
            bench.changes.map(\.record.state) == [
                .reported, .filed, .awaitingReceipt, .inProgress, .awaitingVerification, .awaitingRating,
                .archived,
            ])
        #expect(
            bench.changes.flatMap(\.eventTypes) == [
                "case.reported", "case.accepted", "case.dispatched", "case.received", "case.handled",
                "case.resolved", "case.report_confirmed", "case.rated", "case.archived",
            ])
        #expect(bench.record.version == 7)
        #expect(bench.record.rating == 1)
        #expect(bench.record.handler == "staff/officer")
        #expect(bench.record.result == "已更换灯泡")
        #expect(bench.view(at: at("2026-11-24 09:00")).deadline == nil)
    }

    @Test func aVerbInAWrongStateNamesTheVerbsThatArePossible() throws {
        let bench: Bench = try Bench()
        let refusal: Refusal = try #require(
            throws: Refusal.self
        ) { try bench.decide(Bench.dispatch, People.dispatcher, at("2026-11-23 09:05")) }
        #expect(refusal.kind == .failedPrecondition)
        #expect(refusal.reason == "ACTION_NOT_POSSIBLE_NOW")
        #expect(refusal.metadata["possible"] == "accept,decline,merge")
        #expect(refusal.zh.contains("立案"))
        #expect(refusal.en.contains("accept"))
    }

    @Test func aRoleElsewhereCountsForNothingHere() throws {
        let bench: Bench = try Bench()
        let elsewhere: Principal = People.staff("far", .caseAcceptor, "/140500000000/140581000000/")
        #expect(
            bench.refusal(.accept(category: "", note: ""), elsewhere, at("2026-11-23 09:05"))
                == "ROLE_MISSING")
        #expect(bench.verbs(elsewhere, at("2026-11-23 09:05")).isEmpty)
        #expect(bench.verbs(People.acceptor, at("2026-11-23 09:05")) == ["accept", "decline", "merge"])
    }

    @Test func everythingThatTheWorkflowKnowsCanBeAskedFor() throws {
        var bench: Bench = try Bench()
        let verbs: Set<String> = Set(bench.definition.actions.map(\.verb))
        // What is left is not asked for: submitting is part of reporting, and a remedy is a way of handling.
        #expect(verbs.subtracting(CaseCommand.verbs) == ["submit"])
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:05"))
        #expect(bench.verbs(People.dispatcher, at("2026-11-23 09:06")) == ["merge", "forward", "dispatch"])
        try bench.act(.forward, People.acceptor, at("2026-11-23 09:07"))
        #expect(bench.record.state == .awaitingDispatch)
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:08"))
        #expect(bench.record.state == .awaitingReceipt)
    }

    @Test func aMergedCaseCanGoOnAloneAgain() throws {
        var bench: Bench = try Bench()
        let main: CaseMain = CaseMain(number: "AJ260501000127", state: .filed, mainCase: nil)
        try bench.act(.merge(main: main), People.acceptor, at("2026-11-23 09:05"))
        #expect(bench.record.mainCase == main.number)
        #expect(
            bench.refusal(.unmerge(reason: "另一盏灯"), People.officer, at("2026-11-23 09:06")) == "ROLE_MISSING")
        try bench.act(.unmerge(reason: "另一盏灯"), People.acceptor, at("2026-11-23 09:06"))
        #expect(bench.record.state == .reported)
        #expect(bench.record.mainCase == nil)
        #expect(bench.changes.last?.event.note == "另一盏灯")
        #expect(bench.changes.last?.event.isNotePublic == true)
    }

    @Test(arguments: [true, false])
    func aBadRatingIsAppealedOnceAndSomebodyElseDecides(upheld: Bool) throws {
        var bench: Bench = try Bench()
        try bench.toAwaitingRating()
        try bench.act(.rate(5, comment: "没修好"), People.reporter, at("2026-11-24 09:00"))
        #expect(bench.record.state == .remedying)
        let appeal: CaseCommand = .appealRating(reason: "评错了对象", evidence: "值班记录 1124")
        let review: CaseCommand = .reviewAppeal(upheld: upheld, reason: "查看了值班记录")
        #expect(bench.refusal(review, People.verifier, at("2026-11-24 09:30")) == "FACT_MISSING")
        try bench.act(appeal, People.officer, at("2026-11-24 10:00"))
        #expect(bench.record.state == .remedying)
        #expect(bench.refusal(review, People.officer, at("2026-11-24 10:05")) == "ROLE_MISSING")
        try bench.act(review, People.verifier, at("2026-11-24 11:00"))
        #expect(bench.record.state == (upheld ? .archived : .remedying))
        if !upheld {
            #expect(bench.refusal(appeal, People.officer, at("2026-11-24 12:00")) == "COUNT_TOO_HIGH")
        }
    }

    @Test func theCategoryIsCorrectedWithItsStandardCode() throws {
        var bench: Bench = try Bench()
        #expect(
            bench.refusal(.accept(category: "unicorns", note: ""), People.acceptor, at("2026-11-23 09:05"))
                == "CATEGORY_UNKNOWN")
        try bench.act(.accept(category: "garbage", note: "看错了"), People.acceptor, at("2026-11-23 09:05"))
        #expect(bench.record.category == "garbage")
        #expect(bench.record.standardCode == "E0102")
    }

    @Test func decliningNamesWhoIsResponsible() throws {
        var bench: Bench = try Bench()
        #expect(
            bench.refusal(
                .decline(reason: "不归我们管", responsibleBody: ""), People.acceptor, at("2026-11-23 09:05"))
                == "INPUT_MISSING")
        let change: CaseChange = try bench.act(
            .decline(reason: "属于产权单位", responsibleBody: "城区供电公司"), People.acceptor, at("2026-11-23 09:05"))
        #expect(bench.record.state == .declined)
        #expect(bench.record.responsibleBody == "城区供电公司")
        #expect(change.event.isNotePublic && change.event.zh.contains("城区供电公司"))
    }

    @Test func onlyTheBodyThatItWasSentToReceivesIt() throws {
        var bench: Bench = try Bench()
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        try bench.act(Bench.dispatch, People.dispatcher, at("2026-11-23 09:20"))
        #expect(bench.refusal(.receive, People.otherOfficer, at("2026-11-23 09:30")) == "ROLE_MISSING")
        // The grid worker sees the case, which lies in the grid, but it was sent to somebody else.
        #expect(bench.refusal(.receive, People.gridWorker, at("2026-11-23 09:30")) == "NOT_YOUR_BODY")
        #expect(bench.verbs(People.gridWorker, at("2026-11-23 09:30")).isEmpty)
        #expect(bench.verbs(People.officer, at("2026-11-23 09:30")) == ["receive", "return"])
    }

    @Test func aGridWorkerTakesWhatIsSentToTheOwnGrid() throws {
        var bench: Bench = try Bench(path: Places.community)
        try bench.act(.accept(category: "", note: ""), People.acceptor, at("2026-11-23 09:10"))
        let grid: CaseBody = CaseBody(code: Places.code(Places.grid), text: "第一网格")
        try bench.act(
            .dispatch(assignee: grid, path: Places.grid, note: ""), People.dispatcher, at("2026-11-23 09:20"))
        #expect(bench.refusal(.receive, People.otherGridWorker, at("2026-11-23 09:30")) == "ROLE_MISSING")
        try bench.act(.receive, People.gridWorker, at("2026-11-23 09:30"))
        #expect(bench.record.state == .inProgress)
    }

    @Test func aRoundWithoutAnswerIsReworkAndCounted() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        try bench.act(.handle(result: "已修", photos: []), People.officer, at("2026-11-23 15:00"))
        let failed: CaseCommand = .verify(passed: false, note: "", photos: [], reportConfirmed: false)
        #expect(bench.refusal(failed, People.verifier, at("2026-11-23 16:00")) == "INPUT_MISSING")
        try bench.act(
            .verify(passed: false, note: "灯仍不亮", photos: [], reportConfirmed: false), People.verifier,
            at("2026-11-23 16:00"))
        #expect(bench.record.state == .inProgress)
        #expect(bench.record.reworkCount == 1)
        #expect(bench.changes.last?.event.isNotePublic == false)
    }

    @Test func rewardsDependOnTheVerifierSayingThatTheReportWasTrue() throws {
        var bench: Bench = try Bench()
        try bench.toInProgress()
        try bench.act(.handle(result: "现场无此路灯", photos: []), People.officer, at("2026-11-23 15:00"))
        let change: CaseChange = try bench.act(
            .verify(passed: true, note: "确无", photos: [], reportConfirmed: false), People.verifier,
            at("2026-11-23 16:00"))
        #expect(change.eventTypes == ["case.resolved"])
    }
}
