internal import Kernel
internal import Storage

/// Finds organisations by the words that people use: pairs of neighbouring characters point to the organisations whose
/// name, aliases or telephone have them; what was found is checked against the text again.
enum OrganizationSearch {
    /// Characters of a query at most.
    static let maximumQueryCharacters: Int = 40
    /// Candidates that are looked at, at most.
    static let maximumCandidates: Int = 400

    /// Writes the grams of a new organisation.
    static func index(_ connection: any Connection, _ new: NewOrganization) throws {
        var grams: Set<String> = []
        for text in [new.name] + new.aliases { grams.formUnion(self.grams(text)) }
        for gram in grams.sorted() {
            try connection.execute(
                "INSERT INTO platform_organization_grams (gram, code) VALUES ($1, $2)", .text(gram),
                .text(new.code))
        }
    }

    /// Organisations that have all words of the query in their name, aliases or the names above them, best first: the
    /// name itself before its beginning, before the rest; higher in the tree before lower.
    static func find(
        _ connection: any Connection, query: String, ancestorPath: String, level: OrganizationLevel?,
        on date: CivilDate, limit: Int
    ) throws -> [OrganizationRecord] {
        let words: [String] = self.words(query)
        guard !words.isEmpty else { return [] }
        // A word may stand in a name above: 东街 凤苑 is a community whose own name has only the second.
        let codes: Set<String> = Set(try words.flatMap { try candidates(connection, $0) })
        let found: [(rank: Int, record: OrganizationRecord)] = try codes.compactMap { code in
            guard let record = try Organizations.find(connection, code), record.path.hasPrefix(ancestorPath),
                record.exists(on: date),
                level == nil || record.level == level, let rank = rank(record, words: words)
            else { return nil }
            return (rank, record)
        }
        let sorted = found.sorted { left, right in
            (left.rank, left.record.level.rawValue, left.record.code)
                < (right.rank, right.record.level.rawValue, right.record.code)
        }
        return sorted.prefix(limit).map(\.record)
    }

    /// The words of a query: split at white space and punctuation, full-width forms narrowed, in lower case.
    static func words(_ query: String) -> [String] {
        ASCII.narrowed(query).lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Pairs of neighbouring characters, and single ones, so that queries of one character find something too.
    static func grams(_ text: String) -> Set<String> {
        var grams: Set<String> = []
        for word in words(text) {
            let characters: [Character] = Array(word)
            for (index, character) in characters.enumerated() {
                grams.insert(String(character))
                if index + 1 < characters.count { grams.insert(String([character, characters[index + 1]])) }
            }
        }
        return grams
    }

    /// Codes whose text has the rarest gram of a word.
    private static func candidates(_ connection: any Connection, _ word: String) throws -> [String] {
        let pairs: [String] = grams(word).filter { word.count == 1 || $0.count == 2 }.sorted()
        var best: [String]?
        for gram in pairs {
            let codes: [String] = try connection.query(
                "SELECT code FROM platform_organization_grams WHERE gram = $1 ORDER BY code LIMIT $2",
                .text(gram), SQLValue(maximumCandidates)
            ) { $0.text(0) }
            if codes.count < best?.count ?? Int.max { best = codes }
        }
        return best ?? []
    }

    /// 0 is best; nil if a word is nowhere.
    private static func rank(_ record: OrganizationRecord, words: [String]) -> Int? {
        let own: [String] = ([record.name] + record.aliases).map { ASCII.narrowed($0).lowercased() }
        let path: String = ASCII.narrowed(record.pathText).lowercased()
        guard words.allSatisfy({ word in path.contains(word) || own.contains { $0.contains(word) } }),
            let last = words.last
        else { return nil }
        if own.contains(last) { return 0 }
        if own.contains(where: { $0.hasPrefix(last) }) { return 1 }
        return own.contains(where: { $0.contains(last) }) ? 2 : 3
    }
}
