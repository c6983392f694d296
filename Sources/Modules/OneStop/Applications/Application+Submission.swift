import Contract
import Kernel
import Platform
import Storage

/// What is handed in.
struct ApplicationDraft: Sendable {
    let itemID: String
    /// That the form had; 0 for the active one.
    let revision: Int
    let answers: [OneStopV1.FormAnswer]
    /// `mandates/{id}`; empty for oneself.
    let mandate: String
    let ticket: String
}

/// For whom an application is made, and by whom.
struct ApplicationParty: Sendable {
    /// `residents/{id}`.
    let person: ResidentRecord
    /// Nil for oneself.
    let mandate: Mandate?
}

extension Applications {
    /// Whom the caller applies for: themselves, or the principal of a mandate that is good for the item now.
    func party(of principal: Principal, mandate: String, item: String, _ context: ReadContext) throws
        -> ApplicationParty
    {
        guard !mandate.isEmpty else {
            guard principal.kind == .resident,
                let person = try residents.find(context.connection, id: principal.id)
            else { throw ApplicationTexts.mandateNeeded }
            return ApplicationParty(person: person, mandate: nil)
        }
        let held: Mandate = try mandates.usable(
            mandate, agent: principal.name, item: item, now: context.now, context.connection)
        guard
            let person = try residents.find(
                context.connection, id: String(held.principal.dropFirst("residents/".count)))
        else { throw MandateTexts.notFound }
        return ApplicationParty(person: person, mandate: held)
    }

    /// An item that one can apply for, by its active revision.
    func openItem(_ id: String, _ connection: any Connection) throws -> RevisedItem {
        guard let item: RevisedItem = try ItemStore.find(connection, id: id) else { throw ItemTexts.notFound }
        guard item.acceptsApplications else { throw ApplicationTexts.takesNoApplications(item) }
        return item
    }

    /// Hands in for the caller of the unit.
    ///
    /// - Returns: the application as it is stored.
    func submit(_ draft: ApplicationDraft, _ unit: UnitOfWork) throws -> ApplicationRecord {
        let party: ApplicationParty = try party(
            of: unit.principal, mandate: draft.mandate, item: draft.itemID, unit.reading)
        let item: RevisedItem = try openItem(draft.itemID, unit.connection)
        guard draft.revision == item.revision else { throw ApplicationTexts.itemChanged(item) }
        try check(level: party.person.level, item)
        let form: ItemForm = try forms.definition(for: item)
        let answers: [KeptAnswer] = try forms.settle(
            draft.answers, by: form.form, for: party.person.name, unit.reading)
        let hash: [UInt8] = try checkedHash(of: answers, item: item, person: party.person.name, unit)
        let waiting: ApplicationRecord = try begin(
            item, form, party, ticket: draft.ticket, bundleCase: "", unit)
        let stored: ApplicationRecord = try store.insert(
            waiting, answers: answers, hash: hash, unit.connection)
        try platform.files.attach(
            unit, names: answers.map(\.file).filter { !$0.isEmpty }, subject: stored.name)
        try forms.remember(answers, by: form.form, of: item, for: party.person.name, unit)
        return try apply(.submit, to: stored, unit)
    }

    /// A new application that waits to be handed in.
    func begin(
        _ item: RevisedItem, _ form: ItemForm, _ party: ApplicationParty, ticket: String, bundleCase: String,
        _ unit: UnitOfWork
    ) throws -> ApplicationRecord {
        let place: OrganizationRecord = try place(of: party, unit)
        let workflow: WorkflowDefinition = try currentWorkflow()
        return ApplicationRecord(
            number: try ApplicationStore.nextNumber(ApplicationRecord.number, unit),
            workflowVersion: workflow.version, state: .waiting, stateSince: unit.now, itemID: item.item.id,
            itemRevision: item.revision, formVersion: form.version, itemText: item.content.name,
            promised: item.content.promised,
            statutory: item.content.statutory,
            department: try department(of: item, place: place, unit.connection), placePath: place.path,
            applicant: party.person.name, applicantText: party.person.maskedName,
            agent: party.mandate?.agent, agentText: party.mandate?.agentText ?? "",
            mandate: party.mandate?.name ?? "", stepStart: unit.now, bundleCase: bundleCase, ticket: ticket,
            synthetic: party.person.synthetic, createTime: unit.now, updateTime: unit.now)
    }

    /// A hash that was not used in the last hours; the same answers again are a slip of the finger.
    func checkedHash(
        of answers: [KeptAnswer], item: RevisedItem, person: String, _ unit: UnitOfWork
    ) throws -> [UInt8] {
        let hash: [UInt8] = try hash(of: answers, item: item, person: person, unit.connection)
        let since: Instant = unit.now.adding(hours: -ApplicationRules.repeatHours)
        if let first = try ApplicationStore.repeated(hash, since: since, unit.connection) {
            throw ApplicationTexts.exists(first)
        }
        return hash
    }

    func check(level: IdentityLevel, _ item: RevisedItem) throws(Refusal) {
        guard level.rawValue >= item.definition.identityLevel else {
            throw ApplicationTexts.levelTooLow(item.definition.identityLevel)
        }
    }

    /// Equal for the same answers of the same person to the same item; says nothing without the key. A material counts by
    /// its content: who hands in again has to upload again, and the same paper then has another name.
    private func hash(
        of answers: [KeptAnswer], item: RevisedItem, person: String, _ connection: any Connection
    ) throws -> [UInt8] {
        let parts: [String] = try answers.sorted { $0.question < $1.question }.flatMap { answer in
            guard !answer.file.isEmpty,
                let file: UploadedFile = try platform.files.upload(connection, name: answer.file)
            else { return [answer.question, answer.value] }
            return [answer.question, Hex.encode(file.sha256)]
        }
        // Unit separators do not stand in answers, which hold no control characters but line ends.
        let text: String = ([person, item.item.id] + parts).joined(separator: "\u{1F}")
        return platform.keyring.hash(text, purpose: "onestop.answers")
    }

    /// Where the applicant lives; for people whose home is not known, where the member of staff works who helps them.
    private func place(of party: ApplicationParty, _ unit: UnitOfWork) throws -> OrganizationRecord {
        if let home = party.person.homeCode { return try Organizations.get(unit.connection, home) }
        if unit.principal.kind == .staff,
            let grant = unit.principal.grants.first(where: {
                MandateRules.agentRoles.contains($0.role)
            })
        {
            return try Organizations.get(unit.connection, grant.scopeCode)
        }
        throw ApplicationTexts.homeUnknown
    }

    /// The department that handles an item for people of a place: the county's department with the item's id; where the
    /// county has none, the prefecture's; else whichever of the two has a department of administrative approval.
    func department(of item: RevisedItem, place: OrganizationRecord, _ connection: any Connection) throws
        -> ApplicationDepartment
    {
        let ancestry: [OrganizationRecord] = try Organizations.ancestry(connection, of: place)
        let divisions: [OrganizationRecord] = ancestry.filter {
            $0.level == .county || $0.level == .prefecture
        }.reversed()
        func body(_ id: String) throws -> ApplicationDepartment? {
            for division in divisions where !id.isEmpty {
                let code: String = DepartmentCatalogue.code(of: id, in: division.code)
                if let found = try Organizations.find(connection, code) {
                    return ApplicationDepartment(
                        code: found.code, path: found.path, text: found.name(in: division))
                }
            }
            return nil
        }
        if let found = try body(item.departmentID) ?? body(Self.fallbackDepartment) { return found }
        throw ApplicationTexts.departmentUnknown(item)
    }

    /// 行政审批服务管理局.
    private static let fallbackDepartment: String = "approval"
}
