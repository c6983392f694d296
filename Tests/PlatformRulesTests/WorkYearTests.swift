import Kernel
import Testing

@testable import Platform

@Suite struct WorkYearTests {
    @Test func theYearOfThePublishedNotice() throws {
        let calendar: WorkCalendar = try DataFiles.calendar()
        let year: WorkYear = try #require(calendar.years[2026])
        #expect(year.holidays.count == 3 + 9 + 3 + 5 + 3 + 3 + 7)
        #expect(
            year.makeUpDays.keys.sorted().map(\.description) == [
                "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
            ])
        #expect(year.makeUpDays.keys.allSatisfy { $0.weekday.isWeekend })
    }

    private func problems(_ change: (String) -> String) -> [DataProblem] {
        let good: String = """
            year: 2026
            source: test
            holidays:
              - {zh: 元旦, en: New Year's Day, from: 2026-01-01, to: 2026-01-03, worked: [2026-01-04]}
            hours:
              - {from: 01-01, periods: ["09:00-12:00", "13:00-17:00"]}
            """
        do {
            _ = try WorkYear(yaml: change(good))
            return []
        } catch {
            return error.problems
        }
    }

    @Test(arguments: [
        ("year: 2026", "year: 1999", "year"),
        ("to: 2026-01-03", "to: 2025-12-03", "holidays[0]"),
        ("to: 2026-01-03", "to: 2026-02-03", "holidays[0]"),
        ("to: 2026-01-03", "to: 2027-01-03", "holidays[0]"),
        ("[2026-01-04]", "[2026-01-05]", "holidays[0].worked[0]"),
        ("[2026-01-04]", "[2026-01-03]", "holidays[0].worked[0]"),
        ("[2026-01-04]", "[2026-02-30]", "holidays[0].worked[0]"),
        ("from: 01-01", "from: 02-01", "hours"),
        ("09:00-12:00", "09:00-13:30", "hours[0]"),
        ("09:00-12:00", "9 to 12", "hours[0].periods[0]"),
        ("09:00-12:00", "12:00-09:00", "hours[0].periods[0]"),
        ("13:00-17:00", "13:00-24:01", "hours[0].periods[1]"),
        ("source: test", "sauce: test", "sauce"),
    ])
    func whatIsWrongIsNamedWithItsPlace(good: String, bad: String, element: String) {
        let found: [DataProblem] = problems { text in
            text.split(separator: good, omittingEmptySubsequences: false).joined(separator: bad)
        }
        #expect(found.contains { $0.element == element && $0.line != nil }, "\(found)")
    }

    @Test func theUnchangedFileIsGood() {
        #expect(problems { $0 }.isEmpty)
    }
}

@Suite struct TimeLimitTests {
    @Test(arguments: [
        ("5工作日", 5, TimeLimit.Unit.workingDays), ("4 工作时", 4, .workingHours), ("10自然日", 10, .calendarDays),
        ("15分钟", 15, .minutes), ("2 working_hours", 2, .workingHours),
    ])
    func isReadAsPeopleWriteIt(text: String, value: Int, unit: TimeLimit.Unit) throws {
        let limit: TimeLimit = try #require(TimeLimit(text))
        #expect(limit.value == value)
        #expect(limit.unit == unit)
        #expect(TimeLimit(limit.description) == limit)
    }

    @Test(arguments: ["", "工作日", "0工作日", "-1工作日", "5", "5 days", "501工作日", "99999999999999999999工作日"])
    func whatIsNoLimitIsNil(text: String) {
        #expect(TimeLimit(text) == nil)
    }

    @Test(arguments: TimeLimit.Unit.allCases)
    func bothSidesOfTheHighestValue(unit: TimeLimit.Unit) {
        #expect(TimeLimit(value: unit.maximumValue, unit: unit) != nil)
        #expect(TimeLimit(value: unit.maximumValue + 1, unit: unit) == nil)
    }
}
