package import Kernel

/// How long something may take by rule: a number of units, such as 5 工作日.
///
/// Both working hours and working days are needed: GB/T 30428 catalogues give 暴露垃圾 in 工作时 and 违法搭建 in 工作日.
package struct TimeLimit: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What is counted.
    package enum Unit: String, Sendable, Hashable, CaseIterable, Codable {
        /// Minutes of the clock, day and night: for emergencies.
        case minutes
        /// 工作时: hours of a working day.
        case workingHours = "working_hours"
        /// 工作日: days that the work calendar counts; the day of filing is not one of them.
        case workingDays = "working_days"
        /// 自然日: days of the calendar; the day of filing is not one of them (Civil Code, article 201).
        case calendarDays = "calendar_days"

        /// How Chinese texts call it.
        package var zh: String {
            switch self {
            case .minutes: "分钟"
            case .workingHours: "工作时"
            case .workingDays: "工作日"
            case .calendarDays: "自然日"
            }
        }

        /// Values above this are refused: no rule gives more than some two years, and the arithmetic walks day by day.
        package var maximumValue: Int {
            switch self {
            case .minutes: 60 * 24 * 366
            case .workingHours: 8 * 366
            case .workingDays: 500
            case .calendarDays: 732
            }
        }
    }

    /// At least 1, at most `unit.maximumValue`.
    package let value: Int
    package let unit: Unit

    /// The limit, if the value lies in 1…`unit.maximumValue`.
    package init?(value: Int, unit: Unit) {
        guard (1...unit.maximumValue).contains(value) else { return nil }
        self.value = value
        self.unit = unit
    }

    /// One working day, the shortest limit in days.
    package static let oneWorkingDay: TimeLimit = TimeLimit(checked: 1, .workingDays)

    /// Parses `5工作日`, `4 工作时`, `10自然日`, `15分钟`, or `5 working_days` and so on.
    package init?(_ text: String) {
        let digits: Substring = text.prefix { $0.isASCII && $0.isNumber }
        let rest: Substring = text.dropFirst(digits.count).drop { $0 == " " }
        guard let value = Int(digits) else { return nil }
        let unit: Unit? = Unit.allCases.first { $0.zh == rest || $0.rawValue == rest }
        guard let unit else { return nil }
        self.init(value: value, unit: unit)
    }

    /// `5 working_days`.
    package var description: String { "\(value) \(unit.rawValue)" }

    /// `5个工作日`, `4个工作时`, `15分钟`, or `5 working days`.
    package func text(in language: Language) -> String {
        switch (language, unit) {
        case (.chinese, .minutes): "\(value)分钟"
        case (.chinese, .calendarDays): "\(value)天"
        case (.chinese, _): "\(value)个\(unit.zh)"
        case (.english, .minutes): "\(value) \(value == 1 ? "minute" : "minutes")"
        case (.english, .workingHours): "\(value) working \(value == 1 ? "hour" : "hours")"
        case (.english, .workingDays): "\(value) working \(value == 1 ? "day" : "days")"
        case (.english, .calendarDays): "\(value) \(value == 1 ? "day" : "days")"
        }
    }

    private init(checked value: Int, _ unit: Unit) {
        self.value = value
        self.unit = unit
    }

    /// Decodes `"5 working_days"`.
    package init(from decoder: any Decoder) throws {
        let text: String = try decoder.singleValueContainer().decode(String.self)
        guard let limit = TimeLimit(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no time limit: \(text)"))
        }
        self = limit
    }

    package func encode(to encoder: any Encoder) throws {
        var container: any SingleValueEncodingContainer = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension DataNode {
    /// A time limit such as `5工作日`; nil if it is none, which is a problem.
    package func timeLimit() -> TimeLimit? {
        let text: String = text(maximum: 40)
        guard !text.isEmpty else { return nil }
        guard let limit = TimeLimit(text) else {
            report(
                zh: "“\(text)”不是时限，请写作“4工作时”“5工作日”“10自然日”或“15分钟”。",
                en: "'\(text)' is no time limit. Write 4工作时, 5工作日, 10自然日 or 15分钟.")
            return nil
        }
        return limit
    }
}
