/// The lines that a reader's program writes, and what they mean. One event a line, UTF-8:
///
///     ready                        the reader works
///     card NUMBER NAME             a card was read to the end
///     left                         a card lies there since before the program began
///     removed                      the card is gone
///     unreadable                   the card was there, but not long enough
///     broken                       the reader does not work
///
/// Anything else is skipped: a maker's program may have more to say. The program ends when its standard input ends.
struct CardLines {
    /// A longer line is none of ours.
    static let bytesAtMost: Int = 256

    private var line: [UInt8] = []
    private var isTooLong: Bool = false

    /// Takes what came; answers the events of the lines that are whole.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [CardEvent] {
        var events: [CardEvent] = []
        for byte in bytes {
            guard byte == 0x0A else {
                if line.count < Self.bytesAtMost { line.append(byte) } else { isTooLong = true }
                continue
            }
            if !isTooLong, let event = Self.event(String(decoding: line, as: UTF8.self)) {
                events.append(event)
            }
            forget()
        }
        return events
    }

    /// Writes over what was read.
    mutating func forget() {
        for index in line.indices { line[index] = 0 }
        line.removeAll(keepingCapacity: true)
        isTooLong = false
    }

    private static func event(_ line: String) -> CardEvent? {
        let words: [Substring] = line.split(separator: " ", maxSplits: 2).map { $0 }
        switch words.first {
        case "ready": return .isWorking(true)
        case "broken": return .isWorking(false)
        case "left": return .left
        case "removed": return .removed
        case "unreadable": return .unreadable
        case "card":
            guard words.count == 3 else { return .unreadable }
            return .inserted(number: String(words[1]), name: String(words[2]))
        default: return nil
        }
    }
}
