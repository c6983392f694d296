internal import Synchronization

/// Where random bits come from. Keys and secrets are made in Crypto from OpenSSL's generator; this is for ids,
/// lots, jitter and demo data.
package protocol RandomSource: Sendable {
    /// 64 uniformly distributed bits.
    func next() -> UInt64
}

extension RandomSource {
    /// `count` uniformly distributed bytes.
    package func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            var word: UInt64 = next()
            for _ in 0..<min(8, count - result.count) {
                result.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return result
    }

    /// A number of `range`, each equally likely.
    package func integer(in range: Range<Int>) -> Int {
        var generator: SourceGenerator = SourceGenerator(source: self)
        return Int.random(in: range, using: &generator)
    }

    /// A shuffled copy of `items`, each order equally likely.
    package func shuffled<T>(_ items: [T]) -> [T] {
        var generator: SourceGenerator = SourceGenerator(source: self)
        return items.shuffled(using: &generator)
    }
}

private struct SourceGenerator<Source: RandomSource>: RandomNumberGenerator {
    let source: Source
    mutating func next() -> UInt64 { source.next() }
}

/// The operating system's generator (getrandom), which is good enough for secrets too.
package struct SystemRandom: RandomSource {
    package init() {}

    package func next() -> UInt64 {
        var generator: SystemRandomNumberGenerator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// The same numbers for the same seed: SplitMix64 (Steele, Lea and Flood 2014). For tests and demo data, never for
/// secrets.
package final class SeededRandom: RandomSource {
    private let state: Mutex<UInt64>

    package init(seed: UInt64) { state = Mutex(seed) }

    package func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed: UInt64 = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
