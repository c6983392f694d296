internal import Metrics
internal import Synchronization

/// Rate, errors and duration of one method, for whatever metrics system the program has set up.
///
/// The label is the registered method's path, never a path from the wire, so that nobody outside can make series.
final class CallMetrics: Sendable {
    /// The label for calls to what is not registered.
    static let unknown = CallMetrics(method: "unknown")

    private let method: String
    private let factory: any MetricsFactory
    private let duration: Timer
    private let okay: Counter
    private let others = Mutex<[StatusCode: Counter]>([:])

    init(method: String, factory: any MetricsFactory = MetricsSystem.factory) {
        self.method = method
        self.factory = factory
        duration = Timer(
            label: "linli_rpc_duration_seconds", dimensions: [("method", method)], factory: factory)
        okay = Self.counter(method, .ok, factory)
    }

    func record(_ code: StatusCode, nanoseconds: Int64) {
        duration.recordNanoseconds(nanoseconds)
        if code == .ok { return okay.increment() }
        others.withLock { counters in
            let counter: Counter = counters[code] ?? Self.counter(method, code, factory)
            counters[code] = counter
            counter.increment()
        }
    }

    private static func counter(_ method: String, _ code: StatusCode, _ factory: any MetricsFactory)
        -> Counter
    {
        Counter(
            label: "linli_rpc_total", dimensions: [("method", method), ("code", code.name)], factory: factory)
    }
}
