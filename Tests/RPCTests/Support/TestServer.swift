import Kernel
import Logging
import Testing

@testable import RPC

/// A server on a free port with a client beside it.
final class TestServer: Sendable {
    let pki: TestPKI
    let server: RPCServer
    let port: Int
    let echo: EchoService
    let channel: RPCChannel

    init(
        clients: ClientCertificatePolicy = .none, interceptors: [any ServerInterceptor] = [],
        echo: EchoService = EchoService(), services: [any Service] = [],
        isRevoked: @escaping @Sendable (PeerCertificate) -> Bool = { _ in false },
        tls: (TestPKI) throws -> TLSFiles? = { _ in nil }, limits: (inout ServerLimits) -> Void = { _ in },
        channel change: (inout ChannelConfiguration) -> Void = { _ in }
    ) async throws {
        pki = try TestPKI()
        var configured = ServerLimits()
        limits(&configured)
        self.echo = echo
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        server = try RPCServer(
            configuration: ServerConfiguration(
                tls: try tls(pki) ?? pki.serverFiles(clients: clients), limits: configured,
                isRevoked: isRevoked),
            services: services + [echo], interceptors: interceptors, logger: logger)
        port = try await server.start()
        var configuration = ChannelConfiguration(host: "127.0.0.1", port: port, tls: pki.clientTLS())
        change(&configuration)
        channel = try RPCChannel(configuration: configuration)
    }

    func newChannel(
        _ tls: ClientTLS? = nil, _ change: (inout ChannelConfiguration) -> Void = { _ in }
    ) throws -> RPCChannel {
        var configuration = ChannelConfiguration(host: "127.0.0.1", port: port, tls: tls ?? pki.clientTLS())
        change(&configuration)
        return try RPCChannel(configuration: configuration)
    }

    func say(_ text: String, _ options: CallOptions = CallOptions()) async throws -> String {
        let answer: Text = try await channel.unary(EchoService.say, Text(text), options)
        return answer.text
    }

    /// The status with which a unary call fails; OK if it does not.
    func code(_ text: String, _ options: CallOptions = CallOptions()) async -> StatusCode {
        do {
            _ = try await say(text, options)
            return .ok
        } catch let error as RPCError {
            return error.code
        } catch {
            return .unknown
        }
    }

    func stop() async {
        channel.close()
        await server.shutdownGracefully(within: .milliseconds(500))
        pki.remove()
    }
}

/// Runs `body` with a server that is stopped afterwards.
func withServer(
    clients: ClientCertificatePolicy = .none, interceptors: [any ServerInterceptor] = [],
    echo: EchoService = EchoService(), services: [any Service] = [],
    limits: (inout ServerLimits) -> Void = { _ in },
    channel: (inout ChannelConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
) async throws {
    let server = try await TestServer(
        clients: clients, interceptors: interceptors, echo: echo, services: services, limits: limits,
        channel: channel)
    do { try await body(server) } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

/// Waits until a condition holds; records a failure after a minute, which is for a hang: a busy machine takes long.
func eventually(_ what: Comment, _ condition: () async -> Bool) async throws {
    let deadline: Deadline = .in(.seconds(60))
    while await !condition() {
        if deadline.hasPassed {
            Issue.record(what)
            return
        }
        // The pause between two looks, not a guess at how long the thing takes.
        try await Task.sleep(for: .milliseconds(2))
    }
}
