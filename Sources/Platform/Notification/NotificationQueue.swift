package import Logging
internal import Synchronization

/// Texts on their way to a notifier. Putting one in takes no time that a stranger could measure.
package final class NotificationQueue: Sendable {
    /// Texts that wait at most; what comes beyond is dropped and logged.
    static let capacity: Int = 1_000

    private let stream: AsyncStream<PhoneText>
    private let continuation: AsyncStream<PhoneText>.Continuation
    private let notifier: any Notifier
    private let logger: Logger

    package init(notifier: any Notifier, logger: Logger) {
        (stream, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(NotificationQueue.capacity))
        self.notifier = notifier
        self.logger = logger
    }

    /// Puts a text at the end of the queue.
    package func enqueue(_ text: PhoneText) {
        if case .dropped = continuation.yield(text) { logger.error("too many texts wait; one was dropped") }
    }

    /// Sends what comes until `close`; returns when the last one is out.
    package func run() async {
        for await text in stream {
            do {
                try await notifier.send(text)
            } catch {
                logger.error("a text could not be sent", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Takes nothing more; `run` returns when the queue is empty.
    package func close() { continuation.finish() }
}
