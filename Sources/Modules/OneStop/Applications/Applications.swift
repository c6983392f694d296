import Contract
import Kernel
import Platform
import Storage

/// Issues what a granted application leads to, such as a certificate.
protocol ResultIssuer: Sendable {
    /// - Returns: the resource name of what was issued, `certificates/{number}`.
    func issue(
        type: String, holder: String, answers: [KeptAnswer], application: ApplicationRecord,
        _ unit: UnitOfWork
    ) throws -> String
}

/// What can be done with applications inside one transaction: read what is stored, ask the rules, store what they say
/// with its line in the timeline, its audit entry, its events and its messages.
struct Applications: Sendable {
    let platform: Platform
    let forms: FormDesk
    /// Nil where nothing is issued yet.
    let issuer: (any ResultIssuer)?
    let invitations: RatingInvitations
    let rules: ApplicationRules = ApplicationRules()

    var store: ApplicationStore { ApplicationStore(keyring: platform.keyring) }
    var mandates: MandateStore { MandateStore(keyring: platform.keyring) }
    var residents: Residents { Residents(keyring: platform.keyring) }

    static let pattern: ResourceName.Pattern = "applications/{application}"
    static let itemPattern: ResourceName.Pattern = "items/{item}"

    /// Types of the events after which an application looks different.
    static let eventTypes: Set<String> = Set(
        [
            "submitted", "accepted", "supplement_requested", "supplemented", "rejected", "special_started",
            "special_ended", "decided", "delivered", "archived", "withdrawn", "urged", "fee_paid",
        ].map { "application.\($0)" })

    // MARK: Data

    /// The workflow that new applications begin with.
    func currentWorkflow() throws(Refusal) -> WorkflowDefinition {
        guard
            let found = platform.documents.value(
                .workflow, id: ApplicationRules.workflowID, as: WorkflowDefinition.self)
        else { throw ApplicationTexts.dataMissing }
        return found.value
    }

    func view(_ record: ApplicationRecord, now: Instant) throws(Refusal) -> ApplicationView {
        guard
            let workflow = platform.documents.value(
                .workflow, id: ApplicationRules.workflowID, version: record.workflowVersion,
                as: WorkflowDefinition.self),
            !platform.documents.values(.calendar, as: WorkYear.self).isEmpty
        else { throw ApplicationTexts.dataMissing }
        return ApplicationView(
            record: record, definition: workflow,
            clock: ApplicationClock(calendar: platform.documents.calendar), now: now)
    }

    /// The item as the revision that the application is pinned to describes it.
    func item(of record: ApplicationRecord, _ connection: any Connection) throws -> RevisedItem {
        guard
            let item: RevisedItem = try ItemStore.find(
                connection, id: record.itemID, revision: record.itemRevision)
        else { throw Refusal.internalError(reason: "APPLICATION_REVISION_MISSING") }
        return item
    }

    /// The application of a name or a typed number, if the caller may see it.
    func require(_ name: String, _ context: ReadContext) throws -> ApplicationRecord {
        let number: String = try Self.number(name)
        guard let principal = context.principal,
            let record = try ApplicationStore.find(
                number, in: ApplicationScope(of: principal), context.connection)
        else { throw ApplicationTexts.notFound }
        return record
    }

    /// The canonical number in a resource name, or as people type it.
    static func number(_ name: String) throws(Refusal) -> String {
        let typed: String =
            name.hasPrefix("applications/") ? String(name.dropFirst("applications/".count)) : name
        return try CheckedNumber(parsing: typed, kind: ApplicationRecord.number).description
    }

    func actor(_ principal: Principal, _ record: ApplicationRecord, _ context: ReadContext) throws
        -> ApplicationActor
    {
        let holds: Bool = try mandateHolds(record, context)
        return ApplicationActor(principal, record, mandateHolds: holds)
    }

    /// Whether whoever acts for the applicant may still do so.
    private func mandateHolds(_ record: ApplicationRecord, _ context: ReadContext) throws -> Bool {
        guard record.mandate.hasPrefix("mandates/") else { return false }
        let id: String = String(record.mandate.dropFirst("mandates/".count))
        return try mandates.find(context.connection, id: id)?.isUsable(at: context.now) ?? false
    }

    // MARK: Changing

    /// Does what a command asks, if the rules allow it to the caller of the unit.
    ///
    /// - Parameters:
    ///   - etag: the version that the caller saw; empty for the newest.
    ///   - asSystem: it follows by itself from something else that happened.
    @discardableResult
    func apply(
        _ command: ApplicationCommand, to record: ApplicationRecord, etag: String = "",
        asSystem: Bool = false, _ unit: UnitOfWork
    ) throws -> ApplicationRecord {
        let view: ApplicationView = try view(record, now: unit.now)
        let item: RevisedItem = try item(of: record, unit.connection)
        let actor: ApplicationActor =
            asSystem ? .system : try actor(unit.principal, record, unit.reading)
        // An etag of another version is that of no version: the engine checks it after the rights.
        let anyVersion: Bool = etag.isEmpty || etag == "*"
        let seen: Int64 = etag == record.etag ? record.version : 0
        var change: ApplicationChange = try rules.decide(
            view, command, actor: actor.workflow, item: item.definition,
            expectedVersion: anyVersion ? nil : seen)
        if case .decide(granted: true, _) = command {
            change = try granting(change, item, unit)
        }
        try ApplicationStore.update(change.record, unit.connection)
        try tell(change, from: record.state, by: actor, unit)
        if change.record.state == .delivered { try invitations.invite(change.record.name, unit) }
        try moveBundle(of: change.record, unit)
        return change.record
    }

    /// A fee becomes due, and what the item leads to is issued once nothing is due.
    private func granting(_ change: ApplicationChange, _ item: RevisedItem, _ unit: UnitOfWork) throws
        -> ApplicationChange
    {
        var record: ApplicationRecord = change.record
        let amount: Int64 = item.definition.feeFen
        if amount > 0 {
            let label: String = item.definition.fees.map(\.label).joined(separator: "、")
            record.details.feeLabel = label
            record.fee = ApplicationFee(
                number: try ApplicationStore.nextNumber(ApplicationFee.number, unit), amountFen: amount,
                label: label, paidTime: nil)
        } else {
            record.certificate = try issue(record, item, unit)
        }
        return ApplicationChange(record: record, action: change.action, note: change.note)
    }

    func issue(_ record: ApplicationRecord, _ item: RevisedItem, _ unit: UnitOfWork) throws -> String {
        guard let type = item.definition.certificateType, let issuer else { return "" }
        return try issuer.issue(
            type: type, holder: record.applicant, answers: try store.answers(of: record, unit.connection),
            application: record, unit)
    }

    /// The line in the timeline, the audit entry, the events, and the messages.
    private func tell(
        _ change: ApplicationChange, from state: ApplicationState, by actor: ApplicationActor,
        _ unit: UnitOfWork
    ) throws {
        let record: ApplicationRecord = change.record
        try ApplicationStore.append(
            ApplicationEvent(
                action: change.action.id, zh: change.action.record.zh, en: change.action.record.en,
                note: change.note, actor: actor.name, device: unit.principal.deviceID ?? "",
                time: unit.now), to: record, unit.connection)
        unit.audit(
            subject: record.name,
            details: [
                "action": change.action.id, "from": state.rawValue, "to": record.state.rawValue,
                "version": String(record.version),
            ])
        for type in change.action.events { publish(type, record, unit) }
        let words: (title: BilingualText, body: BilingualText) = ApplicationTexts.message(change)
        try write(words, about: record, unit)
    }

    func publish(_ type: String, _ record: ApplicationRecord, _ unit: UnitOfWork) {
        unit.publish(
            DomainEvent(
                type: type, subject: record.name,
                payload: [
                    "state": record.state.rawValue, "item": "items/\(record.itemID)",
                    "department": OrganizationName.text(record.department.code),
                ]))
    }

    /// To the applicant and to whoever acts for the applicant; never to whoever did it.
    func write(
        _ words: (title: BilingualText, body: BilingualText), about record: ApplicationRecord,
        _ unit: UnitOfWork
    ) throws {
        for recipient in [record.applicant, record.agent].compactMap({ $0 })
        where recipient != unit.principal.name {
            try platform.messages.write(
                unit, to: recipient, title: words.title, body: words.body, subject: record.name)
        }
    }

    /// The name of the applicant in the clear, for those who may read it.
    func applicantName(_ record: ApplicationRecord, _ connection: any Connection) throws -> String {
        try residents.reveal(
            connection, id: String(record.applicant.dropFirst("residents/".count)), .fullName)
            ?? record.applicantText
    }
}
