internal import GrassrootsWork
internal import Kernel
internal import Platform
internal import ResidentServices

/// What residents report, given to whoever works on cases: values of one module turned into those of the other, in the
/// caller's transaction.
struct CaseDeskAdapter: CaseDesk {
    let reporters: CaseReporters

    var eventTypes: Set<String> { reporters.eventTypes }

    func categories(_ context: ReadContext) throws -> [DeskCategory] {
        try reporters.categories(context).map { category in
            DeskCategory(
                id: category.id, label: DeskText(category.title), hint: DeskText(category.hint),
                stopQuestion: category.stop.map { DeskText($0.question) },
                stopAdvice: category.stop.map { DeskText($0.advice) }, stopPhone: category.stop?.phone ?? "",
                keywords: category.keywords)
        }
    }

    func create(_ draft: ReportDraft, _ unit: UnitOfWork) throws -> DeskCase {
        DeskCase(
            try reporters.create(
                CaseDraft(
                    category: draft.category, description: draft.description, grid: draft.grid,
                    place: draft.place,
                    latitude: draft.latitude, longitude: draft.longitude, photos: draft.photos), unit))
    }

    func find(_ number: String, reporter: String, _ context: ReadContext) throws -> DeskCase? {
        try reporters.find(number, reporter: reporter, context).map { DeskCase($0) }
    }

    func list(
        reporter: String, openOnly: Bool, before position: Int64?, limit: Int, _ context: ReadContext
    ) throws -> [DeskCase] {
        try reporters.list(reporter: reporter, openOnly: openOnly, before: position, limit: limit, context)
            .map { DeskCase($0) }
    }

    func rate(_ number: String, rating: Int, comment: String, _ unit: UnitOfWork) throws -> DeskCase? {
        try reporters.rate(number, rating: rating, comment: comment, unit).map { DeskCase($0) }
    }

    func reopen(_ number: String, reason: String, _ unit: UnitOfWork) throws -> DeskCase? {
        try reporters.reopen(number, reason: reason, unit).map { DeskCase($0) }
    }
}

/// Messages to reporters, in the residents' inbox.
struct ReportMessageWriter: ResidentInbox {
    let messages: Messages

    func write(
        to resident: String, title: DeskText, body: DeskText, subject: String, _ unit: UnitOfWork
    ) throws {
        try messages.write(
            unit, to: resident, title: BilingualText(zh: title.zh, en: title.en),
            body: BilingualText(zh: body.zh, en: body.en), subject: subject)
    }
}

extension DeskText {
    fileprivate init(_ text: BilingualText) { self.init(zh: text.zh, en: text.en) }
}

extension DeskCase {
    fileprivate init(_ item: ReportedCase) {
        self.init(
            position: item.id, number: item.number, version: item.version, category: item.category,
            categoryText: DeskText(item.categoryText), description: item.description, gridText: item.gridText,
            place: item.place, state: item.state.rawValue, nextOwner: DeskText(item.nextOwner),
            deadline: item.deadline.map { DeskDeadline($0) },
            events: item.events.map { event in
                DeskEvent(
                    time: event.time, text: DeskText(zh: event.draft.zh, en: event.draft.en),
                    note: event.draft.isNotePublic ? event.draft.note : "")
            },
            result: item.result, rating: item.rating, canRate: item.canRate, canReopen: item.canReopen,
            reopenUntil: item.reopenUntil, createTime: item.createTime, photos: item.photos,
            responsibleBody: item.responsibleBody, changeSequence: item.lastSequence)
    }
}

extension DeskDeadline {
    fileprivate init(_ deadline: ReportedDeadline) {
        let card: Card =
            switch deadline.card {
            case .green: .green
            case .yellow: .yellow
            case .red: .red
            }
        self.init(
            due: deadline.due, remainingWorkingMinutes: deadline.remainingWorkingMinutes, card: card,
            pauseReason: deadline.pauseReason, isProvisional: deadline.isProvisional)
    }
}
