/// One line that a person typed, cleaned once, so that every rule compares the same thing.
///
/// A menu answer is compared as a whole: "12" is twelve and never picks entry 1.
package struct Answer: Sendable, Equatable {
    /// The line without control characters and without spaces at its ends: what a text question keeps.
    package let text: String
    /// The line for comparing: half-width, lower case, single spaces, without punctuation at its end.
    package let token: String
    /// The number that the whole line means: "3", "３", "三", "十二", "③" or "第三个"; nil for anything else.
    package let number: Int?

    package init(_ line: String) {
        text = Answer.cleaned(line)
        token = Answer.token(of: text)
        number = Answer.number(in: token)
    }

    package var isEmpty: Bool { text.isEmpty }

    /// Control characters (a terminal escape, a line separator, a bidirectional override) never get past this point.
    static func cleaned(_ line: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\t": result.append(" ")
            case .control,
                .format where scalar != "\u{200D}":
                continue
            case .lineSeparator, .paragraphSeparator, .surrogate: continue
            default: result.append(scalar)
            }
        }
        return trimmed(String(result))
    }

    /// Full-width letters, digits and signs become half-width ones; case and spacing no longer matter.
    package static func token(of text: String) -> String {
        let token = folded(text)
        let ends: Set<Character> = ["。", ".", "、", ",", "!", ";", "；", ":", "：", ")", "）", "~"]
        var result = Substring(token)
        while result.count > 1, let last = result.last, ends.contains(last) || last == " " {
            result.removeLast()
        }
        return String(result)
    }

    /// Half-width, lower case, single spaces; punctuation stays.
    static func folded(_ text: String) -> String {
        var token = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E:
                token.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x20, 0xA0, 0x3000:
                if token.last != " ", !token.isEmpty { token.append(" ") }
            default:
                token.unicodeScalars.append(scalar)
            }
        }
        return trimmed(token.lowercased())
    }

    /// Spaces of every width are taken from both ends.
    static func trimmed(_ text: String) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}

// MARK: - Numbers

extension Answer {
    /// Nobody is shown more entries than this, so a longer number is not an answer to a menu.
    static let digitsAtMost = 4

    static func number(in token: String) -> Int? {
        if let plain = plainNumber(token) { return plain }
        let said =
            ["请", "我"].first { token.hasPrefix($0) }.map { String(token.dropFirst($0.count)) } ?? token
        for prefix in ["第", "选择", "选第", "选", "按"] where said.hasPrefix(prefix) {
            var rest = said.dropFirst(prefix.count)
            if let last = rest.last, "个项条号题".contains(last) { rest.removeLast() }
            if let number = plainNumber(trimmed(String(rest))) { return number }
        }
        return nil
    }

    private static func plainNumber(_ token: String) -> Int? {
        guard !token.isEmpty, token.count <= digitsAtMost else { return nil }
        if token.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return Int(token) }
        if token.unicodeScalars.count == 1, let scalar = token.unicodeScalars.first,
            (0x2460...0x2473).contains(scalar.value)
        {
            return Int(scalar.value - 0x2460) + 1
        }
        return chineseNumber(token)
    }

    /// 零 to 九十九.
    private static func chineseNumber(_ token: String) -> Int? {
        let digits: [Character: Int] = [
            "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
        ]
        let characters = Array(token)
        if characters.count == 1, let digit = digits[characters[0]] { return digit }
        guard let ten = characters.firstIndex(of: "十"), ten <= 1, characters.count - ten <= 2 else {
            return nil
        }
        var tens = 1
        if ten == 1 {
            guard let digit = digits[characters[0]], digit > 0 else { return nil }
            tens = digit
        }
        guard characters.count > ten + 1 else { return tens * 10 }
        guard let ones = digits[characters[ten + 1]], ones > 0 else { return nil }
        return tens * 10 + ones
    }
}

// MARK: - Words with a meaning everywhere

/// What a person may say in every state.
package enum GlobalWord: String, Sendable, Codable, CaseIterable {
    case back
    case home
    case human
    case help
    case restart

    var words: [String] {
        switch self {
        case .back: ["0", "返回", "上一步", "后退", "back"]
        case .home: ["#", "主菜单", "首页", "回主菜单", "home", "menu", "main menu"]
        case .human: ["人工", "人工服务", "客服", "转人工", "human", "agent"]
        case .help: ["?", "帮助", "怎么用", "help"]
        case .restart: ["重来", "重新开始", "从头来", "restart"]
        }
    }

    /// Only a whole line is a keyword: "人工" inside a sentence is part of the sentence.
    init?(_ answer: Answer) {
        if answer.number == 0, answer.text.count <= 1 {
            self = .back
            return
        }
        guard let word = Self.allCases.first(where: { $0.words.contains(answer.token) }) else { return nil }
        self = word
    }
}

extension Answer {
    /// True for yes, false for no, nil for anything else.
    var yes: Bool? {
        if ["是", "是的", "对", "对的", "有", "好", "好的", "可以", "行", "要", "yes", "y", "ok"].contains(token) {
            return true
        }
        if ["否", "不", "不是", "没有", "没", "无", "不要", "不用", "不行", "no", "n"].contains(token) { return false }
        return nil
    }
    /// True for a word that asks to leave a question out and is no answer to any.
    var isSkipWord: Bool { ["跳过", "略过", "skip"].contains(token) }

    /// Letters and figures as the numbers of reports, applications and certificates have them, right or mistyped.
    var looksNumbered: Bool {
        let letters = token.prefix(2)
        let rest = token.dropFirst(2).filter { $0 != "-" && $0 != " " }
        return ["aj", "bj", "zm"].contains(letters) && rest.count >= 6 && rest.allSatisfy(\.isNumber)
    }

    /// What a search takes of a longer line, no word cut in two.
    var searchWords: String {
        guard text.count > Limit.searchCharacters else { return text }
        let start = text.prefix(Limit.searchCharacters)
        guard text.dropFirst(Limit.searchCharacters).first?.isASCII == true, start.last?.isASCII == true,
            let space = start.lastIndex(of: " ")
        else { return String(start) }
        return String(start[..<space])
    }

    /// Words of somebody in danger: the numbers to call are said before anything else is asked.
    var namesDanger: Bool {
        let words = [
            "救命", "着火", "起火", "失火", "火灾", "冒烟", "烧起来", "爆炸", "煤气味", "燃气味", "臭鸡蛋", "漏气", "触电", "漏电",
            "电线掉", "中毒", "晕倒", "昏倒", "昏迷", "不省人事", "没有呼吸", "受伤", "落水", "被困", "坠楼", "跳楼", "自杀", "打人",
            "家暴", "抢劫",
        ]
        let english = [
            "on fire", "gas leak", "smell gas", "smell of gas", "unconscious", "explosion", "electrocuted",
        ]
        return words.contains { token.contains($0) }
            || english.contains { " \(token) ".contains(" \($0) ") }
    }
    var saysSkip: Bool { ["跳过", "不填", "没有", "无", "略过", "skip", "none"].contains(token) }
    var saysUnknown: Bool {
        ["不知道", "不清楚", "不晓得", "不记得", "unknown", "i do not know", "i don't know"].contains(token)
    }
    var saysMore: Bool { ["更多", "下一页", "还有呢", "+", "more", "next"].contains(token) }
}
