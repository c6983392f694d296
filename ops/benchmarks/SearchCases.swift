import Foundation
import Kernel

/// A catalogue as large as one wants, made of the product's own lists, and questions as people put them. The same every
/// time.
struct SearchCases: Sendable {
    enum Kind: String, CaseIterable {
        /// A name as the catalogue has it, a part of one, two characters of one.
        case whole, part
        case twoCharacters = "two_characters"
        /// First letters of the syllables, whole syllables, syllables of which the last is cut off.
        case initials, pinyin
        case cutPinyin = "cut_pinyin"
        /// A word of the list's column `synonyms`, in a sentence.
        case everyday
        /// One character missing, twice, swapped with its neighbour, one that sounds the same, quite another.
        case slip
        /// Characters of names in no order.
        case nothing
    }
    struct Question: Sendable {
        let kind: Kind
        let words: String
    }
    private struct Row {
        let columns: [String]
        var name: String { columns[1] }
        var synonyms: [String] { columns[8].split(separator: ";").map(String.init) }
    }

    /// Of all items, in the order of the file.
    let names: [String]
    /// A list in the columns of ops/data/items/handling.tsv.
    let file: String
    let questions: [Question]

    private static let characters: ClosedRange<UInt32> = 0x4E00...0x9FFF
    /// So many characters, as the contract says; longer questions are cut.
    private static let questionMax: Int = 40

    /// - Parameters:
    ///   - folder: ops/data.
    ///   - each: questions of each kind.
    init(folder: String, items: Int, each: Int) throws {
        var rows: [Row] = []
        for list in ["handling", "query"] {
            rows += try Self.rows("\(folder)/items/\(list).tsv").map(Row.init)
        }
        let places: [String] = try Self.rows("\(folder)/divisions/divisions.tsv").map { $0[1] }
        var lines: [String] = [
            "code\tname\tdepartment\tdepartment_id\ttype\tlimit\tstatutory_limit\tnote\tsynonyms\tsource"
        ]
        var names: [String] = []
        for number in 0..<items {
            var columns: [String] = rows[number % rows.count].columns
            let round: Int = number / rows.count
            let place: String = places[(round * 7 + number) % places.count]
            let department: String = String(columns[2].drop { $0 == "市" })
            columns[0] += String(format: "-%03d", round)
            // The product's own name first; then those of districts, by their beginning or in brackets.
            if round > 0 {
                columns[1] =
                    round.isMultiple(of: 2) ? "\(columns[1])（\(place)\(department)）" : place + columns[1]
                columns[2] = place + department
            }
            names.append(columns[1])
            lines.append(columns.joined(separator: "\t"))
        }
        self.names = names
        file = lines.joined(separator: "\n") + "\n"
        var writer: QuestionWriter = QuestionWriter(
            names: rows.map { Self.onlyCharacters($0.name) }.filter { $0.count >= 4 }, whole: names,
            synonyms: rows.flatMap(\.synonyms))
        // The kinds take turns, so that what slows the machine for a while slows all of them.
        questions = (0..<each).flatMap { _ in
            Kind.allCases.map {
                Question(kind: $0, words: String(writer.words($0).prefix(Self.questionMax)))
            }
        }
    }

    /// The records of a list without its header.
    private static func rows(_ path: String) throws -> [[String]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func onlyCharacters(_ text: String) -> [Character] {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { characters.contains($0.value) })).map {
            $0
        }
    }
}

/// Writes questions about names.
private struct QuestionWriter {
    let names: [[Character]]
    let whole: [String]
    let synonyms: [String]
    private let random: SeededRandom = SeededRandom(seed: 20_261_125)
    /// Syllables by character and characters by syllable, of the names; by ICU and not by the index that is measured.
    private let syllables: [Character: String]
    private let alike: [String: [Character]]
    private let all: [Character]

    init(names: [[Character]], whole: [String], synonyms: [String]) {
        self.names = names
        self.whole = whole
        self.synonyms = synonyms
        all = Set(names.joined()).sorted()
        let latin: StringTransform = StringTransform("Han-Latin; Latin-ASCII")
        var syllables: [Character: String] = [:]
        for character in all {
            syllables[character] =
                String(character).applyingTransform(latin, reverse: false)?.lowercased() ?? ""
        }
        self.syllables = syllables
        alike = Dictionary(grouping: all) { syllables[$0] ?? "" }
    }

    private func any<T>(_ items: [T]) -> T { items[random.integer(in: 0..<items.count)] }

    /// Neighbours of a name, as many as `counts` says, or as the name has.
    private func part(_ counts: ClosedRange<Int>) -> [Character] {
        let name: [Character] = any(names)
        let count: Int = min(name.count, random.integer(in: counts.lowerBound..<(counts.upperBound + 1)))
        let start: Int = random.integer(in: 0..<(name.count - count + 1))
        return Array(name[start..<(start + count)])
    }

    private func spelled(_ characters: [Character]) -> [String] { characters.map { syllables[$0] ?? "" } }

    mutating func words(_ kind: SearchCases.Kind) -> String {
        switch kind {
        case .whole: any(whole)
        case .part: String(part(3...6))
        case .twoCharacters: String(part(2...2))
        case .initials: spelled(part(3...6)).compactMap(\.first).map(String.init).joined()
        case .pinyin: spelled(part(2...6)).joined()
        case .cutPinyin: String(spelled(part(3...6)).joined().dropLast())
        case .everyday: "我要办" + any(synonyms)
        case .slip: String(slip(part(4...10)))
        case .nothing: String((0..<random.integer(in: 3..<9)).map { _ in any(all) })
        }
    }

    private func slip(_ meant: [Character]) -> [Character] {
        var typed: [Character] = meant
        let place: Int = random.integer(in: 1..<(typed.count - 1))
        switch random.integer(in: 0..<5) {
        case 0: typed.remove(at: place)
        case 1: typed.insert(typed[place], at: place)
        case 2: typed.swapAt(place, place + 1)
        case 3: typed[place] = any(alike[syllables[typed[place]] ?? ""] ?? all)
        default: typed[place] = any(all)
        }
        return typed
    }
}
