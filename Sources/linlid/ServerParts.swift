internal import Logging
internal import Platform
internal import RPC
internal import ServiceLifecycle
internal import Storage
internal import UnixSignals

// The parts of a running server, as a group of services. When the server stops they end one after another, the last of
// the list first: callers before the work they cause, that before the store.

/// Work that goes on until the server stops.
struct BackgroundPart: ServiceLifecycle.Service {
    private let work: @Sendable () async throws -> Void
    private let finish: @Sendable () async -> Void

    /// - Parameters:
    ///   - finish: done after the work was cancelled, such as writing what is left.
    ///   - work: ends when its task is cancelled.
    init(
        finish: @escaping @Sendable () async -> Void = {}, _ work: @escaping @Sendable () async throws -> Void
    ) {
        self.work = work
        self.finish = finish
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown(work)
        await finish()
    }
}

/// Hands events to those who listen. Its work ends when the event feed is closed, which is before its own turn: it waits for
/// that, since a part that ends by itself counts as failed.
struct DispatchPart: ServiceLifecycle.Service {
    let dispatcher: EventDispatcher

    func run() async throws {
        await cancelWhenGracefulShutdown { await dispatcher.run() }
        do { try await gracefulShutdown() } catch is CancellationError {}
    }
}

/// Something that is open until the server stops, and is closed then.
struct OpenPart: ServiceLifecycle.Service {
    private let close: @Sendable () async throws -> Void

    init(close: @escaping @Sendable () async throws -> Void) { self.close = close }

    func run() async throws {
        // Thrown out of the wait when the group is cancelled: then, too, it has to be closed.
        do { try await gracefulShutdown() } catch is CancellationError {}
        try await close()
    }
}

/// Texts that wait are sent before the server ends.
struct NotificationPart: ServiceLifecycle.Service {
    let notifications: NotificationQueue

    func run() async throws {
        await withGracefulShutdownHandler {
            await notifications.run()
        } onGracefulShutdown: {
            notifications.close()
        }
    }
}

/// A store that failed takes nothing more: load balancers and clients are told within a second, until somebody has looked
/// at the disk and started the server again.
struct HealthPart: ServiceLifecycle.Service {
    let database: SQLiteDatabase
    let health: HealthService

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if case .failed = database.health { health.set(serving: false) }
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}

/// SIGHUP: the certificates are read again; with bad ones, the old ones stay in use.
struct ReloadPart: ServiceLifecycle.Service {
    let rpc: RPCServer
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try rpc.reloadCertificates()
                logger.info("the certificates were read again")
            } catch {
                logger.error(
                    "the new certificates are not usable; the old ones stay",
                    metadata: ["error": "\(error)"])
            }
        }
    }
}
