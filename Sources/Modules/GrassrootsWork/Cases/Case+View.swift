import Kernel
import Platform

/// What can be said about a case from its record and the data that it is pinned to. Pure.
struct CaseView {
    let record: CaseRecord
    let definition: WorkflowDefinition
    let categories: ReportCategories
    let clock: CaseClock
    let now: Instant

    var state: WorkflowDefinition.State {
        guard let state = definition.state(record.state.rawValue) else {
            preconditionFailure("a stored case is in a state of the workflow that it is pinned to")
        }
        return state
    }

    /// The deadline of the whole case.
    var wholeDeadline: Deadline? {
        clock.whole(of: record, state: state, limit: categories.category(record.category)?.limit, now: now)
    }

    /// The nearer of the deadlines of the step and of the whole; nil when no clock runs.
    var deadline: Deadline? {
        let step: Deadline? = clock.step(of: record, state: state, now: now)
        return [step, wholeDeadline].compactMap { $0 }.min { $0.due < $1.due }
    }

    /// The first instant at which it may no longer be reopened, by the reopening's own guard; nil if it is not resolved.
    var reopenEnd: Instant? {
        guard let resolved = record.resolveTime,
            let reopening = definition.actions.first(where: { $0.verb == "reopen" }),
            let guardUse = reopening.guards.first(where: { $0.name == "within_days_of_event" }),
            let days = guardUse.parameters["days"].flatMap({ Int($0) })
        else { return nil }
        return Instant(startOf: resolved.shanghaiDate.adding(days: days + 1))
    }

    var categoryText: BilingualText {
        categories.category(record.category)?.title ?? BilingualText(zh: record.category, en: record.category)
    }

    /// Who has to act next: the body that holds it, else the post.
    var nextOwner: BilingualText {
        if record.state == .merged {
            return BilingualText(zh: "随主案办理", en: "Handled with the main case")
        }
        guard let owner = state.owner else { return BilingualText(zh: "", en: "") }
        if CaseView.heldByAssignee.contains(record.state), let assignee = record.assignee {
            return BilingualText(zh: assignee.text, en: assignee.text)
        }
        return definition.role(owner)?.title ?? BilingualText(zh: owner, en: owner)
    }

    /// Title of the stage that one scheme shows; empty if the data has no such scheme.
    func stage(_ scheme: String) -> String {
        definition.stage(of: record.state.rawValue, in: scheme)?.title.zh ?? ""
    }

    /// Verbs of the API that the actor may use now, each once, in the order of the data.
    func verbs(for actor: CaseActor, engine: WorkflowEngine) -> [String] {
        var verbs: [String] = []
        for action in engine.availableActions(
            definition, record.instance, actor: actor.workflow, now: now, calendar: clock.calendar)
        where CaseCommand.verbs.contains(action.verb) && !verbs.contains(action.verb) {
            if actor.hasWorked && CaseRules.isVerification(action) { continue }
            verbs.append(action.verb)
        }
        return verbs
    }

    private static let heldByAssignee: Set<CaseState> = [
        .awaitingReceipt, .inProgress, .suspended, .remedying,
    ]
}
