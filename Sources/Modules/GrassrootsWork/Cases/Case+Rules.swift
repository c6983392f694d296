import Kernel
import Platform

/// What a command does to a case. Pure: the stored record, the command, whoever acts and the time go in; the record
/// afterwards and what is to be told come out, or the rule that was broken.
///
/// Which action is possible where, for whom and by when is the workflow's data, read in the version that the case began
/// with. What is here is what data cannot say: the columns that follow from an action, the clocks, and the merging.
struct CaseRules: Sendable {
    let engine: WorkflowEngine

    init(engine: WorkflowEngine = WorkflowEngine()) { self.engine = engine }

    /// Id of the workflow's data.
    static let workflowID: String = "case"
    /// 4 不满意 and 5 非常不满意 are a 差评 (国办发〔2019〕51号).
    static let firstBadRating: Int = 4

    /// Decides on `command` for the case of `view`.
    ///
    /// - Throws: the refusal of the first rule that is broken; rights come before everything else.
    func decide(_ view: CaseView, _ command: CaseCommand, actor: CaseActor) throws(Refusal) -> CaseChange {
        let record: CaseRecord = view.record
        let command: CaseCommand = try command.cleaned()
        let transition: WorkflowTransition = try engine.decide(
            view.definition, record.instance, action: action(for: command, view, actor),
            actor: actor.workflow,
            inputs: command.inputs, now: view.now, calendar: view.clock.calendar)
        // The workflow's guard knows who handled it last; whoever received or handled it before may not verify either.
        if CaseRules.isVerification(transition.action), actor.hasWorked { throw CaseTexts.workerVerifies }
        try check(command, view)

        var after: CaseRecord = record
        guard let state = CaseState(rawValue: transition.to.id) else {
            throw .internalError(reason: "CASE_STATE_UNKNOWN")
        }
        after.version += 1
        after.state = state
        after.updateTime = view.now
        after.facts = transition.instance.facts
        if state != record.state { after.stateSince = view.now }
        if !CaseRules.keepsStepClock(from: record.state, to: state) { after.stepStart = view.now }
        apply(command, transition, to: &after, view)
        let photoCount: Int = command.photos.count
        if photoCount > 0 { after.addPhotoCount(photoCount) }
        wind(&after, view)
        return change(from: record, to: after, command, transition)
    }

    /// Whether the action is one by which somebody else than the handler has to look.
    static func isVerification(_ action: WorkflowDefinition.Action) -> Bool {
        action.guards.contains { $0.name == "closer_is_not_verifier" }
    }

    /// The action that a command means: what its words choose, else the outcome of its verb that is possible now, else
    /// the first, so that the engine can say why it is not possible.
    private func action(for command: CaseCommand, _ view: CaseView, _ actor: CaseActor) -> String {
        if let outcome = command.outcome { return outcome }
        let possible: WorkflowDefinition.Action? = engine.availableActions(
            view.definition, view.record.instance, actor: actor.workflow, now: view.now,
            calendar: view.clock.calendar
        ).first { $0.verb == command.verb }
        let candidates: [WorkflowDefinition.Action] = view.definition.actions.filter {
            $0.verb == command.verb
        }
        let here: WorkflowDefinition.Action? = candidates.first {
            $0.from.contains(view.record.state.rawValue)
        }
        return (possible ?? here ?? candidates.first)?.id ?? command.verb
    }

    /// What the workflow's data cannot know because it concerns other things than the case itself.
    private func check(_ command: CaseCommand, _ view: CaseView) throws(Refusal) {
        switch command {
        case .accept(let category, _):
            guard category.isEmpty || view.categories.category(category) != nil else {
                throw CaseTexts.categoryUnknown(category)
            }
        case .merge(let main):
            guard main.number != view.record.number else { throw CaseTexts.mainIsSelf }
            if let other = main.mainCase { throw CaseTexts.mainMerged(into: CaseRecord.spaced(other)) }
            guard !main.state.isClosed else { throw CaseTexts.mainClosed }
        default: break
        }
    }

    /// Columns that follow from an action.
    private func apply(
        _ command: CaseCommand, _ transition: WorkflowTransition, to after: inout CaseRecord, _ view: CaseView
    ) {
        switch command {
        case .receive: after.clockStart = view.now
        case .accept(let category, _):
            if let chosen = view.categories.category(category) {
                after.category = chosen.id
                after.standardCode = chosen.standardCode
            }
        case .merge(let main): after.mainCase = main.number
        case .unmerge: after.mainCase = nil
        case .dispatch(let assignee, let path, _):
            after.assignee = assignee
            after.assigneePath = path
        case .suspend(let reason, let evidence, let resumeBy):
            after.pauses.append(
                CasePause(
                    start: view.now, end: nil, reason: reason, evidence: evidence,
                    resumeBy: resumeBy ?? view.now))
        case .reviewExtension(approved: true, _):
            if case .limit(let more) = after.facts[CaseFact.requestedExtension] {
                after.extensions.append(more)
            }
        case .reopen:
            after.clockStart = nil
            after.extensions = []
            after.assignee = nil
            after.assigneePath = nil
        default: break
        }
        if transition.clock == .resumed, let last = after.pauses.indices.last, after.pauses[last].end == nil {
            after.pauses[last].end = view.now
        }
    }

    /// Sets the deadlines anew: the one that people and queries see, and the one that guards read.
    private func wind(_ after: inout CaseRecord, _ view: CaseView) {
        let changed: CaseView = CaseView(
            record: after, definition: view.definition, categories: view.categories, clock: view.clock,
            now: view.now)
        after.deadline = changed.deadline.map { CaseDeadline($0) }
        after.facts[CaseFact.dueTime] = changed.wholeDeadline.map { .instant($0.due) }
    }

    private func change(
        from record: CaseRecord, to after: CaseRecord, _ command: CaseCommand,
        _ transition: WorkflowTransition
    ) -> CaseChange {
        let (note, isPublic): (String, Bool) = command.note
        let (zh, en): (String, String) = CaseRules.words(command, transition.action)
        var types: [String] = transition.events
        if case .verify(passed: true, _, _, reportConfirmed: true) = command {
            types.append(CaseEventType.reportConfirmed)
        }
        return CaseChange(
            record: after,
            event: CaseEventDraft(
                action: transition.action.id, from: record.state, to: after.state, zh: zh, en: en, note: note,
                isNotePublic: isPublic, photos: command.photos),
            eventTypes: types, roles: transition.action.roles,
            addsWorker: CaseRules.workingVerbs.contains(command.verb),
            isForFollowers: CaseRules.followedActions.contains(transition.action.id),
            isNoteForFollowers: isPublic && !transition.action.roles.contains(CaseActor.residentRole))
    }

    /// The action's own words, with the body that it is about.
    private static func words(
        _ command: CaseCommand, _ action: WorkflowDefinition.Action
    ) -> (zh: String, en: String) {
        let about: String? =
            switch command {
            case .dispatch(let assignee, _, _): assignee.text
            case .decline(_, let body): body
            case .merge(let main): CaseRecord.spaced(main.number)
            default: nil
            }
        guard let about else { return (action.record.zh, action.record.en) }
        return ("\(action.record.zh)（\(about)）", "\(action.record.en) (\(about))")
    }

    /// A pause and a request for more time do not start the step's clock again.
    private static func keepsStepClock(from: CaseState, to: CaseState) -> Bool {
        let handling: Set<CaseState> = [.inProgress, .suspended, .extensionReview]
        return from == to || handling.contains(from) && handling.contains(to)
    }

    /// Whoever does one of these has worked on the case.
    private static let workingVerbs: Set<String> = ["receive", "handle"]
    /// What happens to a main case and is an answer for its followers too.
    private static let followedActions: Set<String> = [
        "decline", "dispatch", "dispatch_by_conference", "handle", "suspend", "resume", "verify_passed",
        "rate_satisfied", "archive_unrated", "archive_internal", "reopen",
    ]
}

/// What a command did, to be stored and told in one transaction.
struct CaseChange: Sendable, Equatable {
    let record: CaseRecord
    let event: CaseEventDraft
    /// Types of the events to publish.
    let eventTypes: [String]
    /// Roles that the action is open to; the one that the actor holds goes into the timeline.
    let roles: [String]
    /// The actor has worked on the case and may not verify it.
    let addsWorker: Bool
    /// Followers are told too.
    let isForFollowers: Bool
    /// Followers may read the note.
    let isNoteForFollowers: Bool
}

extension CaseRecord {
    mutating func addPhotoCount(_ count: Int) {
        var total: Int64 = Int64(count)
        if case .integer(let before) = facts[CaseFact.photoCount] { total += before }
        facts[CaseFact.photoCount] = .integer(total)
    }
}
