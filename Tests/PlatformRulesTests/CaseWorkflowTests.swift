import Kernel
import Testing

@testable import Platform

/// A case on its way, as the module moves it: each step goes through the engine over stored facts.
struct CaseWalk {
    let definition: WorkflowDefinition
    let calendar: WorkCalendar
    let engine = WorkflowEngine()
    var instance: WorkflowInstance
    var now: Instant
    var history: [WorkflowStep] = []

    static let resident = WorkflowActor(id: "residents/r1", roles: ["resident"])
    static let acceptor = WorkflowActor(id: "staff/acceptor", roles: ["case_acceptor"])
    static let dispatcher = WorkflowActor(id: "staff/dispatcher", roles: ["dispatcher"])
    static let officer = WorkflowActor(id: "staff/officer", roles: ["department_officer"], bodies: ["D1"])
    static let verifier = WorkflowActor(id: "staff/verifier", roles: ["verifier"])

    init(now: Instant = at("2026-09-01 09:00")) throws {
        definition = try DataFiles.caseWorkflow()
        calendar = try DataFiles.calendar()
        instance = WorkflowInstance(
            beginning: definition,
            facts: ["reporter": .text("residents/r1"), "reporter_kind": .text("resident")])
        self.now = now
    }

    @discardableResult
    mutating func go(
        _ action: String, _ actor: WorkflowActor, _ inputs: [String: WorkflowValue] = [:]
    ) throws -> WorkflowTransition {
        let step: WorkflowTransition = try engine.decide(
            definition, instance, action: action, actor: actor, inputs: inputs, now: now, calendar: calendar)
        instance = step.instance
        history.append(WorkflowStep(action: action, to: step.to.id, time: now))
        return step
    }

    /// The refusal of a step that may not be taken.
    func refusal(
        _ action: String, _ actor: WorkflowActor, _ inputs: [String: WorkflowValue] = [:]
    ) throws -> Refusal {
        let refusal: Refusal? = #expect(throws: Refusal.self) {
            try engine.decide(
                definition, instance, action: action, actor: actor, inputs: inputs, now: now,
                calendar: calendar)
        }
        return try #require(refusal)
    }

    mutating func dispatch(to body: String = "D1") throws {
        try go("dispatch", CaseWalk.dispatcher, ["assignee": .text(body)])
    }

    mutating func toInProgress() throws {
        try go("submit", CaseWalk.resident)
        try go("accept", CaseWalk.acceptor)
        try dispatch()
        try go("receive", CaseWalk.officer)
    }

    mutating func toAwaitingRating() throws {
        try toInProgress()
        try go("handle", CaseWalk.officer, ["result": .text("已修复")])
        try go("verify_passed", CaseWalk.verifier)
    }
}

@Suite struct CaseWorkflowTests {
    @Test func theMainJobEndsInTheArchive() throws {
        var walk = try CaseWalk()
        try walk.toAwaitingRating()
        let last: WorkflowTransition = try walk.go(
            "rate_satisfied", CaseWalk.resident, ["rating": .integer(1)])
        #expect(last.to.id == "archived")
        #expect(last.events == ["case.rated", "case.archived"])
        #expect(last.clock == .stopped)
        #expect(walk.instance.version == 8)
        #expect(walk.instance.facts["verified_by"] == .text("staff/verifier"))
    }

    @Test func statesAreThoseOfTheContract() throws {
        let ids: [String] = try DataFiles.caseWorkflow().states.map(\.id)
        #expect(
            ids == [
                "draft", "reported", "declined", "merged", "filed", "awaiting_dispatch", "awaiting_receipt",
                "return_review", "in_progress", "suspended", "extension_review", "awaiting_verification",
                "awaiting_rating", "remedying", "archived",
            ])
        #expect(try DataFiles.caseWorkflow().warnings.isEmpty)
    }

    @Test func whoeverHandledItNeverVerifiesIt() throws {
        var walk = try CaseWalk()
        try walk.toInProgress()
        try walk.go("handle", CaseWalk.officer, ["result": .text("已修复")])
        let both = WorkflowActor(
            id: CaseWalk.officer.id, roles: ["verifier", "department_officer"], bodies: ["D1"])
        #expect(try walk.refusal("verify_passed", both).reason == "CLOSER_IS_VERIFIER")
        #expect(
            try walk.refusal("verify_failed", both, ["note": .text("没修好")]).reason == "CLOSER_IS_VERIFIER")
    }

    @Test func reworkGoesBackAndIsCounted() throws {
        var walk = try CaseWalk()
        try walk.toInProgress()
        for count in 1...2 {
            try walk.go("handle", CaseWalk.officer, ["result": .text("已修复")])
            #expect(try walk.refusal("verify_failed", CaseWalk.verifier).reason == "INPUT_MISSING")
            try walk.go("verify_failed", CaseWalk.verifier, ["note": .text("仍有积水")])
            #expect(walk.instance.state == "in_progress")
            #expect(walk.instance.facts["rework_count"] == .integer(Int64(count)))
        }
    }

    @Test func reopeningCountsFromTheResolveEventAndEndsWithTheTenthDay() throws {
        var walk = try CaseWalk(now: at("2026-09-01 09:00"))
        try walk.toAwaitingRating()
        try walk.go("rate_satisfied", CaseWalk.resident, ["rating": .integer(2)])
        // A later edit changes nothing: only the stored resolve event counts.
        walk.instance.facts["rated_at"] = .instant(at("2026-09-10 09:00"))
        let reason: [String: WorkflowValue] = ["reason": .text("又漏了")]
        walk.now = at("2026-09-11 23:59")
        var onDayTen: CaseWalk = walk
        try onDayTen.go("reopen", CaseWalk.resident, reason)
        #expect(onDayTen.instance.state == "awaiting_dispatch")
        #expect(onDayTen.instance.facts["reopen_count"] == .integer(1))
        walk.now = at("2026-09-12 00:00")
        #expect(try walk.refusal("reopen", CaseWalk.resident, reason).reason == "TOO_LATE")
        let stranger = WorkflowActor(id: "residents/r2", roles: ["resident"])
        #expect(try walk.refusal("reopen", stranger, reason).reason == "NOT_THE_ONE")
    }

    @Test func theThirdReturnForcesAConference() throws {
        var walk = try CaseWalk()
        try walk.go("submit", CaseWalk.resident)
        try walk.go("accept", CaseWalk.acceptor)
        for _ in 1...3 {
            try walk.dispatch()
            try walk.go("return", CaseWalk.officer, ["reason": .text("不归我局管"), "proposed_body": .text("D2")])
            try walk.go("return_approved", CaseWalk.dispatcher, ["reason": .text("属实")])
        }
        let assignee: [String: WorkflowValue] = ["assignee": .text("D1")]
        #expect(try walk.refusal("dispatch", CaseWalk.dispatcher, assignee).reason == "CONFERENCE_NEEDED")
        #expect(
            try walk.refusal("dispatch_by_conference", CaseWalk.dispatcher, assignee).reason
                == "INPUT_MISSING")
        try walk.go(
            "dispatch_by_conference", CaseWalk.dispatcher,
            ["assignee": .text("D1"), "note": .text("会商定由D1牵头")])
        let again: [String: WorkflowValue] = ["reason": .text("仍不归我局"), "proposed_body": .text("D2")]
        #expect(try walk.refusal("return", CaseWalk.officer, again).reason == "COUNT_TOO_HIGH")
    }

    @Test func aConferenceIsNotForCasesThatWereNotReturned() throws {
        var walk = try CaseWalk()
        try walk.go("submit", CaseWalk.resident)
        try walk.go("accept", CaseWalk.acceptor)
        try walk.go("forward", CaseWalk.acceptor)
        let inputs: [String: WorkflowValue] = ["assignee": .text("D1"), "note": .text("会商")]
        #expect(
            try walk.refusal("dispatch_by_conference", CaseWalk.dispatcher, inputs).reason == "COUNT_TOO_LOW")
    }

    @Test func returningTakesTwoWorkingDaysAtMost() throws {
        // Dispatched on Wednesday 30 September: the holiday follows, so that the second working day is 9 October.
        var walk = try CaseWalk(now: at("2026-09-30 10:00"))
        try walk.go("submit", CaseWalk.resident)
        try walk.go("accept", CaseWalk.acceptor)
        try walk.dispatch()
        let inputs: [String: WorkflowValue] = ["reason": .text("不归我局管"), "proposed_body": .text("D2")]
        walk.now = at("2026-10-09 18:01")
        #expect(try walk.refusal("return", CaseWalk.officer, inputs).reason == "TOO_LATE")
        walk.now = at("2026-10-09 18:00")
        try walk.go("return", CaseWalk.officer, inputs)
        #expect(walk.instance.state == "return_review")
    }

    @Test func onlyTheBodyThatItWasSentToMayTakeIt() throws {
        var walk = try CaseWalk()
        try walk.go("submit", CaseWalk.resident)
        try walk.go("accept", CaseWalk.acceptor)
        try walk.dispatch(to: "D9")
        #expect(try walk.refusal("receive", CaseWalk.officer).reason == "NOT_YOUR_BODY")
        let idle = WorkflowActor(id: "staff/x", roles: ["department_officer"])
        #expect(try walk.refusal("receive", idle).kind == .permissionDenied)
    }

    @Test func pausingNeedsEvidenceAndIsLimited() throws {
        var walk = try CaseWalk(now: at("2026-09-01 09:00"))
        try walk.toInProgress()
        walk.instance.facts["due_at"] = .instant(at("2026-09-10 18:30"))
        func inputs(evidence: String, days: Int64) -> [String: WorkflowValue] {
            var values: [String: WorkflowValue] = [
                "reason": .text("等待配件"), "resume_by": .instant(walk.now.adding(days: days)),
            ]
            if !evidence.isEmpty { values["evidence"] = .text(evidence) }
            return values
        }
        #expect(
            try walk.refusal("suspend", CaseWalk.officer, inputs(evidence: "", days: 5)).reason
                == "INPUT_MISSING")
        #expect(
            try walk.refusal("suspend", CaseWalk.officer, inputs(evidence: "files/1", days: 91)).reason
                == "TIME_OUT_OF_RANGE")
        for _ in 1...2 {
            let pause: WorkflowTransition = try walk.go(
                "suspend", CaseWalk.officer, inputs(evidence: "files/1", days: 90))
            #expect(pause.clock == .paused)
            #expect(try walk.go("resume", CaseWalk.officer).clock == .resumed)
        }
        #expect(
            try walk.refusal("suspend", CaseWalk.officer, inputs(evidence: "files/1", days: 5)).reason
                == "COUNT_TOO_HIGH")
    }

    @Test func anOverdueCaseIsNeitherPausedNorExtended() throws {
        var walk = try CaseWalk(now: at("2026-09-01 09:00"))
        try walk.toInProgress()
        walk.instance.facts["due_at"] = .instant(at("2026-09-02 18:30"))
        walk.now = at("2026-09-03 09:00")
        let extension5: [String: WorkflowValue] = [
            "reason": .text("工程量大"), "extension": .limit(try #require(TimeLimit("5工作日"))),
        ]
        #expect(try walk.refusal("request_extension", CaseWalk.officer, extension5).reason == "OVERDUE")
    }

    @Test(arguments: [("10工作日", true), ("11工作日", false), ("10自然日", false)])
    func extensionsAreAtMostTenWorkingDaysAndOnce(limit: String, isAllowed: Bool) throws {
        var walk = try CaseWalk()
        try walk.toInProgress()
        let inputs: [String: WorkflowValue] = [
            "reason": .text("工程量大"), "extension": .limit(try #require(TimeLimit(limit))),
        ]
        guard isAllowed else {
            #expect(
                try walk.refusal("request_extension", CaseWalk.officer, inputs).reason == "INPUT_OUT_OF_RANGE"
            )
            return
        }
        try walk.go("request_extension", CaseWalk.officer, inputs)
        let same = WorkflowActor(id: CaseWalk.officer.id, roles: ["dispatcher"])
        let reason: [String: WorkflowValue] = ["reason": .text("同意")]
        #expect(try walk.refusal("extension_approved", same, reason).reason == "SAME_PERSON")
        try walk.go("extension_approved", CaseWalk.dispatcher, reason)
        #expect(try walk.refusal("request_extension", CaseWalk.officer, inputs).reason == "COUNT_TOO_HIGH")
    }

    @Test func aBadRatingLeadsToRemedyOrAppeal() throws {
        var walk = try CaseWalk()
        try walk.toAwaitingRating()
        #expect(
            try walk.refusal("rate_dissatisfied", CaseWalk.resident, ["rating": .integer(5)]).reason
                == "INPUT_MISSING")
        #expect(
            try walk.refusal("rate_satisfied", CaseWalk.resident, ["rating": .integer(4)]).reason
                == "INPUT_OUT_OF_RANGE")
        try walk.go("rate_dissatisfied", CaseWalk.resident, ["rating": .integer(5), "comment": .text("没修")])
        var appealed: CaseWalk = walk
        let reason: [String: WorkflowValue] = ["reason": .text("评错了件")]
        #expect(try appealed.refusal("appeal_upheld", CaseWalk.verifier, reason).reason == "FACT_MISSING")
        try appealed.go(
            "appeal_rating", CaseWalk.officer, ["reason": .text("评错了件"), "evidence": .text("files/2")])
        try appealed.go("appeal_upheld", CaseWalk.verifier, reason)
        #expect(appealed.instance.state == "archived")
        #expect(appealed.instance.facts["rating_excluded"] == .text("appeal_upheld"))
        try walk.go("remedy", CaseWalk.officer, ["result": .text("重新修好")])
        try walk.go("verify_passed", CaseWalk.verifier)
        #expect(walk.instance.state == "awaiting_rating")
    }

    @Test func silenceArchivesAfterSevenDaysAndNotBefore() throws {
        var walk = try CaseWalk(now: at("2026-09-01 09:00"))
        try walk.toAwaitingRating()
        walk.now = at("2026-09-08 23:59")
        #expect(try walk.refusal("archive_unrated", .system).reason == "TOO_EARLY")
        walk.now = at("2026-09-09 00:00")
        try walk.go("archive_unrated", .system)
        #expect(walk.instance.state == "archived")
    }

    @Test func decliningNamesWhoIsResponsible() throws {
        var walk = try CaseWalk()
        try walk.go("submit", CaseWalk.resident)
        let refusal: Refusal = try walk.refusal("decline", CaseWalk.acceptor, ["reason": .text("不属本市")])
        #expect(refusal.fields.map(\.field) == ["responsible_body"])
        try walk.go(
            "decline", CaseWalk.acceptor, ["reason": .text("高速路段"), "responsible_body": .text("高速公路公司")])
        #expect(walk.instance.state == "declined")
    }

    @Test func threeViewsOfOneMachine() throws {
        var walk = try CaseWalk()
        let began: Instant = walk.now
        try walk.toAwaitingRating()
        func view(_ id: String) -> [String] {
            walk.definition.stages(of: walk.instance.state, in: id, history: walk.history, began: began)
                .map { "\($0.stage.title.zh) \($0.status.rawValue)" }
        }
        #expect(
            view("seven_stage") == [
                "信息收集 done", "案卷建立 done", "任务派遣 done", "任务处理 done", "处理反馈 done", "核查结案 current",
                "综合评价 pending",
            ])
        #expect(
            view("five_step") == ["发现上报 done", "指挥派遣 done", "处置反馈 done", "事件评价 current", "结案归档 pending"])
        #expect(
            view("hotline") == [
                "受理 done", "转办 done", "办理 done", "回复 done", "督办 skipped", "办结 done", "回访 current",
                "评价 pending",
            ])
        #expect(walk.definition.stage(of: "archived", in: "five_step")?.title.zh == "结案归档")
        #expect(walk.definition.stage(of: "archived", in: "seven_stage")?.title.zh == "综合评价")
    }
}
