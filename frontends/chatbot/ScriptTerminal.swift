internal import Dispatch
internal import Foundation

/// Standard input that is not a terminal: one line is read each time one is asked for, and echoed so that the output
/// reads as a conversation.
final class ScriptTerminal: Terminal {
    let columns: Int
    let isInteractive = false
    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let queue = DispatchQueue(label: "linli.script")

    init(columns: Int) {
        self.columns = max(columns, Layout.columnsAtLeast)
        (events, continuation) = AsyncStream.makeStream()
    }

    func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    func ask(_ prompt: String, hidden: Bool) {
        queue.async { @Sendable [self] in
            guard let line = readLine(strippingNewline: true) else {
                continuation.yield(.end)
                return
            }
            write(prompt + (hidden ? "••••••" : line) + "\n")
            continuation.yield(.line(line))
        }
    }

    func close() { continuation.finish() }
}
