import ArgumentParser
import Foundation

/// `linli-bench search`: how long a search takes, against a LIKE scan of SQLite.
struct SearchBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "How long a search among 10,000 items takes, against a LIKE scan of SQLite.",
        discussion: """
            The product's 414 items in districts and departments until there are enough of them; questions of nine kinds, from \
            whole names to typing errors and nonsense. Each question goes to the server's search (a snapshot of the store and \
            the index), to the server over TLS, and to a LIKE scan over the same names in memory, which forgives nothing; the \
            order changes with each question. A round asks all questions once; round 0 warms up and does not count.
            """)

    @Option(help: "PEM file of the server's certificate.") var certificate: String
    @Option(help: "PEM file of its key.") var key: String
    @Option(help: "Folder of the product's data.") var data = "ops/data"
    @Option(help: "Items in the catalogue.") var items = 10_000
    @Option(help: "Questions of each kind.") var questions = 100
    @Option(help: "Rounds.") var rounds = 5
    @Flag(help: "Only the server's search: for a profiler.") var only = false
    @Flag(help: "One JSON object instead of a table.") var json = false

    func validate() throws {
        guard rounds > 0, (1_000...20_000).contains(items), (10...10_000).contains(questions) else {
            throw ValidationError(
                "Give at least one round, 1,000 to 20,000 items and 10 questions of each kind.")
        }
    }

    private enum Side: String, CaseIterable {
        case search, like, rpc
    }
    /// What one question took, in a round, on a side.
    private struct Sample {
        let round: Int
        let side: Side
        let kind: SearchCases.Kind
        let milliseconds: Double
        let found: Bool
    }

    private static let limit: Int = 10

    func run() async throws {
        let folder: String =
            NSTemporaryDirectory() + "/linli-bench-search-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { removeFolder(folder) }
        let cases: SearchCases = try SearchCases(folder: data, items: items, each: questions)
        let like: LikeScan = try LikeScan(cases.names)
        let server: SearchedServer = try await SearchedServer(
            cases, folder: folder, data: data, certificate: certificate, key: key)
        var samples: [Sample] = []
        for round in 0...rounds {
            for (number, question) in cases.questions.enumerated() {
                for side in sides(round + number) {
                    let words: String = question.words
                    let begun: ContinuousClock.Instant = .now
                    let found: [String] =
                        switch side {
                        case .search: try await server.search(words, limit: Self.limit)
                        case .rpc: try await server.call(words, limit: Self.limit)
                        case .like: try like.find(words, limit: Self.limit)
                        }
                    let took: Double = begun.duration(to: .now) / .milliseconds(1)
                    samples.append(
                        Sample(
                            round: round, side: side, kind: question.kind, milliseconds: took,
                            found: !found.isEmpty))
                }
            }
        }
        await server.stop()
        try report(samples.filter { $0.round > 0 }, server).print(json: json)
    }

    /// All sides, another one first each time.
    private func sides(_ turn: Int) -> [Side] {
        if only { return [.search] }
        let all: [Side] = Side.allCases
        return all.indices.map { all[($0 + turn) % all.count] }
    }

    private func report(_ samples: [Sample], _ server: SearchedServer) -> BenchReport {
        var metrics: [String: BenchReport.Metric] = [
            "import_s": BenchReport.Metric([server.importSeconds], "s"),
            "index_ms": BenchReport.Metric([server.indexMilliseconds], "ms"),
        ]
        func measure(_ name: String, _ of: [Sample], _ share: Double) {
            let rounds: [[Sample]] = Dictionary(grouping: of, by: \.round).sorted { $0.key < $1.key }.map(
                \.value)
            guard !rounds.isEmpty else { return }
            metrics[name] = BenchReport.Metric(rounds.map { percentile($0.map(\.milliseconds), share) }, "ms")
        }
        for side in Side.allCases {
            let own: [Sample] = samples.filter { $0.side == side }
            let prefix: String = side == .search ? "" : side.rawValue + "_"
            measure(prefix + "p50_ms", own, 0.5)
            measure(prefix + "p99_ms", own, 0.99)
        }
        let own: [Sample] = samples.filter { $0.side == .search }
        measure("highest_ms", own, 1)
        for (kind, samples) in Dictionary(grouping: own, by: \.kind) {
            measure("p99_\(kind.rawValue)_ms", samples, 0.99)
            let found: Double = Double(samples.count { $0.found }) / Double(samples.count) * 100
            metrics["found_\(kind.rawValue)"] = BenchReport.Metric([found], "%")
        }
        func ratio(_ name: String) -> [Double] {
            zip(metrics[name]?.samples ?? [], metrics["like_" + name]?.samples ?? []).map { $0 / $1 }
        }
        let ratios: [String: [Double]] = ["p50_vs_like": ratio("p50_ms"), "p99_vs_like": ratio("p99_ms")]
        return BenchReport(name: "search", metrics: metrics, ratios: only ? [:] : ratios)
    }

    /// The smallest sample that at least this share of all is not above; nearest rank.
    private func percentile(_ samples: [Double], _ share: Double) -> Double {
        let sorted: [Double] = samples.sorted()
        let rank: Int = Int((Double(sorted.count) * share).rounded(.up))
        return sorted[max(0, min(sorted.count, rank) - 1)]
    }

    private func removeFolder(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            FileHandle.standardError.write(Data("\(folder) is left behind: \(error)\n".utf8))
        }
    }
}
