internal import Contract
internal import Foundation
internal import Synchronization

/// A reader of ID cards behind a program of its own: card data is decrypted by the maker's library, which runs there and
/// not here. The program writes the lines of `CardLines`; it is started again when it ends.
final class CardProcess: CardReader {
    let events: AsyncStream<CardEvent>
    private let continuation: AsyncStream<CardEvent>.Continuation
    private let command: [String]
    private let inner = Mutex(State())
    private let closed = DispatchSemaphore(value: 0)

    private struct State {
        var process: Process?
        /// Nil until its program has said anything: it takes a moment to start, and is not broken.
        var isWorking: Bool?
        var isClosed: Bool = false
    }

    /// Seconds before a program that ended is started again.
    private static let pauseSeconds: Double = 2

    /// - Parameter command: a program and its arguments.
    init(command: [String]) {
        self.command = command
        (events, continuation) = AsyncStream.makeStream()
        let thread = Thread { [self] in run() }
        thread.name = "linli.card"
        thread.start()
    }

    func state() async -> PlatformV1.PartState {
        inner.withLock { state in
            state.isWorking.map { $0 ? .ok : .failed } ?? .unspecified
        }
    }

    func close() {
        let process: Process? = inner.withLock { state in
            state.isClosed = true
            return state.process
        }
        // Its own thread waits for its end.
        if let process, process.isRunning { process.terminate() }
        closed.signal()
        continuation.finish()
    }

    private var isClosed: Bool { inner.withLock { $0.isClosed } }

    private func run() {
        while !isClosed {
            read()
            send(.isWorking(false))
            if closed.wait(timeout: .now() + Self.pauseSeconds) == .success { return }
        }
    }

    private func read() {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        // It ends with its standard input, and so with this program, however that ends.
        let input = Pipe()
        process.standardInput = input
        do { try process.run() } catch { return }
        let mayGoOn: Bool = inner.withLock { state in
            state.process = process
            return !state.isClosed
        }
        if !mayGoOn { process.terminate() }
        var lines = CardLines()
        while true {
            let data: Data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            lines.take(data).forEach(send)
        }
        lines.forget()
        process.waitUntilExit()
        withExtendedLifetime(input) {}
    }

    private func send(_ event: CardEvent) {
        if case .isWorking(let isWorking) = event { inner.withLock { $0.isWorking = isWorking } }
        continuation.yield(event)
    }
}
