internal import Dialogue
internal import Kernel

/// A screen as it is read aloud to whoever cannot read it: a sentence a line, from top to bottom.
struct SpokenScreen: Sendable, Equatable {
    var sentences: [String] = []
    /// Said after them; its figures may change without being said again, as those of a countdown do.
    var notice: String = ""

    var text: String { (sentences + [notice].filter { !$0.isEmpty }).joined(separator: "\n") + "\n" }

    /// What is said after `other`. Whoever begins to listen hears first which keys work everywhere.
    func text(after other: SpokenScreen?, _ language: Language) -> String {
        other == nil ? Phrases.speechKeys[language] + "\n" + text : text
    }

    /// True if the other one is to be said instead.
    func isAnother(than other: SpokenScreen?) -> Bool {
        guard let other, sentences == other.sentences else { return true }
        return !notice.isEmpty && Self.words(notice) != Self.words(other.notice)
    }

    private static func words(_ text: String) -> String { text.filter { !$0.isNumber } }
}

extension Screen {
    /// What is said: what the screen shows, masked as it shows it. Neither who is signed in nor what is being typed.
    /// Nil while an answer is awaited, since what stands there still was said and is done with.
    var spoken: SpokenScreen? {
        guard !isWaiting else { return nil }
        var spoken = SpokenScreen()
        if !title.isEmpty { spoken.sentences.append(title) }
        for block in blocks {
            switch block {
            case .text(let text), .small(let text), .warning(let text): spoken.sentences.append(text)
            case .rows(let rows): spoken.sentences += rows.map { said($0.label, $0.value) }
            case .code: spoken.sentences.append(Phrases.codeSpoken[look.language])
            }
        }
        for choice in choices + words {
            spoken.sentences.append(Phrases.press[look.language].filled(choice.key, choice.label))
        }
        if let entry { spoken.sentences.append(entry.hint[look.language]) }
        if isUrgent { spoken.notice = notice }
        return spoken
    }

    private func said(_ label: String, _ value: String) -> String {
        if label.isEmpty { return value }
        return look.language == .chinese ? "\(label)：\(value)" : "\(label): \(value)"
    }
}
