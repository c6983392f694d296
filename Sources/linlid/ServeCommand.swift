internal import ArgumentParser
internal import Glibc
internal import Kernel
internal import Logging
internal import Metrics

/// Runs the server until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration: CommandConfiguration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server.",
        discussion: """
            The first start makes the data directory with keys, a development PKI, the store and one operator's account, whose \
            first sign-in is in operator-first-sign-in.txt there.

            Each option can also come from the environment (LINLI_PORT for --port) or from linlid.yaml in the data directory \
            (port: 7443). A flag goes before the environment, the environment before the file.

            SIGTERM and SIGINT stop the server gracefully; SIGHUP makes it read its certificates again.
            """)

    @OptionGroup var options: ServerOptions

    mutating func run() async throws {
        // A client that hangs up must not end the server.
        signal(SIGPIPE, SIG_IGN)
        let settings: ServerSettings
        let directory: DataDirectory
        do {
            directory = try DataDirectory.open(options.requiredDataDirectory())
            settings = try await ServerSettings(options: options, directory: directory)
        } catch {
            throw fail(error)
        }
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: settings.logLevel) }
        let metrics: PrometheusRegistry = PrometheusRegistry()
        MetricsSystem.bootstrap(PrometheusFactory(registry: metrics))
        let logger: Logger = Logger(label: "linlid")
        let server: LinliServer
        do {
            server = try await LinliServer.start(
                settings, in: directory, environment: .system(), metrics: metrics, logger: logger,
                takesSignals: true)
        } catch {
            throw fail(error)
        }
        print("linlid ready on \(settings.host):\(server.port)  \(directory.path)")
        fflush(nil)
        try await server.finished()
    }

    private func fail(_ problem: StartProblem) -> ExitCode {
        let line: String = "linlid: \(problem.description)\n"
        _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        return ExitCode(problem.exitCode)
    }
}
