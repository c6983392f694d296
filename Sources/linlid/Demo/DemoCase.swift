import Kernel
import Platform

/// A past or running case with everything that happened to it. Every step went through the workflow engine.
struct DemoCase: Sendable, Equatable {
    /// What the case is there to show.
    enum Scenario: String, Sendable, Hashable, CaseIterable {
        case ordinary, patrol, declined, overdue, rework
        /// Dispatched to a body that is not responsible, and returned once.
        case wrongBody = "wrong_body"
        /// Returned three times, then decided by a conference.
        case returnedThrice = "returned_thrice"
        /// One of at least five reports of the same thing; the first is the main case.
        case duplicate
        /// Paused twice; the third pause is refused.
        case pauseAbuse = "pause_abuse"
        /// Reopened on the tenth day after it was resolved.
        case reopenedOnDayTen = "reopened_on_day_ten"
        /// Reopening on the eleventh day was refused.
        case refusedOnDayEleven = "refused_on_day_eleven"
        /// Rated badly, appealed with success.
        case appealUpheld = "appeal_upheld"
        /// Rated badly, appealed in vain, put right.
        case appealRejected = "appeal_rejected"
        /// Its limit spans the longest holiday with its worked weekends.
        case holidaySpanning = "holiday_spanning"
        /// More time was granted.
        case extended
        /// Nobody rated it; it was archived when the time was over.
        case unrated
        /// Stands in one state and waits for somebody.
        case waiting
    }

    let scenario: Scenario
    let category: ReportCategory
    let description: String
    /// Code of the grid in which it lies.
    let grid: String
    let place: String
    let point: GeoPoint?
    let channel: String
    /// `residents/…` or `staff/…`.
    let reporter: String
    let createTime: Instant
    /// Index in `DemoData.cases` of the case that this one was merged into.
    var mainCase: Int?
    /// How it stands. The fact `main_case`, if there is one, is an index too until numbers are given out.
    var instance: WorkflowInstance
    var steps: [DemoStep] = []
    /// What was tried and refused.
    var attempts: [DemoAttempt] = []
    /// When it was received for the first time, or again after it was reopened; the limit counts from here.
    var clockStart: Instant?
    /// When the clock of the present step began.
    var stepStart: Instant
    var pauses: [DemoPause] = []
    /// What was granted on top of the limit.
    var extensions: [TimeLimit] = []

    /// When the whole is due; nil while no clock runs.
    func due(_ calendar: WorkCalendar, now: Instant) -> Instant? {
        guard let clockStart else { return nil }
        let clockPauses: [ClockPause] = pauses.map(\.clock)
        var due: Instant = calendar.deadline(
            start: clockStart, limit: category.limit, pauses: clockPauses, now: now
        ).due
        for more in extensions {
            due = calendar.deadline(start: due, limit: more, pauses: clockPauses, now: now).due
        }
        return due
    }
}

/// One thing that happened.
struct DemoStep: Sendable, Equatable {
    let action: WorkflowDefinition.Action
    let from: String
    let to: String
    let time: Instant
    /// `residents/…`, `staff/…` or `system`.
    let actor: String
    /// What was written with it.
    let note: String
    let inputs: [String: WorkflowValue]
}

/// One thing that was refused.
struct DemoAttempt: Sendable, Equatable {
    let action: String
    let time: Instant
    let actor: String
    /// Reason of the refusal.
    let reason: String
}

/// A time in which the clock stood still.
struct DemoPause: Sendable, Equatable {
    let start: Instant
    var end: Instant?
    let reason: String
    let evidence: String
    let resumeBy: Instant

    var clock: ClockPause { ClockPause(start: start, end: end, evidence: evidence) }
}
