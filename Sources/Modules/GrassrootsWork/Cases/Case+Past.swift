package import Kernel
package import Platform
import Storage

/// A case that happened before this store was there, with its history: from another system, or made up for a
/// demonstration. Its history is taken as it is; only that its parts fit each other is checked.
package struct PastCase: Sendable {
    package var category: String
    package var description: String
    /// Code of the grid.
    package var grid: String
    /// Where exactly, in words.
    package var place: String
    package var channel: CaseChannel
    /// `residents/…`; nil for a case that staff found.
    package var resident: String?
    /// `residents/…` or `staff/…`.
    package var creator: String
    /// State, facts, version and the workflow that it is pinned to.
    package var instance: WorkflowInstance
    package var createTime: Instant
    /// When the clock of the whole started; nil before it was received.
    package var clockStart: Instant?
    package var stepStart: Instant
    package var extensions: [TimeLimit]
    package var pauses: [CasePause]
    /// Index, in the same import, of the earlier or later case that this one was merged into.
    package var mainCase: Int?
    /// Oldest first; never empty.
    package var steps: [Step]

    /// One line of the history.
    package struct Step: Sendable {
        package var action: WorkflowDefinition.Action
        package var from: String
        package var to: String
        package var time: Instant
        /// `residents/…`, `staff/…` or `system`.
        package var actor: String
        /// Body and post, never the name of a person.
        package var actorText: String
        package var note: String

        package init(
            action: WorkflowDefinition.Action, from: String, to: String, time: Instant, actor: String,
            actorText: String, note: String
        ) {
            self.action = action
            self.from = from
            self.to = to
            self.time = time
            self.actor = actor
            self.actorText = actorText
            self.note = note
        }
    }

    package init(
        category: String, description: String, grid: String, place: String, channel: CaseChannel,
        resident: String?,
        creator: String, instance: WorkflowInstance, createTime: Instant, clockStart: Instant?,
        stepStart: Instant,
        extensions: [TimeLimit], pauses: [CasePause], mainCase: Int?, steps: [Step]
    ) {
        self.category = category
        self.description = description
        self.grid = grid
        self.place = place
        self.channel = channel
        self.resident = resident
        self.creator = creator
        self.instance = instance
        self.createTime = createTime
        self.clockStart = clockStart
        self.stepStart = stepStart
        self.extensions = extensions
        self.pauses = pauses
        self.mainCase = mainCase
        self.steps = steps
    }
}

/// Takes in cases with their histories. No event is published: nobody is told anew what happened long ago.
package struct CaseImport: Sendable {
    private let data: CaseData

    /// - Parameter documents: hold the workflow, the categories and the calendar.
    package init(documents: Documents) { data = CaseData(documents: documents) }

    /// Numbers for cases in their order, each of the day on which its case was made.
    package func numbers(_ cases: [PastCase], _ unit: UnitOfWork) throws -> [String] {
        try cases.map { past in
            let date: CivilDate = past.createTime.shanghaiDate
            let serial: Int = try CaseStore.nextSerial(day: date.description, unit.connection)
            return CheckedNumber(kind: .caseNumber, date: date, sequence: serial).description
        }
    }

    /// Stores one case under its number.
    ///
    /// - Parameter numbers: those of all cases of this import, by their index.
    /// - Throws: CASE_HISTORY_BROKEN if its state, category or grid is none of this store's.
    package func insert(_ past: PastCase, number: String, numbers: [String], _ unit: UnitOfWork) throws {
        let definition: WorkflowDefinition = try data.workflow(
            version: past.instance.definitionVersion)
        let categories: ReportCategories = try data.categories()
        guard let state = CaseState(rawValue: past.instance.state),
            definition.state(past.instance.state) != nil,
            let category = categories.category(past.category), let last = past.steps.last,
            let grid = try Organizations.find(unit.connection, past.grid), CaseBodies.isPlace(grid)
        else { throw Refusal.internalError(reason: "CASE_HISTORY_BROKEN") }
        var record = CaseRecord(
            number: number, workflowVersion: definition.version, state: state, stateSince: last.time,
            category: category.id, standardCode: category.standardCode, description: past.description,
            place: CasePlace(
                gridCode: grid.code, path: grid.path,
                gridText: try CaseBodies.text(of: grid, unit.connection),
                words: past.place, latitude: nil, longitude: nil, isSynthetic: grid.synthetic),
            channel: past.channel, reporter: CaseReporter(resident: past.resident), creator: past.creator,
            clockStart: past.clockStart, stepStart: past.stepStart, createTime: past.createTime,
            updateTime: last.time)
        record.version = past.instance.version
        record.facts = past.instance.facts
        record.extensions = past.extensions
        record.pauses = past.pauses
        if let main = past.mainCase {
            record.mainCase = numbers[main]
            record.facts["main_case"] = .text(numbers[main])
        }
        try setAssignee(&record, unit)
        let view = CaseView(
            record: record, definition: definition, categories: categories,
            clock: try data.clock(), now: unit.now)
        record.deadline = view.deadline.map { CaseDeadline($0) }
        record.facts[CaseFact.dueTime] = view.wholeDeadline.map { .instant($0.due) }
        let stored: CaseRecord = try CaseStore.insert(record, unit.connection)
        try CaseStore.storePauses(of: stored, unit.connection)
        for (index, step) in past.steps.enumerated() {
            try append(step, isFirst: index == 0, to: stored, unit)
        }
    }

    private func setAssignee(_ record: inout CaseRecord, _ unit: UnitOfWork) throws {
        guard case .text(let code) = record.facts["assignee"], record.state != .awaitingDispatch else {
            return
        }
        let body: OrganizationRecord = try Organizations.get(unit.connection, code)
        record.assignee = CaseBody(code: code, text: try CaseBodies.text(of: body, unit.connection))
        record.assigneePath = body.path
    }

    private func append(
        _ step: PastCase.Step, isFirst: Bool, to record: CaseRecord, _ unit: UnitOfWork
    ) throws {
        guard let from = CaseState(rawValue: step.from), let to = CaseState(rawValue: step.to) else {
            throw Refusal.internalError(reason: "CASE_HISTORY_BROKEN")
        }
        try CaseStore.append(
            CaseEventDraft(
                action: step.action.id, from: isFirst ? nil : from, to: to, zh: step.action.record.zh,
                en: step.action.record.en, note: step.note,
                isNotePublic: CaseImport.publicNotes.contains(step.action.verb)),
            to: record, actor: step.actor, actorText: step.actorText, time: step.time, unit.connection)
        if step.action.verb == "receive" || step.action.verb == "handle" {
            try CaseStore.addWorker(step.actor, to: record.id, unit.connection)
        }
    }

    /// Verbs whose note its reporter may read.
    private static let publicNotes: Set<String> = ["decline", "suspend", "reopen", "handle", "rate"]
}
