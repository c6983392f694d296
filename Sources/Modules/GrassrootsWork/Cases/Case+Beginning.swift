import Kernel
import Platform

extension CaseRules {
    /// A case that is about to be filed, checked.
    struct Beginning: Sendable {
        let number: String
        let category: ReportCategory
        let description: String
        let place: CasePlace
        let channel: CaseChannel
        let reporter: CaseReporter
        let photos: [String]
        let now: Instant
    }

    /// Files a case: it begins as a draft of the current workflow and is submitted in the same moment.
    func begin(
        _ beginning: Beginning, _ definition: WorkflowDefinition, _ categories: ReportCategories,
        clock: CaseClock,
        actor: CaseActor
    ) throws(Refusal) -> CaseChange {
        let facts: [String: WorkflowValue] = [
            CaseFact.reporter: .text(beginning.reporter.resident ?? actor.name),
            CaseFact.reporterKind: .text(beginning.reporter.resident == nil ? "staff" : "resident"),
            CaseFact.photoCount: .integer(Int64(beginning.photos.count)),
        ]
        let transition: WorkflowTransition = try engine.decide(
            definition, WorkflowInstance(beginning: definition, facts: facts), action: CaseRules.submitAction,
            actor: actor.workflow, now: beginning.now, calendar: clock.calendar)
        guard let state = CaseState(rawValue: transition.to.id) else {
            throw .internalError(reason: "CASE_STATE_UNKNOWN")
        }
        var record: CaseRecord = CaseRecord(
            number: beginning.number, workflowVersion: definition.version, state: state,
            stateSince: beginning.now,
            category: beginning.category.id, standardCode: beginning.category.standardCode,
            description: beginning.description, place: beginning.place, channel: beginning.channel,
            reporter: beginning.reporter, creator: actor.name, stepStart: beginning.now,
            createTime: beginning.now, updateTime: beginning.now)
        record.facts = transition.instance.facts
        let view: CaseView = CaseView(
            record: record, definition: definition, categories: categories, clock: clock, now: beginning.now)
        record.deadline = view.deadline.map { CaseDeadline($0) }
        return CaseChange(
            record: record,
            event: CaseEventDraft(
                action: transition.action.id, from: nil, to: state, zh: transition.action.record.zh,
                en: transition.action.record.en, photos: beginning.photos),
            eventTypes: transition.events, roles: transition.action.roles, addsWorker: false,
            isForFollowers: false,
            isNoteForFollowers: false)
    }

    /// The action that takes a draft in.
    static let submitAction: String = "submit"
}
