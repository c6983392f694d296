/// Where a conversation takes place: lines go out, lines come in.
protocol Terminal: Sendable {
    /// Columns of a line, at least `Layout.columnsAtLeast`.
    var columns: Int { get }
    /// True if a person sits there; false for a script.
    var isInteractive: Bool { get }
    /// Writes whole lines. A line that is being typed is put back below them.
    func write(_ text: String)
    /// Asks for one line, which comes as the next event. `hidden` keeps it off the screen.
    func ask(_ prompt: String, hidden: Bool)
    /// What happened, in order. Read by one reader.
    var events: AsyncStream<TerminalEvent> { get }
    /// Puts the terminal back as it was.
    func close()
}

enum TerminalEvent: Sendable, Equatable {
    case line(String)
    /// Ctrl-D, or the end of a script.
    case end
    /// Ctrl-C or a termination signal.
    case interrupted
}
