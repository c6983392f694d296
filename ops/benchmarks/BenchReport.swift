import Foundation

/// What a benchmark found, as a table for people and as one JSON object for programs.
struct BenchReport: Codable {
    struct Metric: Codable {
        /// The median of the samples.
        let value: Double
        let unit: String
        /// One a round, in the order of the rounds.
        let samples: [Double]

        init(_ samples: [Double], _ unit: String) {
            value = median(samples)
            self.unit = unit
            self.samples = samples
        }
    }

    let name: String
    let machine: Machine
    let metrics: [String: Metric]
    /// Medians of the ratios within a round, so that what slows both sides of a round does not count.
    let ratios: [String: Double]
    /// (highest − lowest) / median of the rounds, for each metric and ratio. Above 0.3, repeat on a quieter machine.
    let noise: [String: Double]

    init(name: String, metrics: [String: Metric], ratios: [String: [Double]]) {
        self.name = name
        machine = Machine()
        self.metrics = metrics
        self.ratios = ratios.mapValues { median($0) }
        noise = metrics.mapValues { spread($0.samples) }
            .merging(ratios.mapValues { spread($0) }) { first, _ in first }
    }

    func print(json: Bool) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            Swift.print(String(decoding: try encoder.encode(self), as: UTF8.self))
            return
        }
        Swift.print("\(name) · \(machine.processor), \(machine.cores) cores, \(machine.system)")
        for (name, metric) in metrics.sorted(by: { $0.key < $1.key }) {
            let value = String(format: "%14.2f", metric.value)
            Swift.print("  \(padded(name)) \(value) \(metric.unit)  \(noiseText(name))")
        }
        for (name, ratio) in ratios.sorted(by: { $0.key < $1.key }) {
            Swift.print("  \(padded(name)) \(String(format: "%14.2f", ratio)) ×  \(noiseText(name))")
        }
    }

    private func padded(_ name: String) -> String { name.padding(toLength: 32, withPad: " ", startingAt: 0) }

    private func noiseText(_ name: String) -> String {
        String(format: "(spread %.0f %%)", (noise[name] ?? 0) * 100)
    }
}

/// Where it was measured.
struct Machine: Codable {
    let processor: String
    let cores: Int
    let memoryBytes: UInt64
    let system: String
    /// Runnable tasks, mean of the last minute before the report: how busy the machine was with this and other work.
    let load: Double

    init() {
        let information: ProcessInfo = .processInfo
        cores = information.activeProcessorCount
        memoryBytes = information.physicalMemory
        system = information.operatingSystemVersionString
        processor = Self.lineOfFile("/proc/cpuinfo", starting: "model name") ?? "unknown processor"
        var loads = [Double](repeating: 0, count: 1)
        load = getloadavg(&loads, 1) == 1 ? loads[0] : -1
    }

    private static func lineOfFile(_ path: String, starting start: String) -> String? {
        guard let content = FileManager.default.contents(atPath: path) else { return nil }
        let line: Substring? = String(decoding: content, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix(start) }
        return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    }
}

func median(_ samples: [Double]) -> Double {
    let sorted: [Double] = samples.sorted()
    guard let last = sorted.indices.last else { return .nan }
    return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
}

private func spread(_ samples: [Double]) -> Double {
    guard let lowest = samples.min(), let highest = samples.max() else { return .nan }
    return (highest - lowest) / median(samples)
}
