internal import Contract
internal import Dialogue
internal import Kernel

/// What the lobby display shows.
struct LobbyScreen: Sendable, Equatable {
    struct Call: Sendable, Equatable {
        var ticket: String
        var counter: Int
    }

    struct Group: Sendable, Equatable {
        var id: String
        var label: String
        var waiting: Int
        /// -1 when nothing is known.
        var minutes: Int
    }

    var name: String = ""
    var notice: String = ""
    var time: String = ""
    /// Newest first.
    var calls: [Call] = []
    var groups: [Group] = []
    var isOpen: Bool = false
    var isReachable: Bool = true
}

extension LobbyScreen {
    init(_ hall: OneStopV1.Hall?, isReachable: Bool, time: String) {
        self.time = time
        self.isReachable = isReachable
        guard let hall else { return }
        name = hall.displayName
        notice = hall.notice?.zh ?? ""
        calls = hall.calls.map { Call(ticket: $0.ticket, counter: Int($0.counter)) }
        groups = hall.groups.map {
            Group(
                id: $0.id, label: $0.label?.zh ?? "", waiting: Int($0.waiting),
                minutes: Int($0.estimatedMinutes))
        }
        isOpen = hall.open
    }
}

/// Draws the lobby display: the newest call in figures of five rows, which are read from across the hall.
enum LobbyView {
    /// Calls below the newest one.
    static let earlierCalls: Int = 6

    static func draw(_ screen: LobbyScreen, rows: Int, columns: Int) -> Picture {
        var grid: Grid = Grid(rows: rows, columns: columns)
        guard rows >= ScreenView.rowsAtLeast, columns >= ScreenView.columnsAtLeast else {
            grid.put(0, 0, Phrases.tooSmall.zh, .warning)
            return Picture(grid: grid)
        }
        grid.fill(0, 0..<columns, .bar)
        grid.put(0, 2, screen.name.isEmpty ? "叫号" : screen.name, .bar)
        grid.put(0, columns - 7, screen.time, .bar)
        if let newest = screen.calls.first {
            drawNewest(newest, &grid)
        } else {
            grid.put(4, 4, ScreenView.spaced(screen.isOpen ? "请稍候，还没有叫号" : "现在不叫号"), .title)
        }
        let middle: Int = columns / 2
        drawEarlier(screen, &grid, 11, 0..<middle)
        drawGroups(screen, &grid, 11, middle..<columns)
        let bottom: Int = rows - 1
        if !screen.isReachable {
            grid.fill(bottom, 0..<columns, .warning)
            grid.put(bottom, 2, "！ 连不上服务器，号码可能不是最新的。请听工作人员叫号。", .warning)
        } else if !screen.notice.isEmpty {
            grid.fill(bottom, 0..<columns, .bar)
            grid.put(bottom, 2, TextWidth.truncated(screen.notice, to: columns - 4), .bar)
        }
        return Picture(grid: grid)
    }

    private static func drawNewest(_ call: LobbyScreen.Call, _ grid: inout Grid) {
        let ticket: [String] = BigFigures.rows(call.ticket)
        let counter: [String] = BigFigures.rows(String(call.counter))
        let width: Int = TextWidth.columns(of: ticket[0])
        for (index, line) in ticket.enumerated() { grid.put(3 + index, 4, line, .title) }
        let start: Int = 4 + width + 10
        let words: String = "号 窗 口"
        guard start + TextWidth.columns(of: counter[0]) + 3 + TextWidth.columns(of: words) <= grid.columns
        else {
            // A narrow screen: the counter stands below the ticket.
            grid.put(9, 4, ScreenView.spaced("请到") + " \(call.counter) " + words, .title)
            return
        }
        grid.put(5, 4 + width + 3, "请 到", .text)
        for (index, line) in counter.enumerated() { grid.put(3 + index, start, line, .title) }
        grid.put(5, start + TextWidth.columns(of: counter[0]) + 3, words, .text)
    }

    private static func drawEarlier(
        _ screen: LobbyScreen, _ grid: inout Grid, _ top: Int, _ columns: Range<Int>
    ) {
        guard screen.calls.count > 1 else { return }
        grid.put(top, columns.lowerBound + 4, "前 面 叫 过", .dim)
        for (index, call) in screen.calls.dropFirst().prefix(earlierCalls).enumerated() {
            let row: Int = top + 2 + index * 2
            guard row < grid.rows - 2 else { break }
            grid.put(row, columns.lowerBound + 4, "\(call.ticket)   →   \(call.counter) 号窗口", .text)
        }
    }

    private static func drawGroups(
        _ screen: LobbyScreen, _ grid: inout Grid, _ top: Int, _ columns: Range<Int>
    ) {
        guard !screen.groups.isEmpty else { return }
        grid.put(top, columns.lowerBound, "正 在 等", .dim)
        for (index, group) in screen.groups.enumerated() {
            let row: Int = top + 2 + index * 2
            guard row < grid.rows - 2 else { break }
            let time: String = group.minutes < 0 ? "" : "，约 \(group.minutes) 分钟"
            let text: String = "\(group.id) \(group.label)  \(group.waiting) 人\(time)"
            grid.put(row, columns.lowerBound, TextWidth.truncated(text, to: columns.count - 2), .text)
        }
    }
}

/// Letters and figures five rows high.
enum BigFigures {
    private static let shapes: [Character: [String]] = [
        "0": ["███", "█ █", "█ █", "█ █", "███"], "1": [" █ ", "██ ", " █ ", " █ ", "███"],
        "2": ["███", "  █", "███", "█  ", "███"], "3": ["███", "  █", "███", "  █", "███"],
        "4": ["█ █", "█ █", "███", "  █", "  █"], "5": ["███", "█  ", "███", "  █", "███"],
        "6": ["███", "█  ", "███", "█ █", "███"], "7": ["███", "  █", "  █", "  █", "  █"],
        "8": ["███", "█ █", "███", "█ █", "███"], "9": ["███", "█ █", "███", "  █", "███"],
        "A": ["███", "█ █", "███", "█ █", "█ █"], "B": ["██ ", "█ █", "██ ", "█ █", "██ "],
        "C": ["███", "█  ", "█  ", "█  ", "███"], "D": ["██ ", "█ █", "█ █", "█ █", "██ "],
        "E": ["███", "█  ", "███", "█  ", "███"], "F": ["███", "█  ", "███", "█  ", "█  "],
        "G": ["███", "█  ", "█ █", "█ █", "███"], "H": ["█ █", "█ █", "███", "█ █", "█ █"],
        "J": ["███", "  █", "  █", "█ █", "███"], "K": ["█ █", "██ ", "█  ", "██ ", "█ █"],
        "Q": ["███", "█ █", "█ █", "███", "  █"],
    ]

    /// Each character twice as wide, so that it is about square. One without a shape stands in the middle row.
    static func rows(_ text: String) -> [String] {
        (0..<5).map { row in
            text.map { character in
                guard let shape = shapes[character] else {
                    return TextWidth.padded(row == 2 ? "  \(character)" : "", to: 6)
                }
                return shape[row].map { String(repeating: $0, count: 2) }.joined()
            }.joined(separator: "  ")
        }
    }
}
