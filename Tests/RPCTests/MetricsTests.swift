import Metrics
import Synchronization
import Testing

@testable import RPC

@Suite("Figures of calls")
struct MetricsTests {
    @Test("a call counts once under its method and code, and its time is kept")
    func record() {
        let factory = RecordingFactory()
        let metrics = CallMetrics(method: "/a.B/C", factory: factory)
        metrics.record(.ok, nanoseconds: 1_000)
        metrics.record(.ok, nanoseconds: 2_000)
        metrics.record(.notFound, nanoseconds: 3_000)
        #expect(
            factory.totals.withLock { $0 } == [
                "linli_rpc_duration_seconds method=/a.B/C": 6_000,
                "linli_rpc_total method=/a.B/C code=OK": 2,
                "linli_rpc_total method=/a.B/C code=NOT_FOUND": 1,
            ])
    }
}

/// Adds up whatever is counted or timed, by label and dimensions.
private final class RecordingFactory: MetricsFactory {
    let totals = Mutex<[String: Int64]>([:])

    private final class Sum: CounterHandler, TimerHandler {
        let name: String
        let factory: RecordingFactory
        init(_ label: String, _ dimensions: [(String, String)], _ factory: RecordingFactory) {
            name = ([label] + dimensions.map { "\($0)=\($1)" }).joined(separator: " ")
            self.factory = factory
        }
        func increment(by amount: Int64) { factory.totals.withLock { $0[name, default: 0] += amount } }
        func reset() { factory.totals.withLock { $0[name] = nil } }
        func recordNanoseconds(_ duration: Int64) { increment(by: duration) }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Sum(label, dimensions, self)
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Sum(label, dimensions, self)
    }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
}
