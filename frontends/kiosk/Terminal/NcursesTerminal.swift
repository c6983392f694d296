internal import CNcurses
internal import Foundation
internal import Synchronization

/// The real screen. ncurses keeps its state in globals, so that one thread does everything with it: that thread waits for
/// a key or for a byte on a pipe, by which the others tell it that there is work.
final class NcursesTerminal: KioskTerminal {
    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let work = Mutex<[Work]>([])
    private let size = Mutex<(rows: Int, columns: Int)>((24, 80))
    private let readEnd: Int32
    private let writeEnd: Int32
    private let opened = DispatchSemaphore(value: 0)
    private let isOpen = Mutex(false)

    private enum Work: Sendable {
        case show(Grid, Look)
        case wipe(DispatchSemaphore)
        case close(DispatchSemaphore)
    }

    /// ncurses notices a new size by a signal that may reach another thread: it is asked for it this often.
    private static let pollMilliseconds: Int64 = 200
    /// Nobody is left in a terminal that was hung up.
    private nonisolated(unsafe) static var signalPipe: Int32 = -1

    /// Nil if standard output is no terminal that ncurses knows.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        readEnd = ends[0]
        writeEnd = ends[1]
        (events, continuation) = AsyncStream.makeStream()
        let thread = Thread { [self] in run() }
        thread.name = "linli.screen"
        thread.start()
        opened.wait()
        guard isOpen.withLock({ $0 }) else { return nil }
        Self.signalPipe = writeEnd
        for number in [SIGTERM, SIGHUP] {
            signal(number) { _ in
                var byte = NcursesTerminal.endByte
                _ = Foundation.write(NcursesTerminal.signalPipe, &byte, 1)
            }
        }
    }

    var rows: Int { size.withLock { $0.rows } }
    var columns: Int { size.withLock { $0.columns } }

    func show(_ grid: Grid, _ look: Look) { add(.show(grid, look)) }
    func wipe() {
        let done = DispatchSemaphore(value: 0)
        add(.wipe(done))
        done.wait()
    }
    func close() {
        let done = DispatchSemaphore(value: 0)
        add(.close(done))
        done.wait()
    }

    private static let workByte: UInt8 = 1
    private static let endByte: UInt8 = 2

    private func add(_ item: Work) {
        work.withLock { $0.append(item) }
        var byte = Self.workByte
        _ = Foundation.write(writeEnd, &byte, 1)
    }

    // MARK: The screen's thread

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private func run() {
        let didOpen = linli_screen_open()
        readSize()
        isOpen.withLock { $0 = didOpen }
        opened.signal()
        guard didOpen else { return }
        var burst = KeyBurst()
        var isGone = false
        while true {
            var descriptors = [
                pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isGone ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            ]
            let now = Self.milliseconds()
            let wait = min(Self.pollMilliseconds, max(0, (burst.deadline ?? .max) - now))
            guard poll(&descriptors, 2, Int32(wait)) >= 0 || errno == EINTR else { break }
            if descriptors[0].revents != 0, !takeWork() { return }
            // Said once: a terminal that is gone stays gone, and asking it again and again would only burn time.
            if descriptors[1].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
                isGone = true
                continuation.yield(.end(code: 0))
            }
            if !isGone { takeKeys(&burst) }
        }
    }

    private func takeKeys(_ burst: inout KeyBurst) {
        var outputs = burst.flush(at: Self.milliseconds())
        while true {
            let event = linli_screen_next()
            if event.kind == LINLI_EVENT_NONE { break }
            if event.kind == LINLI_EVENT_RESIZE {
                readSize()
                continuation.yield(.resized)
                continue
            }
            let now = Self.milliseconds()
            if event.kind == LINLI_EVENT_TAP {
                outputs += burst.flush(at: .max)
                outputs.forEach(send)
                outputs = []
                continuation.yield(.tap(row: Int(event.row), column: Int(event.column)))
            } else {
                outputs += burst.take(Self.key(event), at: now)
            }
        }
        outputs.forEach(send)
    }

    private func send(_ output: KeyBurst.Output) {
        switch output {
        case .key(let key): continuation.yield(.key(key))
        case .scanned(let text): continuation.yield(.scanned(text))
        }
    }

    private static func key(_ event: linli_event) -> Key {
        if event.kind == LINLI_EVENT_CHARACTER {
            guard let scalar = Unicode.Scalar(UInt32(event.code)) else { return .other }
            return .character(Character(scalar))
        }
        let code = Int(event.code)
        if code > LINLI_KEY_FUNCTION { return .function(code - LINLI_KEY_FUNCTION) }
        let keys: [Int: Key] = [
            LINLI_KEY_ENTER: .enter, LINLI_KEY_BACKSPACE: .backspace, LINLI_KEY_ESCAPE: .escape,
            LINLI_KEY_UP: .up, LINLI_KEY_DOWN: .down, LINLI_KEY_LEFT: .left, LINLI_KEY_RIGHT: .right,
            LINLI_KEY_PAGE_UP: .pageUp, LINLI_KEY_PAGE_DOWN: .pageDown, LINLI_KEY_TAB: .tab,
            LINLI_KEY_INTERRUPT: .interrupt,
        ]
        return keys[code] ?? .other
    }

    private func readSize() {
        var rows: Int32 = 0
        var columns: Int32 = 0
        linli_screen_size(&rows, &columns)
        size.withLock { $0 = (Int(rows), Int(columns)) }
    }

    /// Returns false when it is time to stop.
    private func takeWork() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(readEnd, &bytes, bytes.count)
        if count > 0, bytes.prefix(count).contains(Self.endByte) { continuation.yield(.end(code: 0)) }
        let items = work.withLock { items in
            defer { items = [] }
            return items
        }
        // Only the last of several pictures is seen.
        let last = items.lastIndex { if case .show = $0 { true } else { false } }
        for (index, item) in items.enumerated() {
            switch item {
            case .show(let grid, let look):
                if index == last { draw(grid, look) }
            case .wipe(let done):
                linli_screen_wipe()
                done.signal()
            case .close(let done):
                linli_screen_close()
                done.signal()
                return false
            }
        }
        return true
    }

    private func draw(_ grid: Grid, _ look: Look) {
        for row in 0..<grid.rows {
            for run in grid.runs(ofRow: row) {
                let paint = look.paint(run.ink)
                linli_screen_put(
                    Int32(row), Int32(run.column), run.text, paint.foreground.number, paint.background.number,
                    paint.isBold ? Int32(LINLI_STYLE_BOLD) : 0)
            }
        }
        linli_screen_show()
    }
}
