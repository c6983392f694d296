import Foundation

/// Gathers matches, the best of each item.
///
/// Thousands of items may match and ten be shown: what is said of a match is kept as numbers, and becomes text only for
/// those that are shown.
struct SearchScorer {
    /// What matched.
    enum Evidence {
        /// The whole of one of `texts`, or those of its pairs that the title has.
        case whole(text: Int)
        case pairs(text: Int, title: Int32)
        /// A part of a title.
        case part(title: Int32, Range<Int>)
        case code
    }
    private struct Match {
        let entry: Int32
        var score: Int
        var evidence: Evidence
        /// What of the question stands in the item's names as it is written.
        var written: Int = 0
        /// Bits of the pairs of the text that is looked for now.
        var pairs: UInt64 = 0

        /// Of two that are meant equally well, the one with more of the question's own characters comes first.
        var rank: Int { score + written / 10 }
    }

    let index: SearchIndex
    /// What is looked for: first the question without its polite words, last other wordings of it.
    let texts: [SearchText]
    /// Taken off what is added next.
    var malus: Int = 0
    private(set) var highest: Int = 0
    private let kind: ItemKind?
    private var matches: [Match] = []
    /// Of each entry, 1 more than its place in `matches`; 0 for none.
    private var places: [Int32]
    /// Of each title, what a pass over postings notes; all 0 between two passes.
    private var marks: [UInt64]
    private var aligner: Aligner = Aligner()

    init(index: SearchIndex, kind: ItemKind?, texts: [SearchText]) {
        self.index = index
        self.kind = kind
        self.texts = texts
        places = Array(repeating: 0, count: index.entries.count)
        marks = Array(repeating: 0, count: index.titles.count)
    }

    var isEmpty: Bool { matches.isEmpty }
    private var asked: SearchText { texts[0] }

    // MARK: Results

    func found(limit: Int) -> [FoundItem] {
        best(limit).map { match in
            FoundItem(
                item: index.entries[Int(match.entry)], matched: words(match.evidence), score: match.rank)
        }
    }

    /// The first of all matches in order, without sorting those behind them.
    private func best(_ limit: Int) -> [Match] {
        var best: [Match] = []
        for match in matches {
            if best.count == limit, let last = best.last, !isBefore(match, last) { continue }
            let place: Int = best.firstIndex { isBefore(match, $0) } ?? best.count
            if best.count == limit { best.removeLast() }
            best.insert(match, at: place)
        }
        return best
    }

    private func isBefore(_ left: Match, _ right: Match) -> Bool {
        let lengths: [Int] = index.nameLengths
        return (right.rank, lengths[Int(left.entry)], left.entry)
            < (left.rank, lengths[Int(right.entry)], right.entry)
    }

    private func words(_ evidence: Evidence) -> [String] {
        switch evidence {
        case .whole(let text): [texts[text].text(0..<texts[text].count)]
        case .pairs(let text, let title): SearchScorer.runs(texts[text], in: index.titles, title)
        case .part(let title, let range): [index.titles.text(title, range)]
        case .code: [asked.text(0..<asked.count)]
        }
    }

    private mutating func add(entry: Int32, _ score: Int, _ evidence: Evidence) {
        let score: Int = score - malus
        let place: Int = Int(places[Int(entry)]) - 1
        if place >= 0 {
            guard matches[place].score < score else { return }
            matches[place].score = score
            matches[place].evidence = evidence
        } else {
            if let kind, index.kinds[Int(entry)] != kind { return }
            matches.append(Match(entry: entry, score: score, evidence: evidence))
            places[Int(entry)] = Int32(matches.count)
        }
        highest = max(highest, score)
    }

    private mutating func add(title: Int32, _ score: Int, _ evidence: Evidence) {
        let worth: Int = index.titles.isName[Int(title)] ? score : score - SearchScore.synonym
        add(entry: index.titles.entries[Int(title)], worth, evidence)
    }

    // MARK: Passes over postings

    /// In which of `lists`, 64 at most, each title is, a bit for each; only titles that are in one.
    private mutating func masks(_ lists: [[Int32]]) -> [(title: Int32, mask: UInt64)] {
        var touched: [Int32] = []
        for (place, list) in lists.enumerated() {
            let bit: UInt64 = 1 << UInt64(place)
            for title in list {
                if marks[Int(title)] == 0 { touched.append(title) }
                marks[Int(title)] |= bit
            }
        }
        return touched.map { title in
            defer { marks[Int(title)] = 0 }
            return (title, marks[Int(title)])
        }
    }

    /// Titles that are in at least so many of `lists`.
    private mutating func titles(inAtLeast needed: Int, of lists: [[Int32]]) -> [Int32] {
        var touched: [Int32] = []
        for list in lists {
            for title in list {
                if marks[Int(title)] == 0 { touched.append(title) }
                marks[Int(title)] += 1
            }
        }
        return touched.filter { title in
            defer { marks[Int(title)] = 0 }
            return marks[Int(title)] >= needed
        }
    }

    /// Where `part` begins within the range of `all`, counted from the range's beginning.
    private static func place<T: Equatable>(of part: [T], in all: [T], _ range: Range<Int>) -> Int? {
        guard let first: T = part.first, part.count <= range.count else { return nil }
        for start in range.lowerBound...(range.upperBound - part.count) where all[start] == first {
            var count: Int = 1
            while count < part.count, all[start + count] == part[count] { count += 1 }
            if count == part.count { return start - range.lowerBound }
        }
        return nil
    }
}

// MARK: - As it is written

extension SearchScorer {
    /// What the pairs of a text are worth. A pair that few titles have says more.
    private struct PairWorth {
        let weights: [Double]
        let total: Double
        private var last: (mask: UInt64, worth: Int) = (0, 0)

        init(weights: [Double], total: Double) {
            self.weights = weights
            self.total = max(total, 0.001)
        }

        /// Many titles that follow each other have the same pairs.
        mutating func callAsFunction(_ mask: UInt64) -> Int {
            if mask == last.mask { return last.worth }
            var sum: Double = 0
            for place in weights.indices where mask & (1 << UInt64(place)) != 0 { sum += weights[place] }
            last = (mask, Int(Double(SearchScore.coverage) * min(1, sum / total)))
            return last.worth
        }
    }

    /// Titles that contain a text, or enough of its pairs.
    mutating func addWritten(_ number: Int) {
        let text: SearchText = texts[number]
        guard text.count > 1 else {
            for title in index.singles[text.scalars.first ?? 0] ?? [] { addWhole(title, number) }
            return
        }
        let distinct: [UInt64] = Set(
            zip(text.scalars, text.scalars.dropFirst()).map { SearchIndex.pair($0, $1) }
        ).sorted()
        let lists: [[Int32]] = distinct.map { index.pairs[$0] ?? [] }
        let weights: [Double] = lists.map { log(1 + Double(index.titles.count) / Double(1 + $0.count)) }
        let isSentence: Bool = text.count >= SearchIndex.sentenceMin
        let known: Int = isSentence ? max(2, lists.count { !$0.isEmpty }) : distinct.count
        let total: Double = zip(weights, lists).reduce(0) { isSentence && $1.1.isEmpty ? $0 : $0 + $1.0 }
        let needed: Int = max(isSentence ? 2 : 1, (known * SearchIndex.coverageMin + 99) / 100)
        var worth: PairWorth = PairWorth(weights: weights, total: total)
        let touched: [(title: Int32, mask: UInt64)] = masks(lists)
        for (title, mask) in touched where mask.nonzeroBitCount >= needed {
            if mask.nonzeroBitCount == distinct.count, addWhole(title, number) { continue }
            add(title: title, worth(mask), .pairs(text: number, title: title))
        }
        raiseWritten(touched, &worth)
    }

    /// Counts what the names of an item have of the text together.
    private mutating func raiseWritten(_ touched: [(title: Int32, mask: UInt64)], _ worth: inout PairWorth) {
        for (title, mask) in touched {
            let place: Int = Int(places[Int(index.titles.entries[Int(title)])]) - 1
            if place >= 0 { matches[place].pairs |= mask }
        }
        for (title, _) in touched {
            let place: Int = Int(places[Int(index.titles.entries[Int(title)])]) - 1
            guard place >= 0, matches[place].pairs != 0 else { continue }
            matches[place].written = max(matches[place].written, worth(matches[place].pairs))
            matches[place].pairs = 0
        }
    }

    /// Adds a title that contains the text; false if it does not.
    @discardableResult
    private mutating func addWhole(_ title: Int32, _ number: Int) -> Bool {
        let scalars: [UInt32] = texts[number].scalars
        let range: Range<Int> = index.titles.range(title)
        guard let start: Int = Self.place(of: scalars, in: index.titles.scalars, range) else { return false }
        let worth: Int =
            range.count == scalars.count
            ? SearchScore.exact : start == 0 ? SearchScore.prefix : SearchScore.contained
        add(title: title, worth + SearchScore.coverage / 2, .whole(text: number))
        return true
    }

    /// The parts of the text whose pairs the title has, each as long as it goes.
    private static func runs(_ text: SearchText, in titles: SearchTitles, _ title: Int32) -> [String] {
        let scalars: ArraySlice<UInt32> = titles.scalars[titles.range(title)]
        let pairs: Set<UInt64> = Set(zip(scalars, scalars.dropFirst()).map { SearchIndex.pair($0, $1) })
        let hits: [Bool] = zip(text.scalars, text.scalars.dropFirst()).map {
            pairs.contains(SearchIndex.pair($0, $1))
        }
        var runs: [String] = []
        var start: Int?
        for place in 0...hits.count {
            let hit: Bool = place < hits.count && hits[place]
            if hit, start == nil { start = place }
            if !hit, let from: Int = start {
                runs.append(text.text(from..<(place + 1)))
                start = nil
            }
        }
        return runs
    }
}

// MARK: - Codes and departments

extension SearchScorer {
    /// Items with this code, or whose code begins so.
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
                add(entry: codes[low].entry, isWhole ? SearchScore.exact : SearchScore.prefix, .code)
            }
            low += 1
        }
    }

    /// Items of departments whose name contains the question.
    mutating func addDepartments() {
        for department in index.departments
        where Self.place(of: asked.scalars, in: department.text.scalars, 0..<department.text.count) != nil {
            for entry in department.entries { add(entry: entry, SearchScore.department, .whole(text: 0)) }
        }
    }
}

// MARK: - As it sounds

extension SearchScorer {
    /// Titles whose initials contain the letters of the question.
    mutating func addInitials() {
        let letters: [UInt8] = asked.initials
        guard let first: UInt8 = letters.first else { return }
        var keys: Set<UInt16> = Set(zip(letters, letters.dropFirst()).map { SearchIndex.pair($0, $1) })
        if letters.count == 1 { keys = [SearchIndex.pair(0, first)] }
        for title in titles(inAtLeast: keys.count, of: keys.map { index.initialPairs[$0] ?? [] }) {
            let range: Range<Int> = index.titles.initialRange(title)
            guard let start: Int = Self.place(of: letters, in: index.titles.initials, range) else { continue }
            add(title: title, Self.spelledScore(start, letters.count, range.count), .whole(text: 0))
        }
    }

    private static func spelledScore(_ start: Int, _ count: Int, _ whole: Int) -> Int {
        if start > 0 { return SearchScore.spelled.contained }
        return count == whole ? SearchScore.spelled.whole : SearchScore.spelled.prefix
    }

    /// Titles whose pinyin contains the letters of the question.
    mutating func addSpelled() {
        guard asked.scalars.allSatisfy({ $0 < 0x80 && Pinyin.isLetter(UInt8($0)) }) else { return }
        let cuts = Pinyin.standard.cuts(asked.text(0..<asked.count))
        for (syllables, rest) in cuts { addSpelled(syllables, rest) }
        guard isEmpty else { return }
        // Who is still typing may have got to a syllable that another one begins with: chaxu, of chaxun.
        for (syllables, rest) in cuts where rest.isEmpty && syllables.count > 1 {
            addSpelled(syllables.dropLast(), Pinyin.standard.spelling(of: syllables[syllables.count - 1]))
        }
    }

    /// - Parameter rest: what the syllable after those begins with.
    private mutating func addSpelled(_ syllables: [Pinyin.Syllable], _ rest: String) {
        let sounds: [UInt16] = syllables.map { Pinyin.standard.sound(of: $0) }
        for (title, start) in titles(sounding: sounds) {
            let range: Range<Int> = index.titles.range(title)
            let first: Int = range.lowerBound + start
            let end: Int = first + sounds.count
            if !rest.isEmpty {
                guard end < range.upperBound,
                    Pinyin.standard.spelling(of: index.titles.syllables[end]).hasPrefix(rest)
                else { continue }
            }
            let asWritten: Bool = index.titles.syllables[first..<end].elementsEqual(syllables)
            let count: Int = sounds.count + (rest.isEmpty ? 0 : 1)
            add(
                title: title,
                Self.spelledScore(start, count, range.count) - (asWritten ? 0 : SearchScore.error),
                .part(title: title, start..<(start + count)))
        }
    }

    /// Titles that contain the sounds, with the place.
    private mutating func titles(sounding sounds: [UInt16]) -> [(title: Int32, start: Int)] {
        let candidates: [Int32]
        if sounds.count == 1 {
            candidates = index.soundSingles[sounds[0]] ?? []
        } else {
            let keys: Set<UInt32> = Set(zip(sounds, sounds.dropFirst()).map { SearchIndex.pair($0, $1) })
            candidates = titles(inAtLeast: keys.count, of: keys.map { index.soundPairs[$0] ?? [] })
        }
        return candidates.compactMap { title in
            Self.place(of: sounds, in: index.titles.sounds, index.titles.range(title)).map { (title, $0) }
        }
    }

    /// Titles with the sounds of all characters: 居驻证 for 居住证.
    mutating func addSounding() {
        // Two sounds stand for many words: only where nobody wrote them so.
        guard asked.count > 2 || asked.count == 2 && isEmpty else { return }
        for (title, start) in titles(sounding: asked.sounds) {
            add(
                title: title,
                index.titles.range(title).count == asked.count
                    ? SearchScore.soundsSame : SearchScore.soundsContained,
                .part(title: title, start..<(start + asked.count)))
        }
    }
}

// MARK: - With errors

extension SearchScorer {
    /// Titles that contain the question if errors up to `budget` are forgiven.
    mutating func addForgiven(budget: Int) {
        guard asked.count > 2, budget > 0 else { return }
        let query: Alignment.Side = asked.side
        let sounds: Set<UInt16> = Set(asked.sounds)
        // A letter may stand for a character that begins with it; what is wrong has another sound, or the same.
        let letters: Int = query.isLatin ? 0 : query.scalars.count { $0 < 0x80 }
        let wrong: Int = budget / Alignment.Cost.slip + letters
        let needed: Int = max(1, sounds.count - wrong)
        for title in titles(inAtLeast: needed, of: sounds.map { index.soundSingles[$0] ?? [] }) {
            guard let alignment = aligner.best(query, index.titles.side(title), budget: budget) else {
                continue
            }
            add(
                title: title, SearchScore.forgiven - alignment.cost * SearchScore.error,
                .part(title: title, alignment.range))
        }
    }
}
