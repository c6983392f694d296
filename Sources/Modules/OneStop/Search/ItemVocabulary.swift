import Kernel
import Platform

/// How people talk, as data (ops/data/items/words.yaml): polite words that say nothing, everyday words for official
/// ones, words that are read otherwise than their characters, English words.
struct ItemVocabulary: Sendable, Equatable {
    struct Synonym: Sendable, Equatable {
        /// As people say it, normalized.
        let said: String
        /// As catalogues say it, normalized.
        let means: [String]
    }
    struct Phrase: Sendable, Equatable {
        /// English words in small letters.
        let words: [String]
        /// As catalogues say it, normalized.
        let means: [String]
    }
    struct Reading: Sendable, Equatable {
        let scalars: [UInt32]
        let syllables: [Pinyin.Syllable]
    }

    let id: String
    let version: Int
    /// Normalized, the longest first.
    let fillers: [String]
    /// The longest first.
    let synonyms: [Synonym]
    /// The longest first.
    let english: [Phrase]
    /// By their first character.
    let readings: [UInt32: [Reading]]

    /// Other wordings of one question that are tried.
    static let wordingsMax: Int = 6
    static let documentID: String = "items"

    /// Without any word: nothing is left out, nothing is replaced.
    static let none: ItemVocabulary = ItemVocabulary()

    private init() {
        id = ItemVocabulary.documentID
        version = 0
        fillers = []
        synonyms = []
        english = []
        readings = [:]
    }

    /// Reads ops/data/items/words.
    static let reader: DocumentReader = DocumentReader(.itemWords) { yaml in
        let vocabulary: ItemVocabulary = try ItemVocabulary(yaml: yaml)
        return CheckedDocument(id: vocabulary.id, version: vocabulary.version, value: vocabulary)
    }

    /// Reads and checks the document.
    init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "version", "fillers", "synonyms", "readings"], optional: ["english"])
        id = fields["id"]?.identifier() ?? ""
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        fillers = (fields["fillers"]?.list() ?? []).map(ItemVocabulary.word).sorted(
            by: ItemVocabulary.longerFirst)
        synonyms = (fields["synonyms"]?.entries() ?? []).map { said, node in
            let said: String = SearchText.normalize(said)
            if said.isEmpty { node.report(zh: "键应当是一个词。", en: "The key has to be a word.") }
            return Synonym(said: said, means: node.list().map(ItemVocabulary.word))
        }.sorted { ItemVocabulary.longerFirst($0.said, $1.said) }
        english = (fields["english"]?.entries() ?? []).map { said, node in
            let words: [String] = ItemVocabulary.englishWords(said)
            if words.isEmpty { node.report(zh: "键应当是英文词。", en: "The key has to be English words.") }
            return Phrase(words: words, means: node.list().map(ItemVocabulary.word))
        }.sorted { ($1.words.count, $0.words.joined()) < ($0.words.count, $1.words.joined()) }
        let words: [(UInt32, Reading)] = (fields["readings"]?.entries() ?? []).compactMap(
            ItemVocabulary.reading)
        readings = Dictionary(grouping: words, by: \.0).mapValues { $0.map(\.1) }
        try document.finish()
    }

    private static func word(_ node: DataNode) -> String {
        let word: String = SearchText.normalize(node.text(maximum: 20))
        if word.isEmpty { node.report(zh: "这里应当是一个词。", en: "A word belongs here.") }
        return word
    }

    private static func longerFirst(_ left: String, _ right: String) -> Bool {
        (right.count, left) < (left.count, right)
    }

    private static func reading(_ word: String, _ node: DataNode) -> (UInt32, Reading)? {
        let scalars: [UInt32] = SearchText.normalize(word).unicodeScalars.map(\.value)
        let spelled: [String] = node.text(maximum: 60).split(separator: " ").map(String.init)
        let syllables: [Pinyin.Syllable] = spelled.compactMap { Pinyin.standard.syllable(spelled: $0) }
        guard let first: UInt32 = scalars.first, syllables.count == scalars.count,
            spelled.count == scalars.count
        else {
            node.report(
                zh: "每个字写一个不带声调的拼音，用空格隔开，如“yin hang”。",
                en: "One syllable without tone for each character, with spaces between, such as 'yin hang'.")
            return nil
        }
        return (first, Reading(scalars: scalars, syllables: syllables))
    }

    /// Corrects the syllables of words that are read otherwise.
    func readWords(in scalars: [UInt32], _ syllables: inout [Pinyin.Syllable]) {
        guard !readings.isEmpty else { return }
        for start: Int in scalars.indices {
            for reading: Reading in readings[scalars[start]] ?? []
            where scalars[start...].starts(with: reading.scalars) {
                syllables.replaceSubrange(start..<(start + reading.scalars.count), with: reading.syllables)
            }
        }
    }

    /// A question without its polite words, normalized; as it is, if nothing else is left.
    func core(_ query: String) -> String {
        let whole: String = SearchText.normalize(query)
        var core: String = whole
        for filler: String in fillers where core.contains(filler) {
            let rest: String = core.replacing(filler, with: "")
            if !rest.isEmpty { core = rest }
        }
        return core
    }

    /// What an English question asks for, in words of the catalogue; empty if none of its words is known, or if it is not
    /// English.
    func translations(_ query: String) -> [String] {
        let words: [String] = ItemVocabulary.englishWords(query)
        var translations: [String] = []
        var index: Int = 0
        while index < words.count {
            guard let phrase = english.first(where: { words[index...].starts(with: $0.words) }) else {
                index += 1
                continue
            }
            index += phrase.words.count
            let before: [String] = translations.isEmpty ? [""] : translations
            translations = Array(
                before.flatMap { text in phrase.means.map { text + $0 } }.prefix(ItemVocabulary.wordingsMax))
        }
        return translations
    }

    /// Words of small Latin letters; none if there is any other letter in the text.
    private static func englishWords(_ text: String) -> [String] {
        guard text.unicodeScalars.allSatisfy({ $0.isASCII }) else { return [] }
        return text.lowercased().split { !$0.isLetter }.map(String.init)
    }

    /// The core with everyday words replaced by those of catalogues; without the core itself.
    func wordings(_ core: String) -> [String] {
        var wordings: [String] = []
        for synonym: Synonym in synonyms where core.contains(synonym.said) {
            for base: String in [core] + wordings where base.contains(synonym.said) {
                for word: String in synonym.means {
                    let wording: String = base.replacing(synonym.said, with: word)
                    guard wordings.count < ItemVocabulary.wordingsMax else { return wordings }
                    if wording != core && !wordings.contains(wording) { wordings.append(wording) }
                }
            }
        }
        return wordings
    }
}

extension Documents {
    /// The words that hold now; none if nobody has imported any.
    var vocabulary: ItemVocabulary {
        value(.itemWords, id: ItemVocabulary.documentID, as: ItemVocabulary.self)?.value ?? .none
    }
}
