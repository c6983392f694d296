import Kernel
import Platform
import Storage

/// What can be done with cases, inside one transaction: read what is stored, ask the rules, store what they say with its
/// line in the timeline, its audit entry and its events.
struct Cases: Sendable {
    let data: CaseData
    let files: Files
    let rules: CaseRules

    /// The case with this number, if it lies in the scope of the caller's grants.
    func require(_ number: String, _ context: ReadContext) throws -> CaseRecord {
        guard let principal = context.principal,
            let record = try CaseStore.find(number, in: CaseScope(of: principal), context.connection)
        else { throw CaseTexts.notFound(CaseRecord.spaced(number)) }
        return record
    }

    /// What can be said about a record at the context's time.
    func view(_ record: CaseRecord, _ context: ReadContext) throws -> CaseView {
        CaseView(
            record: record, definition: try data.workflow(version: record.workflowVersion),
            categories: try data.categories(), clock: try data.clock(),
            now: context.now)
    }

    /// Does what a command asks, if the rules allow it to the caller of the unit.
    ///
    /// - Returns: the case as it is stored now.
    func apply(_ command: CaseCommand, to record: CaseRecord, _ unit: UnitOfWork) throws -> CaseRecord {
        let actor: CaseActor = try CaseActor.of(unit.principal, record, unit.connection)
        let view: CaseView = try view(record, unit.reading)
        let change: CaseChange = try rules.decide(view, command, actor: actor)
        try CaseStore.update(change.record, unit.connection)
        try CaseStore.storePauses(of: change.record, unit.connection)
        if change.addsWorker { try CaseStore.addWorker(actor.name, to: record.id, unit.connection) }
        if let main = change.record.mainCase, record.mainCase == nil {
            // Whoever followed this one follows its main case now.
            try CaseStore.repoint(from: record.number, to: main, unit.connection)
        }
        try append(change, actor, view.definition, unit)
        try files.attach(unit, names: change.event.photos, subject: record.name)
        unit.audit(
            subject: record.name,
            details: [
                "action": change.event.action, "from": record.state.rawValue,
                "to": change.record.state.rawValue,
                "version": String(change.record.version),
            ])
        try publish(change, unit)
        try tellFollowers(of: change, unit)
        return change.record
    }

    /// Files a case for the caller of the unit.
    ///
    /// - Parameter scope: where the caller may file; nil for everywhere.
    func create(
        _ draft: CaseDraft, channel: CaseChannel, reporter: CaseReporter, scope: ScopeFilter?,
        _ unit: UnitOfWork
    ) throws -> CaseRecord {
        let place: CasePlace = try place(of: draft, unit)
        if let scope, !scope.contains(path: place.path) { throw CaseTexts.gridOutOfScope }
        let categories: ReportCategories = try data.categories()
        guard let category = categories.category(draft.category) else {
            throw CaseTexts.categoryUnknown(draft.category)
        }
        let beginning: CaseRules.Beginning = CaseRules.Beginning(
            number: try nextNumber(unit), category: category,
            description: try CaseLimits.description.apply(draft.description, field: "description"),
            place: place,
            channel: channel, reporter: reporter, photos: try CaseLimits.photos(draft.photos), now: unit.now)
        let definition: WorkflowDefinition = try data.currentWorkflow()
        let actor: CaseActor = CaseActor(unit.principal, path: place.path)
        let change: CaseChange = try rules.begin(
            beginning, definition, categories, clock: try data.clock(),
            actor: actor)
        let stored: CaseChange = change.storing(try CaseStore.insert(change.record, unit.connection))
        try append(stored, actor, definition, unit)
        try files.attach(unit, names: change.event.photos, subject: stored.record.name)
        unit.audit(
            subject: stored.record.name,
            details: ["category": category.id, "grid": place.gridCode, "channel": channel.rawValue])
        try publish(stored, unit)
        return stored.record
    }

    private func nextNumber(_ unit: UnitOfWork) throws -> String {
        let date: CivilDate = unit.now.shanghaiDate
        let serial: Int = try CaseStore.nextSerial(day: date.description, unit.connection)
        guard CheckedNumber.sequences.contains(serial) else { throw CaseTexts.dayIsFull }
        return CheckedNumber(kind: .caseNumber, date: date, sequence: serial).description
    }

    private func place(of draft: CaseDraft, _ unit: UnitOfWork) throws -> CasePlace {
        let code: String = try OrganizationName.code(draft.grid, field: "grid")
        let words: String = try CaseLimits.place.apply(draft.place, field: "place")
        if let latitude = draft.latitude, let longitude = draft.longitude {
            _ = try GeoPoint(latitude: latitude, longitude: longitude, field: "point")
        }
        guard let grid = try Organizations.find(unit.connection, code), CaseBodies.isPlace(grid) else {
            throw CaseTexts.gridUnsuitable(code)
        }
        try Boundaries.usable(unit.connection, code, on: unit.now.shanghaiDate)
        return CasePlace(
            gridCode: grid.code, path: grid.path, gridText: try CaseBodies.text(of: grid, unit.connection),
            words: words, latitude: draft.latitude, longitude: draft.longitude, isSynthetic: grid.synthetic)
    }

    private func append(
        _ change: CaseChange, _ actor: CaseActor, _ definition: WorkflowDefinition, _ unit: UnitOfWork
    ) throws {
        try CaseStore.append(
            change.event, to: change.record, actor: actor.name,
            actorText: try actor.text(for: change.roles, in: definition, unit.connection), time: unit.now,
            unit.connection)
    }

    private func publish(_ change: CaseChange, _ unit: UnitOfWork) throws {
        let payload: [String: String] = CaseEventType.payload(of: try view(change.record, unit.reading))
        for type in CaseEventType.published(change.eventTypes) {
            unit.publish(DomainEvent(type: type, subject: change.record.name, payload: payload))
        }
    }

    /// Each follower of a main case gets the line in its own timeline that tells its reporter what happened, and the
    /// events that lead to a message. Rewards are for the main case alone.
    private func tellFollowers(of change: CaseChange, _ unit: UnitOfWork) throws {
        guard change.isForFollowers else { return }
        let main: CaseView = try view(change.record, unit.reading)
        for follower in try CaseStore.followers(of: change.record.number, unit.connection) {
            var event: CaseEventDraft = change.event
            event.from = follower.state
            event.to = follower.state
            event.photos = []
            event.note = change.isNoteForFollowers ? event.note : ""
            event.zh = "主案：" + event.zh
            event.en = "Main case: " + event.en
            try CaseStore.append(
                event, to: follower, actor: WorkflowActor.systemRole, actorText: CaseActor.systemText,
                time: unit.now, unit.connection)
            var payload: [String: String] = CaseEventType.payload(of: try view(follower, unit.reading))
            payload["main_case"] = change.record.name
            payload["body"] = CaseEventType.body(of: main)
            for type in change.eventTypes where CaseEventType.forFollowers.contains(type) {
                unit.publish(DomainEvent(type: type, subject: follower.name, payload: payload))
            }
        }
    }
}

extension CaseChange {
    /// The same change with the record as it was stored.
    fileprivate func storing(_ record: CaseRecord) -> CaseChange {
        CaseChange(
            record: record, event: event, eventTypes: eventTypes, roles: roles, addsWorker: addsWorker,
            isForFollowers: isForFollowers, isNoteForFollowers: isNoteForFollowers)
    }
}
