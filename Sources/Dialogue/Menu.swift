/// One line of a menu.
package struct MenuEntry: Sendable, Equatable, Codable {
    /// What choosing an entry does.
    package enum Target: Sendable, Equatable, Codable {
        /// Opens another menu by its id.
        case menu(String)
        /// Starts a flow by its id, for example `report`; the flows are listed in `Flow`.
        case flow(String)
        /// Says a text and stays.
        case say(Text)
    }

    /// Its place among its siblings; the number shown is counted from these, so gaps do not matter.
    package var number: Int
    package var label: Text
    /// Other names of the entry itself; free words are looked up in them.
    package var keywords: [String]
    /// Words for single things behind the entry, such as 公积金 for the services. They are looked up too, and go along to the
    /// flow: it would otherwise ask for what was just said.
    package var topics: [String]
    package var target: Target

    package init(
        number: Int, label: Text, keywords: [String] = [], topics: [String] = [], target: Target
    ) {
        self.number = number
        self.label = label
        self.keywords = keywords
        self.topics = topics
        self.target = target
    }
}

/// A menu: a title and its entries.
package struct Menu: Sendable, Equatable, Codable {
    package var id: String
    package var title: Text
    package var entries: [MenuEntry]

    package init(id: String, title: Text, entries: [MenuEntry]) {
        self.id = id
        self.title = title
        self.entries = entries.sorted { $0.number < $1.number }
    }
}

/// All menus of one front end, as the server hands them out.
package struct MenuBook: Sendable, Equatable, Codable {
    /// The id of the main menu.
    package var root: String
    package var menus: [Menu]

    package init(root: String, menus: [Menu]) {
        self.root = root
        self.menus = menus
    }

    package subscript(_ id: String) -> Menu? { menus.first { $0.id == id } }

    /// Entries that lead to no menu of this book: the names of the missing menus, the root among them.
    package var missingMenus: [String] {
        let targets: [String] = menus.flatMap(\.entries).compactMap { entry in
            if case .menu(let id) = entry.target { id } else { nil }
        }
        return ([root] + targets).filter { self[$0] == nil }
    }
}

extension Definition {
    /// False for what makes no sense where this conversation takes place.
    func offers(_ entry: MenuEntry) -> Bool {
        guard surface == .kiosk, case .flow(let id) = entry.target else { return true }
        return !Flow.notAtKiosk.contains(id)
    }
}

// MARK: - Free words

/// An entry that free words may mean, with how sure that is.
struct Guess: Equatable {
    var entry: MenuEntry
    /// Ten for each character of the longest matched word; five where the line is only part of that word.
    var score: Int
    /// True if the line is one of the entry's own names, whole: then it says nothing that the flow needs.
    var isName = false
}

extension MenuBook {
    /// A match of two characters is the least that is acted on without asking.
    static let sureScore = 20
    /// A line that is an entry's label, keyword or topic, whole, beats every partial match.
    static let wholeScore = 10_000

    /// The entries that a line may mean, best first; the longest matched word wins.
    func guesses(for answer: Answer) -> [Guess] {
        var found: [Guess] = []
        for entry in menus.flatMap(\.entries) {
            let names = [entry.label.zh, entry.label.en] + entry.keywords
            let named = names.map { Self.score(of: $0, in: answer.token) }.max() ?? 0
            let score = entry.topics.map { Self.score(of: $0, in: answer.token) }.reduce(named, max)
            guard score > 0 else { continue }
            let guess = Guess(entry: entry, score: score, isName: named >= Self.wholeScore)
            if let same = found.firstIndex(where: { $0.entry.target == entry.target }) {
                if found[same].score < score { found[same] = guess }
            } else {
                found.append(guess)
            }
        }
        return found.sorted { $0.score > $1.score }
    }

    static func score(of word: String, in token: String) -> Int {
        let word = Answer.folded(word)
        guard !word.isEmpty, !token.isEmpty else { return 0 }
        if word == token { return wholeScore + word.count }
        if word.utf8.allSatisfy({ $0 < 0x80 }) {
            // English matches by whole words: "port" is not in "report".
            return " \(token) ".contains(" \(word) ") ? word.count * 4 : 0
        }
        if word.count >= 2, token.contains(word) { return word.count * 10 }
        if token.count >= 2, word.contains(token) { return token.count * 5 }
        return 0
    }
}
