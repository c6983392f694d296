internal import Dialogue
internal import Kernel

/// The kiosk as a pure machine: what was, and what happened, give what is, what to do, and the screen.
///
/// What is said in the conversation comes from the reducer; this puts it on a screen, and adds what a public place needs:
/// signing in without a password, files without paths, paper, time running out, a line that breaks.
struct Kiosk {
    /// What the caller knows and a machine may not ask for.
    struct Now: Sendable {
        var instant: Instant
        var freshID: String
        /// Since the start of the program.
        var elapsed: Duration
    }

    /// What the reducer said last, as parts of a screen.
    struct Page: Equatable {
        var title: String = ""
        var notes: [Screen.Block] = []
        var blocks: [Screen.Block] = []
        var choices: [Screen.Choice] = []
    }

    /// What stands in front of the conversation.
    enum Cover: Equatable {
        case signIn(SignIn)
        case materials(Materials)
    }

    /// Seconds for which the ending of the last session is told.
    static let endingSeconds: Int64 = 15
    /// A wait longer than this is told.
    static let patience: Duration = .seconds(1)

    var look: Look = Look()
    var station: Station = Station()
    var isReachable: Bool = false
    var reducer: Reducer?
    /// What stands on the first page, for whoever comes.
    var greeting: Text = Text("")
    var dialogue: DialogueState = DialogueState()
    var page: Page = Page()
    /// Said while an answer was awaited; shown with the next screen.
    var carried: [Message] = []
    var cover: Cover?
    var entry: EntryLine?
    /// What was wrong with the last key or line.
    var remark: String = ""
    var scroll: Int = 0
    var idle: IdleClock
    var isUsed: Bool = false
    var waitingSince: Duration?
    var isEnding: Bool = false
    /// Why the session before this one ended.
    var lastEnding: Ending?
    var hasCardReader: Bool = false
    var canSpeak: Bool = false
    /// What lies on the reader.
    var card: Card?
    /// On the reader lies a card that somebody forgot; it signs nobody in.
    var isCardLeft: Bool = false
    /// The session was begun with that card, and ends with it.
    var isByCard: Bool = false
    var actions: [KioskAction] = []
    let engine: PinyinEngine?

    init(idle: IdleClock = IdleClock(), lastEnding: Ending? = nil, engine: PinyinEngine? = PinyinEngine()) {
        self.idle = idle
        self.lastEnding = lastEnding
        self.engine = engine
    }

    func t(_ text: Text) -> String { text[look.language] }

    /// Takes what happened; answers what to do.
    mutating func take(_ event: KioskEvent, _ now: Now) -> [KioskAction] {
        actions = []
        guard !isEnding else { return [] }
        switch event {
        case .key(let key):
            touch(now)
            takeKey(key, now)
        case .scanned(let text):
            touch(now)
            takeScan(text, now)
        case .tick: tick(now)
        case .ready(let definition, let greeting):
            self.greeting = greeting
            begin(definition, now)
        case .station(let station): take(station)
        case .reachable(let isReachable): take(reachable: isReachable, now)
        case .dialogue(let input): give(input, now)
        case .signIn(let event): takeSignIn(event, now)
        case .card(let event): takeCard(event, now)
        case .materials(let materials): takeMaterials(materials)
        case .printed(let outcome): takePrinted(outcome, now)
        }
        return actions
    }

    /// Somebody is there: the warning ends, what is shown gets wiped later.
    private mutating func touch(_ now: Now) {
        lastEnding = nil
        guard reducer != nil, station.lock == nil else { return }
        isUsed = true
        idle.touch(now.elapsed)
    }

    private mutating func tick(_ now: Now) {
        if now.elapsed > .seconds(Self.endingSeconds) { lastEnding = nil }
        if case .over = idle.phase(now.elapsed) { end(.idle) }
        if case .materials(let materials)? = cover {
            actions.append(.listMaterials(contentTypes: materials.contentTypes))
        }
    }

    /// Nothing of this session stays: what is typed is written over, the rest goes with the process.
    mutating func end(_ ending: Ending) {
        entry?.wipe()
        engine?.forget()
        entry = nil
        dialogue.wipe()
        page = Page()
        carried = []
        cover = nil
        card = nil
        remark = ""
        isEnding = true
        idle.stop()
        actions = [.end(ending)]
    }

    // MARK: The server

    private mutating func begin(_ definition: Definition, _ now: Now) {
        let isFirst: Bool = reducer == nil
        reducer = Reducer(definition: definition)
        isReachable = true
        if isFirst { give(.start, now) }
    }

    private mutating func take(_ station: Station) {
        // What is wrong with the device takes nothing away from what was known.
        guard station.problem.isEmpty else {
            self.station.problem = station.problem
            return
        }
        self.station = station
        guard station.lock != nil, isUsed else { return }
        end(.locked)
    }

    private mutating func take(reachable: Bool, _ now: Now) {
        let wasReachable: Bool = isReachable
        isReachable = reachable
        if reachable { station.problem = "" }
        // The conversation sends again what waited, while its person is there.
        if reachable, !wasReachable, dialogue.pending != nil { give(.reconnected, now) }
    }
}
