/// Tells a scanner's typing from a person's: a scanner that works as a keyboard sends its characters within a few
/// milliseconds of each other, so that what it read can be kept out of forms.
///
/// Characters wait here for a moment. Times are milliseconds of a clock that only goes forward.
struct KeyBurst: Sendable, Equatable {
    /// Keys nearer to each other than this belong together.
    static let gapMilliseconds: Int64 = 30
    /// So many together, and it was no person.
    static let charactersAtLeast: Int = 6

    enum Output: Sendable, Equatable {
        case key(Key)
        case scanned(String)
    }

    private var held: [Character] = []
    private var last: Int64 = 0

    /// When held characters are due; nil if there are none.
    var deadline: Int64? { held.isEmpty ? nil : last + Self.gapMilliseconds }

    mutating func take(_ key: Key, at time: Int64) -> [Output] {
        var outputs: [Output] = flush(at: time)
        switch key {
        case .character(let character):
            held.append(character)
            last = time
        case .enter where held.count >= Self.charactersAtLeast:
            outputs.append(scan())
        default:
            outputs += release()
            outputs.append(.key(key))
        }
        return outputs
    }

    /// Lets go of what has waited long enough.
    mutating func flush(at time: Int64) -> [Output] {
        guard let deadline, time >= deadline else { return [] }
        // Scanners can be set to send no Enter.
        return held.count >= Self.charactersAtLeast ? [scan()] : release()
    }

    private mutating func scan() -> Output {
        defer { held = [] }
        return .scanned(String(held))
    }

    private mutating func release() -> [Output] {
        defer { held = [] }
        return held.map { .key(.character($0)) }
    }
}
