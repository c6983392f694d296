package import Kernel
package import Platform

/// What this module needs of whoever works on cases, in plain values. The composition root gives it; both sides share
/// one transaction through the `UnitOfWork`.
package protocol CaseDesk: Sendable {
    /// Types of the events after which a report may look different.
    var eventTypes: Set<String> { get }
    /// The plain categories in the order to show; the last is 其他.
    func categories(_ context: ReadContext) throws -> [DeskCategory]
    /// Files a case for the caller of the unit.
    ///
    /// - Throws: refusals that name the fields of `CreateReportRequest`.
    func create(_ draft: ReportDraft, _ unit: UnitOfWork) throws -> DeskCase
    /// A case by its canonical number, if this resident reported it; nil if not, or if there is none.
    func find(_ number: String, reporter: String, _ context: ReadContext) throws -> DeskCase?
    /// The cases that this resident reported, newest first, without their events.
    func list(
        reporter: String, openOnly: Bool, before position: Int64?, limit: Int, _ context: ReadContext
    ) throws -> [DeskCase]
    /// Rates the newest resolution for the caller of the unit; nil if the caller did not report this case.
    func rate(_ number: String, rating: Int, comment: String, _ unit: UnitOfWork) throws -> DeskCase?
    /// Reopens for the caller of the unit; nil if the caller did not report this case.
    func reopen(_ number: String, reason: String, _ unit: UnitOfWork) throws -> DeskCase?
}

/// A text in both languages.
package struct DeskText: Sendable, Hashable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// A category to choose.
package struct DeskCategory: Sendable, Equatable {
    package var id: String
    package var label: DeskText
    package var hint: DeskText
    /// Asked first; a yes ends the report, because a call is faster.
    package var stopQuestion: DeskText?
    package var stopAdvice: DeskText?
    package var stopPhone: String
    package var keywords: [String]

    package init(
        id: String, label: DeskText, hint: DeskText, stopQuestion: DeskText?, stopAdvice: DeskText?,
        stopPhone: String, keywords: [String]
    ) {
        self.id = id
        self.label = label
        self.hint = hint
        self.stopQuestion = stopQuestion
        self.stopAdvice = stopAdvice
        self.stopPhone = stopPhone
        self.keywords = keywords
    }
}

/// What a resident reports, as it came in.
package struct ReportDraft: Sendable, Equatable {
    package var category: String
    package var description: String
    /// `organizations/{code}`.
    package var grid: String
    package var place: String
    /// Degrees of WGS 84.
    package var latitude: Double?
    package var longitude: Double?
    /// `files/{id}`.
    package var photos: [String]

    package init(
        category: String, description: String, grid: String, place: String, latitude: Double? = nil,
        longitude: Double? = nil, photos: [String] = []
    ) {
        self.category = category
        self.description = description
        self.grid = grid
        self.place = place
        self.latitude = latitude
        self.longitude = longitude
        self.photos = photos
    }
}

/// The clock of a case.
package struct DeskDeadline: Sendable, Equatable {
    /// The warning that it shows.
    package enum Card: Sendable, Hashable { case green, yellow, red }
    package var due: Instant
    /// Negative when overdue.
    package var remainingWorkingMinutes: Int
    package var card: Card
    /// Why the clock stands still; nil while it runs.
    package var pauseReason: String?
    /// It may still move: the holidays of its year are not published.
    package var isProvisional: Bool

    package init(
        due: Instant, remainingWorkingMinutes: Int, card: Card, pauseReason: String?, isProvisional: Bool
    ) {
        self.due = due
        self.remainingWorkingMinutes = remainingWorkingMinutes
        self.card = card
        self.pauseReason = pauseReason
        self.isProvisional = isProvisional
    }
}

/// Something that happened, without names of staff.
package struct DeskEvent: Sendable, Equatable {
    package var time: Instant
    package var text: DeskText
    /// For the reporter to read; may be empty.
    package var note: String

    package init(time: Instant, text: DeskText, note: String) {
        self.time = time
        self.text = text
        self.note = note
    }
}

/// A case as its reporter may see it.
package struct DeskCase: Sendable, Equatable {
    /// Order of filing, for paging.
    package var position: Int64
    package var number: String
    package var version: Int64
    package var category: String
    package var categoryText: DeskText
    package var description: String
    package var gridText: String
    package var place: String
    /// Id of the state, such as `in_progress`.
    package var state: String
    /// Who has to act next: a body or a post, never a person.
    package var nextOwner: DeskText
    package var deadline: DeskDeadline?
    /// Oldest first; empty in lists.
    package var events: [DeskEvent]
    /// What was done; empty before.
    package var result: String
    /// 0 before.
    package var rating: Int
    package var canRate: Bool
    package var canReopen: Bool
    /// Nil if it may not be reopened.
    package var reopenUntil: Instant?
    package var createTime: Instant
    package var photos: [String]
    /// Who is responsible instead, if it was declined.
    package var responsibleBody: String
    /// Grows with each change that the reporter may see.
    package var changeSequence: Int64

    package init(
        position: Int64, number: String, version: Int64, category: String, categoryText: DeskText,
        description: String, gridText: String, place: String, state: String, nextOwner: DeskText,
        deadline: DeskDeadline?, events: [DeskEvent], result: String, rating: Int, canRate: Bool,
        canReopen: Bool,
        reopenUntil: Instant?, createTime: Instant, photos: [String], responsibleBody: String,
        changeSequence: Int64
    ) {
        self.position = position
        self.number = number
        self.version = version
        self.category = category
        self.categoryText = categoryText
        self.description = description
        self.gridText = gridText
        self.place = place
        self.state = state
        self.nextOwner = nextOwner
        self.deadline = deadline
        self.events = events
        self.result = result
        self.rating = rating
        self.canRate = canRate
        self.canReopen = canReopen
        self.reopenUntil = reopenUntil
        self.createTime = createTime
        self.photos = photos
        self.responsibleBody = responsibleBody
        self.changeSequence = changeSequence
    }
}
