import InteropMessages
import NIOCore
import NIOPosix
import Testing

@testable import RPC

@Suite("A client's own limits")
struct ClientLimitTests {
    @Test(
        "an answer up to the limit is taken, a longer one is RESOURCE_EXHAUSTED",
        arguments: [(990, true), (1_100, false)])
    func answerSize(size: Int, isTaken: Bool) async throws {
        try await withServer(channel: { $0.maximumMessageBytes = 1_000 }) { server in
            let code: StatusCode = await server.code(String(repeating: "x", count: size))
            #expect(code == (isTaken ? .ok : .resourceExhausted))
        }
    }

    @Test(
        "headers up to the limit are taken, longer ones are RESOURCE_EXHAUSTED",
        arguments: [(500, true), (2_000, false)])
    func headerSize(size: Int, isTaken: Bool) async throws {
        try await withServer(channel: { $0.maximumHeaderBytes = 1_000 }) { server in
            let text = String(repeating: "x", count: size)
            let code: StatusCode = await server.code("metadata", CallOptions(metadata: ["x-in": text]))
            #expect(code == (isTaken ? .ok : .resourceExhausted))
        }
    }

    @Test("a server that never finishes the handshake is given up")
    func stalledServer() async throws {
        let silent: any Channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let pki = try TestPKI()
        defer { pki.remove() }
        var configuration = ChannelConfiguration(
            host: "127.0.0.1", port: silent.localAddress?.port ?? 0, tls: pki.clientTLS())
        configuration.connectTimeout = .milliseconds(100)
        let channel = try RPCChannel(configuration: configuration)
        let error: RPCError? = await #expect(throws: RPCError.self) {
            let _: Text = try await channel.unary(EchoService.say, Text("hello"))
        }
        #expect(error?.code == .unavailable)
        channel.close()
        try await silent.close()
    }

    @Test("a closed channel fails its calls")
    func closed() async throws {
        try await withServer { server in
            _ = try await server.say("hello")
            server.channel.close()
            let code: StatusCode = await server.code("hello")
            #expect(code == .unavailable)
        }
    }
}
