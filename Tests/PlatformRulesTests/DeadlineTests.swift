import Kernel
import Testing

@testable import Platform

private func limit(_ text: String) -> TimeLimit {
    guard let limit = TimeLimit(text) else { fatalError("no limit: \(text)") }
    return limit
}

@Suite struct DeadlineTests {
    let calendar: WorkCalendar

    init() throws { calendar = try DataFiles.calendar() }

    @Test(arguments: [
        // An ordinary Tuesday: the day of filing does not count.
        ("2026-11-03 10:00", "1工作日", "2026-11-04 18:00"),
        ("2026-11-03 10:00", "5工作日", "2026-11-10 18:00"),
        // Filed in the night and at the weekend.
        ("2026-11-03 02:00", "1工作日", "2026-11-04 18:00"),
        ("2026-11-06 23:30", "1工作日", "2026-11-09 18:00"),
        ("2026-11-07 11:00", "1工作日", "2026-11-09 18:00"),
        // National Day: 1 to 7 October off, Saturday 10 October worked.
        ("2026-09-30 10:00", "1工作日", "2026-10-08 18:00"),
        ("2026-09-30 10:00", "3工作日", "2026-10-10 18:00"),
        ("2026-09-30 10:00", "4工作日", "2026-10-12 18:00"),
        // Mid-Autumn with Sunday 20 September worked; September has the summer hours.
        ("2026-09-18 10:00", "1工作日", "2026-09-20 18:30"),
        ("2026-09-24 10:00", "1工作日", "2026-09-28 18:30"),
        // Spring Festival: nine days off between two worked Saturdays.
        ("2026-02-13 10:00", "2工作日", "2026-02-24 18:00"),
        ("2026-02-13 10:00", "6工作日", "2026-02-28 18:00"),
        // Working hours run in office hours only, and across lunch, nights and holidays.
        ("2026-11-03 09:00", "2工作时", "2026-11-03 11:00"),
        ("2026-11-03 11:00", "2工作时", "2026-11-03 15:30"),
        ("2026-11-03 08:30", "7工作时", "2026-11-03 18:00"),
        ("2026-11-03 17:00", "4工作时", "2026-11-04 11:30"),
        ("2026-11-06 20:00", "1工作时", "2026-11-09 09:30"),
        ("2026-09-30 17:30", "4工作时", "2026-10-08 11:30"),
        // Calendar days end at midnight; minutes run day and night.
        ("2026-11-03 10:00", "10自然日", "2026-11-13 24:00"),
        ("2026-11-03 23:59", "1自然日", "2026-11-04 24:00"),
        ("2026-10-01 03:00", "15分钟", "2026-10-01 03:15"),
    ])
    func due(start: String, length: String, due: String) {
        let deadline: Deadline = calendar.deadline(start: at(start), limit: limit(length))
        #expect(deadline.due.shanghai == at(due).shanghai)
        #expect(!deadline.isProvisional)
        #expect(!deadline.isOverdue(at: deadline.due))
        #expect(deadline.isOverdue(at: deadline.due.adding(milliseconds: 1)))
    }

    @Test(arguments: [
        // One working day is left when the last day opens; the red card comes when the next working day opens.
        ("2026-11-03 10:00", "5工作日", "2026-11-10 08:30", "2026-11-11 08:30"),
        ("2026-11-03 10:00", "3工作日", "2026-11-06 08:30", "2026-11-09 08:30"),
        ("2026-09-25 10:00", "3工作日", "2026-09-30 08:30", "2026-10-08 08:30"),
        // A limit of one working day is yellow from its opening, a shorter one from its half.
        ("2026-11-03 10:00", "1工作日", "2026-11-04 08:30", "2026-11-05 08:30"),
        ("2026-11-03 09:00", "2工作时", "2026-11-03 10:00", "2026-11-03 11:00"),
        ("2026-11-03 11:00", "10工作时", "2026-11-03 16:30", "2026-11-04 16:30"),
        ("2026-10-01 03:00", "10分钟", "2026-10-01 03:05", "2026-10-01 03:10"),
        // Ten calendar days that end in the middle of the week.
        ("2026-11-02 10:00", "10自然日", "2026-11-12 08:30", "2026-11-13 08:30"),
    ])
    func cards(start: String, length: String, yellow: String, red: String) {
        let deadline: Deadline = calendar.deadline(start: at(start), limit: limit(length))
        #expect(deadline.yellow.shanghai == at(yellow).shanghai)
        #expect(deadline.red.shanghai == at(red).shanghai)
        #expect(deadline.card(at: deadline.yellow.adding(milliseconds: -1)) == .green)
        #expect(deadline.card(at: deadline.yellow) == .yellow)
        #expect(deadline.card(at: deadline.red.adding(milliseconds: 1)) == .red)
    }

    @Test func remainingTimeIsWorkingTimeAndGoesNegative() {
        let deadline: Deadline = calendar.deadline(start: at("2026-11-05 10:00"), limit: limit("2工作日"))
        #expect(deadline.due == at("2026-11-09 18:00"))
        #expect(calendar.remainingMinutes(of: deadline, now: at("2026-11-06 08:30")) == 2 * 7 * 60)
        #expect(calendar.remainingMinutes(of: deadline, now: at("2026-11-07 12:00")) == 7 * 60)
        #expect(calendar.remainingMinutes(of: deadline, now: at("2026-11-09 17:00")) == 60)
        #expect(calendar.remainingMinutes(of: deadline, now: at("2026-11-10 09:30")) == -60)
    }

    @Test func aPauseMovesTheDeadlineByWhatItTookAway() {
        let start: Instant = at("2026-11-03 10:00")
        let pause = ClockPause(
            start: at("2026-11-05 10:00"), end: at("2026-11-09 10:00"), evidence: "files/1")
        // Thursday 10:00 to Monday 10:00 holds two working days.
        let deadline: Deadline = calendar.deadline(start: start, limit: limit("5工作日"), pauses: [pause])
        #expect(deadline.due == at("2026-11-12 18:00"))
        var unproved: ClockPause = pause
        unproved.evidence = ""
        #expect(
            calendar.deadline(start: start, limit: limit("5工作日"), pauses: [unproved]).due
                == at("2026-11-10 18:00"))
        #expect(
            calendar.deadline(start: start, limit: limit("5工作日"), pauses: [pause, pause]).due == deadline.due)
    }

    @Test func aPauseOnTheDayOfFilingTakesNothingAway() {
        let pause = ClockPause(
            start: at("2026-11-03 11:00"), end: at("2026-11-03 17:00"), evidence: "files/1")
        let deadline: Deadline = calendar.deadline(
            start: at("2026-11-03 10:00"), limit: limit("1工作日"), pauses: [pause])
        #expect(deadline.due == at("2026-11-04 18:00"))
    }

    @Test func whileItIsPausedTheRemainingTimeStandsStill() {
        let pause = ClockPause(start: at("2026-11-05 10:00"), end: nil, evidence: "files/1")
        let left: [Int] = ["2026-11-05 10:00", "2026-11-06 17:00", "2026-11-20 09:00"].map { text in
            let now: Instant = at(text)
            let deadline: Deadline = calendar.deadline(
                start: at("2026-11-03 10:00"), limit: limit("5工作日"), pauses: [pause], now: now)
            #expect(deadline.isPaused)
            return calendar.remainingMinutes(of: deadline, pauses: [pause], now: now)
        }
        #expect(left == [1_590, 1_590, 1_590])
    }

    @Test func aYearThatIsNotPublishedIsSaidAndNotGuessed() throws {
        let across: Deadline = calendar.deadline(start: at("2026-12-30 10:00"), limit: limit("3工作日"))
        #expect(across.unpublishedYears == [2027])
        #expect(try #require(across.provisionalReason).zh.contains("2027年"))
        // 1 January 2027 is a Friday: taken as worked until the year is imported, and said to be provisional.
        #expect(across.due == at("2027-01-04 18:00"))
        #expect(!calendar.deadline(start: at("2026-12-30 10:00"), limit: limit("1工作日")).isProvisional)
        #expect(!calendar.deadline(start: at("2026-12-30 10:00"), limit: limit("9自然日")).isProvisional)
        let published = try WorkYear(
            yaml: """
                year: 2027
                source: test
                holidays: [{zh: 元旦, en: New Year's Day, from: 2027-01-01, to: 2027-01-03}]
                hours: [{from: 01-01, periods: ["09:00-12:00", "13:00-17:00"]}]
                """)
        let known: Deadline = calendar.adding(published).deadline(
            start: at("2026-12-30 10:00"), limit: limit("3工作日"))
        #expect(!known.isProvisional)
        #expect(known.due == at("2027-01-05 17:00"))
    }

    @Test func eachDayIsExplained() {
        let days: [DeadlineDay] = calendar.explain(
            start: at("2026-09-30 10:00"), limit: limit("2工作日"),
            pauses: [
                ClockPause(start: at("2026-10-08 09:30"), end: at("2026-10-08 10:30"), evidence: "files/1")
            ])
        #expect(days.map(\.date.day) == [30, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
        #expect(days.map(\.isCounted) == Array(repeating: false, count: 8) + [true, true, true])
        #expect(days[0].reason.zh == "受理当日，自次日起算")
        #expect(days[1].reason.zh == "星期四，国庆节放假")
        #expect(days[8].reason.zh == "星期四，工作日，缓办停表60分钟")
        #expect(days[10].reason.zh == "星期六，国庆节调休上班")
        #expect(days.map(\.usedMinutes).suffix(3) == [360, 420, 60])
    }
}

/// Properties that hold for every deadline, tried on many of them.
@Suite struct DeadlinePropertyTests {
    let calendar: WorkCalendar

    init() throws { calendar = try DataFiles.calendar() }

    /// A small generator with a known seed (Knuth's MMIX constants), so that a failure repeats.
    private struct Draw {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        mutating func start() -> Instant {
            at("2026-01-01 00:00").adding(minutes: Int64(below(300 * 24 * 60)))
        }
        mutating func limit() -> TimeLimit {
            let unit: TimeLimit.Unit = TimeLimit.Unit.allCases[below(4)]
            guard let limit = TimeLimit(value: 1 + below(20), unit: unit) else {
                fatalError("a limit in range")
            }
            return limit
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func startingLaterOrTakingLongerIsNeverDueEarlier(seed: UInt64) throws {
        var draw = Draw(state: seed)
        for _ in 0..<60 {
            let (start, limit): (Instant, TimeLimit) = (draw.start(), draw.limit())
            let due: Instant = calendar.deadline(start: start, limit: limit).due
            #expect(due > start)
            let later: Instant = start.adding(minutes: Int64(draw.below(5_000)))
            #expect(calendar.deadline(start: later, limit: limit).due >= due, "\(start) \(limit)")
            let longer: TimeLimit = try #require(TimeLimit(value: limit.value + 1, unit: limit.unit))
            #expect(calendar.deadline(start: start, limit: longer).due > due, "\(start) \(limit)")
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func aPauseAddsExactlyTheTimeThatItTook(seed: UInt64) throws {
        var draw = Draw(state: seed)
        for _ in 0..<60 {
            let (start, hours): (Instant, Int) = (draw.start(), 1 + draw.below(40))
            let limit: TimeLimit = try #require(TimeLimit(value: hours, unit: .workingHours))
            let from: Instant = start.adding(minutes: Int64(draw.below(3_000)))
            let pause = ClockPause(
                start: from, end: from.adding(minutes: Int64(draw.below(6_000))), evidence: "files/1")
            let plain: Deadline = calendar.deadline(start: start, limit: limit)
            let paused: Deadline = calendar.deadline(start: start, limit: limit, pauses: [pause])
            let end: Instant = try #require(pause.end)
            let taken: Int = from < plain.due ? calendar.workingMinutes(from: from, to: end) : 0
            #expect(
                calendar.workingMinutes(from: start, to: paused.due) == hours * 60 + taken,
                "\(start) \(limit) \(pause)")
            #expect(
                calendar.explain(start: start, limit: limit, pauses: [pause]).reduce(0) {
                    $0 + $1.usedMinutes
                }
                    == hours * 60)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func cardsComeInOrderAndInWorkingTime(seed: UInt64) {
        var draw = Draw(state: seed)
        for _ in 0..<60 {
            let (start, limit): (Instant, TimeLimit) = (draw.start(), draw.limit())
            let deadline: Deadline = calendar.deadline(start: start, limit: limit)
            #expect(start <= deadline.yellow, "\(start) \(limit)")
            #expect(deadline.yellow <= deadline.due, "\(start) \(limit)")
            #expect(deadline.due <= deadline.red, "\(start) \(limit)")
            if limit.unit != .minutes {
                #expect(calendar.workingMinutes(from: deadline.due, to: deadline.red) == 0)
                #expect(calendar.kind(of: deadline.red.shanghaiDate).isWorked)
            }
        }
    }

    @Test func workingDaysEndAtTheCloseOfAWorkedDay() throws {
        var draw = Draw(state: 7)
        for _ in 0..<200 {
            let start: Instant = draw.start()
            let count: Int = 1 + draw.below(25)
            let limit: TimeLimit = try #require(TimeLimit(value: count, unit: .workingDays))
            let due: Instant = calendar.deadline(start: start, limit: limit).due
            let period: WorkPeriod = try #require(calendar.periods(on: due.shanghaiDate).last)
            #expect(due.shanghai.minuteOfDay == period.end)
            var counted: Int = 0
            var date: CivilDate = start.shanghaiDate.adding(days: 1)
            while date <= due.shanghaiDate {
                if calendar.kind(of: date).isWorked { counted += 1 }
                date = date.adding(days: 1)
            }
            #expect(counted == count)
        }
    }
}
