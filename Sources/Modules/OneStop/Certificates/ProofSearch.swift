import Kernel
import Platform

/// Finds the proof that people mean by the words they use: those that may be issued and those that may not.
enum ProofSearch {
    static let wordsRule: TextRule = TextRule(1...40)
    /// Of each kind that are shown.
    static let shownMax: Int = 5
    /// A question matches if at least this part of its pairs stands in one title, in hundredths.
    private static let coverageMin: Int = 60
    /// How good a match has to be beside the best one, in hundredths.
    private static let goodEnough: Int = 85

    /// Words that each proof has, and so tell none apart.
    private static let common: [String] = ["证明", "开具", "出具", "开个", "开一个", "开一张", "居委会", "村委会", "社区", "村里"]

    struct Found: Sendable, Equatable {
        let types: [CertificateType]
        let refused: [RefusedProof]
    }

    static func find(
        _ words: String, types: [CertificateType], refused: [RefusedProof], _ vocabulary: ItemVocabulary
    ) -> Found {
        let core: String = key(vocabulary.core(words))
        guard !core.isEmpty else { return Found(types: [], refused: []) }
        let isInitials: Bool = core.utf8.allSatisfy(Pinyin.isLetter)
        let titles: [[String]] =
            types.map { [$0.title.zh] + $0.words } + refused.map { [$0.title.zh] + $0.words }
        let scores: [Int] = titles.map { names in
            names.map { name in
                let name: String = SearchText.normalize(name)
                guard isInitials else { return score(core, key(name)) }
                let initials: [UInt8] = SearchText(name, vocabulary).initials
                return byInitials(core, String(decoding: initials, as: UTF8.self))
            }.max() ?? 0
        }
        let top: Int = scores.max() ?? 0
        return Found(
            types: best(types, scores.prefix(types.count), top: top),
            refused: best(refused, scores.dropFirst(types.count), top: top))
    }

    /// Best first, those with the same score in the order of the data. Only those that are about as good as the best of
    /// both kinds: who asks for 单身证明 does not mean 残疾证明, and who asks for 收入证明 not 低收入家庭证明.
    private static func best<T>(_ all: [T], _ scores: ArraySlice<Int>, top: Int) -> [T] {
        let ranked = zip(all, scores).enumerated().filter { $0.element.1 > 0 }
            .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
        return ranked.filter { $0.element.1 * 100 >= top * goodEnough }.prefix(shownMax).map(\.element.0)
    }

    /// A title without what all of them have; as it is, if nothing is left.
    private static func key(_ normalized: String) -> String {
        var text: String = normalized
        for word in common { text = text.replacing(word, with: "") }
        return text.isEmpty ? normalized : text
    }

    /// 0 to 100.
    private static func score(_ core: String, _ title: String) -> Int {
        if title == core { return 100 }
        if title.hasPrefix(core) { return 90 }
        // Of two names within the question the longer one is meant: 身份证丢失 and not 身份.
        if title.count > 1, core.contains(title) { return 85 + 5 * title.count / core.count }
        if title.contains(core) { return 80 }
        let characters: [Character] = Array(core)
        guard characters.count > 1 else { return 0 }
        let pairs: [String] = zip(characters, characters.dropFirst()).map { String([$0, $1]) }
        let coverage: Int = pairs.count { title.contains($0) } * 100 / pairs.count
        return coverage >= coverageMin ? coverage * 7 / 10 : 0
    }

    private static func byInitials(_ core: String, _ initials: String) -> Int {
        initials == core ? 100 : initials.hasPrefix(core) ? 80 : 0
    }
}
