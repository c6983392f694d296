import Logging
import Synchronization

/// A store in one SQLite file, for one process at a time.
///
/// One thread writes, a few read; each has a connection of its own. Waiting writes share a commit, so that a disk that
/// syncs 250 times a second acknowledges thousands of writes a second.
package final class SQLiteDatabase: Database {
    private let core: SQLiteCore
    private let migrations: [Migration]

    /// Opens or makes the database and brings it to the schema of `migrations`.
    ///
    /// - Throws: `StorageError.inUse` if it is open already, `.migration` if it does not fit to `migrations`, `.engine` if
    ///   the file cannot be opened or is no database.
    package init(_ configuration: SQLiteConfiguration, migrations: [Migration]) async throws {
        self.migrations = migrations
        core = try SQLiteCore(configuration)
        do { try await core.start(migrations) } catch {
            core.unlock()
            throw error
        }
    }

    /// Opens or makes the database at `path` with the default limits.
    package convenience init(path: String, migrations: [Migration]) async throws {
        try await self.init(SQLiteConfiguration(path: path), migrations: migrations)
    }

    deinit { core.abandon() }

    var configuration: SQLiteConfiguration { core.configuration }

    package var health: StoreHealth { core.health }

    /// How many writes wait for their group, for metrics.
    package var waitingWrites: Int { core.writes.count }

    /// How many reads wait for a thread, for metrics.
    package var waitingReads: Int { core.reads.count }

    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await core.reads.submit(body)
    }

    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await core.writes.submit(body)
    }

    /// Takes nothing more, finishes what waits, and closes the file. Closing twice does nothing.
    package func close() async { await core.close() }

    /// Opens the database anew after it failed, with new connections; the log is written again and synced first, see
    /// `rewriteLog`. Does nothing unless the store failed.
    ///
    /// - Throws: what opening throws; the store has failed still then.
    package func reopen() async throws { try await core.start(migrations) }
}

/// What the threads share. It outlives the database that nobody closed until its threads have ended.
final class SQLiteCore: Sendable {
    let configuration: SQLiteConfiguration
    let threads = Threads()
    let writes: WorkQueue
    let reads: WorkQueue
    private struct State {
        var health: StoreHealth = .failed(reason: "it was not started")
        var isStarting = false
    }
    private let state = Mutex(State())
    private let lock: Mutex<FileLock?>

    init(_ configuration: SQLiteConfiguration) throws {
        self.configuration = configuration
        let limits: SQLiteLimits = configuration.limits
        writes = WorkQueue(waitingMax: limits.waitingWritesMax, retryAfterSeconds: limits.retryAfterSeconds)
        reads = WorkQueue(waitingMax: limits.waitingReadsMax, retryAfterSeconds: limits.retryAfterSeconds)
        lock = Mutex(try FileLock(configuration.path + ".lock"))
    }

    var health: StoreHealth { state.withLock { $0.health } }

    /// Opens the database if it is not open. A second call while one runs does nothing.
    func start(_ migrations: [Migration]) async throws {
        let refusal: StorageError? = state.withLock { state in
            guard case .failed(let reason) = state.health, !state.isStarting else { return nil }
            state.isStarting = true
            return .failed(reason: reason)
        }
        guard let refusal else { return }
        defer { state.withLock { $0.isStarting = false } }
        await threads.end()
        writes.prepare(refusingWith: refusal)
        reads.prepare(refusingWith: refusal)
        do {
            try refuseHalfRestored(configuration.path)
            try Files.makePrivate(configuration.path)
            try rewriteLog(configuration.path + "-wal", fileLayer: configuration.fileLayer)
            try await startWriter(migrations)
            for _ in 0..<configuration.limits.readers { try await startReader() }
            try serve()
        } catch {
            writes.shut(refusal)
            reads.shut(refusal)
            await threads.end()
            throw error
        }
    }

    private func serve() throws {
        try state.withLock { state in
            // Somebody may have closed it meanwhile.
            if state.health == .closed { throw StorageError.closed }
            state.health = .serving
        }
        writes.open()
        reads.open()
    }

    private func startWriter(_ migrations: [Migration]) async throws {
        try await threads.start { [self] in
            let connection = try SQLiteConnection(configuration, .writer)
            try MigrationRunner(connection: connection, migrations: migrations).run()
            return Writer(connection, writes, configuration.limits) { self.fail($0) }
        } run: { writer in
            var writer: Writer = writer
            guard writer.run() else { return }
            self.emptyLog(writer.connection)
        }
    }

    private func startReader() async throws {
        try await threads.start { [self] in
            let connection = try SQLiteConnection(configuration, .reader)
            return Reader(
                connection: connection, queue: reads, secondsMax: configuration.limits.readSecondsMax
            ) { self.fail($0) }
        } run: { reader in
            reader.run()
        }
    }

    /// Leaves one file behind. The log would be read at the next start just as well, so an error costs nothing.
    private func emptyLog(_ connection: SQLiteConnection) {
        do { _ = try connection.checkpoint(.truncate) } catch {
            configuration.logger.warning("The log was not copied at the end", metadata: ["error": "\(error)"])
        }
    }

    /// Stops the store: what waits fails, nothing more is acknowledged, the threads close their connections.
    func fail(_ error: StorageError) {
        let reason: String = error.description
        let isFirst: Bool = state.withLock { state in
            guard state.health == .serving else { return false }
            state.health = .failed(reason: reason)
            return true
        }
        guard isFirst else { return }
        configuration.logger.critical(
            "The store failed and must be reopened", metadata: ["reason": "\(reason)"])
        writes.shut(error.asFailed)
        reads.shut(error.asFailed)
    }

    func close() async {
        state.withLock { $0.health = .closed }
        reads.close()
        writes.close()
        await threads.end()
        unlock()
    }

    /// Lets another process have the file.
    func unlock() { lock.withLock { $0 = nil } }

    /// Lets the threads end, for a database that nobody closed.
    func abandon() {
        reads.close()
        writes.close()
    }
}
