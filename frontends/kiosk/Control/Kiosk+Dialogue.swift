internal import Dialogue
internal import Kernel

// The conversation on the screen.

extension Kiosk {
    mutating func give(_ input: Input, _ now: Now) {
        guard let reducer else { return }
        let step: Step = reducer.reduce(
            dialogue, input, Moment(now: now.instant, freshID: now.freshID))
        dialogue = step.state
        waitingSince = dialogue.pending == nil ? nil : waitingSince ?? now.elapsed
        let isNewScreen: Bool = show(step.messages)
        for effect in step.effects { perform(effect, now) }
        prepareEntry(isNewScreen: isNewScreen)
    }

    private mutating func perform(_ effect: Effect, _ now: Now) {
        switch effect {
        case .call(let request): actions.append(.call(request))
        case .watch(let number): actions.append(.watch(number))
        case .follow(let application): actions.append(.follow(application: application))
        case .stopWatching, .stopFollowing: actions.append(.stopWatching)
        case .print(let printout): actions.append(.print(printout))
        case .printCertificate(let name): actions.append(.printCertificate(name))
        case .signIn: beginSignIn()
        case .quit: end(.finished)
        }
    }

    /// A whole screen takes the place of the one before; a remark stands above it. Answers whether it was a whole one.
    private mutating func show(_ messages: [Message]) -> Bool {
        guard !messages.isEmpty else { return false }
        let all: [Message] = carried + messages
        carried = []
        guard let first = all.firstIndex(where: { $0.isStructure }) else {
            // Words before an answer that is still to come belong to the screen that comes with it.
            if dialogue.pending != nil, dialogue.expectedInput == .nothing { carried = all }
            page.notes = all.flatMap(Self.blocks)
            scroll = 0
            return false
        }
        scroll = 0
        remark = ""
        // A part of a question without a title of its own stays below the one that is there.
        page = Page(title: page.title)
        // What was said before the title is a remark about what was done.
        let title: Int? = all.firstIndex { $0.kind == .title }
        let start: Int = min(first, title ?? first)
        page.notes = all[..<start].flatMap(Self.blocks)
        for message in all[start...] {
            switch message.kind {
            case .title:
                page.title = message.text
            case .options(let shown):
                page.choices = shown.map { Screen.Choice(key: $0.key, label: $0.label) }
            default: page.blocks += Self.blocks(message)
            }
        }
        return true
    }

    private static func blocks(_ message: Message) -> [Screen.Block] {
        switch message.kind {
        case .warning: [.warning(message.text)]
        case .hint: [.small(message.text)]
        case .card(let rows): [.rows(rows)]
        case .code: [.code(message.text)]
        // Columns of a table do not fit into lines of 20 characters.
        case .table(let table): table.cards.map { .rows($0) }
        case .title, .text, .options: [.text(message.text)]
        }
    }

    /// The keyboard for what is expected next; a line that is being typed stays when only a remark came.
    private mutating func prepareEntry(isNewScreen: Bool) {
        guard cover == nil, !isEnding else { return }
        if case .file(let types) = dialogue.expectedInput { return beginMaterials(types) }
        guard isNewScreen || (entry == nil) == (EntryLine(dialogue.expectedInput) != nil) else { return }
        entry?.wipe()
        entry = EntryLine(dialogue.expectedInput)
        engine?.forget()
    }

    // MARK: Keys

    mutating func takeKey(_ key: Key, _ now: Now) {
        remark = ""
        if case .function(let number) = key, takeFunction(number, now) { return }
        guard reducer != nil, station.lock == nil else { return }
        if entry == nil, scrolls(key) { return }
        switch cover {
        case .signIn(let signIn)?: return takeSignInKey(key, signIn, now)
        case .materials(let materials)?: return takeMaterialsKey(key, materials, now)
        case nil: break
        }
        if entry != nil { return takeEntryKey(key, now) }
        switch key {
        case .character(let character) where ("0"..."9").contains(character): line(String(character), now)
        case .escape, .backspace: line("0", now)
        default: break
        }
    }

    mutating func line(_ text: String, _ now: Now) { give(.line(text), now) }

    private mutating func takeEntryKey(_ key: Key, _ now: Now) {
        if key == .escape {
            if entry?.dropPinyin() != true { line("0", now) }
            return
        }
        guard let outcome = entry?.take(key, engine) else { return }
        switch outcome {
        case .accepted(let text): line(text, now)
        default:
            remark = t(Self.remark(outcome))
            if outcome == .refused { _ = scrolls(key) }
        }
    }

    static func remark(_ outcome: EntryLine.Outcome) -> Text {
        switch outcome {
        case .taken, .accepted, .refused: Text("")
        case .full: Phrases.full
        case .chooseFirst: Phrases.chooseFirst
        case .unknownPinyin: Phrases.unknownPinyin
        }
    }

    /// Answers whether the key turns pages.
    mutating func scrolls(_ key: Key) -> Bool {
        switch key {
        case .pageDown, .down: scroll += Self.scrollLines
        case .pageUp, .up: scroll = max(0, scroll - Self.scrollLines)
        default: return false
        }
        return true
    }

    private static let scrollLines: Int = 8

    /// What is on the screen now: whoever turned pages beyond the end turns back from the end.
    mutating func shown(_ picture: Picture) { scroll = picture.firstLine }

    /// Keys that work on every screen.
    private mutating func takeFunction(_ number: Int, _ now: Now) -> Bool {
        switch number {
        case 1:
            look.language = look.language == .chinese ? .english : .chinese
            if reducer != nil, station.lock == nil { give(.language(look.language), now) }
        case 2: look.isLarge.toggle()
        case 3: look.isContrast.toggle()
        case 4 where cover == nil && reducer != nil: line("#", now)
        case 5, 6, 7:
            let words: [String] = dialogue.offeredWords
            guard cover == nil, words.indices.contains(number - 5) else { return false }
            line(words[number - 5], now)
        case 8 where canSpeak: look.isSpoken.toggle()
        case 9 where reducer != nil:
            if case .signIn = cover { giveUpSignIn(now) }
            cover = nil
            line(entry == nil ? "9" : "人工", now)
        case 10 where isUsed: end(.finished)
        default: return false
        }
        return true
    }

    // MARK: Scans

    /// A scanner types faster than people: what it read is never typed into a form that does not ask for a code.
    mutating func takeScan(_ text: String, _ now: Now) {
        guard reducer != nil, station.lock == nil else { return }
        remark = ""
        if case .signIn(let signIn)? = cover { return takeSignInScan(text, signIn, now) }
        guard cover == nil, dialogue.takesScans else {
            remark = t(Phrases.scanNotHere)
            return
        }
        line(text, now)
    }
}

extension Message {
    /// Part of a screen, and not a remark about the one that is there.
    fileprivate var isStructure: Bool {
        switch kind {
        case .title, .card, .table, .options, .code, .hint: true
        case .text, .warning: false
        }
    }
}
