import Kernel
import Testing

@Suite struct CivilDateTests {
    @Test func everyDayOfFiveCenturiesComesBack() {
        var previous: CivilDate = CivilDate(daysSinceEpoch: -100_001)
        var wrong: [Int] = []
        for day in -100_000...100_000 {
            let date: CivilDate = CivilDate(daysSinceEpoch: day)
            let follows: Bool =
                previous < date && date.weekday.rawValue == previous.weekday.rawValue % 7 + 1
                && (date.day == previous.day + 1 || date.day == 1)
            let same: CivilDate? = CivilDate(year: date.year, month: date.month, day: date.day)
            if date.daysSinceEpoch != day || !follows || same != date { wrong.append(day) }
            previous = date
        }
        #expect(wrong.isEmpty)
    }

    @Test func knownDays() throws {
        #expect(CivilDate(daysSinceEpoch: 0).description == "1970-01-01")
        #expect(CivilDate("2026-10-01")?.weekday == .thursday)
        #expect(CivilDate("2000-02-29")?.daysSinceEpoch == 11_016)
        #expect(CivilDate("2026-05-01")?.text(in: .chinese) == "2026年5月1日")
        #expect(Weekday.sunday.text(in: .chinese) == "星期日" && Weekday.sunday.isWeekend)
    }

    @Test(arguments: [
        "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-04-31", "2026-1-1", "0000-01-01",
        "2026/05/01",
        "20260501", "", "2026-05-01 ",
    ])
    func whatIsNoDayIsRefused(_ text: String) {
        #expect(CivilDate(text) == nil)
        #expect(throws: Refusal.self) { try CivilDate(parsing: text, field: "day") }
    }

    @Test func yearsHaveTwoEnds() {
        #expect(CivilDate(year: 1, month: 1, day: 1) != nil && CivilDate(year: 0, month: 1, day: 1) == nil)
        #expect(
            CivilDate(year: 9_999, month: 12, day: 31) != nil
                && CivilDate(year: 10_000, month: 1, day: 1) == nil)
    }

    @Test func monthsEndOnTheirLastDay() throws {
        let january: CivilDate = try #require(CivilDate("2024-01-31"))
        #expect(january.adding(months: 1).description == "2024-02-29")
        #expect(january.adding(months: 13).description == "2025-02-28")
        #expect(january.adding(months: -2).description == "2023-11-30")
        #expect(january.adding(days: 30).description == "2024-03-01")
    }

    @Test func ageCountsUpOnTheBirthday() throws {
        let birth: CivilDate = try #require(CivilDate("1960-05-20"))
        #expect(birth.completedYears(on: try #require(CivilDate("2026-05-19"))) == 65)
        #expect(birth.completedYears(on: try #require(CivilDate("2026-05-20"))) == 66)
        let leapling: CivilDate = try #require(CivilDate("2008-02-29"))
        #expect(leapling.completedYears(on: try #require(CivilDate("2026-02-28"))) == 17)
        #expect(leapling.completedYears(on: try #require(CivilDate("2026-03-01"))) == 18)
    }
}

@Suite struct InstantTextTests {
    @Test func anEndAtMidnightBelongsToTheDayBefore() throws {
        let day = try #require(CivilDate("2026-05-01"))
        #expect(Instant(startOf: day).shanghai.endText == "2026-04-30 24:00")
        #expect(Instant(startOf: day).adding(minutes: 1).shanghai.endText == "2026-05-01 00:01")
    }

    @Test func shanghaiIsEightHoursAhead() throws {
        let instant: Instant = try #require(Instant(rfc3339: "2026-04-30T16:05:06.789Z"))
        #expect(instant.shanghai.description == "2026-05-01 00:05")
        #expect(instant.shanghaiDate.description == "2026-05-01")
        #expect(instant.rfc3339Shanghai == "2026-05-01T00:05:06.789+08:00")
        #expect(Instant(shanghai: instant.shanghai) == instant)
        #expect(Instant(startOf: instant.shanghaiDate).rfc3339 == "2026-04-30T16:00:00Z")
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("1969-12-31T23:59:59.999Z", -1),
        ("2026-05-01t08:00:00+08:00", 1_777_593_600_000),
        ("2026-05-01T00:00:00.1Z", 1_777_593_600_100), ("2026-05-01T00:00:00.123456789z", 1_777_593_600_123),
        ("2026-04-30T18:30:00-05:30", 1_777_593_600_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func readsRFC3339(_ text: String, _ milliseconds: Int64) throws {
        let instant: Instant = try #require(Instant(rfc3339: text))
        #expect(instant.milliseconds == milliseconds)
        #expect(Instant(rfc3339: instant.rfc3339) == instant)
        #expect(Instant(rfc3339: instant.rfc3339Shanghai) == instant || instant == Instant.range.upperBound)
    }

    @Test(arguments: [
        "2026-05-01", "2026-05-01T08:00Z", "2026-05-01T08:00:00", "2026-05-01T24:00:00Z",
        "2026-05-01T08:60:00Z",
        "2026-12-31T23:59:60Z", "2026-05-01T08:00:00.Z", "2026-05-01T08:00:00.1234567890Z",
        "2026-05-01T08:00:00+24:00",
        "2026-05-01T08:00:00+0800", "2026-05-01 08:00:00Z", "2026-02-30T08:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "９026-05-01T08:00:00Z", "2026-05-01T08:00:00Zjunk", "",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func beforeTheEpochToo() {
        #expect(Instant(milliseconds: -1).utc.description == "1969-12-31 23:59")
        #expect(Instant(milliseconds: -1).utc.millisecond == 999)
        #expect(Instant(milliseconds: -86_400_000).utc.description == "1969-12-31 00:00")
    }
}
