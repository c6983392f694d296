internal import CommunityLife
internal import Crypto
internal import Glibc
internal import GrassrootsWork
internal import Kernel
internal import Logging
internal import NIOCore
internal import OneStop
internal import Platform
internal import RPC
internal import ServiceLifecycle
internal import Storage
internal import UnixSignals

/// A running server.
final class LinliServer: Sendable {
    /// How long running calls may take to finish when the server stops.
    static let drainLimit: Duration = .seconds(20)

    /// The port that it listens on.
    let port: Int
    /// The port of the metrics, if they are served.
    let metricsPort: Int?
    /// Root certificate that clients need.
    let rootCertificatePath: String
    let platform: Platform
    /// Who may call what.
    let access: AccessTable

    private let rpc: RPCServer
    private let database: SQLiteDatabase
    private let hasher: PasswordHasher
    private let group: ServiceGroup
    private let running: Task<Void, any Error>
    private let logger: Logger

    /// Opens everything in the data directory and listens.
    ///
    /// - Parameter takesSignals: SIGTERM and SIGINT stop the server, SIGHUP makes it read its certificates again. Not in
    ///   tests, where several servers share one process.
    /// - Throws: `StartProblem` with what to do.
    static func start(
        _ settings: ServerSettings, in directory: DataDirectory, environment: Environment,
        metrics: PrometheusRegistry?, logger: Logger, takesSignals: Bool = false
    ) async throws(StartProblem) -> LinliServer {
        do {
            return try await LinliServer(settings, directory, environment, metrics, logger, takesSignals)
        } catch let problem as StartProblem {
            throw problem
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw StartProblem(
                what: "port \(settings.port) on \(settings.host) is taken by another program",
                todo: "Stop that program, or choose another port: linlid --port N (0 takes a free one).",
                exitCode: 75)
        } catch let error as IOError where error.errnoCode == EACCES {
            throw StartProblem(
                what: "port \(settings.port) may not be used by this account",
                todo: "Choose a port above 1023: linlid --port N.")
        } catch {
            throw StartProblem(
                what: "the server cannot start: \(error)", todo: "Correct this and start again.")
        }
    }

    private init(
        _ settings: ServerSettings, _ directory: DataDirectory, _ environment: Environment,
        _ metrics: PrometheusRegistry?, _ logger: Logger, _ takesSignals: Bool
    ) async throws {
        self.logger = logger
        let keys: MasterKeys = try MasterKeys.open(directory, auditOrigin: settings.auditOrigin)
        let pki: DevelopmentPKI = try DevelopmentPKI.open(
            directory, host: settings.host, now: environment.now())
        rootCertificatePath = pki.rootPath
        var store: SQLiteConfiguration = SQLiteConfiguration(path: directory.databasePath)
        store.fileLayer = settings.fileLayer
        database = try await SQLiteDatabase(store, migrations: Composition.migrations)
        chmod(directory.databasePath, 0o600)
        platform = Platform(
            database: database, environment: environment, keyring: keys.keyring, logger: logger,
            documents: Documents(readers: Composition.documentReaders))
        hasher = try PasswordHasher()
        let notifications: NotificationQueue = NotificationQueue(
            notifier: try FileNotifier(path: directory.phoneTextsPath, clock: environment.clock),
            logger: logger)
        try await FirstOperator.make(platform, hasher, settings, directory)

        try await DataFiles.load(platform, from: settings.dataFiles)
        let composition: Composition = try Composition(
            platform: platform, hasher: hasher, notifications: notifications, signer: keys.auditSigner,
            settings: settings, authority: try DevelopmentPKI.authority(directory),
            snapshots: StoreSnapshots(database: database, folder: directory.backupsPath),
            connectors: try DevelopmentPKI.connectors(
                directory, allowed: settings.connectorAddresses, now: environment.now()))
        try await DataFiles.loadItems(composition.itemCatalogue, from: settings.dataFiles)
        if settings.demo, let folder: String = settings.dataFiles {
            try await DemoStart.loadOnce(
                platform, hasher, composition.pastServices, from: folder, into: directory)
            try await DemoKiosk.makeOnce(platform, in: directory)
            try await DemoStart.loadQueries(composition.dataSets, from: folder, now: environment.now())
        }
        try await DataFiles.loadFigures(platform, from: settings.dataFiles)
        let authenticator: Authenticator = Authenticator(platform: platform)
        let refusals: RefusalAudit = RefusalAudit(platform: platform)
        let maintenance: Maintenance = Maintenance(
            platform: platform, sealedColumns: Composition.sealedColumns, authenticator: authenticator,
            refusals: refusals, signer: keys.auditSigner, logger: logger)
        access = AccessTable(composition.access)
        rpc = try RPCServer(
            configuration: ServerConfiguration(host: settings.host, port: settings.port, tls: pki.tls),
            services: composition.services,
            interceptors: [
                AccessInterceptor(authenticator: authenticator, table: access, refusals: refusals)
            ],
            logger: logger)
        port = try await rpc.start()
        let metricsServer: MetricsServer? = try await LinliServer.serveMetrics(metrics, settings)
        metricsPort = metricsServer?.port
        let dispatcher: EventDispatcher = EventDispatcher(
            platform: platform, listeners: composition.listeners, logger: logger)
        var parts: [any ServiceLifecycle.Service] = [
            OpenPart { [database, hasher] in
                await database.close()
                try await hasher.shutdown()
            },
            NotificationPart(notifications: notifications),
            BackgroundPart(finish: { await maintenance.finish() }, { await maintenance.run() }),
            DispatchPart(dispatcher: dispatcher),
            HealthPart(database: database, health: rpc.health),
            OpenPart { try await metricsServer?.stop() },
            OpenPart { [platform, rpc] in
                // Streams end first, or the calls that wait for events would hold the server up.
                platform.events.close()
                await rpc.shutdownGracefully(within: LinliServer.drainLimit)
            },
        ]
        parts.insert(
            contentsOf: composition.timedWork.map { work in
                BackgroundPart { await work.keepRunning(logger: logger) }
            }, at: parts.count - 3)
        if takesSignals { parts.append(ReloadPart(rpc: rpc, logger: logger)) }
        group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: parts.map { .init(service: $0) },
                gracefulShutdownSignals: takesSignals ? [.sigterm, .sigint] : [], logger: logger))
        running = Task { [group] in try await group.run() }
        try TextFile.write(
            CanonicalJSON.object([
                "host": settings.host, "port": "\(port)", "rootCertificate": pki.rootPath,
                "metricsPort": metricsPort.map { "\($0)" } ?? "",
            ]) + "\n", to: directory.addressPath)
    }

    /// Returns when the server has stopped: running calls are finished, everything is written, the store is closed.
    ///
    /// - Throws: what made a part end by itself; the others were stopped in order then.
    func finished() async throws {
        try await running.value
        logger.info("stopped")
    }

    /// Stops the server and waits until it has.
    func stop() async {
        await group.triggerGracefulShutdown()
        do {
            try await finished()
        } catch {
            logger.error("a part did not stop as it should", metadata: ["error": "\(error)"])
        }
    }

    private static func serveMetrics(_ registry: PrometheusRegistry?, _ settings: ServerSettings) async throws
        -> MetricsServer?
    {
        guard let registry, let port = settings.metricsPort else { return nil }
        return try await MetricsServer(registry: registry, port: port)
    }
}
