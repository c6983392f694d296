internal import Kernel

/// A map that forgets: bounded in size and in time, without a list to keep in order. Two generations; what was not used
/// while one generation filled up is gone.
struct AttemptTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var current: [Key: Value] = [:]
    private var previous: [Key: Value] = [:]
    private let generationSize: Int

    /// - Parameter capacity: keys that are remembered at most.
    init(capacity: Int) { generationSize = max(1, capacity / 2) }

    var count: Int { current.count + previous.count }

    subscript(key: Key) -> Value? {
        get { current[key] ?? previous[key] }
        set {
            if newValue == nil { previous[key] = nil }
            current[key] = newValue
            if current.count >= generationSize {
                previous = current
                current = [:]
            }
        }
    }
}

/// Wrong attempts under one key.
struct Attempts: Sendable, Equatable {
    var count: Int
    var last: Instant

    /// Seconds to wait since the last attempt: none for the free ones, then 1, 2, 4 … up to the longest.
    static func delaySeconds(after count: Int, free: Int, longest: Int) -> Int {
        guard count > free else { return 0 }
        let doublings: Int = min(count - free - 1, 30)
        return min(1 << doublings, longest)
    }
}
