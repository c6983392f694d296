import Foundation
import Kernel

/// An item that was found, and by what.
struct FoundItem: Sendable, Equatable {
    let item: RevisedItem
    /// The parts of the question that matched; where an error was forgiven, the words that were meant.
    let matched: [String]
    let score: Int
}

/// What a match is worth. Whole before part, as written before as it sounds, without errors before with errors.
enum SearchScore {
    static let exact: Int = 1_000
    static let prefix: Int = 500
    static let contained: Int = 300
    /// All sounds are right, and not all characters.
    static let soundsSame: Int = 280
    static let soundsContained: Int = 260
    /// Initials or pinyin of a whole title, of its beginning, of a part.
    static let spelled: (whole: Int, prefix: Int, contained: Int) = (480, 320, 220)
    /// With errors, less `error` for each unit of `Alignment.Cost`.
    static let forgiven: Int = 250
    static let error: Int = 25
    /// Times the share of the question that was found.
    static let coverage: Int = 200
    /// A name that people use counts a little less than the item's own.
    static let synonym: Int = 5
    /// Another wording of the question than the person's own.
    static let rewording: Int = 15
    /// Only the department fits.
    static let department: Int = 40
}

extension SearchIndex {
    /// 1 to 40 characters, as the schema says.
    static let queryCharactersMax: Int = 40
    /// A question matches if at least this part of its pairs does, in hundredths.
    static let coverageMin: Int = 50
    /// In a question of so many characters, pairs that no title has do not count: it is a sentence.
    static let sentenceMin: Int = 6
    /// So many of the first characters of a code find it.
    static let codePrefixMin: Int = 6

    /// What people asked for, best first; the same score goes by the length of the name and by code, so that the order is
    /// always the same.
    func search(_ query: String, _ vocabulary: ItemVocabulary, kind: ItemKind?, limit: Int) -> [FoundItem] {
        let whole: String = SearchText.normalize(query)
        let core: String = vocabulary.core(query)
        var scorer: SearchScorer = SearchScorer(index: self, kind: kind)
        var texts: [SearchText] = [SearchText(core, vocabulary)]
        if whole != core { texts.append(SearchText(whole, vocabulary)) }
        let own: Int = texts.count
        texts += vocabulary.wordings(core).map { SearchText($0, vocabulary) }
        for (place, text) in texts.enumerated() {
            scorer.malus = place < own ? 0 : SearchScore.rewording
            scorer.addWritten(text)
        }
        scorer.malus = 0
        scorer.addCodes(core)
        let asked: SearchText = texts[0]
        if asked.isLatin {
            scorer.addInitials(asked)
            scorer.addSpelled(core)
        } else if scorer.highest < SearchScore.contained {
            scorer.addSounding(asked)
        }
        if scorer.highest < SearchScore.soundsContained {
            scorer.addForgiven(asked, budget: Alignment.budget(asked.count))
        }
        if scorer.isEmpty { scorer.addDepartments(asked) }
        // Three characters with one that is quite another: rather something that looks like it than nothing.
        if scorer.isEmpty && asked.count == 3 { scorer.addForgiven(asked, budget: Alignment.Cost.other) }
        return scorer.found(limit: limit)
    }
}

/// Gathers matches, the best of each item.
struct SearchScorer {
    private struct Match {
        var score: Int
        var matched: [String]
        /// What of the question stands in the item's names as it is written.
        var written: Int = 0

        mutating func raiseWritten(_ worth: Int) { written = max(written, worth) }

        /// Of two that are meant equally well, the one with more of the question's own characters comes first.
        var rank: Int { score + written / 10 }
    }

    let index: SearchIndex
    let kind: ItemKind?
    /// Taken off what is added next.
    var malus: Int = 0
    private(set) var highest: Int = 0
    private var matches: [Int32: Match] = [:]

    init(index: SearchIndex, kind: ItemKind?) {
        self.index = index
        self.kind = kind
    }

    var isEmpty: Bool { matches.isEmpty }

    func found(limit: Int) -> [FoundItem] {
        let lengths: [Int] = index.nameLengths
        return matches.sorted { left, right in
            (right.value.rank, lengths[Int(left.key)], left.key)
                < (left.value.rank, lengths[Int(right.key)], right.key)
        }
        .prefix(limit).map { entry, match in
            FoundItem(item: index.entries[Int(entry)], matched: match.matched, score: match.rank)
        }
    }

    private mutating func add(_ entry: Int32, _ score: Int, _ matched: @autoclosure () -> [String]) {
        let score: Int = score - malus
        let known: Match? = matches[entry]
        if let known, known.score >= score { return }
        if let kind, index.kinds[Int(entry)] != kind { return }
        matches[entry] = Match(score: score, matched: matched(), written: known?.written ?? 0)
        highest = max(highest, score)
    }

    private mutating func add(
        _ title: SearchIndex.Title, _ score: Int, _ matched: @autoclosure () -> [String]
    ) {
        add(title.entry, title.isName ? score : score - SearchScore.synonym, matched())
    }

    /// How many of `lists` each title is in; only titles that are in one.
    private func counts(_ lists: [[Int32]]) -> (hits: [UInt8], touched: [Int32]) {
        var hits: [UInt8] = Array(repeating: 0, count: index.titles.count)
        var touched: [Int32] = []
        for list in lists {
            for title in list {
                if hits[Int(title)] == 0 { touched.append(title) }
                hits[Int(title)] += 1
            }
        }
        return (hits, touched)
    }

    // MARK: As it is written

    /// Titles that contain the text, or enough of its pairs.
    mutating func addWritten(_ text: SearchText) {
        guard text.count > 1 else {
            for title in index.singles[text.scalars.first ?? 0] ?? [] {
                addWhole(index.titles[Int(title)], text, 0)
            }
            return
        }
        let keys: [UInt64] = zip(text.scalars, text.scalars.dropFirst()).map { SearchIndex.pair($0, $1) }
        let distinct: [UInt64] = Array(Set(keys)).sorted()
        let lists: [[Int32]] = distinct.map { index.pairs[$0] ?? [] }
        // A pair that few titles have says more.
        let weights: [Double] = lists.map { log(1 + Double(index.titles.count) / Double(1 + $0.count)) }
        let isSentence: Bool = text.count >= SearchIndex.sentenceMin
        let known: Int = isSentence ? max(2, lists.count { !$0.isEmpty }) : distinct.count
        let total: Double = zip(weights, lists).reduce(0) { isSentence && $1.1.isEmpty ? $0 : $0 + $1.0 }
        let needed: Int = max(isSentence ? 2 : 1, (known * SearchIndex.coverageMin + 99) / 100)
        func worth(_ mask: UInt64) -> Int {
            let sum: Double = weights.indices.reduce(0) {
                mask & (1 << UInt64($1)) == 0 ? $0 : $0 + weights[$1]
            }
            return Int(Double(SearchScore.coverage) * min(1, sum / max(total, 0.001)))
        }
        let (masks, touched): ([UInt64], [Int32]) = masks(lists)
        for number in touched where masks[Int(number)].nonzeroBitCount >= needed {
            let title: SearchIndex.Title = index.titles[Int(number)]
            let mask: UInt64 = masks[Int(number)]
            if mask.nonzeroBitCount == distinct.count, addWhole(title, text, 0) { continue }
            add(title, worth(mask), Self.runs(text, keys.map { Self.contains(title.text.scalars, $0) }))
        }
        // What the names of an item have of the question together.
        var written: [Int32: UInt64] = [:]
        for number in touched {
            let entry: Int32 = index.titles[Int(number)].entry
            if matches[entry] != nil { written[entry, default: 0] |= masks[Int(number)] }
        }
        for (entry, mask) in written { matches[entry]?.raiseWritten(worth(mask)) }
    }

    /// In which of `lists` each title is, a bit for each; only titles that are in one.
    private func masks(_ lists: [[Int32]]) -> (masks: [UInt64], touched: [Int32]) {
        var masks: [UInt64] = Array(repeating: 0, count: index.titles.count)
        var touched: [Int32] = []
        for (place, list) in lists.enumerated() {
            for title in list {
                if masks[Int(title)] == 0 { touched.append(title) }
                masks[Int(title)] |= 1 << UInt64(place)
            }
        }
        return (masks, touched)
    }

    private static func contains(_ scalars: [UInt32], _ pair: UInt64) -> Bool {
        zip(scalars, scalars.dropFirst()).contains { SearchIndex.pair($0, $1) == pair }
    }

    /// Adds a title that contains the text; false if it does not.
    @discardableResult
    private mutating func addWhole(_ title: SearchIndex.Title, _ text: SearchText, _ less: Int) -> Bool {
        guard let start: Int = Self.place(of: text.scalars, in: title.text.scalars) else { return false }
        let worth: Int =
            title.text.count == text.count
            ? SearchScore.exact : start == 0 ? SearchScore.prefix : SearchScore.contained
        add(title, worth + SearchScore.coverage / 2 - less, [text.text(0..<text.count)])
        return true
    }

    private static func place<T: Equatable>(of part: [T], in whole: [T]) -> Int? {
        guard !part.isEmpty, part.count <= whole.count else { return nil }
        return (0...(whole.count - part.count)).first { start in
            part.indices.allSatisfy { whole[start + $0] == part[$0] }
        }
    }

    /// The parts of the question whose pairs matched, each as long as it goes.
    static func runs(_ text: SearchText, _ hits: [Bool]) -> [String] {
        var runs: [String] = []
        var start: Int?
        for index in 0...hits.count {
            let hit: Bool = index < hits.count && hits[index]
            if hit, start == nil { start = index }
            if !hit, let from: Int = start {
                runs.append(text.text(from..<(index + 1)))
                start = nil
            }
        }
        return runs
    }

    // MARK: Codes

    mutating func addCodes(_ core: String) {
        let codes: [(code: String, entry: Int32)] = index.codes
        var low: Int = 0
        var high: Int = codes.count
        while low < high {
            let middle: Int = (low + high) / 2
            if codes[middle].code < core { low = middle + 1 } else { high = middle }
        }
        while low < codes.count, codes[low].code.hasPrefix(core) {
            let isWhole: Bool = codes[low].code == core
            if isWhole || core.count >= SearchIndex.codePrefixMin {
                add(codes[low].entry, isWhole ? SearchScore.exact : SearchScore.prefix, [core])
            }
            low += 1
        }
    }

    // MARK: As it sounds

    mutating func addInitials(_ text: SearchText) {
        let letters: [UInt8] = text.initials
        guard let first: UInt8 = letters.first else { return }
        var keys: Set<UInt16> = Set(zip(letters, letters.dropFirst()).map { SearchIndex.pair($0, $1) })
        if letters.count == 1 { keys = [SearchIndex.pair(0, first)] }
        let (hits, touched): ([UInt8], [Int32]) = counts(keys.map { index.initialPairs[$0] ?? [] })
        for number in touched where Int(hits[Int(number)]) == keys.count {
            let title: SearchIndex.Title = index.titles[Int(number)]
            guard let start: Int = Self.place(of: letters, in: title.text.initials) else { continue }
            add(
                title, Self.spelledScore(start, letters.count, title.text.initials.count),
                [text.text(0..<text.count)])
        }
    }

    private static func spelledScore(_ start: Int, _ count: Int, _ whole: Int) -> Int {
        if start > 0 { return SearchScore.spelled.contained }
        return count == whole ? SearchScore.spelled.whole : SearchScore.spelled.prefix
    }

    /// Titles whose pinyin begins with, or contains, the letters.
    mutating func addSpelled(_ letters: String) {
        guard letters.utf8.allSatisfy(Pinyin.isLetter) else { return }
        for (syllables, rest) in Pinyin.standard.cuts(letters) {
            let sounds: [UInt16] = syllables.map { Pinyin.standard.sound(of: $0) }
            for (number, start) in titles(sounding: sounds) {
                let title: SearchIndex.Title = index.titles[Int(number)]
                let end: Int = start + sounds.count
                if !rest.isEmpty {
                    guard end < title.text.count,
                        Pinyin.standard.spelling(of: title.text.syllables[end]).hasPrefix(rest)
                    else { continue }
                }
                let found: ArraySlice<Pinyin.Syllable> = title.text.syllables[start..<end]
                let asWritten: Bool = found.elementsEqual(syllables)
                let count: Int = sounds.count + (rest.isEmpty ? 0 : 1)
                add(
                    title,
                    Self.spelledScore(start, count, title.text.count) - (asWritten ? 0 : SearchScore.error),
                    [title.text.text(start..<(start + count))])
            }
        }
    }

    /// Titles that contain the sounds, with the place.
    private func titles(sounding sounds: [UInt16]) -> [(title: Int32, start: Int)] {
        let candidates: [Int32]
        if sounds.count == 1 {
            candidates = index.soundSingles[sounds[0]] ?? []
        } else {
            let keys: Set<UInt32> = Set(zip(sounds, sounds.dropFirst()).map { SearchIndex.pair($0, $1) })
            let (hits, touched): ([UInt8], [Int32]) = counts(keys.map { index.soundPairs[$0] ?? [] })
            candidates = touched.filter { Int(hits[Int($0)]) == keys.count }
        }
        return candidates.compactMap { number in
            Self.place(of: sounds, in: index.titles[Int(number)].text.sounds).map { (number, $0) }
        }
    }

    /// Titles with the sounds of all characters: 居驻证 for 居住证.
    mutating func addSounding(_ text: SearchText) {
        // Two sounds stand for many words: only where nobody wrote them so.
        guard text.count > 2 || text.count == 2 && isEmpty else { return }
        for (number, start) in titles(sounding: text.sounds) {
            let title: SearchIndex.Title = index.titles[Int(number)]
            add(
                title, title.text.count == text.count ? SearchScore.soundsSame : SearchScore.soundsContained,
                [title.text.text(start..<(start + text.count))])
        }
    }

    // MARK: With errors

    /// Titles that contain the text if errors up to `budget` are forgiven.
    mutating func addForgiven(_ text: SearchText, budget: Int) {
        guard text.count > 2, budget > 0 else { return }
        let sounds: Set<UInt16> = Set(text.sounds)
        let (hits, touched): ([UInt8], [Int32]) = counts(sounds.map { index.soundSingles[$0] ?? [] })
        // A letter may stand for a character that begins with it; what is wrong has another sound, or the same.
        let letters: Int = text.isLatin ? 0 : text.scalars.count { $0 < 0x80 }
        let wrong: Int = budget / Alignment.Cost.slip + letters
        let needed: Int = max(1, sounds.count - wrong)
        for number in touched where Int(hits[Int(number)]) >= needed {
            let title: SearchIndex.Title = index.titles[Int(number)]
            guard let alignment: Alignment = Self.align(text, title.text, budget: budget) else { continue }
            add(
                title, SearchScore.forgiven - alignment.cost * SearchScore.error,
                [title.text.text(alignment.range)])
        }
    }

    static func align(_ query: SearchText, _ title: SearchText, budget: Int) -> Alignment? {
        Alignment.best(
            query: query.count, title: title.count, budget: budget,
            isSwap: { row, column in
                query.scalars[row] == title.scalars[column - 1]
                    && query.scalars[row - 1] == title.scalars[column]
            },
            same: { row, column in
                if query.scalars[row] == title.scalars[column] { return 0 }
                if query.sounds[row] == title.sounds[column] {
                    return query.syllables[row] == title.syllables[column]
                        ? Alignment.Cost.same : Alignment.Cost.alike
                }
                let isInitial: Bool =
                    !query.isLatin && title.syllables[column] != 0
                    && query.scalars[row] == UInt32(Pinyin.standard.initial(of: title.syllables[column]))
                return isInitial ? 0 : Alignment.Cost.other
            })
    }

    // MARK: Departments

    /// Items of departments whose name contains the text.
    mutating func addDepartments(_ text: SearchText) {
        for department in index.departments
        where Self.place(of: text.scalars, in: department.text.scalars) != nil {
            for entry in department.entries {
                add(entry, SearchScore.department, [text.text(0..<text.count)])
            }
        }
    }
}
