import ArgumentParser
import Foundation
import Storage

/// `linli-bench store`: durable inserts a second through `Database.write`, against libsqlite3 by hand.
struct StoreBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Durable inserts a second through Database.write, against libsqlite3 by hand.",
        discussion: """
            Three ways to insert the same rows (15 columns, 4 indexes with random keys) into a new database on the same \
            disk, each safe against a power cut before it counts: Database.write from many tasks; one thread on libsqlite3 \
            that commits every 32 rows; one thread that commits every row. The rounds alternate their order.
            """)

    @Option(help: "Rounds.") var rounds = 5
    @Option(help: "Rows a round; the way that commits every row inserts a tenth.") var rows = 20_000
    @Option(help: "Tasks that write at the same time.") var tasks = 64
    @Option(help: "Folder on the disk to measure.") var directory = ".build-bench"
    @Flag(help: "One JSON object instead of a table.") var json = false

    func validate() throws {
        guard rounds > 0 && tasks > 0 && rows >= 10 * tasks else {
            throw ValidationError("Give at least one round, one task and ten rows a task.")
        }
    }

    private enum Way: String, CaseIterable {
        case durable = "durable_inserts"
        case rawGroups = "raw_groups_of_32"
        case oneCommit = "raw_one_commit_each"
    }

    func run() async throws {
        let folder: String = directory + "/store-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { removeFolder(folder) }
        let cases: [BenchCase] = (0..<rows).map { BenchCase(number: $0) }
        var rates: [Way: [Double]] = [:]
        var syncs: [Double] = []
        for round in 0..<rounds {
            syncs.append(try syncMilliseconds(folder + "/sync"))
            let ways: [Way] = round.isMultiple(of: 2) ? Way.allCases : Way.allCases.reversed()
            for way in ways {
                let path: String = folder + "/\(way.rawValue)-\(round).sqlite"
                rates[way, default: []].append(try await rate(way, path, cases))
            }
        }
        try report(rates, syncs).print(json: json)
    }

    private func rate(_ way: Way, _ path: String, _ cases: [BenchCase]) async throws -> Double {
        switch way {
        case .durable: try await durableRate(path, cases)
        case .rawGroups: try RawInserts(path).rate(cases[...], rowsACommit: 32)
        case .oneCommit: try RawInserts(path).rate(cases[..<(cases.count / 10)], rowsACommit: 1)
        }
    }

    private func durableRate(_ path: String, _ cases: [BenchCase]) async throws -> Double {
        let store = try await SQLiteDatabase(path: path, migrations: [BenchCase.migration])
        let begun: ContinuousClock.Instant = .now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for index in stride(from: task, to: cases.count, by: tasks) {
                        let values: [SQLValue] = cases[index].values
                        try await store.write { try $0.execute(BenchCase.insert, values: values) }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds: Double = begun.duration(to: .now) / .seconds(1)
        await store.close()
        return Double(cases.count) / seconds
    }

    private func report(_ rates: [Way: [Double]], _ syncs: [Double]) -> BenchReport {
        var metrics: [String: BenchReport.Metric] = ["disk_sync": BenchReport.Metric(syncs, "ms")]
        for (way, samples) in rates { metrics[way.rawValue] = BenchReport.Metric(samples, "rows/s") }
        let durable: [Double] = rates[.durable] ?? []
        func ratios(_ way: Way) -> [Double] { zip(durable, rates[way] ?? []).map { $0 / $1 } }
        return BenchReport(
            name: "store", metrics: metrics,
            ratios: [
                "durable_vs_raw_groups": ratios(.rawGroups), "durable_vs_one_commit": ratios(.oneCommit),
            ])
    }

    /// How long one small write and its sync take on this disk.
    private func syncMilliseconds(_ path: String) throws -> Double {
        let descriptor: Int32 = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw ValidationError("\(path) cannot be written.") }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4_096)
        let count = 100
        let begun: ContinuousClock.Instant = .now
        for number in 0..<count {
            guard pwrite(descriptor, page, page.count, number * page.count) == page.count,
                fdatasync(descriptor) == 0
            else { throw ValidationError("\(path) cannot be synced.") }
        }
        return begun.duration(to: .now) / .seconds(1) * 1_000 / Double(count)
    }

    private func removeFolder(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            FileHandle.standardError.write(Data("\(folder) is left behind: \(error)\n".utf8))
        }
    }
}
