internal import Dialogue
internal import Kernel

/// The line that is being typed.
struct EntryLine {
    /// What may be typed, by what is expected.
    enum Kind: Equatable {
        /// Digits and these signs.
        case digits(signs: String)
        case latin
        case chinese
        /// Latin, and shown as dots.
        case secret
    }

    /// Candidates on one page, numbered 1 to 6.
    static let candidatesPerPage: Int = 6

    let kind: Kind
    /// Characters at most.
    let limit: Int
    private(set) var text: String = ""
    private(set) var pinyin: String = ""
    private(set) var page: Int = 0
    private(set) var isChinese: Bool
    /// The next “ is a ”.
    private var isQuoteOpen: Bool = false

    init(_ kind: Kind, limit: Int) {
        self.kind = kind
        self.limit = limit
        isChinese = kind == .chinese
    }

    /// What a key did.
    enum Outcome: Equatable {
        case taken
        /// The line is done.
        case accepted(String)
        /// There is no room for more.
        case full
        /// The key types nothing here.
        case refused
        /// The letters have to become Chinese before there can be more.
        case chooseFirst
        /// No Chinese has this pinyin.
        case unknownPinyin
    }

    mutating func take(_ key: Key, _ engine: PinyinEngine?) -> Outcome {
        switch key {
        case .character(let character): return take(character, engine)
        case .backspace:
            if pinyin.isEmpty { _ = text.popLast() } else { pinyin.removeLast() }
            page = 0
            return .taken
        case .enter:
            guard pinyin.isEmpty else {
                // The letters themselves were meant.
                return append(takePinyin())
            }
            return .accepted(text)
        case .tab:
            guard kind == .latin || kind == .chinese else { return .refused }
            if !pinyin.isEmpty { _ = append(takePinyin()) }
            isChinese.toggle()
            return .taken
        case .pageDown, .down, .right:
            return turn(1, engine)
        case .pageUp, .up, .left:
            return turn(-1, engine)
        default: return .refused
        }
    }

    /// Escape drops the letters first. Answers whether there were any.
    mutating func dropPinyin() -> Bool {
        guard !pinyin.isEmpty else { return false }
        _ = takePinyin()
        return true
    }

    /// Writes over what was typed.
    mutating func wipe() {
        text = String(repeating: " ", count: text.count)
        pinyin = String(repeating: " ", count: pinyin.count)
        text = ""
        pinyin = ""
    }

    private mutating func takePinyin() -> String {
        defer {
            pinyin = ""
            page = 0
        }
        return pinyin
    }

    private mutating func turn(_ step: Int, _ engine: PinyinEngine?) -> Outcome {
        guard !pinyin.isEmpty, let engine else { return .refused }
        let count: Int = engine.count(for: pinyin)
        let next: Int = page + step
        guard next >= 0, next * Self.candidatesPerPage < count else { return .refused }
        page = next
        return .taken
    }

    private mutating func append(_ more: String) -> Outcome {
        guard text.count + more.count <= limit else { return .full }
        text += more
        return .taken
    }

    private mutating func take(_ character: Character, _ engine: PinyinEngine?) -> Outcome {
        switch kind {
        case .digits(let signs):
            guard let allowed = Self.digit(character, signs) else { return .refused }
            return append(String(allowed))
        case .secret: return append(String(character))
        case .latin, .chinese:
            guard isChinese, let engine else { return append(String(character)) }
            return takeChinese(character, engine)
        }
    }

    /// A digit of any width, or one of `signs`; x is as good as X.
    private static func digit(_ character: Character, _ signs: String) -> Character? {
        if let value = character.wholeNumberValue, (0...9).contains(value) { return String(value).first }
        let upper: Character? = character.uppercased().first
        return upper.flatMap { signs.contains($0) ? $0 : nil }
    }

    private mutating func takeChinese(_ character: Character, _ engine: PinyinEngine) -> Outcome {
        if ("a"..."z").contains(character) || (character == "'" && !pinyin.isEmpty) {
            guard pinyin.count < PinyinEngine.lettersAtMost else { return .chooseFirst }
            pinyin.append(character)
            page = 0
            return engine.count(for: pinyin) > 0 ? .taken : .unknownPinyin
        }
        guard pinyin.isEmpty else { return takeWhileComposing(character, engine) }
        return append(String(punctuation(character)))
    }

    private mutating func takeWhileComposing(_ character: Character, _ engine: PinyinEngine) -> Outcome {
        switch character {
        case " ": return choose(page * Self.candidatesPerPage, engine)
        case "=", ".": return turn(1, engine)
        case "-", ",": return turn(-1, engine)
        default:
            guard let number = character.wholeNumberValue, (1...Self.candidatesPerPage).contains(number)
            else {
                return .refused
            }
            return choose(page * Self.candidatesPerPage + number - 1, engine)
        }
    }

    private mutating func choose(_ index: Int, _ engine: PinyinEngine) -> Outcome {
        guard let chosen = engine.choose(index, of: pinyin) else { return .unknownPinyin }
        guard text.count + chosen.text.count <= limit else { return .full }
        text += chosen.text
        pinyin.removeFirst(min(chosen.letters, pinyin.count))
        while pinyin.first == "'" { pinyin.removeFirst() }
        page = 0
        return .taken
    }

    /// Chinese punctuation for the keys of a Latin keyboard.
    private mutating func punctuation(_ character: Character) -> Character {
        switch character {
        case ",": return "，"
        case ".": return "。"
        case "?": return "？"
        case "!": return "！"
        case ":": return "："
        case ";": return "；"
        case "(": return "（"
        case ")": return "）"
        case "\\": return "、"
        case "\"":
            isQuoteOpen.toggle()
            return isQuoteOpen ? "“" : "”"
        default: return character
        }
    }

    /// As the screen shows it.
    func view(_ engine: PinyinEngine?) -> EntryView {
        let keyboard: Keyboard =
            switch kind {
            case .digits(let signs): .digits(signs: signs)
            case .secret: .latin
            case .latin, .chinese: isChinese && engine != nil ? .chinese : .latin
            }
        let shown: String = kind == .secret ? String(repeating: "●", count: text.count) : text
        var view: EntryView = EntryView(text: shown, keyboard: keyboard)
        view.canSwitch = engine != nil && (kind == .latin || kind == .chinese)
        guard !pinyin.isEmpty, let engine else { return view }
        view.pinyin = pinyin
        let first: Int = page * Self.candidatesPerPage
        let count: Int = engine.count(for: pinyin)
        view.candidates = engine.candidates(for: pinyin, first..<(first + Self.candidatesPerPage))
        view.hasEarlierCandidates = page > 0
        view.hasMoreCandidates = count > first + Self.candidatesPerPage
        return view
    }
}

extension EntryLine {
    /// The line for what is expected; nil where numbers choose.
    init?(_ expected: ExpectedInput) {
        switch expected {
        case .digits(let max): self.init(.digits(signs: ""), limit: max)
        case .idNumber: self.init(.digits(signs: "X"), limit: 18)
        case .amount: self.init(.digits(signs: "."), limit: 12)
        case .date: self.init(.digits(signs: "-"), limit: 10)
        case .latin: self.init(.latin, limit: 60)
        case .chinese(let max): self.init(.chinese, limit: max)
        case .secret: self.init(.secret, limit: 128)
        case .choice, .file, .retry, .nothing: return nil
        }
    }
}
