/// Where the kiosk is seen and touched.
protocol KioskTerminal: Sendable {
    var rows: Int { get }
    var columns: Int { get }
    /// What happened, in order. Read by one reader.
    var events: AsyncStream<TerminalEvent> { get }
    /// Shows a picture.
    func show(_ grid: Grid, _ look: Look)
    /// Takes everything off the screen and out of what the terminal remembers above it; returns when it is done.
    func wipe()
    /// Gives the terminal back.
    func close()
}

enum TerminalEvent: Sendable, Equatable {
    case key(Key)
    case tap(row: Int, column: Int)
    case scanned(String)
    case card(CardEvent)
    case resized
    /// The script is over, or the terminal is gone.
    case end(code: Int32)
}
