import Kernel
package import Platform

/// State of a rating; the raw value is what the store keeps and what the wire carries.
enum RatingState: Int, Sendable, CaseIterable {
    case closed = 1
    case rectifying = 2
    case appealed = 3
    case followUp = 4
    case excluded = 5
}

/// Rules for ratings (ops/data/ratings/ratings.yaml).
package struct RatingPolicy: Sendable, Hashable {
    /// Id of the one document of its kind.
    static let documentID: String = "ratings"

    let version: Int
    /// From a bad rating until it is put right.
    let rectifyLimit: TimeLimit
    let inviteAgainDays: Int
    let rateWithinDays: Int
    let followUpDays: Int

    /// Reads ops/data/ratings.
    package static let reader: DocumentReader = DocumentReader(.ratings) { yaml in
        let policy: RatingPolicy = try RatingPolicy(yaml: yaml)
        return CheckedDocument(id: documentID, version: policy.version, value: policy)
    }

    /// Reads and checks the document.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: [
            "id", "version", "rectify_limit", "invite_again_days", "rate_within_days", "follow_up_days",
        ])
        if let node = fields["id"], node.identifier() != RatingPolicy.documentID {
            node.report(
                zh: "id应是\(RatingPolicy.documentID)。", en: "The id has to be \(RatingPolicy.documentID).")
        }
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        rectifyLimit = fields["rectify_limit"]?.timeLimit() ?? .oneWorkingDay
        inviteAgainDays = fields["invite_again_days"]?.integer(in: 1...30) ?? 1
        rateWithinDays = fields["rate_within_days"]?.integer(in: 1...QueueStore.personalRetentionDays) ?? 1
        followUpDays = fields["follow_up_days"]?.integer(in: 1...60) ?? 1
        try document.finish()
    }
}

/// A rating of a service. The comment is in the clear: it never leaves the module like this for others than its writer
/// and the department.
struct Rating: Sendable, Equatable {
    let id: String
    /// What was rated, a resource name.
    let subject: String
    let subjectText: String
    let departmentCode: String
    let departmentPath: String
    let departmentText: String
    /// `residents/{id}`; nil for somebody without an account.
    let resident: String?
    /// 1 非常满意 to 5 非常不满意.
    let grade: Int
    let comment: String
    var state: RatingState
    /// When the clock for putting it right began, and what it may take; nil for good ones.
    var clock: RatingClock?
    var rectification: String = ""
    var rectifyTime: Instant?
    var appealReason: String = ""
    /// `staff/{id}` of who appealed.
    var appellant: String = ""
    var appealDecision: String = ""
    /// What whoever rated said of it; nil before.
    var confirmed: Bool?
    var confirmComment: String = ""
    /// Once put right after its deadline, always late.
    var wasLate: Bool = false
    let createTime: Instant
    var updateTime: Instant
    var version: Int64 = 1

    static let goodGrades: ClosedRange<Int> = 1...3
    static let grades: ClosedRange<Int> = 1...5

    var name: String { "ratings/\(id)" }
    var isBad: Bool { !Rating.goodGrades.contains(grade) }
}

/// The clock of a bad rating. It stands still while somebody outside looks at an appeal.
struct RatingClock: Sendable, Equatable {
    var start: Instant
    var limit: TimeLimit
    /// Counted from 1: who was not satisfied gets a second one.
    var round: Int = 1
    var appealTime: Instant?
    var reviewTime: Instant?

    private var pauses: [ClockPause] {
        guard let appealTime, appealTime >= start else { return [] }
        return [ClockPause(start: appealTime, end: reviewTime, evidence: "appeal")]
    }

    func deadline(_ calendar: WorkCalendar, now: Instant) -> Deadline {
        calendar.deadline(start: start, limit: limit, pauses: pauses, now: now)
    }

    func remainingMinutes(_ calendar: WorkCalendar, now: Instant) -> Int {
        calendar.remainingMinutes(of: deadline(calendar, now: now), pauses: pauses, now: now)
    }
}

/// The rules of ratings: rating, command and time in; rating or refusal out.
enum RatingRules {
    static let commentRule: TextRule = TextRule(0...500, multiline: true)
    /// Characters of a comment on a bad rating: without one nobody knows what to put right.
    static let badCommentMin: Int = 2
    static let rectificationRule: TextRule = TextRule(2...1_000, multiline: true)
    static let reasonRule: TextRule = TextRule(2...500, multiline: true)
    /// Times that a department has to put one bad rating right: once more if whoever rated is not satisfied.
    static let roundsMax: Int = 2
    /// Figures below this many ratings are not broken down: they would show who said what.
    static let publishedMin: Int = 5

    /// Who wants to rate.
    struct Rater: Sendable {
        let principal: String
        let isResident: Bool
        /// The device that the call came through; nil for none.
        let device: String?
        /// Hash of the secret that came with the request; nil for none.
        let claimHash: [UInt8]?
    }

    /// Whether the caller may rate the service: it is theirs, they did not work on it, and they are not at the counter.
    static func authorize(_ subject: RatingSubject, _ rater: Rater) throws(Refusal) {
        if subject.handlers.contains(rater.principal) { throw RatingTexts.byHandler }
        let isTheirs: Bool = rater.isResident && subject.resident == rater.principal
        let hasClaim: Bool = rater.claimHash != nil && subject.claimHash == rater.claimHash
        guard isTheirs || hasClaim else { throw RatingTexts.subjectNotFound }
        if let device = rater.device, subject.handlerDevices.contains(device) {
            throw RatingTexts.atHandlersDevice
        }
    }

    /// Whether it can be rated now, and with this.
    static func check(
        _ subject: RatingSubject, grade: Int, comment: String, _ policy: RatingPolicy, now: Instant
    ) throws(Refusal) {
        guard let ready: Instant = subject.readySince else { throw RatingTexts.notReady }
        guard now <= ready.adding(days: Int64(policy.rateWithinDays)) else {
            throw RatingTexts.tooLate(policy)
        }
        guard Rating.grades.contains(grade) else { throw RatingTexts.gradeRange }
        if !Rating.goodGrades.contains(grade), comment.count < badCommentMin {
            throw RatingTexts.commentNeeded
        }
    }

    static func rectify(_ rating: Rating, _ text: String, _ calendar: WorkCalendar, now: Instant)
        throws(Refusal) -> Rating
    {
        guard rating.state == .rectifying, let clock = rating.clock else {
            throw RatingTexts.wrongState(rating)
        }
        var next: Rating = rating
        next.state = .followUp
        next.rectification = text
        next.rectifyTime = now
        next.wasLate = rating.wasLate || clock.deadline(calendar, now: now).isOverdue(at: now)
        return next
    }

    static func appeal(
        _ rating: Rating, _ reason: String, by staff: String, _ calendar: WorkCalendar, now: Instant
    ) throws(Refusal) -> Rating {
        guard rating.state == .rectifying, let clock = rating.clock else {
            throw RatingTexts.wrongState(rating)
        }
        guard clock.appealTime == nil else { throw RatingTexts.appealedOnce }
        guard !clock.deadline(calendar, now: now).isOverdue(at: now) else { throw RatingTexts.appealTooLate }
        var next: Rating = rating
        next.state = .appealed
        next.appealReason = reason
        next.appellant = staff
        next.clock?.appealTime = now
        return next
    }

    static func review(_ rating: Rating, upheld: Bool, _ reason: String, now: Instant) throws(Refusal)
        -> Rating
    {
        guard rating.state == .appealed else { throw RatingTexts.wrongState(rating) }
        var next: Rating = rating
        next.state = upheld ? .excluded : .rectifying
        next.appealDecision = reason
        next.clock?.reviewTime = now
        return next
    }

    /// Whoever rated answers the follow-up. Who is not satisfied gets a second round with a clock of its own.
    static func confirm(
        _ rating: Rating, satisfied: Bool, _ comment: String, _ policy: RatingPolicy, now: Instant
    ) throws(Refusal) -> Rating {
        guard rating.state == .followUp, let clock = rating.clock else {
            throw RatingTexts.wrongState(rating)
        }
        var next: Rating = rating
        next.confirmed = satisfied
        next.confirmComment = comment
        if satisfied || clock.round >= roundsMax {
            next.state = .closed
        } else {
            next.state = .rectifying
            next.rectifyTime = nil
            next.clock?.start = now
            next.clock?.limit = policy.rectifyLimit
            next.clock?.round = clock.round + 1
        }
        return next
    }

    /// Nobody answered the follow-up in time.
    static func closeSilent(_ rating: Rating, _ policy: RatingPolicy, now: Instant) -> Rating? {
        guard rating.state == .followUp, let rectified = rating.rectifyTime,
            rectified.adding(days: Int64(policy.followUpDays)) <= now
        else { return nil }
        var next: Rating = rating
        next.state = .closed
        return next
    }
}
