internal import Dialogue
internal import Kernel
internal import Synchronization

/// Runs one conversation: typed lines and answers go into the reducer, its words onto the terminal, its effects to the
/// desk.
final class Conversation {
    /// How a conversation ended; the raw value is the exit code.
    enum Ending: Int32 {
        /// Everything that was typed was taken.
        case done = 0
        /// A line of a script was not understood or was refused.
        case failed = 1
        /// Ctrl-C or a termination signal.
        case interrupted = 130
        /// The server could not be reached (sysexits' EX_TEMPFAIL: try again).
        case unreachable = 75
    }

    private enum Event: Sendable {
        case terminal(TerminalEvent)
        case changed(ReportView)
        case applicationChanged(ApplicationView)
        case reachable
    }

    private let reducer: Reducer
    private let desk: any Desk
    private let terminal: any Terminal
    private let environment: Environment
    private let hasStyle: Bool
    private let scriptPatience: Duration
    /// Keeps the state after each step.
    private let keep: @Sendable (DialogueState) -> Void

    private var state: DialogueState
    private var ending = Ending.done
    private var isAsking = false
    private var watching: Task<Void, Never>?
    private var following: Task<Void, Never>?
    private var reconnecting: Task<Void, Never>?
    private let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init(
        reducer: Reducer, state: DialogueState, desk: any Desk, terminal: any Terminal,
        environment: Environment,
        hasStyle: Bool, scriptPatience: Duration = standardScriptPatience,
        keep: @escaping @Sendable (DialogueState) -> Void
    ) {
        self.reducer = reducer
        self.state = state
        self.desk = desk
        self.terminal = terminal
        self.environment = environment
        self.hasStyle = hasStyle
        self.scriptPatience = scriptPatience
        self.keep = keep
        (events, continuation) = AsyncStream.makeStream()
    }

    /// Talks until one of the two leaves.
    func run() async -> Ending {
        let terminal = terminal
        let continuation = continuation
        let pump = Task { @concurrent in
            for await event in terminal.events { continuation.yield(.terminal(event)) }
        }
        defer {
            pump.cancel()
            watching?.cancel()
            following?.cancel()
            reconnecting?.cancel()
        }
        await give(.start)
        askForLine()
        for await event in events {
            guard await take(event) else { break }
            askForLine()
        }
        return ending
    }

    /// Returns false when the conversation is over.
    private func take(_ event: Event) async -> Bool {
        switch event {
        case .terminal(.line(let line)):
            isAsking = false
            await give(.line(line))
            // A script goes on only with an answer: its next line was written for the next screen.
            if !terminal.isInteractive, state.pending != nil { await waitForServer() }
            return !state.isOver && ending != .unreachable
        case .terminal(.end):
            if terminal.isInteractive { terminal.write("\n") }
            return false
        case .terminal(.interrupted):
            terminal.write("\n" + Phrases.interrupted[state.language] + "\n")
            ending = .interrupted
            return false
        case .changed(let report):
            await give(.caseChanged(CaseChange(report: report)))
        case .applicationChanged(let application): await give(.applicationChanged(application))
        case .reachable:
            reconnecting = nil
            await give(.reconnected)
        }
        return true
    }

    private func askForLine() {
        guard !isAsking else { return }
        isAsking = true
        terminal.ask("> ", hidden: state.hidesInput)
    }

    // MARK: Steps

    private func give(_ input: Input) async {
        var next: Input? = input
        while let input = next {
            next = nil
            let moment = Moment(now: environment.now(), freshID: environment.newID().description)
            let step = reducer.reduce(state, input, moment)
            state = step.state
            show(step)
            keep(state)
            for effect in step.effects {
                if let result = await perform(effect) { next = result }
            }
        }
    }

    private func show(_ step: Step) {
        let layout = Layout(columns: terminal.columns, hasStyle: hasStyle)
        let lines = layout.lines(step.messages)
        if !lines.isEmpty { terminal.write(lines.joined(separator: "\n") + "\n") }
        switch step.outcome {
        case .taken, .connectionLost: break
        case .notUnderstood, .refused: if !terminal.isInteractive { ending = .failed }
        }
    }

    private func perform(_ effect: Effect) async -> Input? {
        switch effect {
        case .call(let request): return await ask(request)
        case .watch(let number): watch(number)
        case .stopWatching:
            watching?.cancel()
            watching = nil
        case .follow(let application): follow(application)
        case .stopFollowing:
            following?.cancel()
            following = nil
        // A terminal has no printer and no card reader; the dialogue does not ask the chatbot for them.
        case .print, .printCertificate: return .printed(false)
        case .signIn: return .signedIn(nil)
        case .quit: break
        }
        return nil
    }

    private func ask(_ request: Request) async -> Input {
        let patience = showPatience()
        defer { patience?.cancel() }
        do {
            return .answered(try await desk.answer(request, in: state.language))
        } catch {
            if error.kind == .connectionLost, terminal.isInteractive { reconnect() }
            return .failed(error)
        }
    }

    /// A person who waits longer than a moment is told so.
    private func showPatience() -> Task<Void, Never>? {
        guard terminal.isInteractive else { return nil }
        let terminal = terminal
        let text = Phrases.patience[state.language] + "\n"
        return Task { @concurrent in
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
            terminal.write(text)
        }
    }

    private func reconnect() {
        guard reconnecting == nil else { return }
        let desk = desk
        let continuation = continuation
        reconnecting = Task { @concurrent in
            await desk.waitUntilReachable()
            if !Task.isCancelled { continuation.yield(.reachable) }
        }
    }

    /// How long a script waits for a server that went away.
    static let standardScriptPatience: Duration = .seconds(20)

    private func waitForServer() async {
        let desk = desk
        let patience = scriptPatience
        let isBack = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await desk.waitUntilReachable()
                return !Task.isCancelled
            }
            group.addTask {
                do { try await Task.sleep(for: patience) } catch { return false }
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        if isBack { await give(.reconnected) }
        if state.pending != nil { ending = .unreachable }
    }

    private func watch(_ number: String) {
        watching?.cancel()
        let desk = desk
        let language = state.language
        let continuation = continuation
        watching = Task { @concurrent in
            await desk.follow(report: number, in: language) { report in
                continuation.yield(.changed(report))
            }
        }
    }

    private func follow(_ application: String) {
        following?.cancel()
        let desk = desk
        let language = state.language
        let continuation = continuation
        following = Task { @concurrent in
            await desk.follow(application: application, in: language) { application in
                continuation.yield(.applicationChanged(application))
            }
        }
    }
}

/// What the program says besides the conversation.
enum Phrases {
    static let patience = Text("请稍等……", "One moment …")
    static func whereTried(_ server: String) -> Text {
        Text(
            "试过的服务器：\(server)。换一个用 --server 主机:端口；本机没有启动的话，请运行 ops/run。",
            "The server was \(server). Choose another by --server host:port, or start one here: ops/run.")
    }
    static let interrupted = Text("先停在这里。下次打开，接着办。", "Stopped here. It goes on where it was next time.")
}
