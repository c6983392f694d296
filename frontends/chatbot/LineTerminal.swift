internal import CLibedit
internal import Foundation
internal import Synchronization

/// A terminal with a person in front of it. libedit edits the line, Chinese included.
///
/// libedit keeps its state in globals, so that one thread does everything with it: that thread waits for a key or for a
/// byte on a pipe, by which the others tell it that there is work.
final class LineTerminal: Terminal {
    let isInteractive = true
    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let work = Mutex<[Work]>([])
    private let wake: Pipe
    private let finished = DispatchSemaphore(value: 0)

    private enum Work: Sendable {
        case write(String)
        case ask(String, hidden: Bool)
        case close
    }

    /// Both ends of a pipe.
    private struct Pipe {
        let read: Int32
        let write: Int32
    }

    /// There is one terminal, and libedit's callback has no context to carry it in: the line arrives here, written and
    /// read by the editor's thread alone.
    private nonisolated(unsafe) static var arrived: TerminalEvent?
    /// The write end of the pipe for the signal handler, set before the handler is installed and never changed after.
    private nonisolated(unsafe) static var signalPipe: Int32 = -1

    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        wake = Pipe(read: ends[0], write: ends[1])
        (events, continuation) = AsyncStream.makeStream()
        // Wide characters are counted by the locale; C.UTF-8 is on every Debian, whatever LANG says.
        if setlocale(LC_CTYPE, "") == nil || String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8" {
            setlocale(LC_CTYPE, "C.UTF-8")
        }
        Self.signalPipe = wake.write
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in
                var byte = LineTerminal.interruptByte
                _ = Foundation.write(LineTerminal.signalPipe, &byte, 1)
            }
        }
        let thread = Thread { [self] in run() }
        thread.name = "linli.editor"
        thread.start()
    }

    var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return max(Int(size.ws_col), Layout.columnsAtLeast)
    }

    func write(_ text: String) { add(.write(text)) }
    func ask(_ prompt: String, hidden: Bool) { add(.ask(prompt, hidden: hidden)) }
    func close() {
        add(.close)
        finished.wait()
    }

    private static let workByte: UInt8 = 1
    private static let interruptByte: UInt8 = 2

    private func add(_ item: Work) {
        work.withLock { $0.append(item) }
        var byte = Self.workByte
        _ = Foundation.write(wake.write, &byte, 1)
    }

    // MARK: The editor's thread

    private enum Mode {
        case idle
        case editing
        case hidden(saved: termios)
    }

    private func run() {
        var mode = Mode.idle
        while true {
            var descriptors = [
                pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            ]
            // Keys that come before a line is asked for wait in the terminal.
            let count: nfds_t = if case .idle = mode { 1 } else { 2 }
            guard poll(&descriptors, count, -1) >= 0 || errno == EINTR else { break }
            if descriptors[0].revents != 0, !takeWork(&mode) { break }
            if count == 2, descriptors[1].revents != 0 { takeKeys(&mode) }
        }
        // A line that nobody will end is wiped.
        if case .editing = mode { output("\r\u{1B}[J") }
        leave(&mode)
        finished.signal()
    }

    /// Returns false when it is time to stop.
    private func takeWork(_ mode: inout Mode) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(wake.read, &bytes, bytes.count)
        if count > 0, bytes.prefix(count).contains(Self.interruptByte) { continuation.yield(.interrupted) }
        let items = work.withLock { items in
            defer { items = [] }
            return items
        }
        for item in items {
            switch item {
            case .write(let text): show(text, mode)
            case .ask(let prompt, let hidden): begin(prompt, hidden: hidden, &mode)
            case .close: return false
            }
        }
        return true
    }

    private func show(_ text: String, _ mode: Mode) {
        guard case .editing = mode else { return output(text) }
        // The line being typed is wiped, and drawn again below what was said.
        output("\r\u{1B}[J" + text)
        rl_forced_update_display()
    }

    private func output(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private func begin(_ prompt: String, hidden: Bool, _ mode: inout Mode) {
        guard !hidden else {
            output(prompt)
            var saved = termios()
            tcgetattr(STDIN_FILENO, &saved)
            var silent = saved
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &silent)
            mode = .hidden(saved: saved)
            return
        }
        mode = .editing
        rl_callback_handler_install(prompt) { line in
            rl_callback_handler_remove()
            guard let line else {
                LineTerminal.arrived = .end
                return
            }
            if line.pointee != 0 { add_history(line) }
            LineTerminal.arrived = .line(String(cString: line))
            free(line)
        }
    }

    private func takeKeys(_ mode: inout Mode) {
        switch mode {
        case .idle: return
        case .editing:
            rl_callback_read_char()
            guard let event = Self.arrived else { return }
            Self.arrived = nil
            mode = .idle
            continuation.yield(event)
        case .hidden:
            // The terminal is in its line mode: a read gives a whole line.
            var bytes = [UInt8](repeating: 0, count: 1_024)
            let count = read(STDIN_FILENO, &bytes, bytes.count)
            leave(&mode)
            output("\n")
            let line = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            continuation.yield(count > 0 ? .line(line.trimmingCharacters(in: .newlines)) : .end)
        }
    }

    /// Out of whatever mode the terminal is in.
    private func leave(_ mode: inout Mode) {
        switch mode {
        case .idle: break
        case .editing: rl_callback_handler_remove()
        case .hidden(var saved): tcsetattr(STDIN_FILENO, TCSANOW, &saved)
        }
        mode = .idle
    }
}
