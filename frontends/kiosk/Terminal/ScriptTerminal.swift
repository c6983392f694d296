internal import Foundation
internal import Kernel
internal import Synchronization

/// A terminal without a screen that is driven by a script: for tests and demonstrations.
final class ScriptTerminal: KioskTerminal {
    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let state: Mutex<State>
    /// Told when there is something new to see.
    private let changed = NSCondition()
    private let steps: [(line: Int, step: ScriptStep)]

    private struct State {
        var grid: Grid
        var line: Int
        var isWiped: Bool = false
        var isClosed: Bool = false
    }

    /// How long a step waits for the screen.
    private static let patience: Duration = .seconds(10)

    /// - Parameter line: steps on earlier lines were done by the process before this one.
    init(path: String, rows: Int, columns: Int, line: Int) throws {
        let text: String = try String(contentsOfFile: path, encoding: .utf8)
        steps = try ScriptStep.read(text)
        state = Mutex(State(grid: Grid(rows: rows, columns: columns), line: line))
        (events, continuation) = AsyncStream.makeStream()
        let thread = Thread { [self] in run(after: line) }
        thread.name = "linli.script"
        thread.start()
    }

    var rows: Int { state.withLock { $0.grid.rows } }
    var columns: Int { state.withLock { $0.grid.columns } }
    /// The line of the step that was done last.
    var line: Int { state.withLock { $0.line } }

    func show(_ grid: Grid, _ look: Look) {
        change { state in
            // A picture of the size that was.
            guard grid.rows == state.grid.rows, grid.columns == state.grid.columns else { return }
            state.grid = grid
        }
    }

    func wipe() { change { $0.grid.wipe() } }
    func close() {
        change { $0.isClosed = true }
        continuation.finish()
    }

    private func change(_ body: (inout State) -> Void) {
        changed.lock()
        defer { changed.unlock() }
        state.withLock { body(&$0) }
        changed.broadcast()
    }

    // MARK: The script's thread

    private var isClosed: Bool { state.withLock { $0.isClosed } }
    private var lines: [String] { state.withLock { $0.grid.lines } }

    private func run(after line: Int) {
        var patience: Duration = Self.patience
        for (number, step) in steps where number > line {
            if isClosed { return }
            // Said first: the step may end this process.
            state.withLock { $0.line = number }
            if case .patience(let seconds) = step {
                patience = .seconds(seconds)
                continue
            }
            guard perform(step, patience) else {
                if isClosed { return }
                write(lines)
                KioskCommand.complain("脚本第 \(number) 行没有成 line \(number) of the script failed: \(step)")
                continuation.yield(.end(code: 1))
                return
            }
        }
        continuation.yield(.end(code: 0))
    }

    private func perform(_ step: ScriptStep, _ patience: Duration) -> Bool {
        switch step {
        case .key(let key): continuation.yield(.key(key))
        case .type(let text): for character in text { continuation.yield(.key(.character(character))) }
        case .scan(let text): scan(text)
        case .tap(let text): return tap(text, patience)
        case .wait(let text): return until(patience) { lines.contains { $0.contains(text) } }
        case .gone(let text): return until(patience) { !lines.contains { $0.contains(text) } }
        case .screen: write(lines)
        case .card(let event): continuation.yield(.card(event))
        case .size(let rows, let columns):
            state.withLock { $0.grid = Grid(rows: rows, columns: columns) }
            continuation.yield(.resized)
        case .code(let path): return typeCode(path)
        case .patience: break
        }
        return true
    }

    private func until(_ patience: Duration, _ condition: () -> Bool) -> Bool {
        let end: Date = Date(timeIntervalSinceNow: Double(patience.components.seconds))
        changed.lock()
        defer { changed.unlock() }
        while !condition() {
            guard !isClosed, changed.wait(until: end) else { return !isClosed && condition() }
        }
        return true
    }

    /// Through the same gate as the keys of a real scanner.
    private func scan(_ text: String) {
        var burst: KeyBurst = KeyBurst()
        var outputs: [KeyBurst.Output] = []
        for (index, character) in text.enumerated() {
            outputs += burst.take(.character(character), at: Int64(index) * 5)
        }
        outputs += burst.take(.enter, at: Int64(text.count) * 5)
        for output in outputs {
            switch output {
            case .key(let key): continuation.yield(.key(key))
            case .scanned(let text): continuation.yield(.scanned(text))
            }
        }
    }

    private func tap(_ text: String, _ patience: Duration) -> Bool {
        guard until(patience, { lines.contains { $0.contains(text) } }) else { return false }
        for (row, line) in lines.enumerated() {
            guard let range = line.range(of: text) else { continue }
            continuation.yield(.tap(row: row, column: TextWidth.columns(of: line[..<range.lowerBound])))
            return true
        }
        return false
    }

    private func typeCode(_ path: String) -> Bool {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch { return false }
        let runs: [Substring] = text.split { !("0"..."9").contains($0) }
        guard let code = runs.last(where: { $0.count == 6 }) else { return false }
        for digit in code { continuation.yield(.key(.character(digit))) }
        continuation.yield(.key(.enter))
        return true
    }

    private func write(_ lines: [String]) {
        let text: String =
            lines.joined(separator: "\n") + "\n" + String(repeating: "─", count: columns) + "\n"
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
