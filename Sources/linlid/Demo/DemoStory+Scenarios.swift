import Kernel
import Platform

extension DemoStory {
    /// The body of the first-level grid in which `grid` lies: who handles what grids handle.
    static func gridBody(_ grid: String) -> String {
        grid.split(separator: "-").prefix(2).joined(separator: "-")
    }

    private var reporter: WorkflowActor { WorkflowActor(id: told.reporter, roles: ["resident"]) }

    /// Whose case it is by the catalogue.
    private var rightBody: String {
        told.category.isGridFirst ? DemoStory.gridBody(told.grid) : cast.department(told.category.department)
    }

    /// Working hours in which most cases of this category are done.
    private var usualHours: Int {
        let limit: TimeLimit = told.category.limit
        let hours: Int = limit.unit == .workingHours ? limit.value : limit.value * 7
        return max(1, hours * (2 + random.integer(in: 0..<6)) / 10)
    }

    private func pick(_ texts: [String]) -> String { texts[random.integer(in: 0..<texts.count)] }

    mutating func tell(_ scenario: DemoCase.Scenario) throws(Refusal) {
        try submit()
        switch scenario {
        case .ordinary, .duplicate: try ordinary()
        case .patrol: try patrol()
        case .declined: try declined()
        case .overdue: try overdue()
        case .rework: try rework()
        case .wrongBody: try wrongBody()
        case .returnedThrice: try returnedThrice()
        case .pauseAbuse: try pauseAbuse()
        case .reopenedOnDayTen: try reopened()
        case .refusedOnDayEleven: try refusedOnDayEleven()
        case .appealUpheld: try badRating(isUpheld: true)
        case .appealRejected: try badRating(isUpheld: false)
        case .holidaySpanning: try holidaySpanning()
        case .extended: try extended()
        case .unrated: try unrated()
        case .waiting: try waiting()
        }
    }

    /// A report of something that is known already.
    mutating func merge(into main: Int) throws(Refusal) {
        try submit()
        try act("merge", cast.acceptor, ["main_case": .text(String(main))], after: 1)
    }

    private mutating func submit() throws(Refusal) {
        let actor: WorkflowActor =
            told.channel == "patrol" ? WorkflowActor(id: told.reporter, roles: ["grid_worker"]) : reporter
        try act("submit", actor, at: told.createTime)
    }

    private mutating func accept() throws(Refusal) { try act("accept", cast.acceptor, after: 1) }

    private mutating func dispatch(to body: String) throws(Refusal) {
        try act("dispatch", cast.dispatcher, ["assignee": .text(body)], after: 1)
    }

    private mutating func begin() throws(Refusal) {
        try accept()
        try dispatch(to: rightBody)
        try act("receive", cast.handler(rightBody), after: 1)
    }

    private mutating func handle(after hours: Int) throws(Refusal) {
        let result: String = pick(DemoCaseTexts.results)
        try act("handle", cast.handler(rightBody), ["result": .text(result)], after: hours, note: result)
    }

    private mutating func verify() throws(Refusal) {
        try act("verify_passed", cast.verifier, ["report_confirmed": .flag(true)], after: 2)
    }

    private mutating func resolve() throws(Refusal) {
        try begin()
        try handle(after: usualHours)
        try verify()
    }

    private mutating func rate(_ rating: Int64, after hours: Int) throws(Refusal) {
        let comment: String = pick(DemoCaseTexts.comments)
        var inputs: [String: WorkflowValue] = ["rating": .integer(rating)]
        if !comment.isEmpty { inputs["comment"] = .text(comment) }
        try act("rate_satisfied", reporter, inputs, after: hours, note: comment)
    }

    private mutating func ordinary() throws(Refusal) {
        try resolve()
        // A good tenth of the people who report do not rate.
        guard random.integer(in: 0..<8) > 0 else { return try archiveUnrated() }
        try rate(Int64(1 + random.integer(in: 0..<6) / 3), after: 1 + random.integer(in: 0..<14))
    }

    private mutating func archiveUnrated() throws(Refusal) {
        try act("archive_unrated", .system, at: lateOnDay(7).adding(minutes: 15))
    }

    private mutating func unrated() throws(Refusal) {
        try resolve()
        try archiveUnrated()
    }

    private mutating func patrol() throws(Refusal) {
        try resolve()
        try act("archive_internal", cast.acceptor, after: 1)
    }

    private mutating func declined() throws(Refusal) {
        let reason: String = "位于高速公路管理范围"
        try act(
            "decline", cast.acceptor, ["reason": .text(reason), "responsible_body": .text("高速公路管理公司")],
            after: 2, note: reason)
    }

    /// Received and then left lying beyond its limit.
    private mutating func overdue() throws(Refusal) {
        try begin()
    }

    private mutating func rework() throws(Refusal) {
        try begin()
        for _ in 0..<2 {
            try handle(after: 2)
            let note: String = pick(DemoCaseTexts.reworkNotes)
            try act("verify_failed", cast.verifier, ["note": .text(note)], after: 2, note: note)
        }
        try handle(after: 2)
        try verify()
        try rate(2, after: 5)
    }

    private mutating func bounce(_ body: String) throws(Refusal) {
        try dispatch(to: body)
        let reason: String = "经核实不属于本单位职责"
        try act(
            "return", cast.handler(body), ["reason": .text(reason), "proposed_body": .text(rightBody)],
            after: 3,
            note: reason)
        try act("return_approved", cast.dispatcher, ["reason": .text("情况属实")], after: 2, note: "情况属实")
    }

    private mutating func wrongBody() throws(Refusal) {
        try accept()
        try bounce(cast.department("urban_management"))
        try dispatch(to: rightBody)
        try act("receive", cast.handler(rightBody), after: 1)
        try handle(after: usualHours)
        try verify()
        try rate(2, after: 4)
    }

    private mutating func returnedThrice() throws(Refusal) {
        try accept()
        for department in ["housing", "urban_management", "ecology"] {
            try bounce(cast.department(department))
        }
        tryInVain("dispatch", cast.dispatcher, ["assignee": .text(rightBody)], at: time.adding(minutes: 5))
        let decision: String = "会商：由水气热公用事业公司牵头，住建部门配合"
        try act(
            "dispatch_by_conference", cast.duty, ["assignee": .text(rightBody), "note": .text(decision)],
            after: 7,
            note: decision)
        try act("receive", cast.handler(rightBody), after: 1)
        try handle(after: 3)
        try verify()
        try rate(3, after: 9)
    }

    private func pause(_ reason: String, evidence: String, days: Int64) -> [String: WorkflowValue] {
        [
            "reason": .text(reason), "evidence": .text(evidence),
            "resume_by": .instant(workTime(after: 1).adding(days: days)),
        ]
    }

    private mutating func pauseAbuse() throws(Refusal) {
        try begin()
        for (reason, evidence) in [("等待住户返回", "现场记录2026-11"), ("等待执法文书", "城管执字第18号")] {
            try act(
                "suspend", cast.handler(rightBody), pause(reason, evidence: evidence, days: 6), after: 4,
                note: reason)
            try act("resume", cast.dispatcher, ["note": .text("已具备条件，恢复办理")], after: 14, note: "已具备条件，恢复办理")
        }
        guard state == "in_progress" else { return }
        let again: [String: WorkflowValue] = [
            "reason": .text("再等一等"), "evidence": .text("口头说明"), "resume_by": .instant(time.adding(days: 5)),
        ]
        tryInVain("suspend", cast.handler(rightBody), again, at: time.adding(minutes: 30))
    }

    private mutating func reopened() throws(Refusal) {
        try resolve()
        try rate(2, after: 3)
        guard let resolved = resolvedTime else { return }
        let dayTen: Instant = Instant(startOf: resolved.shanghaiDate.adding(days: 10)).adding(hours: 20)
        try act("reopen", reporter, ["reason": .text("下雨以后又堵了")], at: dayTen, note: "下雨以后又堵了")
    }

    private mutating func refusedOnDayEleven() throws(Refusal) {
        try resolve()
        try rate(3, after: 3)
        guard let resolved = resolvedTime else { return }
        let dayEleven: Instant = Instant(startOf: resolved.shanghaiDate.adding(days: 11)).adding(hours: 9)
        tryInVain("reopen", reporter, ["reason": .text("又响了")], at: dayEleven)
    }

    private var resolvedTime: Instant? {
        if case .instant(let resolved) = told.instance.facts["resolved_at"] { resolved } else { nil }
    }

    private mutating func badRating(isUpheld: Bool) throws(Refusal) {
        try resolve()
        let comment: String = isUpheld ? "评的是另一件事" : "修了两天又坏了"
        try act(
            "rate_dissatisfied", reporter, ["rating": .integer(isUpheld ? 5 : 4), "comment": .text(comment)],
            after: 5,
            note: comment)
        let appeal: String = isUpheld ? "评价内容与本案无关" : "已按标准修复"
        try act(
            "appeal_rating", cast.handler(rightBody),
            ["reason": .text(appeal), "evidence": .text("现场照片与通话记录")],
            after: 6, note: appeal)
        let decision: String = isUpheld ? "评价对象有误，不计入考核" : "问题仍然存在，继续整改"
        try act(
            isUpheld ? "appeal_upheld" : "appeal_rejected", cast.duty, ["reason": .text(decision)], after: 7,
            note: decision)
        guard !isUpheld else { return }
        try act("remedy", cast.handler(rightBody), ["result": .text("已更换全部部件")], after: 10, note: "已更换全部部件")
        try verify()
        try rate(2, after: 6)
    }

    private mutating func holidaySpanning() throws(Refusal) {
        try begin()
        try handle(after: 24)
        try verify()
        try rate(1, after: 4)
    }

    private mutating func extended() throws(Refusal) {
        try begin()
        guard let more = TimeLimit(value: 3, unit: .workingDays) else { return }
        let reason: String = "需要调用高空作业车"
        try act(
            "request_extension", cast.handler(rightBody),
            ["reason": .text(reason), "extension": .limit(more)],
            after: 8, note: reason)
        try act("extension_approved", cast.dispatcher, ["reason": .text("同意")], after: 3, note: "同意")
        try handle(after: 20)
        try verify()
        try rate(2, after: 5)
    }

    /// The shortest way to the state in which it waits.
    private mutating func waiting() throws(Refusal) {
        let body: String = rightBody
        try accept()
        if lastState == "awaiting_dispatch" { try act("forward", cast.acceptor, after: 1) }
        try dispatch(to: body)
        if lastState == "return_review" {
            let reason: String = "设施产权不属于本单位"
            try act(
                "return", cast.handler(body),
                ["reason": .text(reason), "proposed_body": .text(cast.department("utilities"))], after: 1,
                note: reason)
        }
        try act("receive", cast.handler(body), after: 1)
        switch lastState {
        case "suspended":
            try act(
                "suspend", cast.handler(body), pause("等待配件到货", evidence: "采购单第26号", days: 12), after: 1,
                note: "等待配件到货")
        case "extension_review":
            guard let more = TimeLimit(value: 2, unit: .workingDays) else { return }
            try act(
                "request_extension", cast.handler(body),
                ["reason": .text("需要夜间施工"), "extension": .limit(more)],
                after: 1, note: "需要夜间施工")
        default: break
        }
        try handle(after: 2)
        try verify()
        let comment: String = "只修了一半"
        try act(
            "rate_dissatisfied", reporter, ["rating": .integer(4), "comment": .text(comment)], after: 1,
            note: comment)
    }
}
