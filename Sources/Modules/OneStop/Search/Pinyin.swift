import Foundation

/// How characters sound. One reading each, the most frequent; words that are read otherwise are data (`ItemVocabulary`).
struct Pinyin: Sendable {
    /// A syllable without its tone; 0 for what is no Chinese character.
    typealias Syllable = UInt16

    /// The readings of all characters of the basic block, made once, by whoever asks first.
    static let standard: Pinyin = Pinyin()

    private static let block: ClosedRange<UInt32> = 0x4E00...0x9FFF
    /// Longest syllable: zhuang, chuang, shuang.
    private static let lettersMax: Int = 6
    /// Ways to cut letters into syllables that are tried.
    static let cutsMax: Int = 8

    private let readings: [Syllable]
    /// Spelling of each syllable; the first is none.
    private let spellings: [String]
    /// First letter of each.
    private let initials: [UInt8]
    /// All that spellings begin with, themselves too.
    private let beginnings: Set<String>
    private let syllables: [String: Syllable]
    /// What people mix up: the same number for zh and z, ch and c, sh and s, l and n, and for final ng and n.
    private let alike: [UInt16]

    private init() {
        let characters: [String] = Pinyin.block.compactMap { Unicode.Scalar($0).map { String($0) } }
        let latin: String? = characters.joined(separator: "\n")
            .applyingTransform(StringTransform("Han-Latin; Latin-ASCII"), reverse: false)
        let lines: [Substring] = (latin ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        precondition(lines.count == characters.count, "ICU gives each character a line of its own")
        var spellings: [String] = [""]
        var syllables: [String: Syllable] = [:]
        readings = lines.map { line in
            let letters: String = line.lowercased()
            guard letters.utf8.allSatisfy(Pinyin.isLetter), letters.utf8.count <= Pinyin.lettersMax else {
                return 0
            }
            if let known: Syllable = syllables[letters] { return known }
            let syllable: Syllable = Syllable(spellings.count)
            syllables[letters] = syllable
            spellings.append(letters)
            return syllable
        }
        var groups: [String: UInt16] = [:]
        alike = spellings.enumerated().map { index, spelling in
            let key: String = Pinyin.blurred(spelling)
            if let group: UInt16 = groups[key] { return group }
            groups[key] = UInt16(index)
            return UInt16(index)
        }
        initials = spellings.map { $0.utf8.first ?? 0 }
        beginnings = Set(
            spellings.flatMap { spelling in (1...Pinyin.lettersMax).map { String(spelling.prefix($0)) } })
        self.spellings = spellings
        self.syllables = syllables
    }

    static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    /// A spelling without the differences that many do not hear.
    private static func blurred(_ spelling: String) -> String {
        var text: String = spelling
        for initial in ["zh", "ch", "sh"] where text.hasPrefix(initial) {
            text = String(initial.prefix(1)) + text.dropFirst(2)
        }
        if text.hasPrefix("l") { text = "n" + text.dropFirst() }
        if text.hasSuffix("ng") && !text.hasSuffix("ong") { text = String(text.dropLast()) }
        return text
    }

    func syllable(of scalar: UInt32) -> Syllable {
        Pinyin.block.contains(scalar) ? readings[Int(scalar - Pinyin.block.lowerBound)] : 0
    }

    func syllable(spelled letters: String) -> Syllable? { syllables[letters] }

    func spelling(of syllable: Syllable) -> String { spellings[Int(syllable)] }

    /// First letter of the syllable; 0 for none.
    func initial(of syllable: Syllable) -> UInt8 { initials[Int(syllable)] }

    /// A number that sounds which are mixed up have in common.
    func sound(of syllable: Syllable) -> UInt16 { alike[Int(syllable)] }

    /// Letters cut into syllables, in all ways up to `cutsMax`, the longest syllables first; letters that are left at
    /// the end begin one more, such as `g` in `gongjig`.
    func cuts(_ letters: String) -> [(syllables: [Syllable], rest: String)] {
        let bytes: [UInt8] = letters.utf8.map { $0 == UInt8(ascii: "v") ? UInt8(ascii: "u") : $0 }
        var found: [(syllables: [Syllable], rest: String)] = []
        var partial: [(syllables: [Syllable], rest: String)] = []
        var steps: Int = 0
        func walk(_ start: Int, _ path: [Syllable]) {
            steps += 1
            guard found.count < Pinyin.cutsMax, steps < 2_000 else { return }
            guard start < bytes.count else {
                found.append((path, ""))
                return
            }
            for length in stride(from: min(Pinyin.lettersMax, bytes.count - start), to: 0, by: -1) {
                let piece: String = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
                if let syllable: Syllable = syllables[piece] { walk(start + length, path + [syllable]) }
            }
            let rest: String = String(decoding: bytes[start...], as: UTF8.self)
            if !path.isEmpty, beginnings.contains(rest) { partial.append((path, rest)) }
        }
        walk(0, [])
        if !found.isEmpty { return found }
        return Array(partial.sorted { $0.rest.utf8.count < $1.rest.utf8.count }.prefix(Pinyin.cutsMax))
    }
}
