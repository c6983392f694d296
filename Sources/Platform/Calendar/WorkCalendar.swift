package import Kernel

/// What a day is to the work calendar.
package enum WorkDayKind: Sendable, Hashable {
    case workday
    case weekend
    /// A public holiday by its name, such as 国庆节.
    case holiday(BilingualText)
    /// 调休: a weekend day that is worked, with the name of the holiday that it makes up for.
    case makeUpDay(BilingualText)

    package var isWorked: Bool {
        switch self {
        case .workday, .makeUpDay: true
        case .weekend, .holiday: false
        }
    }
}

/// A stretch of a working day, in minutes after midnight.
package struct WorkPeriod: Sendable, Hashable {
    package let start: Int
    package let end: Int

    /// The period, if it lies within a day and is not empty.
    package init?(start: Int, end: Int) {
        guard start >= 0, start < end, end <= 24 * 60 else { return nil }
        self.start = start
        self.end = end
    }

    package var minutes: Int { end - start }
}

/// One published year: its holidays, its working weekends and its office hours.
package struct WorkYear: Sendable, Hashable {
    /// Office hours for part of a year, in order of the day.
    package struct Hours: Sendable, Hashable {
        /// First day as month × 100 + day; the hours hold until the next ones begin.
        package let fromMonthDay: Int
        package let periods: [WorkPeriod]
    }

    package let year: Int
    /// Where the holidays were published.
    package let source: String
    package let holidays: [CivilDate: BilingualText]
    package let makeUpDays: [CivilDate: BilingualText]
    /// In order of the year; the first holds from 1 January.
    package let hours: [Hours]

    init(
        year: Int, source: String, holidays: [CivilDate: BilingualText],
        makeUpDays: [CivilDate: BilingualText],
        hours: [Hours]
    ) {
        self.year = year
        self.source = source
        self.holidays = holidays
        self.makeUpDays = makeUpDays
        self.hours = hours
    }

    func periods(month: Int, day: Int) -> [WorkPeriod] {
        let monthDay: Int = month * 100 + day
        return (hours.last { $0.fromMonthDay <= monthDay } ?? hours[0]).periods
    }
}

/// The work calendar: which days are worked, and from when to when, in Asia/Shanghai.
///
/// Only published years are known. In any other year Monday to Friday are taken as worked, and every result that
/// touches it says that it is provisional; nothing is guessed about its holidays.
package struct WorkCalendar: Sendable, Hashable {
    package let years: [Int: WorkYear]

    /// - Precondition: `years` is not empty and no year is in it twice.
    package init(years: [WorkYear]) {
        precondition(!years.isEmpty, "a work calendar has at least one year")
        self.years = Dictionary(uniqueKeysWithValues: years.map { ($0.year, $0) })
    }

    /// This calendar with `year` added, or put in the place of an earlier edition of the same year.
    package func adding(_ year: WorkYear) -> WorkCalendar {
        WorkCalendar(years: years.values.filter { $0.year != year.year } + [year])
    }

    package func isPublished(_ year: Int) -> Bool { years[year] != nil }

    /// In a year that is not published, weekdays count as workdays.
    package func kind(of date: CivilDate) -> WorkDayKind {
        if let year = years[date.year] {
            if let holiday = year.holidays[date] { return .holiday(holiday) }
            if let holiday = year.makeUpDays[date] { return .makeUpDay(holiday) }
        }
        return date.weekday.isWeekend ? .weekend : .workday
    }

    /// The stretches of `date` that are worked; none on a day off. Years that are not published have the hours of the
    /// nearest year that is.
    package func periods(on date: CivilDate) -> [WorkPeriod] {
        guard kind(of: date).isWorked else { return [] }
        return hours(of: date)
    }

    func hours(of date: CivilDate) -> [WorkPeriod] {
        let nearest: WorkYear? =
            years[date.year]
            ?? years.values.min { left, right in
                (abs(left.year - date.year), left.year) < (abs(right.year - date.year), right.year)
            }
        return nearest?.periods(month: date.month, day: date.day) ?? []
    }

    /// Milliseconds that are worked on `date`.
    package func workedMilliseconds(on date: CivilDate) -> Int64 {
        periods(on: date).reduce(0) { $0 + Int64($1.minutes) * WorkCalendar.millisecondsPerMinute }
    }

    static let millisecondsPerMinute: Int64 = 60_000
}
