import Kernel

extension WorkflowGuards {
    /// The guards that every installation has. What a guard reads are stored facts; what is missing there refuses.
    package static let standard = WorkflowGuards([
        actorIs, actorIsNot, closerIsNotVerifier, actorActsForBody, placeInScope, factIs, factPresent,
        countBelow,
        countAtLeast, returnCountBelow, hasPhoto, hasEvidence, withinDaysOfEvent, afterDaysOfEvent,
        withinWorkingDaysOfEvent,
        notOverdue, inputWithinDays, limitIsOver,
    ])

    /// The actor is the one whom the fact names, such as the reporter.
    private static let actorIs = Rule("actor_is", ["fact": .fact(.text)], shorthand: "fact") {
        parameters, context in
        guard context.text(parameters["fact"]) == context.actor.id else {
            return .permissionDenied(
                reason: "NOT_THE_ONE", zh: "这项操作只能由本人办理。", en: "Only the person concerned may do this.",
                metadata: ["fact": parameters["fact"] ?? ""])
        }
        return nil
    }

    /// The actor is somebody else than the fact names: two pairs of eyes.
    private static let actorIsNot = Rule("actor_is_not", ["fact": .fact(.text)], shorthand: "fact") {
        parameters, context in
        guard context.text(parameters["fact"]) != context.actor.id else {
            return .wrongState(
                reason: "SAME_PERSON", zh: "提出人不能自己审批，请由他人办理。",
                en: "Whoever asked may not decide. Somebody else has to.",
                metadata: ["fact": parameters["fact"] ?? ""])
        }
        return nil
    }

    /// 处置人 is not 核查人: whoever handled a case (`handled_by`) never verifies it.
    private static let closerIsNotVerifier = Rule("closer_is_not_verifier", facts: ["handled_by": .text]) {
        _, context in
        guard let handler = context.text("handled_by") else {
            return .wrongState(
                reason: "HANDLER_UNKNOWN", zh: "没有处置记录，不能核查。", en: "There is no record of who handled it.")
        }
        guard handler != context.actor.id else {
            return .wrongState(
                reason: "CLOSER_IS_VERIFIER", zh: "处置人不能核查自己办的案件，请由其他人核查。",
                en: "Whoever handled a case may not verify it. Somebody else has to.")
        }
        return nil
    }

    /// The actor acts for the body whose code the fact holds.
    private static let actorActsForBody = Rule(
        "actor_acts_for_body", ["fact": .fact(.text)], shorthand: "fact"
    ) {
        parameters, context in
        guard let body = context.text(parameters["fact"]), context.actor.bodies.contains(body) else {
            return .permissionDenied(
                reason: "NOT_YOUR_BODY", zh: "此件没有派给您所在的单位。",
                en: "This was not sent to the body that you act for.")
        }
        return nil
    }

    /// The path in the fact lies in one of the actor's scopes.
    private static let placeInScope = Rule("place_in_scope", ["fact": .fact(.text)], shorthand: "fact") {
        parameters, context in
        guard let path = context.text(parameters["fact"]),
            context.actor.scopes.contains(where: path.hasPrefix)
        else {
            return .permissionDenied(
                reason: "OUT_OF_SCOPE", zh: "此件不在您的管辖范围内。", en: "This lies outside your scope.")
        }
        return nil
    }

    /// The fact has exactly this text.
    private static let factIs = Rule("fact_is", ["fact": .fact(.text), "value": .text]) {
        parameters, context in
        guard context.text(parameters["fact"]) == parameters["value"] else {
            return .wrongState(
                reason: "FACT_DIFFERS", zh: "当前情况不允许此操作。", en: "The present facts do not allow this.",
                metadata: parameters)
        }
        return nil
    }

    /// The fact is there, of whatever kind.
    private static let factPresent = Rule("fact_present", ["fact": .text], shorthand: "fact") {
        parameters, context in
        guard let fact = parameters["fact"], let value = context.facts[fact], !value.isEmpty else {
            return .wrongState(
                reason: "FACT_MISSING", zh: "前一步的记录还没有，不能办理此操作。",
                en: "What has to be on record before this is not there.", metadata: parameters)
        }
        return nil
    }

    private static let countBelow = Rule("count_below", ["fact": .fact(.integer), "value": .number]) {
        parameters, context in
        below(parameters["fact"], parameters["value"], context, reason: "COUNT_TOO_HIGH") { count in
            ("已办过\(count)次，不能再办。", "This was done \(count) times already; it cannot be done again.")
        }
    }

    private static let countAtLeast = Rule("count_at_least", ["fact": .fact(.integer), "value": .number]) {
        parameters, context in
        let count: Int64 = context.count(parameters["fact"])
        guard count >= number(parameters["value"]) else {
            return .wrongState(
                reason: "COUNT_TOO_LOW", zh: "还没到可以办理此操作的次数。", en: "It has not come to that yet.",
                metadata: parameters.merging(["count": String(count)]) { first, _ in first })
        }
        return nil
    }

    /// 三次退单→会商: after so many returns a case is not dispatched the ordinary way any more.
    private static let returnCountBelow = Rule(
        "return_count_below", ["value": .number], shorthand: "value", facts: ["return_count": .integer]
    ) { parameters, context in
        below("return_count", parameters["value"], context, reason: "CONFERENCE_NEEDED") { count in
            (
                "此件已退单\(count)次，请先会商定责，再按会商意见派遣。",
                "This was returned \(count) times. Hold a conference on who is responsible, then dispatch by its decision."
            )
        }
    }

    /// A photo is stored with the instance (`photo_count`), or comes with the action.
    private static let hasPhoto = Rule("has_photo", facts: ["photo_count": .integer]) { _, context in
        guard let inputs = context.inputs, inputs["photos"]?.isEmpty ?? true, context.count("photo_count") < 1
        else {
            return nil
        }
        return .invalid(
            field: "photos", reason: "PHOTO_MISSING", zh: "请附上现场照片。", en: "Add a photo of the place.")
    }

    /// The input names evidence: 缓办 without it does not stop a clock.
    private static let hasEvidence = Rule("has_evidence", ["input": .input], shorthand: "input") {
        parameters, context in
        guard let inputs = context.inputs, let name = parameters["input"], inputs[name]?.isEmpty ?? true
        else {
            return nil
        }
        return .invalid(
            field: name, reason: "EVIDENCE_MISSING", zh: "请附上佐证材料（照片或文号），否则不能停表。",
            en: "Give evidence (a photo or a document number): without it the clock does not stop.")
    }

    /// Not later than the end of the n-th day after the day of the event (Civil Code, articles 201 to 203): counted from
    /// the stored event, so that later edits change nothing.
    private static let withinDaysOfEvent = Rule("within_days_of_event", ["event": .event, "days": .number]) {
        parameters, context in
        guard let event = parameters["event"], let start = context.instant("\(event)_at") else {
            return eventMissing(parameters)
        }
        let days: Int64 = number(parameters["days"])
        guard context.now < Instant(startOf: start.shanghaiDate.adding(days: Int(days) + 1)) else {
            return .wrongState(
                reason: "TOO_LATE", zh: "已超过\(days)天的期限，不能再办理；如仍有问题，请重新上报。",
                en: "The \(days) days for this are over. If the problem is still there, report it anew.",
                metadata: parameters.merging(["since": start.shanghaiDate.description]) { first, _ in first })
        }
        return nil
    }

    /// Only after the end of the n-th day after the day of the event: the other side of `within_days_of_event`.
    private static let afterDaysOfEvent = Rule("after_days_of_event", ["event": .event, "days": .number]) {
        parameters, context in
        guard let event = parameters["event"], let start = context.instant("\(event)_at") else {
            return eventMissing(parameters)
        }
        let first: CivilDate = start.shanghaiDate.adding(days: Int(number(parameters["days"])) + 1)
        guard context.now < Instant(startOf: first) else { return nil }
        return .wrongState(
            reason: "TOO_EARLY", zh: "还没到期限，\(first.text(in: .chinese))起可以办理。",
            en: "The time for this has not come: it can be done from \(first) on.",
            metadata: parameters.merging(["from": first.description]) { first, _ in first })
    }

    /// Not later than the close of the n-th working day after the event.
    private static let withinWorkingDaysOfEvent = Rule(
        "within_working_days_of_event", ["event": .event, "days": .number]
    ) { parameters, context in
        guard let event = parameters["event"], let start = context.instant("\(event)_at"),
            let calendar = context.calendar
        else { return eventMissing(parameters) }
        let days: Int64 = number(parameters["days"])
        guard let limit = TimeLimit(value: Int(days), unit: .workingDays),
            context.now <= calendar.deadline(start: start, limit: limit).due
        else {
            return .wrongState(
                reason: "TOO_LATE", zh: "已超过\(days)个工作日的期限，不能再办理。",
                en: "The \(days) working days for this are over.", metadata: parameters)
        }
        return nil
    }

    /// The instant in the fact is not over; a missing one is no limit.
    private static let notOverdue = Rule("not_overdue", ["fact": .fact(.instant)], shorthand: "fact") {
        parameters, context in
        guard let due = context.instant(parameters["fact"]), context.now > due else { return nil }
        return .wrongState(
            reason: "OVERDUE", zh: "已经超期，不能再申请缓办或延期，请尽快办结。",
            en: "The limit is over: no more pause or extension. Finish it.",
            metadata: ["due": due.shanghai.description])
    }

    /// The instant in the input lies after now and at most n days ahead.
    private static let inputWithinDays = Rule("input_within_days", ["input": .input, "days": .number]) {
        parameters, context in
        guard let inputs = context.inputs, let name = parameters["input"], let value = inputs[name] else {
            return nil
        }
        let days: Int64 = number(parameters["days"])
        guard case .instant(let instant) = value, instant > context.now,
            instant <= context.now.adding(days: days)
        else {
            return .invalid(
                field: name, reason: "TIME_OUT_OF_RANGE", zh: "时间应在今后\(days)天之内。",
                en: "The time must lie within the next \(days) days.")
        }
        return nil
    }

    /// The instant in the fact is over: for actions that the clock takes.
    private static let limitIsOver = Rule("limit_is_over", ["fact": .fact(.instant)], shorthand: "fact") {
        parameters, context in
        guard let due = context.instant(parameters["fact"]), context.now > due else {
            return .wrongState(reason: "TOO_EARLY", zh: "期限还没到。", en: "The time for this has not come.")
        }
        return nil
    }

    private static func below(
        _ fact: String?, _ value: String?, _ context: Context, reason: String,
        texts: (Int64) -> (String, String)
    ) -> Refusal? {
        let count: Int64 = context.count(fact)
        guard count >= number(value) else { return nil }
        let (zh, en): (String, String) = texts(count)
        return .wrongState(
            reason: reason, zh: zh, en: en, metadata: ["fact": fact ?? "", "count": String(count)])
    }

    /// A number that the import has checked.
    private static func number(_ text: String?) -> Int64 { text.flatMap { Int64($0) } ?? 0 }

    private static func eventMissing(_ parameters: [String: String]) -> Refusal {
        .wrongState(
            reason: "EVENT_MISSING", zh: "没有相应的办理记录，不能办理此操作。",
            en: "The event from which this is counted is not on record.", metadata: parameters)
    }
}
