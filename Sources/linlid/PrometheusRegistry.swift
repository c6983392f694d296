internal import CoreMetrics
internal import Synchronization

/// Counts what the server does, and says it in Prometheus' text format (0.0.4).
final class PrometheusRegistry: Sendable {
    /// Upper bounds of the histograms of times, in seconds.
    static let timeBounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]
    /// Series at most; labels never come from outside, so that more are a bug of ours.
    static let maximumSeries: Int = 10_000

    struct Key: Hashable, Comparable {
        let name: String
        let labels: String

        static func < (left: Key, right: Key) -> Bool {
            (left.name, left.labels) < (right.name, right.labels)
        }
    }
    enum Value {
        case counter(Double)
        case gauge(Double)
        /// Counts by bucket, the last one for what lies above; and the sum.
        case histogram([Int], sum: Double)
    }
    private let values: Mutex<[Key: Value]> = Mutex([:])

    static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        let labels: [String] = dimensions.sorted { $0.0 < $1.0 }.map { name, value in
            let escaped: String = value.flatMap { character -> String in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }.map(String.init).joined()
            return "\(name)=\"\(escaped)\""
        }
        return Key(name: label, labels: labels.joined(separator: ","))
    }

    /// Makes a series visible before it has a value.
    func declare(_ key: Key, _ value: Value) {
        values.withLock { values in
            if values[key] == nil, values.count < PrometheusRegistry.maximumSeries { values[key] = value }
        }
    }

    func add(_ key: Key, _ amount: Double) {
        values.withLock { values in
            if case .counter(let old) = values[key] { values[key] = .counter(old + amount) }
        }
    }

    func reset(_ key: Key) {
        values.withLock { values in if case .counter = values[key] { values[key] = .counter(0) } }
    }

    func set(_ key: Key, _ value: Double) {
        values.withLock { values in if case .gauge = values[key] { values[key] = .gauge(value) } }
    }

    func adjust(_ key: Key, by amount: Double) {
        values.withLock { values in
            if case .gauge(let old) = values[key] { values[key] = .gauge(old + amount) }
        }
    }

    func observe(_ key: Key, _ value: Double) {
        let bucket: Int =
            PrometheusRegistry.timeBounds.firstIndex { value <= $0 } ?? PrometheusRegistry.timeBounds.count
        values.withLock { values in
            guard case .histogram(var counts, let sum) = values[key] else { return }
            // Taken out first, so that the array is changed in place.
            values[key] = .histogram([], sum: 0)
            counts[bucket] += 1
            values[key] = .histogram(counts, sum: sum + value)
        }
    }

    /// All series, in order of name and labels.
    func text() -> String {
        let snapshot: [Key: Value] = values.withLock { $0 }
        var lines: [String] = []
        var previous: String = ""
        for key in snapshot.keys.sorted() {
            guard let value = snapshot[key] else { continue }
            if key.name != previous {
                lines.append("# TYPE \(key.name) \(PrometheusRegistry.type(value))")
                previous = key.name
            }
            lines += PrometheusRegistry.lines(key, value)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func type(_ value: Value) -> String {
        switch value {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    private static func lines(_ key: Key, _ value: Value) -> [String] {
        switch value {
        case .counter(let number), .gauge(let number): return [line(key.name, [key.labels], number)]
        case .histogram(let counts, let sum):
            var lines: [String] = []
            var total: Int = 0
            for (index, count) in counts.enumerated() {
                total += count
                let bound: String = index < timeBounds.count ? "\(timeBounds[index])" : "+Inf"
                lines.append(line(key.name + "_bucket", [key.labels, "le=\"\(bound)\""], Double(total)))
            }
            lines.append(line(key.name + "_sum", [key.labels], sum))
            lines.append(line(key.name + "_count", [key.labels], Double(total)))
            return lines
        }
    }

    private static func line(_ name: String, _ labels: [String], _ value: Double) -> String {
        let given: [String] = labels.filter { !$0.isEmpty }
        let number: String = value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        return given.isEmpty ? "\(name) \(number)" : "\(name){\(given.joined(separator: ","))} \(number)"
    }
}
