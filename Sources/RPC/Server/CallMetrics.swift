internal import Metrics
internal import Synchronization

/// Rate, errors and duration of one method, for whatever metrics system the program has set up.
///
/// The label is the registered method's path, never a path from the wire, so that nobody outside can make series.
final class CallMetrics: Sendable {
    /// The label for calls to what is not registered.
    static let unknown = CallMetrics(method: "unknown")

    private let method: String
    private let duration: Timer
    private let okay: Counter
    private let others = Mutex<[StatusCode: Counter]>([:])

    init(method: String) {
        self.method = method
        duration = Timer(label: "linli_rpc_duration_seconds", dimensions: [("method", method)])
        okay = Self.counter(method, .ok)
    }

    func record(_ code: StatusCode, nanoseconds: Int64) {
        duration.recordNanoseconds(nanoseconds)
        if code == .ok { return okay.increment() }
        others.withLock { counters in
            let counter: Counter = counters[code] ?? Self.counter(method, code)
            counters[code] = counter
            counter.increment()
        }
    }

    private static func counter(_ method: String, _ code: StatusCode) -> Counter {
        Counter(label: "linli_rpc_total", dimensions: [("method", method), ("code", code.name)])
    }
}
