internal import Client
internal import Contract
internal import Dialogue
internal import Foundation
internal import Kernel
internal import Synchronization

/// The kiosk's parts.
struct Parts: Sendable {
    var cardReader: any CardReader = NoPart()
    /// The reader types: there is no program to ask.
    var cardTypes: Bool = false
    var receiptPrinter: any ReceiptPrinter = NoPart()
    var documentPrinter: any DocumentPrinter = NoPart()
    var scannerFolder: String?
    /// Nil where nothing can read aloud.
    var speaker: (any Speaker)?

    init() {}

    init(_ settings: KioskSettings) {
        cardTypes = settings.cardReader == ["wedge"]
        if !settings.cardReader.isEmpty, !cardTypes { cardReader = CardProcess(command: settings.cardReader) }
        if let path = settings.receiptPrinter {
            receiptPrinter = EscposPrinter(path: path, columns: settings.receiptColumns)
        }
        if let printer = settings.documentPrinter {
            let queue: String = "queue:"
            documentPrinter = PagePrinter(
                target: printer.hasPrefix(queue)
                    ? .queue(String(printer.dropFirst(queue.count))) : .folder(printer))
        }
        scannerFolder = settings.scannerFolder
        if !settings.speaker.isEmpty { speaker = SpeechProcess(command: settings.speaker) }
    }
}

/// Runs the kiosk: keys, time, parts and answers go into the machine, its pictures onto the terminal, its actions to the
/// server and the parts.
final class Runner {
    enum Outcome: Sendable, Equatable {
        /// A session is over and everything was wiped.
        case ended(Ending)
        /// The terminal is gone, or the script is over.
        case stopped(Int32)
    }

    enum Event: Sendable {
        case terminal(TerminalEvent)
        case kiosk(KioskEvent)
    }

    /// Countdown and clock move this often.
    private static let tick: Duration = .milliseconds(250)

    let settings: KioskSettings
    let session: ClientSession
    let desk: KioskDesk
    let conversation: ResidentDesk
    let terminal: any KioskTerminal
    let parts: Parts
    let folder: MaterialFolder?
    let environment: Environment
    let continuation: AsyncStream<Event>.Continuation
    private let events: AsyncStream<Event>
    private var kiosk: Kiosk
    private var picture: Picture
    private var shown: Picture?
    private var shownLook: Look = Look()
    private var said: SpokenScreen?
    private let start: ContinuousClock.Instant = .now
    /// Tasks that go on until the session ends.
    private var background: [Task<Void, Never>] = []
    var following: Task<Void, Never>?
    var waitingForCode: Task<Void, Never>?
    /// Asked by the heartbeat: true while somebody is signed in.
    let inUse: Flag = Flag()

    init(
        settings: KioskSettings, session: ClientSession, terminal: any KioskTerminal, parts: Parts,
        lastEnding: Ending? = nil, environment: Environment = .system()
    ) {
        self.settings = settings
        self.session = session
        desk = KioskDesk(session: session)
        conversation = ResidentDesk(session: session)
        self.terminal = terminal
        self.parts = parts
        self.environment = environment
        folder = parts.scannerFolder.map { MaterialFolder(path: $0, begin: environment.now()) }
        kiosk = Kiosk(
            idle: IdleClock(idle: .seconds(settings.idleSeconds), warning: .seconds(settings.warningSeconds)),
            lastEnding: lastEnding)
        kiosk.look.language = session.language
        kiosk.hasCardReader = parts.cardTypes
        kiosk.canSpeak = parts.speaker != nil
        picture = Picture(grid: Grid(rows: terminal.rows, columns: terminal.columns))
        (events, continuation) = AsyncStream.makeStream()
    }

    var language: Language { kiosk.look.language }

    func run() async -> Outcome {
        beginBackground()
        show()
        for await event in events {
            var actions: [KioskAction] = []
            switch event {
            case .kiosk(let event): actions = kiosk.take(event, now())
            case .terminal(.key(.interrupt)) where settings.mayClose:
                await end()
                return .stopped(0)
            case .terminal(.key(let key)): actions = kiosk.take(.key(key), now())
            case .terminal(.scanned(let text)): actions = kiosk.take(.scanned(text), now())
            case .terminal(.card(let card)): actions = kiosk.take(.card(card), now())
            case .terminal(.tap(let row, let column)):
                actions = kiosk.take(.key(picture.key(atRow: row, column: column) ?? .other), now())
            case .terminal(.resized): break
            case .terminal(.end(let code)):
                await stop()
                return .stopped(code)
            }
            if case .end(let ending)? = actions.first {
                await end()
                return .ended(ending)
            }
            for action in actions { perform(action) }
            inUse.value = kiosk.dialogue.person != nil
            show()
        }
        return .stopped(0)
    }

    private func now() -> Kiosk.Now {
        Kiosk.Now(
            instant: environment.now(), freshID: environment.newID().description,
            elapsed: ContinuousClock.now - start)
    }

    func post(_ event: KioskEvent) { continuation.yield(.kiosk(event)) }

    // MARK: The screen

    private func show() {
        let screen: Screen = kiosk.screen(now())
        speak(screen)
        picture = ScreenView.draw(screen, rows: terminal.rows, columns: terminal.columns)
        kiosk.shown(picture)
        guard picture != shown || shownLook != kiosk.look else { return }
        shown = picture
        shownLook = kiosk.look
        terminal.show(picture.grid, kiosk.look)
    }

    /// Says what is new on the screen, while somebody wants to hear it.
    private func speak(_ screen: Screen) {
        guard let speaker = parts.speaker else { return }
        guard screen.look.isSpoken else {
            if said != nil { speaker.silence() }
            said = nil
            return
        }
        guard let spoken: SpokenScreen = screen.spoken, spoken.isAnother(than: said) else { return }
        speaker.say(spoken.text(after: said, screen.look.language))
        said = spoken
    }

    // MARK: Beginning and end

    private func beginBackground() {
        let continuation = continuation
        let terminal = terminal
        let reader = parts.cardReader
        background = [
            Task { @concurrent in
                for await event in terminal.events { continuation.yield(.terminal(event)) }
            },
            Task { @concurrent in
                for await event in reader.events { continuation.yield(.kiosk(.card(event))) }
            },
            Task { @concurrent in await Runner.keepTime(continuation) },
            heartbeats(),
        ]
    }

    private static func keepTime(_ continuation: AsyncStream<Event>.Continuation) async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: tick) } catch { return }
            continuation.yield(.kiosk(.tick))
        }
    }

    private func stop() async {
        for task in background { task.cancel() }
        following?.cancel()
        waitingForCode?.cancel()
        parts.cardReader.close()
        parts.speaker?.silence()
        said = nil
    }

    /// The end of a session: off the screen first, then at the server, then everything else.
    private func end() async {
        picture.grid.wipe()
        shown = nil
        terminal.wipe()
        terminal.show(
            ScreenView.draw(kiosk.endingScreen(), rows: terminal.rows, columns: terminal.columns).grid, Look()
        )
        await stop()
        await desk.signOut()
        if let folder, folder.clear() > 0 {
            KioskCommand.complain("扫描文件夹里的文件删不掉。Files in the scanner's folder could not be removed.")
        }
        terminal.wipe()
    }
}

/// A truth that tasks share.
final class Flag: Sendable {
    private let inner = Mutex(false)
    var value: Bool {
        get { inner.withLock { $0 } }
        set { inner.withLock { $0 = newValue } }
    }
}
