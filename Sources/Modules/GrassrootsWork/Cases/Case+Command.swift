import Kernel
import Platform

/// What somebody wants to do with a case. One for each verb of the service and of the reporter's port.
enum CaseCommand: Sendable, Equatable {
    /// 立案; an empty category keeps what was reported.
    case accept(category: String, note: String)
    /// 不予受理.
    case decline(reason: String, responsibleBody: String)
    /// 合并.
    case merge(main: CaseMain)
    /// 取消合并.
    case unmerge(reason: String)
    /// 转派遣.
    case forward
    /// 派遣.
    case dispatch(assignee: CaseBody, path: String, note: String)
    /// 签收.
    case receive
    /// 退单.
    case returnBack(reason: String, proposed: CaseBody)
    case reviewReturn(approved: Bool, reason: String)
    /// 处置反馈.
    case handle(result: String, photos: [String])
    /// 缓办.
    case suspend(reason: String, evidence: String, resumeBy: Instant?)
    case resume(note: String)
    /// 延期.
    case requestExtension(reason: String, more: TimeLimit?)
    case reviewExtension(approved: Bool, reason: String)
    /// 核查.
    case verify(passed: Bool, note: String, photos: [String], reportConfirmed: Bool)
    /// 归档.
    case archive(note: String)
    /// 评价, 1…5.
    case rate(Int, comment: String)
    /// 差评申诉.
    case appealRating(reason: String, evidence: String)
    case reviewAppeal(upheld: Bool, reason: String)
    /// 重开.
    case reopen(reason: String)
}

/// The case that another is merged into, as it is stored.
struct CaseMain: Sendable, Equatable {
    let number: String
    let state: CaseState
    /// What it follows itself.
    let mainCase: String?
}

extension CaseCommand {
    /// The operations that the API has. A workflow may know more, which nobody can ask for yet.
    static let verbs: Set<String> = [
        "accept", "decline", "merge", "dispatch", "receive", "return", "review_return", "handle", "suspend",
        "resume",
        "request_extension", "review_extension", "verify", "archive", "rate", "reopen", "unmerge", "forward",
        "appeal_rating", "review_appeal",
    ]

    /// The operation of the API.
    var verb: String {
        switch self {
        case .accept: "accept"
        case .decline: "decline"
        case .merge: "merge"
        case .unmerge: "unmerge"
        case .forward: "forward"
        case .dispatch: "dispatch"
        case .receive: "receive"
        case .returnBack: "return"
        case .reviewReturn: "review_return"
        case .handle: "handle"
        case .suspend: "suspend"
        case .resume: "resume"
        case .requestExtension: "request_extension"
        case .reviewExtension: "review_extension"
        case .verify: "verify"
        case .archive: "archive"
        case .rate: "rate"
        case .reopen: "reopen"
        case .appealRating: "appeal_rating"
        case .reviewAppeal: "review_appeal"
        }
    }

    /// The action of the workflow that the words of the command choose among the outcomes of its verb; nil where the
    /// stored case decides, as between handling and remedying.
    var outcome: String? {
        switch self {
        case .reviewReturn(let approved, _): approved ? "return_approved" : "return_rejected"
        case .reviewExtension(let approved, _): approved ? "extension_approved" : "extension_refused"
        case .verify(let passed, _, _, _): passed ? "verify_passed" : "verify_failed"
        case .reviewAppeal(let upheld, _): upheld ? "appeal_upheld" : "appeal_rejected"
        case .rate(let rating, _): rating < CaseRules.firstBadRating ? "rate_satisfied" : "rate_dissatisfied"
        default: nil
        }
    }

    /// The inputs of the workflow's action, by the names of the request's fields.
    var inputs: [String: WorkflowValue] {
        switch self {
        case .accept(_, let note), .resume(let note), .archive(let note): CaseCommand.given(["note": note])
        case .decline(let reason, let body): ["reason": .text(reason), "responsible_body": .text(body)]
        case .merge(let main): ["main_case": .text(main.number)]
        case .dispatch(let assignee, _, let note):
            CaseCommand.given(["assignee": assignee.code, "note": note])
        case .receive, .forward: [:]
        case .appealRating(let reason, let evidence):
            CaseCommand.given(["reason": reason, "evidence": evidence])
        case .returnBack(let reason, let proposed):
            ["reason": .text(reason), "proposed_body": .text(proposed.code)]
        case .reviewReturn(_, let reason), .reviewExtension(_, let reason), .reopen(let reason),
            .unmerge(let reason), .reviewAppeal(_, let reason):
            ["reason": .text(reason)]
        case .handle(let result, let photos): ["result": .text(result), "photos": .list(photos)]
        case .suspend(let reason, let evidence, let resumeBy):
            CaseCommand.given(["reason": reason, "evidence": evidence])
                .merging(resumeBy.map { ["resume_by": .instant($0)] } ?? [:]) { first, _ in first }
        case .requestExtension(let reason, let more):
            CaseCommand.given(["reason": reason])
                .merging(more.map { ["extension": .limit($0)] } ?? [:]) { first, _ in first }
        case .verify(_, let note, let photos, let confirmed):
            CaseCommand.given(["note": note])
                .merging(["photos": .list(photos), "report_confirmed": .flag(confirmed)]) { first, _ in first
                }
        case .rate(let rating, let comment):
            CaseCommand.given(["comment": comment]).merging(["rating": .integer(Int64(rating))]) { first, _ in
                first
            }
        }
    }

    /// What is written into the timeline beside the action's own words, and whether the reporter may read it. What staff
    /// write for each other stays inside.
    var note: (text: String, isPublic: Bool) {
        switch self {
        case .accept(_, let note), .resume(let note), .archive(let note), .dispatch(_, _, let note),
            .verify(_, let note, _, _):
            (note, false)
        case .decline(let reason, _), .suspend(let reason, _, _), .reopen(let reason): (reason, true)
        case .unmerge(let reason): (reason, true)
        case .returnBack(let reason, _), .reviewReturn(_, let reason), .reviewExtension(_, let reason),
            .requestExtension(let reason, _), .appealRating(let reason, _), .reviewAppeal(_, let reason):
            (reason, false)
        case .handle(let result, _): (result, true)
        case .rate(_, let comment): (comment, true)
        case .merge, .receive, .forward: ("", false)
        }
    }

    /// Photos that come with it.
    var photos: [String] {
        switch self {
        case .handle(_, let photos), .verify(_, _, let photos, _): photos
        default: []
        }
    }

    /// The same command with its free texts trimmed and free of control characters. How long they may be is the
    /// workflow's data.
    func cleaned() throws(Refusal) -> CaseCommand {
        switch self {
        case .accept(let category, let note):
            .accept(category: category, note: try CaseCommand.clean(note, "note"))
        case .decline(let reason, let body):
            .decline(
                reason: try CaseCommand.clean(reason, "reason"),
                responsibleBody: try CaseCommand.clean(body, "responsible_body"))
        case .dispatch(let body, let path, let note):
            .dispatch(assignee: body, path: path, note: try CaseCommand.clean(note, "note"))
        case .returnBack(let reason, let body):
            .returnBack(reason: try CaseCommand.clean(reason, "reason"), proposed: body)
        case .reviewReturn(let approved, let reason):
            .reviewReturn(approved: approved, reason: try CaseCommand.clean(reason, "reason"))
        case .handle(let result, let photos):
            .handle(result: try CaseCommand.clean(result, "result"), photos: try CaseLimits.photos(photos))
        case .suspend(let reason, let evidence, let time):
            .suspend(
                reason: try CaseCommand.clean(reason, "reason"),
                evidence: try CaseCommand.clean(evidence, "evidence"),
                resumeBy: time)
        case .resume(let note): .resume(note: try CaseCommand.clean(note, "note"))
        case .requestExtension(let reason, let more):
            .requestExtension(reason: try CaseCommand.clean(reason, "reason"), more: more)
        case .reviewExtension(let approved, let reason):
            .reviewExtension(approved: approved, reason: try CaseCommand.clean(reason, "reason"))
        case .verify(let passed, let note, let photos, let confirmed):
            .verify(
                passed: passed, note: try CaseCommand.clean(note, "note"),
                photos: try CaseLimits.photos(photos),
                reportConfirmed: confirmed)
        case .archive(let note): .archive(note: try CaseCommand.clean(note, "note"))
        case .rate(let rating, let comment): .rate(rating, comment: try CaseCommand.clean(comment, "comment"))
        case .reopen(let reason): .reopen(reason: try CaseCommand.clean(reason, "reason"))
        case .unmerge(let reason): .unmerge(reason: try CaseCommand.clean(reason, "reason"))
        case .appealRating(let reason, let evidence):
            .appealRating(
                reason: try CaseCommand.clean(reason, "reason"),
                evidence: try CaseCommand.clean(evidence, "evidence"))
        case .reviewAppeal(let upheld, let reason):
            .reviewAppeal(upheld: upheld, reason: try CaseCommand.clean(reason, "reason"))
        case .merge, .receive, .forward: self
        }
    }

    private static func clean(_ text: String, _ field: String) throws(Refusal) -> String {
        try TextRule(0...CaseLimits.freeText, multiline: true).apply(text, field: field)
    }

    /// Texts that were given; an empty one counts as none.
    private static func given(_ texts: [String: String]) -> [String: WorkflowValue] {
        texts.filter { !$0.value.isEmpty }.mapValues { .text($0) }
    }
}
