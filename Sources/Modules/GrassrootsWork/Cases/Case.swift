package import Kernel
package import Platform

/// States of a case; the raw values are the ids in the workflow's data and in the store (DOMAIN: one machine, several views).
package enum CaseState: String, Sendable, Hashable, CaseIterable {
    case draft, reported, declined, merged, filed
    case awaitingDispatch = "awaiting_dispatch"
    case awaitingReceipt = "awaiting_receipt"
    case returnReview = "return_review"
    case inProgress = "in_progress"
    case suspended
    case extensionReview = "extension_review"
    case awaitingVerification = "awaiting_verification"
    case awaitingRating = "awaiting_rating"
    case remedying, archived

    /// No work on the case is left to do.
    package var isClosed: Bool { self == .declined || self == .merged || self == .archived }
}

/// How a case came in.
package enum CaseChannel: String, Sendable, Hashable, CaseIterable {
    case chatbot, kiosk, patrol, counter, phone, vendor, sensor

    /// Channels by which a member of staff files for a person who is named.
    package var isOnBehalf: Bool { self == .counter || self == .phone }
    /// Channels that a member of staff may file by.
    package var isForStaff: Bool { self == .patrol || isOnBehalf }
}

/// The clock of a step or of the whole case: when it is due and when it shows which card.
package struct CaseDeadline: Sendable, Hashable {
    package var due: Instant
    /// 黄牌 from here.
    package var yellow: Instant
    /// 红牌 from here.
    package var red: Instant
    /// Reaches into a year whose holidays are not published.
    package var isProvisional: Bool

    package init(due: Instant, yellow: Instant, red: Instant, isProvisional: Bool) {
        self.due = due
        self.yellow = yellow
        self.red = red
        self.isProvisional = isProvisional
    }
}

/// A body that a case is dispatched to, or that holds it.
package struct CaseBody: Sendable, Hashable {
    /// Code of the organisation.
    package var code: String
    /// Names from the town down, or the department's name.
    package var text: String

    package init(code: String, text: String) {
        self.code = code
        self.text = text
    }
}

/// The grid in which a case lies, as it was on the day of the report: later changes of boundaries do not move it.
package struct CasePlace: Sendable, Hashable {
    package var gridCode: String
    /// `/140500000000/…/`, the path by which data scope is decided.
    package var path: String
    /// Names from the town down.
    package var gridText: String
    /// Where exactly, in words; may be empty.
    package var words: String
    /// Degrees of WGS 84, if known.
    package var latitude: Double?
    package var longitude: Double?
    /// The organisation is made up.
    package var isSynthetic: Bool
}

/// A person who is told what becomes of a case.
package struct CaseReporter: Sendable, Hashable {
    /// `residents/…` of a signed-in reporter; nil for a patrol and for people without an account.
    package var resident: String?
    /// Name and phone of the person a case was filed for, encrypted; nil otherwise.
    package var contact: [UInt8]?
}

/// A time in which the clock stood still, with its evidence (缓办).
package struct CasePause: Sendable, Hashable {
    package var start: Instant
    /// Nil while it lasts.
    package var end: Instant?
    package var reason: String
    /// `files/…` or the number of a document in words.
    package var evidence: String
    /// When it ends at the latest.
    package var resumeBy: Instant

    package init(start: Instant, end: Instant?, reason: String, evidence: String, resumeBy: Instant) {
        self.start = start
        self.end = end
        self.reason = reason
        self.evidence = evidence
        self.resumeBy = resumeBy
    }
}

/// A case as it is stored.
package struct CaseRecord: Sendable, Equatable {
    /// Order of filing; 0 before it is stored.
    package var id: Int64 = 0
    /// With its check digit, as people read it.
    package var number: String
    /// Counts changes; the etag is made of it.
    package var version: Int64 = 1
    /// The workflow it began with, and stays with.
    package var workflowVersion: Int
    package var state: CaseState
    /// When it entered its state.
    package var stateSince: Instant

    package var category: String
    /// Code of GB/T 30428 that the category meant when it was filed.
    package var standardCode: String
    package var description: String
    package var place: CasePlace
    package var channel: CaseChannel
    package var reporter: CaseReporter
    /// Who filed it: `residents/…` or `staff/…`.
    package var creator: String

    package var assignee: CaseBody?
    /// Path of the assignee, for data scope.
    package var assigneePath: String?
    /// The main case that this one follows.
    package var mainCase: String?
    package var followerCount: Int = 0
    /// What the workflow's guards read and its actions write (`Fact`): the stored record, never a request.
    package var facts: [String: WorkflowValue] = [:]

    /// When the clock of the whole started: when it was received; nil before.
    package var clockStart: Instant?
    /// When the present step's clock started; a pause or a request for more time does not start it again.
    package var stepStart: Instant
    /// More time, granted on top of the limits, in the order of granting.
    package var extensions: [TimeLimit] = []
    /// The nearer of the step's and the whole deadline; nil when no clock runs.
    package var deadline: CaseDeadline?
    /// Oldest first.
    package var pauses: [CasePause] = []

    package var createTime: Instant
    package var updateTime: Instant

    /// As people read it: `AJ-261123-00012-7`.
    package var spacedNumber: String { CaseRecord.spaced(number) }
    /// `cases/{number}`.
    package var name: String { "cases/\(number)" }
    /// Version for updates (AIP-154).
    package var etag: String { Etag(version: version).description }
    /// The pause that lasts now.
    package var openPause: CasePause? { pauses.last.flatMap { $0.end == nil ? $0 : nil } }
}

/// Something that happened to a case, to be appended to its timeline.
package struct CaseEventDraft: Sendable, Equatable {
    package var action: String
    package var from: CaseState?
    package var to: CaseState
    /// What happened, without names of people.
    package var zh: String
    package var en: String
    package var note: String = ""
    /// The reporter may read the note.
    package var isNotePublic: Bool = false
    /// Photos that were added with it: `files/…`.
    package var photos: [String] = []
}

/// A stored line of the timeline.
package struct CaseEventRecord: Sendable, Equatable {
    /// Order of all events of all cases; the resume token is made of it.
    package var sequence: Int64
    package var caseNumber: String
    package var draft: CaseEventDraft
    /// `residents/…`, `staff/…` or `system`.
    package var actor: String
    /// Body and post, such as 东街街道·派遣员.
    package var actorText: String
    package var time: Instant
}
