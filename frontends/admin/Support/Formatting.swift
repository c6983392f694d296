import ArgumentParser
import Contract
import Kernel
import RPC

extension Language {
    /// The text in this language; Chinese where nobody translated it.
    func text(_ text: PlatformV1.Text?) -> String {
        guard let text else { return "" }
        return self == .english && !text.en.isEmpty ? text.en : text.zh
    }
}

extension Printer {
    /// One line after a verb: what became of it, and who is next, if anybody is.
    func sayState(_ number: String, _ state: PlatformV1.Text?, next: PlatformV1.Text?) {
        let zh: String = Language.chinese.text(next)
        let en: String = Language.english.text(next)
        say(
            "✓ \(number) 现在：\(Language.chinese.text(state))。" + (zh.isEmpty ? "" : "下一步：\(zh)。"),
            "✓ \(number) is now: \(Language.english.text(state))." + (en.isEmpty ? "" : " Next: \(en)."))
    }
}

/// Times as people of Jincheng read and write them.
enum Times {
    static func text(_ time: GoogleProtobuf.Timestamp?) -> String {
        time?.instant?.shanghai.description ?? ""
    }

    /// Until when.
    static func end(_ time: GoogleProtobuf.Timestamp?) -> String {
        time?.instant?.shanghai.endText ?? ""
    }

    /// A date (the end of that day) or a date with a time, Asia/Shanghai.
    static func parse(_ text: String) throws -> GoogleProtobuf.Timestamp {
        let parts: [Substring] = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        let clock: [Int] =
            parts.count == 2 ? parts[1].split(separator: ":").compactMap { Int($0) } : [23, 59]
        guard let first = parts.first, let date = CivilDate(String(first)), parts.count <= 2,
            clock.count >= 2,
            let time = CivilTime(date: date, hour: clock[0], minute: clock[1])
        else {
            throw ValidationError(
                "时间「\(text)」看不懂。请写成 2026-10-08 或 2026-10-08 17:30。Write 2026-10-08 or 2026-10-08 17:30.")
        }
        return GoogleProtobuf.Timestamp(Instant(shanghai: time))
    }
}

/// Names of organisations as people type them: the code alone is enough.
enum Names {
    static func organization(_ text: String) -> String { prefixed(text, with: "organizations/") }
    static func resident(_ text: String) -> String { prefixed(text, with: "residents/") }
    static func staff(_ text: String) -> String { prefixed(text, with: "staff/") }
    static func certificate(_ text: String) -> String { prefixed(text, with: "certificates/") }
    static func mandate(_ text: String) -> String { prefixed(text, with: "mandates/") }
    static func item(_ text: String) -> String { prefixed(text, with: "items/") }
    static func hall(_ text: String) -> String { prefixed(text, with: "halls/") }

    static func prefixed(_ text: String, with prefix: String) -> String {
        text.isEmpty || text.hasPrefix(prefix) ? text : prefix + text
    }
}

/// States of a case as people type them.
enum CaseStates {
    static let all: [GrassrootsWorkV1.CaseState] = [
        .draft, .reported, .declined, .merged, .filed, .awaitingDispatch, .awaitingReceipt, .returnReview,
        .inProgress, .suspended, .extensionReview, .awaitingVerification, .awaitingRating, .remedying,
        .archived,
    ]

    static func id(_ state: GrassrootsWorkV1.CaseState) -> String {
        var result: String = ""
        for character: Character in String(describing: state) {
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
        return result
    }

    static func parse(_ text: String) throws -> GrassrootsWorkV1.CaseState {
        let wanted: String = text.lowercased().replacing("-", with: "_")
        if let state = all.first(where: { id($0) == wanted }) { return state }
        let known: String = all.map(id).joined(separator: ", ")
        throw ValidationError("没有状态「\(text)」。There is no such state. 可用 Known: \(known)")
    }
}

/// Deadlines and limits in words.
enum Deadlines {
    static func short(_ deadline: PlatformV1.Deadline?, _ language: Language) -> String {
        guard let deadline, deadline.dueTime != nil else { return "" }
        let card: String
        switch deadline.card {
        case .yellow: card = language == .english ? "YELLOW " : "黄牌 "
        case .red: card = language == .english ? "RED " : "红牌 "
        default: card = ""
        }
        if deadline.paused { return card + (language == .english ? "paused" : "已停表") }
        return card + Times.end(deadline.dueTime)
    }

    static func long(_ deadline: PlatformV1.Deadline?, _ language: Language) -> String {
        guard let deadline, deadline.dueTime != nil else { return "" }
        var text: String = short(deadline, language)
        if deadline.paused {
            text += language == .english ? ": \(deadline.pauseReason)" : "：\(deadline.pauseReason)"
        } else {
            text += "（" + remaining(Int(deadline.remainingWorkingMinutes), language) + "）"
        }
        if deadline.provisional {
            text +=
                language == .english
                ? " provisional: next year's holidays are not published"
                : "　暂定：下一年的放假安排还没公布"
        }
        return text
    }

    private static func remaining(_ minutes: Int, _ language: Language) -> String {
        let hours: Int = abs(minutes) / 60
        let rest: Int = abs(minutes) % 60
        if language == .english {
            return minutes < 0
                ? "overdue by \(hours) h \(rest) min of work" : "\(hours) h \(rest) min of work left"
        }
        return minutes < 0 ? "已超 \(hours) 工作时 \(rest) 分" : "还剩 \(hours) 工作时 \(rest) 分"
    }

    static func limit(_ limit: PlatformV1.TimeLimit?, _ language: Language) -> String {
        guard let limit, limit.value > 0 else { return language == .english ? "not known" : "未公布" }
        let units: [PlatformV1.TimeUnit: (String, String)] = [
            .minute: ("分钟", "minutes"), .workingHour: ("工作时", "working hours"),
            .workingDay: ("工作日", "working days"), .calendarDay: ("自然日", "days"),
        ]
        let unit: (String, String) = units[limit.unit] ?? ("", "")
        return language == .english ? "\(limit.value) \(unit.1)" : "\(limit.value)\(unit.0)"
    }

    /// `5工作日`, `5d`; `8工作时`, `8h`; `30分钟`, `30min`; `3天`, `3cd`.
    static func parse(_ text: String) throws -> PlatformV1.TimeLimit {
        let digits: Substring = text.prefix(while: { $0.isASCII && $0.isNumber })
        let rest: String = text.dropFirst(digits.count).trimmed().lowercased()
        let units: [String: PlatformV1.TimeUnit] = [
            "工作日": .workingDay, "d": .workingDay, "工作时": .workingHour, "h": .workingHour, "小时": .workingHour,
            "分钟": .minute, "min": .minute, "自然日": .calendarDay, "天": .calendarDay, "cd": .calendarDay,
        ]
        guard let value = Int32(digits), value > 0, let unit = units[rest] else {
            throw ValidationError(
                "时限「\(text)」看不懂。请写成 5工作日、8工作时、30分钟 或 3天。Write 5d, 8h, 30min or 3cd.")
        }
        return PlatformV1.TimeLimit(value: value, unit: unit)
    }
}

extension StringProtocol {
    func trimmed() -> String {
        let head = drop(while: { $0.isWhitespace })
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }
}
