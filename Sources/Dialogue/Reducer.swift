internal import Kernel

/// The conversation as a pure function: what was, and what happened, give what is, what to do and what to say.
///
/// No clock, no randomness, no network: the time and a fresh id come with each input as a `Moment`, and everything else
/// is an `Effect` whose result is the next input. The same function serves the chatbot and the kiosk.
package struct Reducer: Sendable {
    package let definition: Definition

    package init(definition: Definition) {
        self.definition = definition
    }

    package func reduce(_ state: DialogueState, _ input: Input, _ moment: Moment) -> Step {
        var turn = Turn(definition: definition, moment: moment, state: state)
        turn.take(input)
        return Step(state: turn.state, effects: turn.effects, messages: turn.messages, outcome: turn.outcome)
    }
}

/// One input being worked on. Its extensions hold the rules, one concern a file.
struct Turn {
    let definition: Definition
    let moment: Moment
    var state: DialogueState
    var effects: [Effect] = []
    var messages: [Message] = []
    var outcome = Step.Outcome.taken

    var language: Language { state.language }

    init(definition: Definition, moment: Moment, state: DialogueState) {
        self.definition = definition
        self.moment = moment
        self.state = state
        if self.state.frames.isEmpty { self.state.frames = [.menu(id: definition.menus.root, page: 0)] }
    }

    mutating func take(_ input: Input) {
        switch input {
        case .start: start()
        case .line(let line): takeLine(line)
        case .answered(let response):
            guard let request = state.pending else { return }
            state.pending = nil
            state.isCutOff = false
            received(response, to: request)
        case .failed(let failure):
            guard state.pending != nil else { return }
            failed(failure)
        case .reconnected:
            guard let pending = state.pending else { return }
            say(Words.reconnected)
            state.isCutOff = false
            effects.append(.call(pending))
        case .caseChanged(let change): changed(change)
        case .applicationChanged(let application): changed(application)
        case .printed(let isOnPaper): printed(isOnPaper)
        case .signedIn(let person): signedInElsewhere(person)
        case .language(let language):
            state.language = language
            if state.pending == nil { show() }
        }
    }

    private mutating func start() {
        if let watched = state.watching { effects.append(.watch(caseNumber: watched)) }
        if let followed = state.following { effects.append(.follow(application: followed)) }
        if let pending = state.pending {
            say(Words.sendingAgain)
            state.isCutOff = false
            effects.append(.call(pending))
            return
        }
        if state.frames.count > 1 { say(Words.resumed) }
        show()
    }

    // MARK: Saying

    mutating func say(_ text: Text) { say(text[language]) }
    mutating func say(_ text: String) { messages.append(Message(.text, text)) }
    mutating func warn(_ text: Text) { messages.append(Message(.warning, text[language])) }
    func t(_ text: Text) -> String { text[language] }

    // MARK: Frames

    mutating func push(_ frame: Frame) {
        state.frames.append(frame)
        if state.frames.count > Limit.depth { state.frames.remove(at: 1) }
        state.misses = 0
        show()
    }

    /// Drops the screen being shown; the main menu stays.
    mutating func pop() {
        if state.frames.count > 1 { state.frames.removeLast() }
        state.misses = 0
    }

    mutating func replaceTop(_ frame: Frame) {
        state.frames[state.frames.count - 1] = frame
    }

    /// Screens that only ask back never stay below another one.
    mutating func popQuestions() {
        while case .list(let list)? = state.frames.last, list.isQuestion, state.frames.count > 1 {
            state.frames.removeLast()
        }
    }

    mutating func goHome() {
        state.frames = [.menu(id: definition.menus.root, page: 0)]
        state.misses = 0
        show()
    }

    mutating func call(_ request: Request) {
        state.pending = request
        effects.append(.call(request))
    }

    var run: FormRun? {
        if case .form(let run)? = state.frames.last { run } else { nil }
    }

    /// Changes the form being shown.
    mutating func update(_ change: (inout FormRun) -> Void) {
        guard case .form(var run)? = state.frames.last else { return }
        change(&run)
        replaceTop(.form(run))
    }
}
