/// An item that was found, and by what.
struct FoundItem: Sendable, Equatable {
    let item: StoredItem
    /// The parts of the question that matched.
    let matched: [String]
    let score: Int
}

/// In which order items are shown.
enum ItemRanking {
    /// Items that one search looks at.
    static let candidatesMax: Int = 200
    /// 1 to 40 characters, as the schema says.
    static let queryCharactersMax: Int = 40
    /// A question matches if at least this part of its pairs does, in hundredths.
    static let coverageMin: Int = 50

    /// What a whole match is worth; more than all pairs together.
    private static let exact: Int = 1_000
    private static let prefix: Int = 500
    private static let contained: Int = 300

    /// Those that match, best first; the same score goes by code, so that the order is always the same.
    ///
    /// - Parameter words: of each candidate's index, those that were looked up.
    static func rank(_ candidates: [(item: StoredItem, words: Set<String>)], core: String) -> [FoundItem] {
        candidates.compactMap { found(core, $0.item, $0.words) }
            .sorted {
                ($1.score, $0.item.content.name.count, $0.item.content.code)
                    < ($0.score, $1.item.content.name.count, $1.item.content.code)
            }
    }

    private static func found(_ core: String, _ item: StoredItem, _ words: Set<String>) -> FoundItem? {
        let titles: [String] = ([item.content.name] + item.content.synonyms).map(ItemWords.normalized)
        var score: Int = titles.map { whole($0, core) }.max() ?? 0
        if ItemWords.normalized(item.content.code) == core { score = exact }
        let initials: Bool = ItemWords.isInitials(core)
        if initials {
            let start: String = ItemWords.initialsStart + core
            if words.contains(start + ItemWords.initialsEnd) {
                score = max(score, prefix)
            } else if words.contains(start) {
                score = max(score, contained)
            }
        }
        let pairs: [String] = ItemWords.pairs(core)
        let hits: [Bool] = pairs.map { pair in
            words.contains(pair) || initials && words.contains(ItemWords.initialsMark + pair)
        }
        let coverage: Int = pairs.isEmpty ? 0 : hits.count { $0 } * 100 / pairs.count
        // Initials say little: all of them have to be there.
        guard score > 0 || coverage >= (initials ? 100 : coverageMin) else { return nil }
        score += coverage
        let matched: [String] = score >= contained || initials ? [core] : runs(core, hits)
        return FoundItem(item: item, matched: matched, score: score)
    }

    private static func whole(_ title: String, _ core: String) -> Int {
        if title == core { return exact }
        if title.hasPrefix(core) { return prefix }
        return title.contains(core) ? contained : 0
    }

    /// The parts of the question whose pairs matched, each as long as it goes.
    static func runs(_ core: String, _ hits: [Bool]) -> [String] {
        let characters: [Character] = Array(core)
        guard characters.count > 1 else { return hits.first == true ? [core] : [] }
        var runs: [String] = []
        var start: Int?
        for index in 0...hits.count {
            let hit: Bool = index < hits.count && hits[index]
            if hit, start == nil { start = index }
            if !hit, let from: Int = start {
                runs.append(String(characters[from...index]))
                start = nil
            }
        }
        return runs
    }
}
