internal import CPinyin

/// Turns pinyin into Chinese words. There is no user's dictionary: what one person types or chooses changes nothing for the
/// next, and each question is answered from the letters alone.
///
/// The library keeps one state for the process, so that one engine is made and one task uses it.
final class PinyinEngine {
    /// Where Debian's libgooglepinyin0 puts its dictionary.
    static let dictionaries: [String] = [
        "/usr/lib/x86_64-linux-gnu/googlepinyin/data/dict_pinyin.dat",
        "/usr/lib/aarch64-linux-gnu/googlepinyin/data/dict_pinyin.dat",
    ]
    /// Letters that are looked up at once.
    static let lettersAtMost: Int = Int(LINLI_PINYIN_LETTERS)

    /// Nil if the dictionary is not there.
    init?(dictionary: String? = nil) {
        let paths: [String] = dictionary.map { [$0] } ?? Self.dictionaries
        guard paths.contains(where: { linli_pinyin_open($0) }) else { return nil }
    }

    deinit { linli_pinyin_close() }

    /// A word, and how many letters it stands for.
    struct Candidate: Equatable {
        var text: String
        var letters: Int
    }

    /// Words for the front of `letters`, the best first: `range` of them.
    func candidates(for letters: String, _ range: Range<Int>) -> [String] {
        let count: Int = search(letters)
        return range.clamped(to: 0..<count).map(text)
    }

    /// How many words there are for `letters`.
    func count(for letters: String) -> Int { search(letters) }

    /// The word at `index`, and how many letters it takes.
    func choose(_ index: Int, of letters: String) -> Candidate? {
        let count: Int = search(letters)
        guard (0..<count).contains(index) else { return nil }
        let word: String = text(index)
        _ = linli_pinyin_choose(Int32(index))
        var next: Int32 = 0
        var total: Int32 = 0
        let fixed: Int32 = linli_pinyin_fixed(&next, &total)
        // The whole is said when nothing is left to be chosen.
        let isWhole: Bool = fixed >= total || next <= 0
        return Candidate(
            text: word, letters: isWhole ? letters.utf8.count : min(Int(next), letters.utf8.count))
    }

    /// Writes over what was looked up last.
    func forget() { linli_pinyin_forget() }

    private func search(_ letters: String) -> Int {
        let bytes: [CChar] = letters.utf8.prefix(Self.lettersAtMost).map { CChar(bitPattern: $0) }
        guard !bytes.isEmpty else { return 0 }
        return Int(linli_pinyin_search(bytes, Int32(bytes.count)))
    }

    private func text(_ index: Int) -> String {
        var units: [UInt16] = Array(repeating: 0, count: Int(LINLI_PINYIN_UNITS) + 1)
        let count: Int32 = linli_pinyin_candidate(Int32(index), &units)
        return String(decoding: units.prefix(Int(count)), as: UTF16.self)
    }
}
