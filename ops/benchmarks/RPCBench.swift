import ArgumentParser
import Contract
import Foundation
import NIOCore
import RPC

/// `linli-bench rpc`: the server's CPU for a unary call over TLS, against gRPC C++.
struct RPCBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc",
        abstract: "CPU of the server for a unary 200-byte echo over TLS, against gRPC C++.",
        discussion: """
            The same load from h2load goes to each server in turn, and the rounds alternate the order: 32 connections with \
            one call in flight, and 4 connections with 64. nghttpd with a static file of the same length is the ceiling: \
            HTTP/2 and TLS without any call. CPU is user and system time of the server's process.
            """)

    @Option(help: "PEM file of the servers' certificate.") var certificate: String
    @Option(help: "PEM file of its key.") var key: String
    @Option(help: "The program made of ops/benchmarks/cpp.") var peer: String
    @Option(help: "Rounds.") var rounds = 5
    @Option(help: "Calls a round with one call in flight; with 64 in flight there are three times as many.")
    var calls = 60_000
    @Flag(help: "Also measure nghttpd.") var ceiling = false
    @Flag(help: "One JSON object instead of a table.") var json = false

    func validate() throws {
        guard rounds > 0, calls >= 1_000 else {
            throw ValidationError("Give at least one round and 1,000 calls.")
        }
    }

    private enum Side: String, CaseIterable {
        case linli
        case cpp = "grpc_cpp"
        case nghttpd
    }

    /// A shop with eleven fields set: 197 bytes, 202 with gRPC's prefix.
    static let message = LifeCircleV1.Shop(
        name: "shops/01J9Z0000000000000000000", displayName: "老赵修车铺 Zhao's bicycle repairs",
        trade: "repair.bicycle",
        address: "晋城市城区北街街道泽州路八号三单元", phone: "0356-2025128",
        point: PlatformV1.GeoPoint(latitude: 35.497, longitude: 112.851), distanceMetres: 412, walkMinutes: 6,
        openingHours: "08:00-20:00", takesOrders: true, synthetic: true)

    func run() async throws {
        let folder: String =
            NSTemporaryDirectory() + "/linli-bench-rpc-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { removeFolder(folder) }
        let message: [UInt8] = Self.message.encodedBytes()
        var body = ByteBuffer()
        body.writeInteger(UInt8(0))
        body.writeInteger(UInt32(message.count))
        body.writeBytes(message)
        let path: String = folder + "/body"
        try Data(body.readableBytesView).write(to: URL(fileURLWithPath: path))
        let load = H2Load(body: path, bodyBytes: body.readableBytes)
        var servers: [Side: BenchedServer] = [:]
        defer { for server in servers.values { server.stop() } }
        servers[.linli] = try BenchedServer(CommandLine.arguments[0], ["echo-server", certificate, key])
        servers[.cpp] = try BenchedServer(peer, [certificate, key])
        if ceiling { servers[.nghttpd] = try startCeiling(folder, load) }
        for (side, server) in servers where side != .nghttpd { try load.checkEcho(url(side, server)) }
        try report(measure(servers, load), bytes: message.count).print(json: json)
    }

    private func url(_ side: Side, _ server: BenchedServer) -> String {
        "https://127.0.0.1:\(server.port)/" + (side == .nghttpd ? "body" : "linli.bench.Echo/Call")
    }

    private var shapes: [H2Load.Shape] {
        [
            H2Load.Shape(connections: 32, calls: 1, requests: calls),
            H2Load.Shape(connections: 4, calls: 64, requests: calls * 3),
        ]
    }

    /// Microseconds of CPU a call, by shape and server, one sample a round.
    private func measure(
        _ servers: [Side: BenchedServer], _ load: H2Load
    ) throws -> [String: [Side: [Double]]] {
        var samples: [String: [Side: [Double]]] = [:]
        let sides: [Side] = Side.allCases.filter { servers[$0] != nil }
        // Round 0 warms up and does not count.
        for round in 0...rounds {
            for shape in shapes {
                for side in round.isMultiple(of: 2) ? sides : sides.reversed() {
                    guard let server = servers[side] else { continue }
                    let before: Double = try server.cpuSeconds()
                    try load.load(url(side, server), shape, isFile: side == .nghttpd)
                    let used: Double = try server.cpuSeconds() - before
                    if round == 0 { continue }
                    samples[shape.name, default: [:]][side, default: []]
                        .append(used / Double(shape.requests) * 1_000_000)
                }
            }
        }
        return samples
    }

    private func report(_ samples: [String: [Side: [Double]]], bytes: Int) -> BenchReport {
        var metrics: [String: BenchReport.Metric] = ["message": BenchReport.Metric([Double(bytes)], "bytes")]
        var ratios: [String: [Double]] = [:]
        for (shape, sides) in samples {
            for (side, values) in sides {
                metrics["cpu_\(side.rawValue)_\(shape)"] = BenchReport.Metric(values, "µs/call")
            }
            ratios["cpu_vs_grpc_cpp_\(shape)"] = zip(sides[.linli] ?? [], sides[.cpp] ?? []).map { $0 / $1 }
        }
        return BenchReport(name: "rpc", metrics: metrics, ratios: ratios)
    }

    /// nghttpd cannot say which port it got, so it is given one, and asked until it answers.
    private func startCeiling(_ folder: String, _ load: H2Load) throws -> BenchedServer {
        let port: Int = Int.random(in: 20_000..<30_000)
        let arguments: [String] = ["-d", folder, "-a", "127.0.0.1", "\(port)", key, certificate]
        return try BenchedServer("/usr/sbin/nghttpd", arguments, port: port) { port in
            let once = H2Load.Shape(connections: 1, calls: 1, requests: 1)
            var left: Int = 50
            while true {
                do { return try load.load("https://127.0.0.1:\(port)/body", once, isFile: true) } catch {
                    left -= 1
                    if left == 0 { throw error }
                    Thread.sleep(forTimeInterval: 0.1)
                }
            }
        }
    }

    private func removeFolder(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            FileHandle.standardError.write(Data("\(folder) is left behind: \(error)\n".utf8))
        }
    }
}
