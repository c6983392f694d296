package import Kernel
package import Platform
import Storage

/// Cases as their reporters see them: who reported a case is read from the store, never taken from a request. Values are
/// plain, so that a module which serves residents can be given this without knowing this one.
package struct CaseReporters: Sendable {
    let cases: Cases

    /// Types of the events after which a case may look different to its reporter.
    package var eventTypes: Set<String> { CaseEventType.all }

    package func categories(_ context: ReadContext) throws -> [ReportCategory] {
        try cases.data.categories().categories
    }

    /// Files a case for the resident of the unit.
    package func create(_ draft: CaseDraft, _ unit: UnitOfWork) throws -> ReportedCase {
        let channel: CaseChannel = unit.principal.deviceID == nil ? .chatbot : .kiosk
        let record: CaseRecord = try cases.create(
            draft, channel: channel, reporter: CaseReporter(resident: unit.principal.name), scope: nil, unit)
        return try reported(record, for: unit.principal, unit.reading)
    }

    /// A case by its canonical number, if this resident reported it.
    package func find(_ number: String, reporter: String, _ context: ReadContext) throws -> ReportedCase? {
        guard let record = try CaseStore.find(number, context.connection),
            record.reporter.resident == reporter,
            let principal = context.principal
        else { return nil }
        return try reported(record, for: principal, context)
    }

    /// The cases that this resident reported, newest first, without their timelines.
    package func list(
        reporter: String, openOnly: Bool, before id: Int64?, limit: Int, _ context: ReadContext
    ) throws -> [ReportedCase] {
        guard let principal = context.principal else { return [] }
        return try CaseStore.list(
            reporter: reporter, openOnly: openOnly, before: id, limit: limit, context.connection
        ).map { try reported($0, for: principal, events: false, context) }
    }

    /// Rates the newest resolution for the resident of the unit.
    package func rate(_ number: String, rating: Int, comment: String, _ unit: UnitOfWork) throws
        -> ReportedCase?
    {
        try apply(.rate(rating, comment: comment), to: number, unit)
    }

    /// Reopens for the resident of the unit.
    package func reopen(_ number: String, reason: String, _ unit: UnitOfWork) throws -> ReportedCase? {
        try apply(.reopen(reason: reason), to: number, unit)
    }

    private func apply(_ command: CaseCommand, to number: String, _ unit: UnitOfWork) throws -> ReportedCase?
    {
        guard let record = try CaseStore.find(number, unit.connection),
            record.reporter.resident == unit.principal.name
        else { return nil }
        return try reported(cases.apply(command, to: record, unit), for: unit.principal, unit.reading)
    }

    private func reported(
        _ record: CaseRecord, for principal: Principal, events: Bool = true, _ context: ReadContext
    ) throws -> ReportedCase {
        let own: CaseView = try cases.view(record, context)
        // A follower shows how its main case stands; what it was about stays its own.
        let main: CaseRecord? = try record.mainCase.flatMap { try CaseStore.find($0, context.connection) }
        let shown: CaseView = try main.map { try cases.view($0, context) } ?? own
        let actor: CaseActor = try CaseActor.of(principal, record, context.connection)
        let verbs: [String] = own.verbs(for: actor, engine: cases.rules.engine)
        let canReopen: Bool = verbs.contains("reopen")
        return ReportedCase(
            id: record.id, number: record.spacedNumber, version: record.version, category: record.category,
            categoryText: own.categoryText, description: record.description, gridText: record.place.gridText,
            place: record.place.words, state: record.state, nextOwner: owner(of: shown),
            deadline: reportedDeadline(of: shown),
            events: events
                ? try CaseStore.newestEvents(
                    of: record.id, limit: CaseReporters.maximumEvents, context.connection)
                : [],
            result: shown.record.result, rating: record.rating, canRate: verbs.contains("rate"),
            canReopen: canReopen, reopenUntil: canReopen ? own.reopenEnd?.adding(milliseconds: -1) : nil,
            createTime: record.createTime, photos: try CaseStore.photos(of: record.id, context.connection),
            responsibleBody: shown.record.responsibleBody,
            lastSequence: try CaseStore.lastSequence(of: record.id, context.connection))
    }

    private func owner(of view: CaseView) -> BilingualText {
        view.state.owner == CaseActor.residentRole
            ? BilingualText(zh: "您本人", en: "You") : view.nextOwner
    }

    private func reportedDeadline(of view: CaseView) -> ReportedDeadline? {
        guard let deadline = view.deadline else { return nil }
        return ReportedDeadline(
            due: deadline.due,
            remainingWorkingMinutes: view.clock.remainingMinutes(
                of: deadline, record: view.record, now: view.now),
            card: deadline.card(at: view.now), pauseReason: view.record.openPause?.reason,
            isProvisional: deadline.isProvisional)
    }

    /// Lines of a timeline that a reporter gets at most: the newest.
    package static let maximumEvents: Int = 50
}

/// The clock of a case as its reporter sees it.
package struct ReportedDeadline: Sendable, Equatable {
    package let due: Instant
    /// Negative when overdue.
    package let remainingWorkingMinutes: Int
    package let card: Deadline.Card
    /// Why the clock stands still; nil while it runs.
    package let pauseReason: String?
    package let isProvisional: Bool
}

/// A case as its reporter may see it: bodies, and never a member of staff.
package struct ReportedCase: Sendable, Equatable {
    /// Order of filing, for paging.
    package let id: Int64
    /// As people read it.
    package let number: String
    package let version: Int64
    package let category: String
    package let categoryText: BilingualText
    package let description: String
    package let gridText: String
    package let place: String
    package let state: CaseState
    package let nextOwner: BilingualText
    package let deadline: ReportedDeadline?
    /// Oldest first.
    package let events: [CaseEventRecord]
    package let result: String
    /// 0 before.
    package let rating: Int
    package let canRate: Bool
    package let canReopen: Bool
    /// The last moment at which it may be reopened; nil if it may not.
    package let reopenUntil: Instant?
    package let createTime: Instant
    package let photos: [String]
    package let responsibleBody: String
    /// Of its newest event.
    package let lastSequence: Int64
}
