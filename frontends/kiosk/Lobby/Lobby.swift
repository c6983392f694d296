internal import Client
internal import Contract
internal import Dialogue
internal import Kernel
internal import Synchronization

/// The lobby display: which ticket goes to which counter. It takes no input.
final class Lobby: Sendable {
    private let desk: KioskDesk
    private let hall: String
    private let terminal: any KioskTerminal
    private let environment: Environment
    private let state = Mutex(State())

    private struct State {
        var hall: OneStopV1.Hall?
        var isReachable: Bool = false
    }

    private static let pause: Duration = .seconds(2)

    init(
        session: ClientSession, hall: String, terminal: any KioskTerminal,
        environment: Environment = .system()
    ) {
        desk = KioskDesk(session: session)
        self.hall = hall
        self.terminal = terminal
        self.environment = environment
    }

    /// Shows the hall until the terminal is gone.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.watch() }
            group.addTask { await self.keepTime() }
            group.addTask { await self.waitForEnd() }
            await group.next()
            group.cancelAll()
        }
    }

    private func waitForEnd() async {
        for await event in terminal.events {
            switch event {
            case .end: return
            case .resized: show()
            default: continue
            }
        }
    }

    private func keepTime() async {
        while !Task.isCancelled {
            show()
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    private func watch() async {
        while !Task.isCancelled {
            do {
                try await desk.watchHall(hall) { hall in
                    self.state.withLock { $0 = State(hall: hall, isReachable: true) }
                    self.show()
                }
            } catch {
                state.withLock { $0.isReachable = false }
                show()
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
    }

    private func show() {
        let (hall, isReachable) = state.withLock { ($0.hall, $0.isReachable) }
        let picture: Picture = LobbyView.draw(
            LobbyScreen(hall, isReachable: isReachable, time: environment.now().shanghai.clockText),
            rows: terminal.rows, columns: terminal.columns)
        terminal.show(picture.grid, Look(isContrast: true))
    }
}
