/// One step of a script that drives the kiosk: one a line, `#` begins a remark.
enum ScriptStep: Sendable, Equatable {
    /// `key 1`, `key enter`, `key F1`.
    case key(Key)
    /// `type 13800138000`: one key after another, as a person types.
    case type(String)
    /// `tap 返回`: touches the first place where this stands.
    case tap(String)
    /// `scan GX2026…`: a scanner reads a code.
    case scan(String)
    /// `wait 请核对`: until this is on the screen.
    case wait(String)
    /// `gone 王`: until this is not on the screen.
    case gone(String)
    /// `screen`: prints what is on the screen.
    case screen
    /// `card NUMBER NAME`, `card removed`, `card unreadable`, `card ready`.
    case card(CardEvent)
    /// `size 24 80`.
    case size(rows: Int, columns: Int)
    /// `patience 5`: seconds that the following steps wait.
    case patience(Int)
    /// `code outbox-sms.jsonl`: types the newest six digits in a file, as people read them on their phone.
    case code(String)

    struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        var line: Int
        var text: String
        var description: String { "第 \(line) 行看不懂 line \(line) is no step：\(text)" }
    }

    /// A script longer than this is none.
    static let linesAtMost: Int = 10_000

    /// The steps of a script, each with the number of its line.
    static func read(_ text: String) throws(Problem) -> [(line: Int, step: ScriptStep)] {
        var steps: [(Int, ScriptStep)] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(linesAtMost)
            .enumerated()
        {
            let line: Substring = raw.drop { $0 == " " }
            guard !line.isEmpty, line.first != "#" else { continue }
            guard let step = step(line) else { throw Problem(line: index + 1, text: String(line)) }
            steps.append((index + 1, step))
        }
        return steps
    }

    private static func step(_ line: Substring) -> ScriptStep? {
        let parts: [Substring] = line.split(separator: " ", maxSplits: 1).map { $0 }
        let rest: String = parts.count == 2 ? String(parts[1]) : ""
        switch parts[0] {
        case "screen": return rest.isEmpty ? .screen : nil
        case "key": return key(rest).map(ScriptStep.key)
        case "size":
            let numbers: [Int] = rest.split(separator: " ").compactMap { Int($0) }
            return numbers.count == 2 ? .size(rows: numbers[0], columns: numbers[1]) : nil
        case "patience": return Int(rest).map(ScriptStep.patience)
        case "card": return card(rest).map(ScriptStep.card)
        default: return rest.isEmpty ? nil : text(String(parts[0]), rest)
        }
    }

    private static func text(_ verb: String, _ rest: String) -> ScriptStep? {
        switch verb {
        case "type": .type(rest)
        case "tap": .tap(rest)
        case "scan": .scan(rest)
        case "wait": .wait(rest)
        case "gone": .gone(rest)
        case "code": .code(rest)
        default: nil
        }
    }

    private static func key(_ name: String) -> Key? {
        let names: [String: Key] = [
            "enter": .enter, "backspace": .backspace, "escape": .escape, "tab": .tab, "up": .up,
            "down": .down,
            "left": .left, "right": .right, "pageup": .pageUp, "pagedown": .pageDown,
            "space": .character(" "),
        ]
        if let key = names[name.lowercased()] { return key }
        if name.count == 1, let character = name.first { return .character(character) }
        guard name.hasPrefix("F"), let number = Int(name.dropFirst()), (1...12).contains(number) else {
            return nil
        }
        return .function(number)
    }

    private static func card(_ words: String) -> CardEvent? {
        switch words {
        case "removed": return .removed
        case "unreadable": return .unreadable
        case "ready": return .isWorking(true)
        default:
            let parts: [Substring] = words.split(separator: " ", maxSplits: 1).map { $0 }
            return parts.count == 2 ? .inserted(number: String(parts[0]), name: String(parts[1])) : nil
        }
    }
}
