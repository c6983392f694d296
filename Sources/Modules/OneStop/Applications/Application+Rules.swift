import Kernel
import Platform

/// What somebody wants to do with an application.
enum ApplicationCommand: Sendable, Equatable {
    case submit
    /// A part that it needs failed: names of the items.
    case drop(blockedBy: String)
    case accept(note: String)
    /// 一次性告知.
    case requestSupplement(questions: [String], points: [String])
    case supplement(note: String)
    case reject(reason: String, responsibleBody: String)
    case startSpecial(ItemDefinition.SpecialProcedure.Kind, note: String)
    case endSpecial(result: String)
    case decide(granted: Bool, reason: String)
    case deliver(String)
    case withdraw(reason: String)
    case urge
    /// What the state's time limit does: silence, no supplement, no rating.
    case expire
    /// Somebody rated it.
    case archiveRated(Int)

    /// The action of the workflow.
    func action(in state: WorkflowDefinition.State) -> String {
        switch self {
        case .submit: "submit"
        case .drop: "drop"
        case .accept: "accept"
        case .requestSupplement: "request_supplement"
        case .supplement: "supplement"
        case .reject: "reject"
        case .startSpecial: "start_special"
        case .endSpecial: "end_special"
        case .decide(let granted, _): granted ? "grant" : "refuse"
        case .deliver: "deliver"
        case .withdraw: "withdraw"
        case .urge: state.id == ApplicationState.submitted.rawValue ? "urge_acceptance" : "urge_decision"
        case .expire: state.onExpiry ?? "archive"
        case .archiveRated: "archive_rated"
        }
    }

    /// The inputs of the action, by the names of the request's fields.
    var inputs: [String: WorkflowValue] {
        switch self {
        case .submit, .drop, .urge, .expire: [:]
        case .accept(let note), .supplement(let note): ["note": .text(note)]
        case .requestSupplement(_, let points): ["points": .list(points)]
        case .reject(let reason, let body): ["reason": .text(reason), "responsible_body": .text(body)]
        case .startSpecial(_, let note): ["note": .text(note)]
        case .endSpecial(let result): ["result": .text(result)]
        case .decide(_, let reason), .withdraw(let reason): ["reason": .text(reason)]
        case .deliver(let delivery): ["delivery": .text(delivery)]
        case .archiveRated(let grade): ["rating": .integer(Int64(grade))]
        }
    }

    /// What goes into the timeline beside the action's own words.
    var note: String {
        switch self {
        case .submit, .drop, .urge, .expire, .archiveRated: ""
        case .accept(let note), .supplement(let note), .startSpecial(_, let note): note
        case .requestSupplement(_, let points):
            points.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
        case .reject(let reason, let body): body.isEmpty ? reason : "\(reason)（责任单位：\(body)）"
        case .endSpecial(let result): result
        case .decide(_, let reason), .withdraw(let reason): reason
        case .deliver(let delivery): delivery
        }
    }
}

/// An application with the data that it is pinned to, at a time.
struct ApplicationView: Sendable {
    let record: ApplicationRecord
    let definition: WorkflowDefinition
    let clock: ApplicationClock
    let now: Instant

    var state: WorkflowDefinition.State {
        guard let state = definition.state(record.state.rawValue) else {
            preconditionFailure("a stored application is in a state of the workflow that it is pinned to")
        }
        return state
    }

    func with(_ record: ApplicationRecord) -> ApplicationView {
        ApplicationView(record: record, definition: definition, clock: clock, now: now)
    }
}

/// What a command did, to be stored and told in one transaction.
struct ApplicationChange: Sendable, Equatable {
    let record: ApplicationRecord
    let action: WorkflowDefinition.Action
    let note: String
}

/// What a command does to an application. Pure.
///
/// Which action is possible where, and for whom, is the workflow's data. What is here is what data cannot say: what the
/// item allows, the clocks, the fee, and the columns that follow.
struct ApplicationRules: Sendable {
    let engine: WorkflowEngine

    init(engine: WorkflowEngine = WorkflowEngine()) { self.engine = engine }

    /// Id of the workflow's data.
    static let workflowID: String = "application"
    /// Hours in which the same answers for the same item are taken for a slip of the finger.
    static let repeatHours: Int64 = 24
    static let pointRule: TextRule = TextRule(2...200)
    static let pointsMax: Int = 20
    static let freeText: TextRule = TextRule(0...1_000, multiline: true)
    static let purposeRule: TextRule = TextRule(4...200)
    /// Changes that a watch reads at a time.
    static let eventsShown: Int = 100

    /// Decides on `command`; rights come before everything else.
    ///
    /// - Parameters:
    ///   - item: as the revision that the application is pinned to describes it.
    ///   - expectedVersion: the version that the caller saw; nil for the newest.
    /// - Throws: the refusal of the first rule that is broken.
    func decide(
        _ view: ApplicationView, _ command: ApplicationCommand, actor: WorkflowActor, item: ItemDefinition,
        expectedVersion: Int64? = nil
    ) throws(Refusal) -> ApplicationChange {
        let record: ApplicationRecord = view.record
        if case .requestSupplement = command, record.state == .submitted,
            actor.roles.contains(Role.departmentOfficer.rawValue), isSupplemented(record)
        {
            throw ApplicationTexts.supplementAgain
        }
        let transition: WorkflowTransition
        do {
            transition = try engine.decide(
                view.definition, record.instance, action: command.action(in: view.state), actor: actor,
                inputs: command.inputs, now: view.now, expectedVersion: expectedVersion,
                calendar: view.clock.calendar)
        } catch  where error.reason == "SAME_PERSON" {
            throw ApplicationTexts.twoPeople
        }
        try check(command, view, item)
        guard let state = ApplicationState(rawValue: transition.to.id) else {
            throw .internalError(reason: "APPLICATION_STATE_UNKNOWN")
        }
        var after: ApplicationRecord = record
        after.version += 1
        after.state = state
        after.updateTime = view.now
        after.facts = transition.instance.facts
        if state != record.state {
            after.stateSince = view.now
            if !(record.state.isUnderReview && state.isUnderReview) { after.stepStart = view.now }
        }
        apply(command, view, item, to: &after)
        wind(&after, view)
        return ApplicationChange(record: after, action: transition.action, note: command.note)
    }

    /// What was asked for once is not asked for again (AL 32).
    private func isSupplemented(_ record: ApplicationRecord) -> Bool { record.details.supplement != nil }

    /// What concerns the item and the fee, which the workflow's data does not know.
    private func check(_ command: ApplicationCommand, _ view: ApplicationView, _ item: ItemDefinition)
        throws(Refusal)
    {
        switch command {
        case .startSpecial(let kind, _):
            guard item.specialProcedures.contains(where: { $0.kind == kind }) else {
                throw ApplicationTexts.procedureNotAllowed(item.specialProcedures)
            }
        case .deliver:
            if view.record.state == .granted, let fee = view.record.fee, fee.paidTime == nil {
                throw ApplicationTexts.feeDue(fee)
            }
        case .urge:
            let half: String = urgeMark(view)
            guard !view.record.details.urged.contains(half) else { throw ApplicationTexts.urgedAlready(half) }
        default: break
        }
    }

    /// The half of the present step's limit, as it is remembered.
    private func urgeMark(_ view: ApplicationView) -> String {
        "\(view.record.state.rawValue)/\(view.clock.half(view.record, view.state, now: view.now))"
    }

    /// Columns that follow from an action.
    private func apply(
        _ command: ApplicationCommand, _ view: ApplicationView, _ item: ItemDefinition,
        to after: inout ApplicationRecord
    ) {
        let now: Instant = view.now
        switch command {
        case .accept:
            after.clockStart = now
            if item.decidesInTwo {
                after.facts[ApplicationFact.firstPerson] = after.facts[ApplicationFact.acceptedBy]
            }
        case .expire:
            // What silence took on counts as taken on from the day it was handed in.
            if after.state == .accepted { after.clockStart = view.record.stepStart }
        case .requestSupplement(let questions, let points):
            after.details.supplement = ApplicationSupplement(
                questions: questions, points: points, requestTime: now, dueTime: nil, answerTime: nil)
        case .supplement: after.details.supplement?.answerTime = now
        case .reject(_, let body): after.details.responsibleBody = body
        case .startSpecial(let kind, let note):
            after.details.runs.append(
                SpecialRun(kind: kind.rawValue, note: note, start: now, end: nil, result: ""))
        case .endSpecial(let result): endRun(of: &after, result, now)
        case .decide(let granted, let reason):
            after.details.decision = ApplicationDecision(
                granted: granted, reason: reason, time: now, delivery: "")
        case .deliver(let delivery):
            after.details.decision?.delivery = delivery
            after.details.decision?.deliverTime = now
        case .drop(let blockedBy): after.details.blockedBy = blockedBy
        case .urge: after.details.urged.append(urgeMark(view))
        case .withdraw: endRun(of: &after, "", now)
        // What it waited for is there.
        case .submit: after.details.blockedBy = ""
        case .archiveRated: break
        }
    }

    private func endRun(of after: inout ApplicationRecord, _ result: String, _ now: Instant) {
        guard let last = after.details.runs.indices.last, after.details.runs[last].end == nil else { return }
        after.details.runs[last].end = now
        after.details.runs[last].result = result
    }

    /// Sets the deadlines anew: what queries see, and what guards read.
    private func wind(_ after: inout ApplicationRecord, _ view: ApplicationView) {
        let changed: ApplicationView = view.with(after)
        let step: WorkDeadline? = view.clock.step(of: after, changed.state, now: view.now)
        after.facts[ApplicationFact.stepDue] = step.map { .instant($0.due) }
        after.due = view.clock.counting(after, changed.state, now: view.now).map { ApplicationDue($0) }
        if after.state == .supplementRequested { after.details.supplement?.dueTime = step?.due }
    }

    /// Verbs that the actor may use now, each once, in the order of the data.
    func verbs(_ view: ApplicationView, actor: WorkflowActor, item: ItemDefinition) -> [String] {
        var verbs: [String] = []
        for action in engine.availableActions(
            view.definition, view.record.instance, actor: actor, now: view.now, calendar: view.clock.calendar)
        where !verbs.contains(action.verb) && isSensible(action, view, item) {
            verbs.append(action.verb)
        }
        return verbs
    }

    private func isSensible(
        _ action: WorkflowDefinition.Action, _ view: ApplicationView, _ item: ItemDefinition
    ) -> Bool {
        switch action.verb {
        case "start_special": !item.specialProcedures.isEmpty
        case "urge": !view.record.details.urged.contains(urgeMark(view))
        case "deliver": view.record.state != .granted || view.record.fee.map { $0.paidTime != nil } ?? true
        default: true
        }
    }
}
