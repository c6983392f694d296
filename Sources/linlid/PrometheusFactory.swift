internal import CoreMetrics

/// Connects swift-metrics with the registry.
struct PrometheusFactory: MetricsFactory {
    let registry: PrometheusRegistry

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        PrometheusCounter(registry, label, dimensions)
    }
    func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        PrometheusCounter(registry, label, dimensions)
    }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate
            ? PrometheusHistogram(registry, label, dimensions) : PrometheusGauge(registry, label, dimensions)
    }
    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        PrometheusGauge(registry, label, dimensions)
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        PrometheusHistogram(registry, label, dimensions)
    }
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}

private final class PrometheusCounter: CounterHandler, FloatingPointCounterHandler {
    private let registry: PrometheusRegistry
    private let key: PrometheusRegistry.Key

    init(_ registry: PrometheusRegistry, _ label: String, _ dimensions: [(String, String)]) {
        self.registry = registry
        key = PrometheusRegistry.key(label, dimensions)
        registry.declare(key, .counter(0))
    }

    func increment(by amount: Int64) { registry.add(key, Double(amount)) }
    func increment(by amount: Double) { registry.add(key, amount) }
    func reset() { registry.reset(key) }
}

private final class PrometheusGauge: RecorderHandler, MeterHandler {
    private let registry: PrometheusRegistry
    private let key: PrometheusRegistry.Key

    init(_ registry: PrometheusRegistry, _ label: String, _ dimensions: [(String, String)]) {
        self.registry = registry
        key = PrometheusRegistry.key(label, dimensions)
        registry.declare(key, .gauge(0))
    }

    func record(_ value: Int64) { registry.set(key, Double(value)) }
    func record(_ value: Double) { registry.set(key, value) }
    func set(_ value: Int64) { registry.set(key, Double(value)) }
    func set(_ value: Double) { registry.set(key, value) }
    func increment(by amount: Double) { registry.adjust(key, by: amount) }
    func decrement(by amount: Double) { registry.adjust(key, by: -amount) }
}

private final class PrometheusHistogram: RecorderHandler, TimerHandler {
    private let registry: PrometheusRegistry
    private let key: PrometheusRegistry.Key

    init(_ registry: PrometheusRegistry, _ label: String, _ dimensions: [(String, String)]) {
        self.registry = registry
        key = PrometheusRegistry.key(label, dimensions)
        let buckets: Int = PrometheusRegistry.timeBounds.count + 1
        registry.declare(key, .histogram(Array(repeating: 0, count: buckets), sum: 0))
    }

    func recordNanoseconds(_ duration: Int64) { registry.observe(key, Double(duration) / 1e9) }
    func record(_ value: Int64) { registry.observe(key, Double(value)) }
    func record(_ value: Double) { registry.observe(key, value) }
}
