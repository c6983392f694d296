import InteropMessages
import Testing

@testable import RPC

/// Both sides of every limit. The raw client blocks its thread, so these run one after another.
@Suite("Limits and bad input", .serialized)
struct LimitTests {
    private static let okay: String = "0"
    private static let exhausted = String(StatusCode.resourceExhausted.rawValue)

    @Test("messages up to the limit", arguments: [(1_000, "0"), (1_001, "8")])
    func messageSize(size: Int, status: String) async throws {
        try await withServer(limits: { $0.maximumMessageBytes = 1_000 }) { server in
            let client = try RawClient(port: server.port)
            // A payload's own prefix takes three bytes at this length.
            let message: [UInt8] = [0x12, UInt8((size - 3) & 127 | 128), UInt8((size - 3) >> 7)]
            try client.call(1, body: RawClient.message(message + Array(repeating: 65, count: size - 3)))
            let answer: [String: String] = try client.answer(1)
            #expect(answer["grpc-status"] == status)
        }
    }

    @Test(
        "a gzip message that unpacks to more than the limit is refused",
        arguments: [(60_000, "0"), (70_000, "8")])
    func bomb(size: Int, status: String) async throws {
        try await withServer(limits: { $0.maximumMessageBytes = 65_536 }) { server in
            let client = try RawClient(port: server.port)
            let plain: [UInt8] = GRPCTesting.Payload(body: Array(repeating: 0, count: size)).encodedBytes()
            let packed: [UInt8] = plain.withUnsafeBytes { Gzip.compress($0) } ?? []
            try client.call(
                1, headers: RawClient.request(more: [("grpc-encoding", "gzip")]),
                body: RawClient.message(packed, flag: 1))
            let answer: [String: String] = try client.answer(1)
            #expect(answer["grpc-status"] == status)
        }
    }

    @Test("headers up to the limit", arguments: [(1_000, "0"), (2_000, "8")])
    func headerSize(size: Int, status: String) async throws {
        try await withServer(limits: { $0.maximumHeaderBytes = 1_500 }) { server in
            let client = try RawClient(port: server.port)
            let filler = String(repeating: "a", count: size)
            try client.call(1, headers: RawClient.request(more: [("x-filler", filler)]))
            let answer: [String: String] = try client.answer(1)
            #expect(answer["grpc-status"] == status)
        }
    }

    @Test("buffered requests of a connection up to the limit", arguments: [(12_000, "8"), (50_000, "3")])
    func buffered(limit: Int, status: String) async throws {
        try await withServer(limits: { $0.bufferedRequestBytesPerConnection = limit }) { server in
            let client = try RawClient(port: server.port)
            // Two messages of 20,000 bytes, each half sent before the other's second half; zeros are no protobuf.
            let body: [UInt8] = RawClient.message(Array(repeating: 0, count: 10_000), length: 20_000)
            for stream: UInt32 in [1, 3] {
                try client.send(type: 1, flags: 4, stream: stream, RawClient.request())
                try client.send(type: 0, stream: stream, body)
            }
            try client.send(type: 0, flags: 1, stream: 3, Array(repeating: 0, count: 10_000))
            let answer: [String: String] = try client.answer(3)
            #expect(answer["grpc-status"] == status)
        }
    }

    @Test("streams at a time up to the limit")
    func streams() async throws {
        try await withServer(limits: { $0.maximumStreamsPerConnection = 2 }) { server in
            let client = try RawClient(port: server.port)
            _ = try client.wait { $0.type == RawClient.settings && $0.flags == 0 }
            try client.send(type: RawClient.settings, flags: 1)
            for stream: UInt32 in [1, 3, 5] {
                try client.send(type: 1, flags: 4, stream: stream, RawClient.request())
            }
            // nghttp2 ends a connection that goes above what it has acknowledged.
            let refusal: RawClient.Frame? = try client.wait {
                $0.type == RawClient.reset || $0.type == RawClient.goAway
            }
            #expect(refusal?.type == RawClient.goAway || refusal?.stream == 5)
            let other = try RawClient(port: server.port)
            for stream: UInt32 in [1, 3] { try other.call(stream) }
            let answer: [String: String] = try other.answer(3)
            #expect(answer["grpc-status"] == Self.okay)
        }
    }

    @Test("connections up to the limit")
    func connections() async throws {
        try await withServer(limits: { $0.maximumConnections = 2 }) { server in
            let first = try RawClient(port: server.port)
            let second = try RawClient(port: server.port)
            #expect(throws: RawClient.Failure.self) { _ = try RawClient(port: server.port) }
            for client in [first, second] {
                try client.call(1)
                let answer: [String: String] = try client.answer(1)
                #expect(answer["grpc-status"] == Self.okay)
            }
        }
    }

    @Test("a handshake that stalls is ended, before TLS and after it", arguments: [false, true])
    func handshake(tls: Bool) async throws {
        try await withServer(limits: { $0.handshakeTimeout = .seconds(1) }) { server in
            let stalled = try RawClient(port: server.port, tls: tls, preface: false)
            if tls { while try stalled.next() != nil {} }
            try await eventually("the connection is gone") { server.server.openConnections == 0 }
            // A quick peer outlives the limit.
            let quick = try RawClient(port: server.port)
            _ = try quick.wait { $0.type == RawClient.settings && $0.flags == 1 }
            let late: Deadline = .in(.milliseconds(1_200))
            try await eventually("the limit has passed") { late.hasPassed }
            try quick.call(1)
            let answer: [String: String] = try quick.answer(1)
            #expect(answer["grpc-status"] == Self.okay)
        }
    }

    @Test("an idle connection is closed with GOAWAY, one with a call is not")
    func idle() async throws {
        try await withServer(limits: { $0.idleTimeout = .milliseconds(100) }) { server in
            let idle = try RawClient(port: server.port)
            #expect(try idle.goAwayCode() == 0)
            let busy = try RawClient(port: server.port)
            try busy.send(type: 1, flags: 4, stream: 1, RawClient.request())
            let late: Deadline = .in(.milliseconds(300))
            try await eventually("the limit has passed") { late.hasPassed }
            try busy.send(type: 0, flags: 1, stream: 1, RawClient.message([]))
            let answer: [String: String] = try busy.answer(1)
            #expect(answer["grpc-status"] == Self.okay)
        }
    }

    @Test("a peer that does not answer pings is given up, one that does is kept")
    func keepalive() async throws {
        try await withServer(limits: {
            $0.keepaliveInterval = .milliseconds(50)
            $0.keepaliveTimeout = .milliseconds(200)
        }) { server in
            let silent = try RawClient(port: server.port)
            while try silent.next() != nil {}
            let alive = try RawClient(port: server.port)
            for _ in 0..<8 {
                guard let ping = try alive.wait(for: { $0.type == RawClient.ping }) else {
                    Issue.record("the connection was closed")
                    return
                }
                try alive.send(type: RawClient.ping, flags: 1, ping.payload)
            }
            try alive.call(1)
            let answer: [String: String] = try alive.answer(1)
            #expect(answer["grpc-status"] == Self.okay)
        }
    }

    @Test("a status that nobody reads is given up")
    func unreadStatus() async throws {
        try await withServer(limits: {
            $0.maximumUnaryDeadline = .milliseconds(50)
            $0.maximumStreamDeadline = .milliseconds(50)
            $0.statusDeliveryTimeout = .milliseconds(50)
        }) { server in
            let client = try RawClient(port: server.port)
            // A window of zero: not a byte of an answer may be sent.
            try client.send(type: RawClient.settings, [0, 4, 0, 0, 0, 0])
            let body: [UInt8] = RawClient.message(GRPCTesting.Payload(body: Array("10".utf8)).encodedBytes())
            try client.call(1, headers: RawClient.request("/linli.test.Echo/Count"), body: body)
            let answer: [String: String] = try client.answer(1)
            #expect(answer["reset"] == "8")
        }
    }

    @Test(
        "control frames up to the burst; a request refills it",
        arguments: [RawClient.ping, RawClient.settings, 0])
    func controlFrames(type: UInt8) async throws {
        try await withServer(limits: {
            $0.controlFrameBurst = 50
            $0.controlFramesPerSecond = 0
        }) { server in
            let payload: [UInt8] = type == RawClient.ping ? Array(repeating: 1, count: 8) : []
            let stream: UInt32 = type == 0 ? 1 : 0
            let frames: [UInt8] = Array(
                repeatElement(RawClient.frame(type: type, stream: stream, payload), count: 40).joined())
            let polite = try RawClient(port: server.port)
            try polite.send(type: 1, flags: 4, stream: 1, RawClient.request())
            try polite.send(frames)
            try polite.send(type: 0, flags: 1, stream: 1, RawClient.message([]))
            let answer: [String: String] = try polite.answer(1)
            #expect(answer["grpc-status"] == Self.okay)
            let flooding = try RawClient(port: server.port)
            if type == 0 { try flooding.send(type: 1, flags: 4, stream: 1, RawClient.request()) }
            try flooding.send(frames + frames)
            #expect(try flooding.goAwayCode() == 11)
        }
    }

    @Test("resets up to the burst", arguments: [(20, false), (200, true)])
    func resets(count: Int, isFlood: Bool) async throws {
        try await withServer(limits: {
            $0.resetBurst = 50
            $0.resetsPerSecond = 1
        }) { server in
            let client = try RawClient(port: server.port)
            var bytes: [UInt8] = []
            for index in 0..<count {
                let stream = UInt32(index * 2 + 1)
                bytes += RawClient.frame(type: 1, flags: 4, stream: stream, RawClient.request())
                bytes += RawClient.frame(type: RawClient.reset, stream: stream, [0, 0, 0, 8])
            }
            try client.send(bytes)
            if isFlood {
                #expect(try client.goAwayCode() != nil)
            } else {
                try client.call(UInt32(count * 2 + 1))
                let answer: [String: String] = try client.answer(UInt32(count * 2 + 1))
                #expect(answer["grpc-status"] == Self.okay)
            }
        }
    }

    @Test("CONTINUATION frames up to the limit", arguments: [(8, true), (9, false)])
    func continuations(count: Int, isAccepted: Bool) async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            var bytes: [UInt8] = RawClient.frame(type: 1, flags: 1, stream: 1, RawClient.request())
            for index in 1...count {
                let block: [UInt8] = RawClient.block([("x-\(index)", "y")])
                bytes += RawClient.frame(type: 9, flags: index == count ? 4 : 0, stream: 1, block)
            }
            try client.send(bytes)
            let first: RawClient.Frame? = try client.wait { $0.type == 1 || $0.type == RawClient.goAway }
            #expect(first?.type == (isAccepted ? RawClient.headers : RawClient.goAway))
        }
    }

    @Test("SETTINGS entries up to the limit", arguments: [(32, true), (33, false)])
    func settingsEntries(count: Int, isAccepted: Bool) async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            try client.send(
                type: RawClient.settings, Array(repeatElement([0, 3, 0, 0, 0, 9], count: count).joined()))
            try client.call(1)
            let answer: [String: String] = try client.answer(1)
            #expect((answer["grpc-status"] == Self.okay) == isAccepted)
        }
    }

    @Test("what is no gRPC request gets its HTTP or gRPC status")
    func strangeRequests() async throws {
        try await withServer { server in
            let cases: [(String, [UInt8], [UInt8], String, String)] = [
                ("another content type", RawClient.request(type: "text/html"), [], ":status", "415"),
                ("no content type", RawClient.request(type: nil), [], ":status", "415"),
                ("grpc-web", RawClient.request(type: "application/grpc-web"), [], ":status", "415"),
                ("GET", RawClient.request(method: "GET"), [], ":status", "405"),
                ("health", RawClient.request("/healthz", method: "GET", type: nil), [], ":status", "200"),
                ("unknown method", RawClient.request("/a/b"), [], "grpc-status", "12"),
                (
                    "content type with suffix", RawClient.request(type: "application/grpc+proto"),
                    RawClient.message([]), "grpc-status", "0"
                ),
                (
                    "unknown encoding", RawClient.request(more: [("grpc-encoding", "zstd")]),
                    RawClient.message([]), "grpc-status", "12"
                ),
                (
                    "bad timeout", RawClient.request(more: [("grpc-timeout", "1x")]), RawClient.message([]),
                    "grpc-status", "3"
                ),
                (
                    "no time", RawClient.request(more: [("grpc-timeout", "0n")]), RawClient.message([]),
                    "grpc-status", "4"
                ),
                ("no message", RawClient.request(), [], "grpc-status", "13"),
                (
                    "two messages", RawClient.request(), RawClient.message([]) + RawClient.message([]),
                    "grpc-status", "13"
                ),
                (
                    "half a message", RawClient.request(), RawClient.message([1, 2], length: 9),
                    "grpc-status", "13"
                ),
                ("bad flag", RawClient.request(), RawClient.message([], flag: 7), "grpc-status", "13"),
                (
                    "compressed without encoding", RawClient.request(), RawClient.message([1], flag: 1),
                    "grpc-status", "13"
                ),
                (
                    "damaged gzip", RawClient.request(more: [("grpc-encoding", "gzip")]),
                    RawClient.message([1, 2, 3], flag: 1), "grpc-status", "3"
                ),
                (
                    "broken protobuf", RawClient.request(), RawClient.message([0xFF, 0xFF]), "grpc-status",
                    "3"
                ),
            ]
            let client = try RawClient(port: server.port)
            var stream: UInt32 = 1
            for (what, headers, body, field, value) in cases {
                try client.call(stream, headers: headers, body: body)
                let answer: [String: String] = try client.answer(stream)
                #expect(answer[field] == value, "\(what)")
                stream += 2
            }
            server.server.health.stop()
            try client.call(
                stream, headers: RawClient.request("/healthz", method: "GET", type: nil), body: [])
            let stopped: [String: String] = try client.answer(stream)
            #expect(stopped[":status"] == "503")
        }
    }

    @Test("what is no HTTP/2 ends the connection, and only that")
    func malformedFrames() async throws {
        try await withServer { server in
            let broken: [[UInt8]] = [
                RawClient.frame(type: 0, stream: 0, [1]),
                RawClient.frame(type: RawClient.settings, [1, 2, 3]),
                RawClient.frame(type: RawClient.ping, [1]),
                RawClient.frame(type: 1, flags: 4, stream: 2, RawClient.request()),
                RawClient.frame(type: 1, flags: 4, stream: 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
                RawClient.frame(type: 8, stream: 0, [0, 0, 0, 0]),
                [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1],
            ]
            for bytes in broken {
                let client = try RawClient(port: server.port)
                try client.send(bytes)
                #expect(try client.goAwayCode() ?? 0 > 0)
            }
            let plain = try RawClient(port: server.port, preface: false)
            try plain.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            while try plain.next() != nil {}
            #expect(throws: RawClient.Failure.self) {
                _ = try RawClient(port: server.port, alpn: "http/1.1")
            }
            let answer: String = try await server.say("still here")
            #expect(answer == "still here")
        }
    }

    @Test("an answer is packed only for a client that has packed its request, and only if it is worth it")
    func compression() async throws {
        try await withServer { server in
            let text = String(repeating: "邻里", count: 1_000)
            for compresses in [false, true] {
                let answer: String = try await server.say(text, CallOptions(compression: compresses))
                #expect(answer == text)
            }
            let client = try RawClient(port: server.port)
            let accept: (String, String) = ("grpc-accept-encoding", "identity,gzip")
            let long: [UInt8] = RawClient.message(Text(text).encodedBytes())
            let short: [UInt8] = RawClient.message(Text("short").encodedBytes())
            let cases: [([(String, String)], [UInt8], UInt8)] = [
                ([accept], long, 0), ([accept, ("grpc-encoding", "gzip")], long, 1),
                ([accept, ("grpc-encoding", "gzip")], short, 0), ([("grpc-encoding", "gzip")], long, 0),
            ]
            var stream: UInt32 = 1
            for (headers, body, flag) in cases {
                try client.call(stream, headers: RawClient.request(more: headers), body: body)
                let data: RawClient.Frame? = try client.wait { $0.type == 0 && $0.stream == stream }
                #expect(data?.payload.first == flag)
                stream += 2
            }
        }
    }
}
