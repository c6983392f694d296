import Kernel

/// All active items in memory, by their characters, their sounds and their codes. Made whole from one snapshot of the
/// store and never changed.
///
/// In memory, because forgiving an error means to look at many more items than are shown, and a catalogue is small.
/// `ops/bench search` measures it.
struct SearchIndex: Sendable {
    typealias Postings<Key: Hashable> = [Key: [Int32]]

    /// In order of code.
    let entries: [RevisedItem]
    /// Kinds of the entries, and how long their names are.
    let kinds: [ItemKind]
    let nameLengths: [Int]
    let titles: SearchTitles
    /// Titles by neighbouring characters, single characters, neighbouring sounds, single sounds, neighbouring initials;
    /// in ascending order, each once.
    let pairs: Postings<UInt64>
    let singles: Postings<UInt32>
    let soundPairs: Postings<UInt32>
    let soundSingles: Postings<UInt16>
    let initialPairs: Postings<UInt16>
    /// Names of departments with their items.
    let departments: [(text: SearchText, entries: [Int32])]
    /// Normalized codes with their items, in order of code.
    let codes: [(code: String, entry: Int32)]

    init(_ items: [RevisedItem], _ vocabulary: ItemVocabulary) {
        var titles: SearchTitles = SearchTitles()
        var builder: Builder = Builder()
        var byDepartment: [String: [Int32]] = [:]
        for (index, item) in items.enumerated() {
            let own: [String] = SearchIndex.names(of: item.content)
            for (place, name) in (own + item.content.synonyms).enumerated() {
                let text: SearchText = SearchText(SearchText.normalize(name), vocabulary)
                let title: Int32 = titles.append(text, entry: Int32(index), isName: place < own.count)
                builder.add(text, title)
            }
            byDepartment[item.content.department, default: []].append(Int32(index))
        }
        entries = items
        kinds = items.map(\.content.kind)
        nameLengths = items.map(\.content.name.unicodeScalars.count)
        self.titles = titles
        pairs = builder.pairs
        singles = builder.singles
        soundPairs = builder.soundPairs
        soundSingles = builder.soundSingles
        initialPairs = builder.initialPairs
        departments = byDepartment.sorted { $0.key < $1.key }.map {
            (SearchText(SearchText.normalize($0.key), vocabulary), $0.value)
        }
        codes = items.enumerated().map { (SearchText.normalize($1.content.code), Int32($0)) }
            .sorted { ($0.code, $0.entry) < ($1.code, $1.entry) }
    }

    /// The name, and the name without what stands in brackets at its end: 离婚登记（30日冷静期）.
    private static func names(of content: ItemContent) -> [String] {
        guard let bracket = content.name.firstIndex(where: { $0 == "（" || $0 == "(" }),
            content.name.hasSuffix("）") || content.name.hasSuffix(")"), bracket != content.name.startIndex
        else { return [content.name] }
        return [content.name, String(content.name[..<bracket])]
    }

    static func pair(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }
    static func pair(_ left: UInt16, _ right: UInt16) -> UInt32 { UInt32(left) << 16 | UInt32(right) }
    static func pair(_ left: UInt8, _ right: UInt8) -> UInt16 { UInt16(left) << 8 | UInt16(right) }

    private struct Builder {
        var pairs: Postings<UInt64> = [:]
        var singles: Postings<UInt32> = [:]
        var soundPairs: Postings<UInt32> = [:]
        var soundSingles: Postings<UInt16> = [:]
        var initialPairs: Postings<UInt16> = [:]

        mutating func add(_ text: SearchText, _ title: Int32) {
            for scalar in text.scalars { Builder.add(scalar, title, &singles) }
            for sound in text.sounds { Builder.add(sound, title, &soundSingles) }
            for index in text.scalars.indices.dropFirst() {
                Builder.add(pair(text.scalars[index - 1], text.scalars[index]), title, &pairs)
                Builder.add(pair(text.sounds[index - 1], text.sounds[index]), title, &soundPairs)
            }
            var previous: UInt8 = 0
            for letter in text.initials {
                Builder.add(pair(previous, letter), title, &initialPairs)
                previous = letter
            }
        }

        private static func add<Key: Hashable>(_ key: Key, _ title: Int32, _ postings: inout Postings<Key>) {
            if postings[key]?.last != title { postings[key, default: []].append(title) }
        }
    }
}
