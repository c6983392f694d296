internal import Dispatch
internal import Glibc

/// What the operating system tells the server.
final class Signals {
    enum Signal: Sendable {
        /// SIGTERM, SIGINT.
        case stop
        /// SIGHUP.
        case reload
    }

    let stream: AsyncStream<Signal>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Signal.self)
        self.stream = stream
        // A client that hangs up must not end the server.
        signal(SIGPIPE, SIG_IGN)
        let wanted: [(number: Int32, meaning: Signal)] = [
            (SIGTERM, .stop), (SIGINT, .stop), (SIGHUP, .reload),
        ]
        sources = wanted.map { number, meaning in
            signal(number, SIG_IGN)
            let source: any DispatchSourceSignal = DispatchSource.makeSignalSource(
                signal: number, queue: .global())
            source.setEventHandler { @Sendable in continuation.yield(meaning) }
            source.resume()
            return source
        }
    }
}
