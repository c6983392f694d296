import Foundation

/// The words by which items are found: pairs of characters, single characters, codes, and initials of pinyin.
enum ItemWords {
    /// How much a word says about an item.
    static let pairWeight: Int = 4
    static let characterWeight: Int = 1
    static let codeWeight: Int = 20
    static let initialsWeight: Int = 3
    static let departmentWeight: Int = 1
    /// Stands before words of initials, so that they are not taken for words of letters.
    static let initialsMark: String = "~"
    /// Stands before the first letters of a title, and `initialsEnd` after all of them: pairs alone would mix titles.
    static let initialsStart: String = "^"
    static let initialsEnd: String = "$"

    /// Polite words around a question, which say nothing about what is looked for.
    private static let fillers: [String] = [
        "请问", "我想要", "我要", "我想", "帮我", "怎么样", "怎么", "怎样", "如何", "在哪里", "在哪儿", "在哪", "哪里", "需要什么",
        "要什么", "材料", "一下", "什么", "办理", "手续", "吗", "呢", "？", "?", "。", "！",
    ]

    /// A text in small letters, half-width, without white space and punctuation.
    static func normalized(_ text: String) -> String {
        String(
            text.precomposedStringWithCompatibilityMapping.lowercased()
                .filter { $0.isLetter || $0.isNumber })
    }

    /// A question without its polite words; as it is, if nothing else is left.
    static func core(_ query: String) -> String {
        var text: String = query
        for filler in fillers { text = text.replacingOccurrences(of: filler, with: "") }
        let core: String = normalized(text)
        return core.isEmpty ? normalized(query) : core
    }

    /// Whether a normalized text can be initials of pinyin.
    static func isInitials(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    /// Pairs of neighbours in a normalized text, in their order; the text itself if it is a single character.
    static func pairs(_ text: String) -> [String] {
        let characters: [Character] = Array(text)
        guard characters.count > 1 else { return text.isEmpty ? [] : [text] }
        return zip(characters, characters.dropFirst()).map { String([$0, $1]) }
    }

    /// The words of an item with their weights.
    static func index(_ item: ItemContent, initials: (String) -> String) -> [String: Int] {
        var words: [String: Int] = [:]
        func add(_ word: String, _ weight: Int) { words[word] = max(words[word] ?? 0, weight) }
        for title in [item.name] + item.synonyms {
            let text: String = normalized(title)
            for pair in pairs(text) { add(pair, pairWeight) }
            for character in text { add(String(character), characterWeight) }
            let letters: String = initials(text)
            for pair in pairs(letters) { add(initialsMark + pair, initialsWeight) }
            for length in 1..<max(2, letters.count) {
                add(initialsStart + letters.prefix(length), initialsWeight)
            }
            add(initialsStart + letters + initialsEnd, codeWeight)
        }
        for pair in pairs(normalized(item.department)) { add(pair, departmentWeight) }
        add(normalized(item.code), codeWeight)
        return words
    }

    /// The words that a question looks up.
    static func lookup(_ core: String) -> [String] {
        var words: Set<String> = Set(pairs(core))
        words.insert(core)
        if isInitials(core) {
            words.formUnion(pairs(core).map { initialsMark + $0 })
            words.formUnion([initialsStart + core, initialsStart + core + initialsEnd])
        }
        if core.count <= 2 { words.formUnion(core.map { String($0) }) }
        return words.sorted()
    }
}

/// The first letters of the pinyin of characters. Made for a whole import at once: the transform is slow to set up.
struct PinyinInitials: Sendable {
    private let letters: [Character: Character]

    /// - Parameter texts: normalized texts whose characters will be asked for.
    init(of texts: [String]) {
        let han: [Character] = Set(texts.joined()).filter { !$0.isASCII }.sorted()
        let latin: String? = han.map { String($0) }.joined(separator: "\n")
            .applyingTransform(StringTransform("Han-Latin; Latin-ASCII"), reverse: false)
        let lines: [Substring] = (latin ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        var letters: [Character: Character] = [:]
        if lines.count == han.count {
            for (character, line) in zip(han, lines) {
                if let letter = line.lowercased().first, letter.isASCII, letter.isLetter {
                    letters[character] = letter
                }
            }
        }
        self.letters = letters
    }

    /// `zfgjj` for 租房公积金; letters and digits stay, other characters are left out.
    func initials(_ text: String) -> String {
        String(text.compactMap { $0.isASCII ? $0 : letters[$0] })
    }
}
