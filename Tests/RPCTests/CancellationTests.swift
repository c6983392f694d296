import InteropMessages
import Synchronization
import Testing

@testable import RPC

@Suite("Deadlines, cancellation and back-pressure")
struct CancellationTests {
    @Test("the server ends a call whose time is over, and its handler's task")
    func deadline() async throws {
        try await withServer(limits: { $0.maximumUnaryDeadline = .milliseconds(50) }) { server in
            let error: RPCError? = await #expect(throws: RPCError.self) {
                _ = try await server.say("wait", CallOptions(timeout: .seconds(10)))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.reason == "DEADLINE_EXCEEDED")
            try await eventually("the handler is cancelled") { server.echo.probe.noted("cancelled") }
        }
    }

    @Test("a handler sees the shorter of the client's time and the server's limit")
    func allowedTime() async throws {
        try await withServer(limits: { $0.maximumUnaryDeadline = .seconds(100) }) { server in
            let long: String = try await server.say("deadline", CallOptions(timeout: .seconds(1_000)))
            #expect(Int(long).map { $0 <= 100 && $0 >= 90 } == true)
            let short: String = try await server.say("deadline", CallOptions(timeout: .seconds(50)))
            #expect(Int(short).map { $0 <= 50 && $0 >= 40 } == true)
        }
    }

    @Test("the client gives up by itself when its time is over")
    func clientDeadline() async throws {
        try await withServer { server in
            // Time enough to reach the handler on a busy machine, which then waits for good.
            let code: StatusCode = await server.code("wait", CallOptions(timeout: .seconds(1)))
            #expect(code == .deadlineExceeded)
            try await eventually("the handler is cancelled") { server.echo.probe.noted("cancelled") }
        }
    }

    @Test("cancelling the caller's task cancels the handler's")
    func cancelled() async throws {
        try await withServer { server in
            let task = Task { await server.code("wait") }
            try await eventually("the handler runs") { server.echo.probe.noted("waiting") }
            task.cancel()
            let code: StatusCode = await task.value
            #expect(code == .cancelled)
            try await eventually("the handler is cancelled") { server.echo.probe.noted("cancelled") }
        }
    }

    @Test("dropping a stream of answers ends its handler")
    func dropped() async throws {
        try await withServer(channel: { $0.streamWindowBytes = 65_536 }) { server in
            var stream: ResponseStream<Text>? = server.channel.serverStreaming(
                EchoService.count, Text("1000000"))
            var iterator: ResponseStream<Text>.Iterator? = stream?.makeAsyncIterator()
            let first: Text? = try await iterator?.next()
            #expect(first?.text == "0")
            iterator = nil
            stream = nil
            try await eventually("the handler ends") { server.echo.probe.noted("count ended") }
        }
    }

    @Test("a reader that stops reading stops the writer")
    func slowReader() async throws {
        let limits = ServerLimits()
        try await withServer(channel: { $0.streamWindowBytes = 65_536 }) { server in
            let stream: ResponseStream<Text> = server.channel.serverStreaming(
                EchoService.count, Text("big 1000"))
            var iterator = stream.makeAsyncIterator()
            _ = try await iterator.next()
            // What fits: the client's window, the server's buffer, and the message in hand on either side.
            let most: Int = (65_536 + limits.responseBufferBytes) / 32_768 + 3
            try await eventually("the writer fills the window") {
                server.echo.probe.written.withLock { $0 } >= 3
            }
            let other: String = try await server.say("still alive")
            #expect(other == "still alive")
            let written: Int = server.echo.probe.written.withLock { $0 }
            #expect(written <= most)
            var received: Int = 1
            while try await iterator.next() != nil { received += 1 }
            #expect(received == 1_000)
        }
    }

    @Test("a handler that stops reading stops the writer")
    func slowHandler() async throws {
        try await withServer(limits: { $0.streamWindowBytes = 65_536 }) { server in
            let sent = Probe()
            let answer: Text = try await server.channel.clientStreaming(EchoService.collect) { writer in
                try await writer.write(Text("wait"))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for _ in 0..<100 {
                            try await writer.write(
                                GRPCTesting.Payload(body: Array(repeating: 1, count: 32_768)))
                            sent.written.withLock { $0 += 1 }
                        }
                    }
                    try await eventually("the writer fills the window") { sent.written.withLock { $0 } >= 3 }
                    let other: String = try await server.say("still alive")
                    #expect(other == "still alive")
                    #expect(sent.written.withLock { $0 } <= 8)
                    server.echo.probe.gate.open()
                    try await group.waitForAll()
                }
            }
            #expect(answer.text == "101 messages, 3276804 bytes")
        }
    }

    @Test("grpc-timeout is read in all its units, and malformed ones are seen")
    func timeouts() {
        let cases: [(String, Int64?)] = [
            ("1H", 3_600_000_000_000), ("2M", 120_000_000_000), ("3S", 3_000_000_000), ("4m", 4_000_000),
            ("5u", 5_000), ("6n", 6), ("99999999H", Int64.max), ("", nil), ("S", nil), ("1", nil),
            ("1x", nil),
            ("-1S", nil), ("123456789S", nil), ("12345678n", 12_345_678),
        ]
        for (text, expected) in cases {
            let bytes: [UInt8] = Array(text.utf8)
            let parsed: Int64? = bytes.withUnsafeBufferPointer { GRPCTimeout.parse($0) }
            #expect(parsed == expected, "\(text)")
        }
        for nanoseconds in [Int64(1), 99_999_999, 100_000_000, 30_000_000_000, Int64.max] {
            let bytes: [UInt8] = Array(GRPCTimeout.text(nanoseconds: nanoseconds).utf8)
            let parsed: Int64? = bytes.withUnsafeBufferPointer { GRPCTimeout.parse($0) }
            #expect((parsed ?? 0) >= min(nanoseconds, 99_999_999 * 60_000_000_000))
        }
    }
}
