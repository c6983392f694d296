import InteropMessages
import Testing

@testable import RPC

@Suite("Calls of each kind, over TLS")
struct CallTests {
    @Test("a unary call answers")
    func unary() async throws {
        try await withServer { server in
            let answer: String = try await server.say("你好")
            #expect(answer == "你好")
        }
    }

    @Test("an answer longer than the flow-control windows arrives")
    func longMessages() async throws {
        try await withServer { server in
            let long = String(repeating: "邻", count: 700_000)
            let answer: String = try await server.say(long)
            #expect(answer == long)
        }
    }

    @Test("a handler that leaves its event loop still answers")
    func elsewhere() async throws {
        try await withServer { server in
            let answer: String = try await server.say("elsewhere")
            #expect(answer == "elsewhere")
        }
    }

    @Test("many calls share one connection")
    func concurrent() async throws {
        try await withServer { server in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<1_000 {
                    group.addTask { try await server.say("call \(index)") == "call \(index)" }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("server streaming gives every answer in order, then the status", arguments: [0, 1, 500])
    func serverStreaming(count: Int) async throws {
        try await withServer { server in
            let stream: ResponseStream<Text> = server.channel.serverStreaming(
                EchoService.count, Text("\(count)"))
            var received: [String] = []
            for try await answer in stream { received.append(answer.text) }
            #expect(received == (0..<count).map(String.init))
        }
    }

    @Test("an error after answers comes after them")
    func lateError() async throws {
        try await withServer { server in
            let stream: ResponseStream<Text> = server.channel.serverStreaming(
                EchoService.count, Text("fail 3"))
            var received: Int = 0
            let error: RPCError? = await #expect(throws: RPCError.self) {
                for try await _ in stream { received += 1 }
            }
            #expect(received == 3)
            #expect(error?.code == .dataLoss)
            #expect(error?.message == "after 3")
        }
    }

    @Test("client streaming takes every request", arguments: [0, 1, 500])
    func clientStreaming(count: Int) async throws {
        try await withServer { server in
            let answer: Text = try await server.channel.clientStreaming(EchoService.collect) { writer in
                for _ in 0..<count { try await writer.write(Text("0123456789")) }
            }
            #expect(answer.text == "\(count) messages, \(count * 10) bytes")
        }
    }

    @Test("a server that answers before the last request is heard")
    func earlyAnswer() async throws {
        try await withServer { server in
            let answer: Text = try await server.channel.clientStreaming(EchoService.collect) { writer in
                try await writer.write(Text("enough"))
                while true { try await writer.write(Text(String(repeating: "x", count: 10_000))) }
            }
            #expect(answer.text == "enough")
        }
    }

    @Test("both sides talk in turn")
    func bidirectional() async throws {
        try await withServer { server in
            let heard: [String] = try await server.channel.bidirectional(EchoService.chat) {
                (writer: RequestWriter<Text>, answers: ResponseStream<Text>) in
                var heard: [String] = []
                var iterator = answers.makeAsyncIterator()
                for index in 0..<50 {
                    try await writer.write(Text("\(index)"))
                    if let answer = try await iterator.next() { heard.append(answer.text) }
                }
                writer.finish()
                let end: Text? = try await iterator.next()
                #expect(end == nil)
                return heard
            }
            #expect(heard == (0..<50).map(String.init))
        }
    }

    @Test("headers and trailers travel both ways, bytes included")
    func metadata() async throws {
        try await withServer { server in
            var metadata: Metadata = ["x-in": "hello"]
            metadata.addBinary([0, 255, 10], for: "x-in-bin")
            let answer: RPCChannel.Answer<Text> = try await server.channel.unaryAnswer(
                EchoService.say, Text("metadata"), CallOptions(metadata: metadata))
            #expect(answer.initialMetadata["x-first"] == "hello")
            #expect(answer.trailingMetadata["x-last"] == "end")
            #expect(answer.trailingMetadata.binary("x-out-bin") == [0, 255, 10])
        }
    }
}
