/// A date and a time of day as a wall clock in Shanxi shows them.
package struct CivilTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let date: CivilDate
    /// Milliseconds since midnight, 0…86,399,999.
    package let millisecondOfDay: Int

    package static let millisecondsPerDay: Int = 86_400_000

    /// The time, if hour, minute and second exist (no leap seconds).
    package init?(date: CivilDate, hour: Int, minute: Int, second: Int = 0, millisecond: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0...999).contains(millisecond)
        else { return nil }
        self.date = date
        millisecondOfDay = ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond
    }

    /// - Precondition: `millisecondOfDay` lies in 0…86,399,999.
    package init(date: CivilDate, millisecondOfDay: Int) {
        precondition((0..<CivilTime.millisecondsPerDay).contains(millisecondOfDay), "a time within its day")
        self.date = date
        self.millisecondOfDay = millisecondOfDay
    }

    package var hour: Int { millisecondOfDay / 3_600_000 }
    package var minute: Int { millisecondOfDay / 60_000 % 60 }
    package var second: Int { millisecondOfDay / 1_000 % 60 }
    package var millisecond: Int { millisecondOfDay % 1_000 }
    package var minuteOfDay: Int { millisecondOfDay / 60_000 }

    /// `08:05`.
    package var clockText: String { "\(ASCII.padded(hour, 2)):\(ASCII.padded(minute, 2))" }
    /// `2026-05-01 08:05`, what people see.
    package var description: String { "\(date) \(clockText)" }
    /// The same as the end of something: midnight is `2026-04-30 24:00` (GB/T 7408-2005, 4.2.3), so that nobody takes the day
    /// that begins then for one that is left.
    package var endText: String {
        millisecondOfDay == 0 ? "\(date.adding(days: -1)) 24:00" : description
    }

    package static func < (left: CivilTime, right: CivilTime) -> Bool {
        (left.date, left.millisecondOfDay) < (right.date, right.millisecondOfDay)
    }
}

extension Instant {
    /// Asia/Shanghai is eight hours ahead of UTC, all year (see `Instant`).
    package static let shanghaiOffsetMilliseconds: Int64 = 8 * 3_600_000

    /// The date and time in Asia/Shanghai.
    package var shanghai: CivilTime { civil(offsetMilliseconds: Instant.shanghaiOffsetMilliseconds) }
    /// The date in Asia/Shanghai.
    package var shanghaiDate: CivilDate { shanghai.date }
    /// The date and time in UTC.
    package var utc: CivilTime { civil(offsetMilliseconds: 0) }

    /// The instant at which clocks in Asia/Shanghai show `time`.
    package init(shanghai time: CivilTime) {
        self.init(civil: time, offsetMilliseconds: Instant.shanghaiOffsetMilliseconds)
    }

    /// The first instant of `date` in Asia/Shanghai.
    package init(startOf date: CivilDate) {
        self.init(shanghai: CivilTime(date: date, millisecondOfDay: 0))
    }

    package func adding(minutes: Int64) -> Instant { adding(seconds: minutes * 60) }
    package func adding(hours: Int64) -> Instant { adding(seconds: hours * 3_600) }
    package func adding(days: Int64) -> Instant { adding(seconds: days * 86_400) }

    init(civil time: CivilTime, offsetMilliseconds: Int64) {
        let day: Int64 = Int64(time.date.daysSinceEpoch) * Int64(CivilTime.millisecondsPerDay)
        self.init(milliseconds: day + Int64(time.millisecondOfDay) - offsetMilliseconds)
    }

    private func civil(offsetMilliseconds: Int64) -> CivilTime {
        let local: Int64 = milliseconds + offsetMilliseconds
        let perDay: Int64 = Int64(CivilTime.millisecondsPerDay)
        var (day, rest): (Int64, Int64) = local.quotientAndRemainder(dividingBy: perDay)
        if rest < 0 {
            day -= 1
            rest += perDay
        }
        return CivilTime(date: CivilDate(daysSinceEpoch: Int(day)), millisecondOfDay: Int(rest))
    }
}
