import ArgumentParser
import Contract
import Foundation
import Logging
import RPC

/// `linli-bench echo-server`: our side of `linli-bench rpc`, in a process of its own so that its CPU can be read.
struct EchoServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-server", abstract: "Serves the method that `rpc` measures, until its input ends.",
        shouldDisplay: false)

    @Argument(help: "PEM file of the certificate.") var certificate: String
    @Argument(help: "PEM file of the key.") var key: String

    private struct Echo: Service {
        static let call = MethodDescriptor(service: "linli.bench.Echo", method: "Call", kind: .unary)
        var serviceMethods: [ServiceMethod] {
            [.unary(Self.call) { (request: LifeCircleV1.Shop, _) -> LifeCircleV1.Shop in request }]
        }
    }

    func run() async throws {
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let server = try RPCServer(
            configuration: ServerConfiguration(tls: TLSFiles(certificateChain: certificate, privateKey: key)),
            services: [Echo()], logger: logger)
        print(try await server.start())
        fflush(nil)
        while readLine() != nil {}
        await server.shutdownGracefully(within: .seconds(1))
    }
}
