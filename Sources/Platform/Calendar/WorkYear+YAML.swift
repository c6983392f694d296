import Kernel

extension WorkYear {
    /// Years that a file may describe.
    package static let years: ClosedRange<Int> = 2_000...2_100
    /// Holidays in one year at most; the State Council publishes seven.
    package static let maximumHolidays: Int = 20

    /// Reads and checks one year of the work calendar, in the form of ops/data/calendar/2026.yaml.
    ///
    /// - Throws: `DataFileError` with every problem: days outside the year, a day twice, 调休 on a weekday, office hours
    ///   that overlap or leave part of the year open.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["year", "source", "holidays", "hours"])
        let year: Int = fields["year"]?.integer(in: WorkYear.years) ?? WorkYear.years.lowerBound
        let source: String = fields["source"]?.text() ?? ""
        var days = Days(year: year)
        for holiday in (fields["holidays"]?.list() ?? []).prefix(WorkYear.maximumHolidays) {
            days.read(holiday)
        }
        let hours: [Hours] = WorkYear.readHours(fields["hours"])
        try document.finish()
        self.init(year: year, source: source, holidays: days.off, makeUpDays: days.worked, hours: hours)
    }

    private struct Days {
        let year: Int
        var off: [CivilDate: BilingualText] = [:]
        var worked: [CivilDate: BilingualText] = [:]

        init(year: Int) { self.year = year }

        mutating func read(_ node: DataNode) {
            let fields: DataFields = node.fields(required: ["zh", "en", "from", "to"], optional: ["worked"])
            let name: BilingualText = fields.bilingual()
            guard let first = fields["from"]?.date(), let last = fields["to"]?.date() else { return }
            guard first <= last, first.days(until: last) < 32 else {
                return node.report(
                    zh: "起止日期颠倒或超过一个月，请核对。", en: "'to' is before 'from' or more than a month after it.")
            }
            var date: CivilDate = first
            while date <= last {
                if isFree(date, node) { off[date] = name }
                date = date.adding(days: 1)
            }
            for worked in fields["worked"]?.list() ?? [] {
                guard let date = worked.date(), isFree(date, worked) else { continue }
                guard date.weekday.isWeekend else {
                    worked.report(
                        zh: "\(date)不是周六或周日，不需要调休。", en: "\(date) is a weekday: there is nothing to make up.")
                    continue
                }
                self.worked[date] = name
            }
        }

        private func isFree(_ date: CivilDate, _ node: DataNode) -> Bool {
            if date.year != year {
                node.report(zh: "\(date)不在\(year)年，请放到那一年的文件里。", en: "\(date) is not in \(year).")
                return false
            }
            if off[date] != nil || worked[date] != nil {
                node.report(zh: "\(date)出现了两次，请只写一次。", en: "\(date) appears twice. Keep one.")
                return false
            }
            return true
        }
    }

    private static func readHours(_ node: DataNode?) -> [Hours] {
        guard let node else { return [] }
        var hours: [Hours] = []
        for element in node.list() {
            let fields: DataFields = element.fields(required: ["from", "periods"])
            let start: Int = monthDay(fields["from"])
            let periods: [WorkPeriod] = (fields["periods"]?.list() ?? []).compactMap(period)
            for (earlier, later) in zip(periods, periods.dropFirst()) where later.start < earlier.end {
                element.report(zh: "作息时间段重叠或次序颠倒。", en: "The periods overlap or are not in order.")
            }
            if periods.isEmpty { element.report(zh: "至少写一个时间段。", en: "Give at least one period.") }
            if let last = hours.last, last.fromMonthDay >= start {
                element.report(zh: "各季作息应按日期先后排列。", en: "Hours have to be in order of their first day.")
            }
            hours.append(Hours(fromMonthDay: start, periods: periods))
        }
        if hours.first?.fromMonthDay != 101 {
            node.report(zh: "第一段作息应从01-01开始。", en: "The first hours have to begin on 01-01.")
        }
        return hours
    }

    /// `05-01` as 501.
    private static func monthDay(_ node: DataNode?) -> Int {
        guard let node else { return 101 }
        // 2024 has every day that a year can have.
        guard let date = CivilDate("2024-" + node.text(maximum: 5)) else {
            node.report(zh: "日期应写作05-01。", en: "Write the day like 05-01.")
            return 101
        }
        return date.month * 100 + date.day
    }

    /// `08:30-12:00`.
    private static func period(_ node: DataNode) -> WorkPeriod? {
        let ends: [Int?] = node.text(maximum: 11).split(separator: "-", omittingEmptySubsequences: false).map(
            minute)
        guard ends.count == 2, let start = ends[0], let end = ends[1],
            let period = WorkPeriod(start: start, end: end)
        else {
            node.report(zh: "时间段应写作08:30-12:00。", en: "Write the period like 08:30-12:00.")
            return nil
        }
        return period
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts: [Int?] = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...24).contains(hour),
            (0...59).contains(minute), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}
