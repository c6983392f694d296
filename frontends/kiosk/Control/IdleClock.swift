/// Notices that nobody is there any more. Times are counted from the start of the program.
struct IdleClock: Sendable, Equatable {
    /// Without a key for so long, the warning begins.
    let idle: Duration
    /// How long the warning counts down; WCAG 2.2.1 asks for 20 s at least.
    let warning: Duration
    private var last: Duration = .zero
    private var isRunning: Bool = false

    enum Phase: Sendable, Equatable {
        case quiet
        /// Whole seconds that are left.
        case warning(Int)
        case over
    }

    init(idle: Duration = .seconds(60), warning: Duration = .seconds(30)) {
        self.idle = idle
        self.warning = warning
    }

    /// Somebody is there.
    mutating func touch(_ now: Duration) {
        last = now
        isRunning = true
    }

    /// There is nothing to wipe.
    mutating func stop() { isRunning = false }

    func phase(_ now: Duration) -> Phase {
        guard isRunning else { return .quiet }
        let quiet: Duration = now - last
        if quiet < idle { return .quiet }
        let left: Duration = idle + warning - quiet
        if left <= .zero { return .over }
        // The last second is shown as 1.
        return .warning(Int((left.components.seconds) + (left.components.attoseconds > 0 ? 1 : 0)))
    }
}
