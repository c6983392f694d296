import Glibc
import Logging
import RPC

/// interop-server CERTIFICATE KEY [PORT]: serves the gRPC interoperability cases on 127.0.0.1 until SIGTERM.
///
/// Prints the port as the first line. PORT 0, the default, takes a free one.
@main
struct InteropServer {
    static func main() async throws {
        let arguments: [String] = CommandLine.arguments
        let port: Int? = arguments.count > 3 ? Int(arguments[3]) : 0
        guard (3...4).contains(arguments.count), let port else {
            print("usage: interop-server CERTIFICATE KEY [PORT]")
            exit(64)
        }
        // Threads that are made later inherit the mask, so the signal waits for `sigwait`.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        let tls = TLSFiles(certificateChain: arguments[1], privateKey: arguments[2])
        var logger = Logger(label: "interop") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        let server = try RPCServer(
            configuration: ServerConfiguration(port: port, tls: tls), services: [RegisteredTestServer()],
            logger: logger)
        print(try await server.start())
        fflush(nil)
        var signal: Int32 = 0
        sigwait(&signals, &signal)
        await server.shutdownGracefully(within: .seconds(2))
    }
}
