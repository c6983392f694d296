internal import Kernel
package import Logging
internal import Metrics
internal import Storage
internal import Synchronization

/// Takes events to their listeners: in order, each in a transaction that also moves the listener's cursor, again and again
/// until it succeeds.
package final class EventDispatcher: Sendable {
    /// Events that are read at one time.
    static let batchSize: Int = 200
    /// The first pause after a failure, in milliseconds; each further one doubles it.
    static let firstPauseMilliseconds: Int64 = 500
    /// The longest pause, in milliseconds.
    static let longestPauseMilliseconds: Int64 = 60_000

    private let platform: Platform
    private let listeners: [any EventListener]
    private let logger: Logger

    /// - Precondition: listener names are unique.
    package init(platform: Platform, listeners: [any EventListener], logger: Logger) {
        precondition(
            Set(listeners.map(\.listenerName)).count == listeners.count, "two listeners with one name")
        self.platform = platform
        self.listeners = listeners
        self.logger = logger
    }

    /// Serves all listeners until cancelled.
    package func run() async {
        await withTaskGroup { group in
            for listener in listeners { group.addTask { await self.run(listener) } }
        }
    }

    /// Serves what waits now and returns: for tests and for import. Throws what a listener threw.
    package func drain() async throws {
        var worked: Bool = true
        while worked {
            worked = false
            for listener in listeners where try await step(listener) { worked = true }
        }
    }

    private func run(_ listener: any EventListener) async {
        let lag: Gauge = Gauge(
            label: "linli_listener_lag_events", dimensions: [("listener", listener.listenerName)])
        let failures: Counter = Counter(
            label: "linli_listener_failures_total", dimensions: [("listener", listener.listenerName)])
        var pause: Int64 = 0
        var iterator: AsyncStream<EventFeed.Wake>.Iterator
        do {
            iterator = try platform.events.subscribe(types: listener.eventTypes).makeAsyncIterator()
        } catch {
            logger.critical("a listener cannot be served", metadata: ["listener": "\(listener.listenerName)"])
            return
        }
        while !Task.isCancelled {
            do {
                while try await step(listener) { pause = 0 }
                lag.record(0)
                if await iterator.next() == nil { return }
            } catch {
                if Task.isCancelled || error is CancellationError { return }
                failures.increment()
                pause = min(
                    max(EventDispatcher.firstPauseMilliseconds, pause * 2),
                    EventDispatcher.longestPauseMilliseconds)
                await report(listener, error, pause: pause, lag)
                do { try await Task.sleep(for: .milliseconds(pause)) } catch { return }
            }
        }
    }

    /// Hands the next events over; false if there were none.
    private func step(_ listener: any EventListener) async throws -> Bool {
        let name: String = listener.listenerName
        let (cursor, events): (Int64, [StoredEvent]) = try await platform.readAsSystem { context in
            let cursor: Int64 = try EventDispatcher.cursor(context.connection, name)
            return (
                cursor,
                try Outbox.events(after: cursor, limit: EventDispatcher.batchSize, context.connection)
            )
        }
        guard let last = events.last else { return false }
        var position: Int64 = cursor
        for event in events where listener.eventTypes.contains(event.type) {
            try await handle(event, listener, from: position)
            position = event.sequence
        }
        if position < last.sequence {
            try await platform.performAsSystem(action: "outbox.skip") { [position] unit in
                try EventDispatcher.move(unit.connection, name, from: position, to: last.sequence)
            }
        }
        return true
    }

    private func handle(_ event: StoredEvent, _ listener: any EventListener, from position: Int64)
        async throws
    {
        try await platform.performAsSystem(action: "event.\(listener.listenerName)") { unit in
            try EventDispatcher.move(
                unit.connection, listener.listenerName, from: position, to: event.sequence)
            try listener.handle(event, unit)
        }
    }

    private func report(_ listener: any EventListener, _ error: any Error, pause: Int64, _ lag: Gauge) async {
        logger.error(
            "a listener failed and will be tried again",
            metadata: [
                "listener": "\(listener.listenerName)", "error": "\(error)", "pauseMilliseconds": "\(pause)",
            ])
        do {
            let behind: Int64 = try await platform.readAsSystem { context in
                try Outbox.newest(context.connection)
                    - EventDispatcher.cursor(context.connection, listener.listenerName)
            }
            lag.record(behind)
        } catch {
            logger.error("the lag of a listener is not known", metadata: ["error": "\(error)"])
        }
    }

    private static func cursor(_ connection: any Connection, _ listener: String) throws -> Int64 {
        try connection.first(
            "SELECT sequence FROM platform_listener_cursors WHERE listener = $1", .text(listener)
        ) { $0.integer(0) } ?? 0
    }

    /// Moves a cursor; if it is not where it was, another process serves this listener too, and the event is its.
    private static func move(_ connection: any Connection, _ listener: String, from: Int64, to: Int64) throws
    {
        let moved: Int = try connection.execute(
            """
            INSERT INTO platform_listener_cursors (listener, sequence) VALUES ($1, $3)
            ON CONFLICT (listener) DO UPDATE SET sequence = excluded.sequence
                WHERE platform_listener_cursors.sequence = $2
            """,
            .text(listener), .integer(from), .integer(to))
        guard moved == 1 else { throw Refusal.conflict(reason: "CURSOR_MOVED") }
    }
}
