/// Names of items, their own and those that people use. They lie end to end: a search looks at thousands of them, and
/// an array for each would have to be retained and released each time.
struct SearchTitles: Sendable {
    /// Of each title: its item, and whether it is the item's own name.
    private(set) var entries: [Int32] = []
    private(set) var isName: [Bool] = []
    /// Of all titles; see `SearchText`.
    private(set) var scalars: [UInt32] = []
    private(set) var syllables: [Pinyin.Syllable] = []
    private(set) var sounds: [UInt16] = []
    private(set) var initials: [UInt8] = []
    /// Where each title begins in them, and at the end where one more would.
    private var starts: [Int] = [0]
    private var initialStarts: [Int] = [0]

    var count: Int { entries.count }

    /// Adds a title and returns its number.
    mutating func append(_ text: SearchText, entry: Int32, isName: Bool) -> Int32 {
        entries.append(entry)
        self.isName.append(isName)
        scalars += text.scalars
        syllables += text.syllables
        sounds += text.sounds
        initials += text.initials
        starts.append(scalars.count)
        initialStarts.append(initials.count)
        return Int32(entries.count - 1)
    }

    /// Where the characters, syllables and sounds of a title are.
    func range(_ title: Int32) -> Range<Int> { starts[Int(title)]..<starts[Int(title) + 1] }

    /// Where its initials are.
    func initialRange(_ title: Int32) -> Range<Int> {
        initialStarts[Int(title)]..<initialStarts[Int(title) + 1]
    }

    /// The part of a title, counted from its beginning.
    func text(_ title: Int32, _ part: Range<Int>) -> String {
        let start: Int = starts[Int(title)]
        return SearchText.text(scalars[(start + part.lowerBound)..<(start + part.upperBound)])
    }

    func side(_ title: Int32) -> Alignment.Side {
        let range: Range<Int> = range(title)
        return Alignment.Side(
            scalars: scalars[range], syllables: syllables[range], sounds: sounds[range], isLatin: false)
    }
}
