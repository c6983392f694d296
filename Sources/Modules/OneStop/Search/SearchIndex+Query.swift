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
    /// Longer texts are cut: 40 characters may be many more once they are normalized, such as ㍿, or reworded.
    static let textCharactersMax: Int = 64
    /// So many of the first characters of a code find it.
    static let codePrefixMin: Int = 6

    /// What people asked for, best first; the same score goes by the length of the name and by code, so that the order is
    /// always the same.
    func search(_ query: String, _ vocabulary: ItemVocabulary, kind: ItemKind?, limit: Int) -> [FoundItem] {
        let translations: [String] = vocabulary.translations(query)
        let query: String = translations.first ?? query
        let whole: String = SearchText.normalize(query)
        let core: String = vocabulary.core(query)
        let own: [String] = (whole == core ? [core] : [core, whole]) + translations.dropFirst()
        let texts: [SearchText] = (own + vocabulary.wordings(core)).map {
            SearchText(String($0.unicodeScalars.prefix(SearchIndex.textCharactersMax)), vocabulary)
        }
        var scorer: SearchScorer = SearchScorer(index: self, kind: kind, texts: texts)
        for text in texts.indices {
            scorer.malus = text < own.count ? 0 : SearchScore.rewording
            scorer.addWritten(text)
        }
        scorer.malus = 0
        scorer.addCodes(core)
        let asked: SearchText = texts[0]
        if asked.isLatin {
            scorer.addInitials()
            scorer.addSpelled()
        } else if scorer.highest < SearchScore.contained {
            scorer.addSounding()
        }
        if scorer.highest < SearchScore.soundsContained {
            scorer.addForgiven(budget: Alignment.budget(asked.count))
        }
        if scorer.isEmpty { scorer.addDepartments() }
        // Three characters with one that is quite another: rather something that looks like it than nothing.
        if scorer.isEmpty && asked.count == 3 { scorer.addForgiven(budget: Alignment.Cost.other) }
        return scorer.found(limit: limit)
    }
}
