package import Kernel

/// When something is due, and when its cards show.
package struct Deadline: Sendable, Hashable {
    /// The warning that a deadline shows (the yellow and red cards of the 12345 rules).
    package enum Card: String, Sendable, Hashable, CaseIterable {
        case green, yellow, red
    }

    package let start: Instant
    package let limit: TimeLimit
    /// In time up to and including this instant.
    package let due: Instant
    /// 黄牌: from here on one working day or less is left; for limits below one working day, half of the limit.
    package let yellow: Instant
    /// 红牌: the first working moment after `due`; for limits in minutes, `due` itself.
    package let red: Instant
    /// The clock stands still now; `due` is then as if it went on at once.
    package let isPaused: Bool
    /// Years on the way whose holidays are not published. Not empty means that `due` may still move.
    package let unpublishedYears: [Int]

    /// True if it reaches into a year whose holidays are not published.
    package var isProvisional: Bool { !unpublishedYears.isEmpty }

    /// Why it may still move; nil if it may not.
    package var provisionalReason: BilingualText? {
        guard isProvisional else { return nil }
        let years: String = unpublishedYears.map(String.init).joined(separator: "、")
        return BilingualText(
            zh: "\(years)年的放假安排还没有导入，暂按周一至周五上班推算，公布并导入后会重算。",
            en:
                "The holidays of \(unpublishedYears.map(String.init).joined(separator: ", ")) are not imported yet. "
                + "Monday to Friday are taken as worked until they are; the deadline may move.")
    }

    package func isOverdue(at now: Instant) -> Bool { now > due }

    /// The card that shows at `now`. A clock that stands still shows the card that it stopped with.
    package func card(at now: Instant) -> Card {
        if now > due && now >= red { return .red }
        return now >= yellow ? .yellow : .green
    }
}

/// One day on the way to a deadline, for people who ask how it came about.
package struct DeadlineDay: Sendable, Hashable {
    package let date: CivilDate
    package let isCounted: Bool
    /// Why it counts or not, such as 国庆节放假.
    package let reason: BilingualText
    /// Minutes of it in which the clock ran.
    package let usedMinutes: Int
}

extension WorkCalendar {
    /// When something is due that began at `start` and may take `limit`.
    ///
    /// - Working hours run only in office hours; a filing at night or at the weekend begins to count at the next opening.
    /// - Working days and calendar days do not count the day of filing (Civil Code, article 201): the n-th working day
    ///   ends at its closing time, the n-th calendar day at midnight.
    /// - A pause with evidence moves the deadline by exactly the running time that it took away; one without does not.
    ///
    /// - Parameter now: how long pauses without an end last so far; nil counts those as nothing.
    package func deadline(
        start: Instant, limit: TimeLimit, pauses: [ClockPause] = [], now: Instant? = nil
    ) -> Deadline {
        let plan = DeadlinePlan(calendar: self, start: start, limit: limit, pauses: pauses, now: now)
        return Deadline(
            start: start, limit: limit, due: plan.due, yellow: plan.yellow, red: plan.red,
            isPaused: pauses.contains {
                $0.end == nil && !$0.evidence.isEmpty && $0.start <= now ?? $0.start
            },
            unpublishedYears: plan.unpublishedYears)
    }

    /// Each day from `start` to the deadline, with why it counts or not.
    package func explain(
        start: Instant, limit: TimeLimit, pauses: [ClockPause] = [], now: Instant? = nil
    ) -> [DeadlineDay] {
        let plan = DeadlinePlan(calendar: self, start: start, limit: limit, pauses: pauses, now: now)
        var days: [DeadlineDay] = []
        var date: CivilDate = start.shanghaiDate
        while Instant(startOf: date) < plan.due {
            days.append(plan.day(date))
            date = date.adding(days: 1)
        }
        return days
    }

    /// Minutes that are left at `now`: working minutes, or minutes of the clock for limits in minutes. Negative once
    /// overdue.
    package func remainingMinutes(of deadline: Deadline, pauses: [ClockPause] = [], now: Instant) -> Int {
        let plan = DeadlinePlan(
            calendar: self, start: deadline.start, limit: deadline.limit, pauses: pauses, now: now)
        let calendar: WorkCalendar? = deadline.limit.unit == .minutes ? nil : self
        let milliseconds: Int64
        if now <= deadline.due {
            milliseconds = RunningTime(calendar: calendar, pauses: plan.pauses).length(
                from: now, to: deadline.due)
        } else {
            milliseconds = -RunningTime(calendar: calendar, pauses: []).length(from: deadline.due, to: now)
        }
        return Int(milliseconds / WorkCalendar.millisecondsPerMinute)
    }

    /// Working minutes from `start` to `end`, for statistics; negative if `end` is earlier.
    package func workingMinutes(from start: Instant, to end: Instant) -> Int {
        let length: Int64 = RunningTime(calendar: self, pauses: []).length(from: start, to: end)
        return Int(length / WorkCalendar.millisecondsPerMinute)
    }
}

/// The arithmetic behind one deadline.
private struct DeadlinePlan {
    let calendar: WorkCalendar
    let start: Instant
    let limit: TimeLimit
    /// Those with evidence; a pause that lasts ends now.
    let pauses: [RunningTime.Stretch]
    /// What the limit counts.
    let clock: RunningTime
    /// Where counting begins: `start`, or the midnight after it for limits in days.
    let countingFrom: Instant
    let due: Instant

    init(calendar: WorkCalendar, start: Instant, limit: TimeLimit, pauses: [ClockPause], now: Instant?) {
        self.calendar = calendar
        self.start = start
        self.limit = limit
        self.pauses = pauses.filter { !$0.evidence.isEmpty }.map { pause in
            RunningTime.Stretch(start: pause.start, end: pause.end ?? max(pause.start, now ?? pause.start))
        }
        let isWorkingTime: Bool = limit.unit == .workingHours || limit.unit == .workingDays
        clock = RunningTime(calendar: isWorkingTime ? calendar : nil, pauses: self.pauses)
        let nextDay: CivilDate = start.shanghaiDate.adding(days: 1)
        let budget: Int64
        switch limit.unit {
        case .minutes:
            countingFrom = start
            budget = Int64(limit.value) * WorkCalendar.millisecondsPerMinute
        case .workingHours:
            countingFrom = start
            budget = Int64(limit.value) * 60 * WorkCalendar.millisecondsPerMinute
        case .calendarDays:
            countingFrom = Instant(startOf: nextDay)
            budget = Int64(limit.value) * Int64(CivilTime.millisecondsPerDay)
        case .workingDays:
            countingFrom = Instant(startOf: nextDay)
            budget = DeadlinePlan.length(ofWorkingDays: limit.value, from: nextDay, in: calendar)
        }
        due = clock.instant(after: budget, from: countingFrom, at: .close)
    }

    var yellow: Instant {
        if limit.unit == .minutes {
            let half: Int64 = Int64(limit.value) * WorkCalendar.millisecondsPerMinute / 2
            return clock.instant(after: half, from: start, at: .close)
        }
        let working = RunningTime(calendar: calendar, pauses: pauses)
        let total: Int64 = working.length(from: countingFrom, to: due)
        let oneDay: Int64 = calendar.hours(of: due.adding(milliseconds: -1).shanghaiDate).reduce(0) {
            $0 + Int64($1.minutes) * WorkCalendar.millisecondsPerMinute
        }
        let before: Int64 = total >= oneDay ? total - oneDay : total / 2
        // A limit that lies wholly in days off has no working moment of its own: it is yellow from the start.
        return total == 0 ? start : min(due, working.instant(after: before, from: countingFrom, at: .opening))
    }

    var red: Instant {
        guard limit.unit != .minutes else { return due }
        return RunningTime(calendar: calendar, pauses: []).instant(after: 0, from: due, at: .opening)
    }

    var unpublishedYears: [Int] {
        guard limit.unit == .workingDays || limit.unit == .workingHours else { return [] }
        let last: Int = due.adding(milliseconds: -1).shanghaiDate.year
        return (start.shanghaiDate.year...max(last, start.shanghaiDate.year)).filter {
            !calendar.isPublished($0)
        }
    }

    func day(_ date: CivilDate) -> DeadlineDay {
        let begin: Instant = max(countingFrom, Instant(startOf: date))
        let end: Instant = min(due, Instant(startOf: date.adding(days: 1)))
        let used: Int64 = begin < end ? clock.length(from: begin, to: end) : 0
        let unpaused = RunningTime(calendar: clock.calendar, pauses: [])
        let possible: Int64 = begin < end ? unpaused.length(from: begin, to: end) : 0
        var reason: BilingualText = DeadlinePlan.reason(
            calendar.kind(of: date), weekday: date.weekday, countsAllDays: clock.calendar == nil)
        if countingFrom > start && date == start.shanghaiDate {
            reason = BilingualText(zh: "受理当日，自次日起算", en: "Day of filing: counting begins the next day")
        } else if used < possible {
            let minutes: Int64 = (possible - used) / WorkCalendar.millisecondsPerMinute
            reason.zh += "，缓办停表\(minutes)分钟"
            reason.en += ", clock paused for \(minutes) minutes"
        } else if possible == 0 && unpaused.length(on: date) > 0 {
            reason.zh += "，下班后受理"
            reason.en += ", filed after closing time"
        }
        return DeadlineDay(
            date: date, isCounted: used > 0, reason: reason,
            usedMinutes: Int(used / WorkCalendar.millisecondsPerMinute))
    }

    private static func reason(_ kind: WorkDayKind, weekday: Weekday, countsAllDays: Bool) -> BilingualText {
        let zhDay: String = weekday.text(in: .chinese)
        let enDay: String = weekday.text(in: .english)
        if countsAllDays { return BilingualText(zh: "\(zhDay)，按自然日计", en: "\(enDay), every day counts") }
        switch kind {
        case .workday: return BilingualText(zh: "\(zhDay)，工作日", en: "\(enDay), working day")
        case .weekend: return BilingualText(zh: "\(zhDay)，休息", en: "\(enDay), weekend")
        case .holiday(let name):
            return BilingualText(zh: "\(zhDay)，\(name.zh)放假", en: "\(enDay), holiday: \(name.en)")
        case .makeUpDay(let name):
            return BilingualText(
                zh: "\(zhDay)，\(name.zh)调休上班", en: "\(enDay), worked in exchange for \(name.en)")
        }
    }

    private static func length(ofWorkingDays count: Int, from first: CivilDate, in calendar: WorkCalendar)
        -> Int64
    {
        var total: Int64 = 0
        var left: Int = count
        var date: CivilDate = first
        var walked: Int = 0
        while left > 0 && walked < RunningTime.maximumDays {
            let length: Int64 = calendar.workedMilliseconds(on: date)
            if length > 0 {
                total += length
                left -= 1
            }
            date = date.adding(days: 1)
            walked += 1
        }
        return total
    }
}
