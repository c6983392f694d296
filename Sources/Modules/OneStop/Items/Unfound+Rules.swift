import Kernel
import Platform
import Synchronization

/// Which words that found nothing are kept for the catalogue's owner.
enum UnfoundRules {
    /// Words with more digits may hold somebody's number and are not kept.
    static let digitsMax: Int = 4
    /// A single character says nothing about what is missing.
    static let lengthMin: Int = 2
    private static let digits: Set<Character> = Set("零〇一二三四五六七八九两幺")

    /// Whether words may be kept: nothing in them that looks like a phone or ID number, written in figures or in characters.
    static func mayKeep(_ words: String) -> Bool {
        words.count >= lengthMin && words.count { $0.isNumber || digits.contains($0) } <= digitsMax
    }
}

/// How much a caller may add to the list of words that nobody found: anybody may search, and each write is one to the disk.
/// A search is answered all the same.
final class UnfoundThrottle: Sendable {
    /// From one network, or one device with a certificate.
    static let perPlaceAndMinute: Int = 10
    /// From everybody together; so no more places are remembered either.
    static let perMinute: Int = 200

    private struct State {
        var minute: Int64 = 0
        var total: Int = 0
        var counts: [Place: Int] = [:]
    }
    private let state: Mutex<State> = Mutex(State())

    /// Counts one write; false if it is one too many.
    func admit(_ place: Place, now: Instant) -> Bool {
        let minute: Int64 = now.milliseconds / 60_000
        return state.withLock { state in
            if state.minute != minute { state = State(minute: minute) }
            let count: Int = state.counts[place] ?? 0
            guard count < UnfoundThrottle.perPlaceAndMinute, state.total < UnfoundThrottle.perMinute else {
                return false
            }
            state.counts[place] = count + 1
            state.total += 1
            return true
        }
    }
}
