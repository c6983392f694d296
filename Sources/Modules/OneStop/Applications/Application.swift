import Kernel
import Platform

/// States of an application; the raw values are the ids in ops/data/workflows/application.yaml and in the store.
enum ApplicationState: String, Sendable, Hashable, CaseIterable {
    case waiting, submitted
    case supplementRequested = "supplement_requested"
    case rejected, accepted
    case specialProcedure = "special_procedure"
    case granted, refused, delivered, archived, withdrawn

    /// The clock of the decision runs, or stands still.
    var isUnderReview: Bool { self == .accepted || self == .specialProcedure }
    /// Nobody has work to do.
    var isOver: Bool { self == .rejected || self == .archived || self == .withdrawn }
}

/// An answer as an application keeps it: pinned with its words, however the form develops.
struct KeptAnswer: Codable, Sendable, Equatable {
    /// Id of the question.
    var question: String
    /// What a summary calls it.
    var label: KeptText
    /// As the form writes it; personal data.
    var value: String
    /// As people read it.
    var shown: String
    /// The same where it is personal and nobody asked to see it; equal to `shown` where it is not.
    var masked: String
    /// Where it came from if it was taken over; nil if it was typed.
    var origin: KeptText?
    /// `files/{id}` for a material; empty otherwise.
    var file: String = ""
    /// Under which it is known to other forms; empty if it is not.
    var knownAs: String = ""

    var isSensitive: Bool { masked != shown }
}

/// A text in both languages, as it is stored.
struct KeptText: Codable, Sendable, Equatable {
    var zh: String
    var en: String

    init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
    init(_ text: BilingualText) { self.init(zh: text.zh, en: text.en) }
    var text: BilingualText { BilingualText(zh: zh, en: en) }
}

/// What was asked for 补正.
struct ApplicationSupplement: Codable, Sendable, Equatable {
    var questions: [String]
    var points: [String]
    var requestTime: Instant
    var dueTime: Instant?
    var answerTime: Instant?
}

/// A special procedure, over or running.
struct SpecialRun: Codable, Sendable, Equatable {
    /// Of the wire.
    var kind: Int
    var note: String
    var start: Instant
    var end: Instant?
    var result: String
}

/// A decision.
struct ApplicationDecision: Codable, Sendable, Equatable {
    var granted: Bool
    var reason: String
    var time: Instant
    var delivery: String
    var deliverTime: Instant?
}

/// What an application holds besides its columns; one JSON text in the store.
struct ApplicationDetails: Codable, Sendable, Equatable {
    var supplement: ApplicationSupplement?
    var runs: [SpecialRun] = []
    var decision: ApplicationDecision?
    /// What the part of a bundle waits for, or what failed: names of items.
    var blockedBy: String = ""
    /// Halves of the limit in which it was urged, as `accepted/1`.
    var urged: [String] = []
    var feeLabel: String = ""
    /// Who is responsible instead, of a rejection.
    var responsibleBody: String = ""
}

/// A fee to pay at the counter.
struct ApplicationFee: Sendable, Equatable {
    static let number: CheckedNumber.Kind = CheckedNumber.Kind(prefix: "JF", zh: "缴费单号", en: "voucher number")

    var number: String
    var amountFen: Int64
    var label: String
    var paidTime: Instant?
}

/// The department that handles an application.
struct ApplicationDepartment: Sendable, Equatable {
    var code: String
    var path: String
    var text: String
}

/// An application as it is stored, without its answers.
struct ApplicationRecord: Sendable, Equatable {
    static let number: CheckedNumber.Kind = .applicationNumber

    /// Order of making; 0 before it is stored.
    var id: Int64 = 0
    /// Canonical, with its check digit.
    var number: String
    /// Counts changes; the etag is made of it.
    var version: Int64 = 1
    /// The workflow that it began with, and stays with.
    var workflowVersion: Int
    var state: ApplicationState
    var stateSince: Instant

    var itemID: String
    /// The revision that it began with, and stays with.
    var itemRevision: Int
    /// The version of the general forms that it began with, and stays with; nil where the item's revision has the form.
    var formVersion: Int?
    var itemText: String
    var promised: ItemLimit
    var statutory: ItemLimit
    var department: ApplicationDepartment
    /// Path of the place where the applicant lives, or where the counter is: for the scope of counters.
    var placePath: String

    /// `residents/{id}`: whose matter it is.
    var applicant: String
    /// Masked.
    var applicantText: String
    /// `residents/{id}` or `staff/{id}` of whoever acts for the applicant; nil if nobody does.
    var agent: String?
    /// In words, masked.
    var agentText: String = ""
    /// `mandates/{id}`; empty without one.
    var mandate: String = ""

    /// What the workflow's guards read and its actions write.
    var facts: [String: WorkflowValue] = [:]
    var details: ApplicationDetails = ApplicationDetails()
    /// When the clock of the decision started; nil before it was taken on.
    var clockStart: Instant?
    /// When the present step's clock started.
    var stepStart: Instant
    /// The nearer limit that counts now, for queries; nil when none runs or none is known.
    var due: ApplicationDue?

    var fee: ApplicationFee?
    var certificate: String = ""
    /// Id of the bundle case; empty outside of bundles.
    var bundleCase: String = ""
    /// `tickets/{number}`; empty outside of a service centre.
    var ticket: String = ""
    var synthetic: Bool
    var createTime: Instant
    var updateTime: Instant

    /// `applications/{number}`.
    var name: String { "applications/\(number)" }
    /// As people read it: `BJ-261123-00012-7`.
    var spacedNumber: String {
        do {
            return try CheckedNumber(parsing: number, kind: Self.number).spaced
        } catch {
            return number
        }
    }
    var etag: String { Etag(version: version).description }
    var runningProcedure: SpecialRun? { details.runs.last.flatMap { $0.end == nil ? $0 : nil } }
    var urgeCount: Int { count(ApplicationFact.urgeCount) }
    /// 1 to 5; 0 before a rating.
    var rating: Int { count(ApplicationFact.rating) }

    private func count(_ fact: String) -> Int {
        if case .integer(let count) = facts[fact] { return Int(count) }
        return 0
    }

    /// The application as the workflow engine sees it.
    var instance: WorkflowInstance {
        WorkflowInstance(
            definitionID: ApplicationRules.workflowID, definitionVersion: workflowVersion,
            state: state.rawValue, version: version, facts: facts)
    }
}

/// When something falls due, as the store keeps it.
struct ApplicationDue: Sendable, Equatable {
    var due: Instant
    var yellow: Instant
    var red: Instant

    init(due: Instant, yellow: Instant, red: Instant) {
        self.due = due
        self.yellow = yellow
        self.red = red
    }
    init(_ deadline: WorkDeadline) {
        self.init(due: deadline.due, yellow: deadline.yellow, red: deadline.red)
    }
}

/// The work calendar's deadline, where RPC's deadline of a call is in sight too.
typealias WorkDeadline = Deadline

/// Facts that code reads or keeps.
enum ApplicationFact {
    static let acceptedBy: String = "accepted_by"
    static let firstPerson: String = "first_person"
    static let stepDue: String = "step_due"
    static let urgeCount: String = "urge_count"
    static let rating: String = "rating"
    static let supplementCount: String = "supplement_count"
}

/// Something that happened to an application.
struct ApplicationEvent: Sendable, Equatable {
    /// Order of all events; the resume token is made of it. 0 before it is stored.
    var sequence: Int64 = 0
    /// Of the workflow.
    var action: String
    var zh: String
    var en: String
    /// What was written about it.
    var note: String
    /// `residents/…`, `staff/…` or `system`.
    var actor: String
    /// The device of a member of staff; empty without one.
    var device: String
    var time: Instant
}
