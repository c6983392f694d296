import Contract
import Kernel
import Platform

extension Rating {
    /// A rating for whoever gave it; for the department without what leads to them: no subject, no numbers in the words.
    func message(isOwn: Bool, _ calendar: WorkCalendar, now: Instant) -> OneStopV1.Rating {
        let isLate: Bool =
            wasLate || state == .rectifying && clock?.deadline(calendar, now: now).isOverdue(at: now) ?? false
        return OneStopV1.Rating(
            name: name, subject: isOwn ? subject : "", subjectText: subjectText,
            department: OrganizationName.text(departmentCode), departmentText: departmentText,
            grade: Int32(grade), gradeText: .init(RatingTexts.grade(grade)),
            comment: isOwn ? comment : Masking.numbers(in: comment),
            state: .init(rawValue: Int32(state.rawValue)), stateText: .init(RatingTexts.state(self)),
            deadline: state == .rectifying || state == .appealed ? clock?.message(calendar, now: now) : nil,
            rectification: rectification, appealReason: appealReason, appealDecision: appealDecision,
            confirmed: confirmed ?? false, createTime: .init(createTime),
            etag: Etag(version: version).description, rectifyTime: rectifyTime.map { .init($0) },
            late: isLate, followedUp: confirmed != nil)
    }
}

extension RatingClock {
    fileprivate func message(_ calendar: WorkCalendar, now: Instant) -> PlatformV1.Deadline {
        let deadline: Deadline = deadline(calendar, now: now)
        let cards: [Deadline.Card: PlatformV1.DeadlineCard] = [
            .green: .green, .yellow: .yellow, .red: .red,
        ]
        return PlatformV1.Deadline(
            dueTime: .init(deadline.due),
            remainingWorkingMinutes: Int32(clamping: remainingMinutes(calendar, now: now)),
            card: cards[deadline.card(at: now)] ?? .green, paused: deadline.isPaused,
            pauseReason: deadline.isPaused ? "申诉审核中" : "", provisional: deadline.isProvisional)
    }
}
