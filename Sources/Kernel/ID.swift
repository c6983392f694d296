internal import Synchronization

/// A 128-bit id that sorts by the time of its making: a UUID of version 7 (RFC 9562 section 5.7).
///
/// For ids that programs carry. Numbers that people read out or type have a check character: `CheckedNumber`.
package struct ID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    /// The id with these 128 bits, big end first.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id in a text of 36 characters, `8-4-4-4-12` hexadecimal digits; capitals are accepted. Nil if it is not.
    package init?(_ text: String) {
        var digits: Int = 0
        var words: [UInt64] = [0, 0]
        guard text.utf8.count == ID.textLength else { return nil }
        for (index, byte) in text.utf8.enumerated() {
            if ID.hyphens.contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let value = ASCII.hexValue(byte) else { return nil }
            words[digits / 16] = words[digits / 16] << 4 | UInt64(value)
            digits += 1
        }
        self.init(high: words[0], low: words[1])
    }

    /// The number of characters of the text form.
    package static let textLength: Int = 36
    private static let hyphens: Set<Int> = [8, 13, 18, 23]

    /// The text form: 36 characters in lower case. Texts sort as the ids do.
    package var description: String {
        var characters: [UInt8] = []
        characters.reserveCapacity(ID.textLength)
        for word in [high, low] {
            for shift in stride(from: 60, through: 0, by: -4) {
                if ID.hyphens.contains(characters.count) { characters.append(UInt8(ascii: "-")) }
                characters.append(ASCII.hexDigit(UInt8(word >> UInt64(shift) & 0xF)))
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// The sixteen bytes, big end first.
    package var bytes: [UInt8] {
        [high, low].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    /// When the id was made, by its first 48 bits.
    package var instant: Instant { Instant(milliseconds: Int64(high >> 16)) }

    package static func < (left: ID, right: ID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

/// Makes ids that strictly increase, even within one millisecond and when the clock is set back.
package final class IDSource: Sendable {
    private let clock: any Clock
    private let random: any RandomSource
    private let last: Mutex<(milliseconds: UInt64, counter: UInt64)> = Mutex((0, 0))

    /// The 12 bits after the version are a counter that starts below its half in each millisecond (RFC 9562 section
    /// 6.2 method 1); when it is used up, the time part runs ahead of the clock by one millisecond.
    private static let counterLimit: UInt64 = 1 << 12

    package init(clock: any Clock, random: any RandomSource) {
        self.clock = clock
        self.random = random
    }

    package func next() -> ID {
        let now: UInt64 = UInt64(max(0, clock.now().milliseconds))
        let noise: UInt64 = random.next()
        let (milliseconds, counter): (UInt64, UInt64) = last.withLock { last in
            if now > last.milliseconds {
                last = (now, random.next() % (IDSource.counterLimit / 2))
            } else if last.counter + 1 < IDSource.counterLimit {
                last.counter += 1
            } else {
                last = (last.milliseconds + 1, 0)
            }
            return last
        }
        return ID(high: milliseconds << 16 | 0x7000 | counter, low: 0x8000_0000_0000_0000 | noise >> 2)
    }
}
