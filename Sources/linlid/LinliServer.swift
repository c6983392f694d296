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
internal import Storage

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
    private let notifications: NotificationQueue
    private let maintenance: Maintenance
    private let metricsServer: MetricsServer?
    private let background: [Task<Void, Never>]
    private let logger: Logger

    /// Opens everything in the data directory and listens.
    ///
    /// - Throws: `StartProblem` with what to do.
    static func start(
        _ settings: ServerSettings, in directory: DataDirectory, environment: Environment,
        metrics: PrometheusRegistry?, logger: Logger
    ) async throws(StartProblem) -> LinliServer {
        do {
            return try await LinliServer(settings, directory, environment, metrics, logger)
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
        _ metrics: PrometheusRegistry?, _ logger: Logger
    ) async throws {
        self.logger = logger
        let keys: MasterKeys = try MasterKeys.open(directory, auditOrigin: settings.auditOrigin)
        let pki: DevelopmentPKI = try DevelopmentPKI.open(
            directory, host: settings.host, now: environment.now())
        rootCertificatePath = pki.rootPath
        database = try await SQLiteDatabase(
            path: directory.databasePath, migrations: Composition.migrations)
        chmod(directory.databasePath, 0o600)
        platform = Platform(
            database: database, environment: environment, keyring: keys.keyring, logger: logger,
            documents: Documents(readers: Composition.documentReaders))
        hasher = try PasswordHasher()
        notifications = NotificationQueue(
            notifier: try FileNotifier(path: directory.phoneTextsPath, clock: environment.clock),
            logger: logger)
        try await FirstOperator.make(platform, hasher, settings, directory)

        try await DataFiles.load(platform, from: settings.dataFiles)
        if settings.demo, let folder: String = settings.dataFiles {
            try await DemoStart.loadOnce(platform, hasher, from: folder, into: directory)
        }
        let composition: Composition = try Composition(
            platform: platform, hasher: hasher, notifications: notifications, signer: keys.auditSigner,
            settings: settings, authority: try DevelopmentPKI.authority(directory),
            snapshots: StoreSnapshots(database: database, folder: directory.backupsPath),
            connectors: try DevelopmentPKI.connectors(
                directory, allowed: settings.connectorAddresses, now: environment.now()))
        try await DataFiles.loadItems(composition.itemCatalogue, from: settings.dataFiles)
        let authenticator: Authenticator = Authenticator(platform: platform)
        let refusals: RefusalAudit = RefusalAudit(platform: platform)
        maintenance = Maintenance(
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
        metricsServer = try await LinliServer.serveMetrics(metrics, settings)
        metricsPort = metricsServer?.port
        let dispatcher: EventDispatcher = EventDispatcher(
            platform: platform, listeners: composition.listeners, logger: logger)
        background = [
            Task { [notifications] in await notifications.run() },
            Task { [maintenance] in await maintenance.run() }, Task { await dispatcher.run() },
            Task { await composition.caseTimers.keepRunning(logger: logger) },
            Task { await composition.pointsTimers.keepRunning(logger: logger) },
            Task { await composition.hallTimers.keepRunning(logger: logger) },
            Task { await composition.ratingTimers.keepRunning(logger: logger) },
            Task { [rpc, database] in await LinliServer.tellHealth(of: database, by: rpc) },
        ]
        try TextFile.write(
            CanonicalJSON.object([
                "host": settings.host, "port": "\(port)", "rootCertificate": pki.rootPath,
                "metricsPort": metricsPort.map { "\($0)" } ?? "",
            ]) + "\n", to: directory.addressPath)
    }

    /// A store that failed takes nothing more: load balancers and clients are told within a second, until somebody has
    /// looked at the disk and started the server again.
    private static func tellHealth(of database: SQLiteDatabase, by rpc: RPCServer) async {
        while !Task.isCancelled {
            if case .failed = database.health { return rpc.health.set(serving: false) }
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    /// Reads the certificates again; with bad ones, the old ones stay in use.
    func reloadCertificates() {
        do {
            try rpc.reloadCertificates()
        } catch {
            logger.error(
                "the new certificates are not usable; the old ones stay", metadata: ["error": "\(error)"])
        }
    }

    /// Finishes running calls, then writes what is left to write and closes the store.
    func stop() async {
        platform.events.close()
        await rpc.shutdownGracefully(within: LinliServer.drainLimit)
        notifications.close()
        for task in background.dropFirst() { task.cancel() }
        for task in background { await task.value }
        await maintenance.finish()
        do {
            try await metricsServer?.stop()
            try await hasher.shutdown()
        } catch {
            logger.error("a part did not stop", metadata: ["error": "\(error)"])
        }
        await database.close()
        logger.info("stopped")
    }

    private static func serveMetrics(_ registry: PrometheusRegistry?, _ settings: ServerSettings) async throws
        -> MetricsServer?
    {
        guard let registry, let port = settings.metricsPort else { return nil }
        return try await MetricsServer(registry: registry, port: port)
    }
}
