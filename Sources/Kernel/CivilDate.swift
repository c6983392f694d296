/// A day of the Gregorian calendar, without time or zone: a birthday, a holiday, a due day.
package struct CivilDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    /// 1…12.
    package let month: Int
    /// 1…31.
    package let day: Int

    /// The years that a date may be made from or parsed with.
    package static let years: ClosedRange<Int> = 1...9_999

    /// The date, if it exists in the calendar and its year lies in `years`.
    package init?(year: Int, month: Int, day: Int) {
        guard CivilDate.years.contains(year), (1...12).contains(month),
            day >= 1, day <= CivilDate.daysIn(month: month, year: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date that lies `daysSinceEpoch` days after 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
    /// algorithms").
    package init(daysSinceEpoch: Int) {
        let shifted: Int = daysSinceEpoch + 719_468
        let era: Int = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra: Int = shifted - era * 146_097
        let yearOfEra: Int =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear: Int = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth: Int = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (shiftedMonth >= 10 ? 1 : 0)
    }

    /// The date in a text of the form `2026-05-01` (RFC 3339 full-date). Nil if it is not, or if there is no such day.
    package init?(_ text: String) {
        let bytes: [UInt8] = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = ASCII.integer(bytes[0..<4]), let month = ASCII.integer(bytes[5..<7]),
            let day = ASCII.integer(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Parses as `init(_:)` does; a bad text is refused with the name of the `field` that it came in.
    package init(parsing text: String, field: String) throws(Refusal) {
        guard let date = CivilDate(text) else {
            throw .invalid(
                field: field, reason: "DATE_INVALID", zh: "日期不正确，请按“2026-05-01”的格式填写。",
                en: "The date is not valid. Write it like 2026-05-01.")
        }
        self = date
    }

    /// `2026-05-01`.
    package var description: String {
        "\(ASCII.padded(year, 4))-\(ASCII.padded(month, 2))-\(ASCII.padded(day, 2))"
    }

    /// `2026年5月1日`, or `2026-05-01` in English.
    package func text(in language: Language) -> String {
        switch language {
        case .chinese: "\(year)年\(month)月\(day)日"
        case .english: description
        }
    }

    /// Days after 1970-01-01; negative before.
    package var daysSinceEpoch: Int {
        let shiftedYear: Int = month <= 2 ? year - 1 : year
        let era: Int = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra: Int = shiftedYear - era * 400
        let dayOfYear: Int = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra: Int = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package var weekday: Weekday {
        // 1970-01-01 was a Thursday, three days after a Monday.
        let index: Int = (daysSinceEpoch + 3) % 7
        return Weekday.allCases[index < 0 ? index + 7 : index]
    }

    package func adding(days: Int) -> CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch + days) }

    /// The same day `months` months later; the last day of that month, if it has no such day.
    package func adding(months: Int) -> CivilDate {
        let total: Int = year * 12 + (month - 1) + months
        let newYear: Int = total >= 0 ? total / 12 : (total - 11) / 12
        let newMonth: Int = total - newYear * 12 + 1
        let newDay: Int = min(day, CivilDate.daysIn(month: newMonth, year: newYear))
        return CivilDate(unchecked: newYear, newMonth, newDay)
    }

    /// Days from this date to `other`; negative if `other` is earlier.
    package func days(until other: CivilDate) -> Int { other.daysSinceEpoch - daysSinceEpoch }

    /// Completed years (周岁) from this birthday to `date`, counted up on the birthday itself; someone born on
    /// 29 February counts up on 1 March of a common year. Negative before birth.
    package func completedYears(on date: CivilDate) -> Int {
        let difference: Int = date.year - year
        return (date.month, date.day) < (month, day) ? difference - 1 : difference
    }

    package static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The number of days of a month 1…12.
    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }
}

/// A day of the week with its number of ISO 8601: Monday is 1, Sunday is 7.
package enum Weekday: Int, Sendable, Hashable, CaseIterable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    package var isWeekend: Bool { self == .saturday || self == .sunday }

    /// `星期一`, or `Monday`.
    package func text(in language: Language) -> String {
        switch language {
        case .chinese: "星期" + ["一", "二", "三", "四", "五", "六", "日"][rawValue - 1]
        case .english:
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][rawValue - 1]
        }
    }
}
