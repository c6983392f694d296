package import Crypto
internal import Kernel
package import Logging

/// What a running server does by itself: heartbeats, checkpoints, ends of sessions, sweeping.
package struct Maintenance: Sendable {
    private let platform: Platform
    private let rotation: FieldRotation
    private let authenticator: Authenticator
    private let refusals: RefusalAudit
    private let checkpoints: AuditCheckpoints
    private let logger: Logger

    /// Seconds between two sweeps of what is too old.
    static let sweepSeconds: Int = 300

    package init(
        platform: Platform, sealedColumns: [SealedColumns], authenticator: Authenticator,
        refusals: RefusalAudit, signer: NoteSigner, logger: Logger
    ) {
        self.platform = platform
        rotation = FieldRotation(platform: platform, targets: sealedColumns)
        self.authenticator = authenticator
        self.refusals = refusals
        checkpoints = AuditCheckpoints(signer: signer)
        self.logger = logger
    }

    /// Works until cancelled, then writes what is left to write.
    package func run() async {
        await withTaskGroup { group in
            group.addTask { await rotate() }
            group.addTask { await every(EventFeed.heartbeatSeconds) { platform.events.beat() } }
            group.addTask { await every(1) { try await refusals.write() } }
            group.addTask {
                await every(IdentityLimits.sessionTouchSeconds) { try await authenticator.writeTouches() }
            }
            group.addTask { await every(AuditCheckpoints.intervalSeconds) { try await sign() } }
            group.addTask { await every(Maintenance.sweepSeconds) { try await sweep() } }
        }
    }

    /// Writes what waits in memory; called when the server stops.
    package func finish() async {
        do {
            try await refusals.write()
            try await authenticator.writeTouches()
            try await sign()
        } catch {
            logger.error("the last entries could not be written", metadata: ["error": "\(error)"])
        }
    }

    /// Once after each start: a key is added while the server stands still.
    private func rotate() async {
        do {
            let changed: Int = try await rotation.run()
            if changed > 0 {
                logger.info("fields were encrypted again", metadata: ["fields": "\(changed)"])
            }
        } catch {
            logger.error("fields could not be encrypted again", metadata: ["error": "\(error)"])
        }
    }

    private func sign() async throws {
        guard try await platform.readAsSystem({ try AuditCheckpoints.isBehind($0.connection) }) else {
            return
        }
        try await platform.performAsSystem(action: "audit.checkpoint") { unit in
            _ = try checkpoints.newest(unit.connection, now: unit.now)
        }
    }

    private func sweep() async throws {
        try await platform.performAsSystem(action: "maintenance.sweep") { unit in
            try Sessions.sweep(unit.connection, now: unit.now)
            try OneTimeCodes.sweep(unit.connection, now: unit.now)
        }
        while try await platform.performAsSystem(
            action: "maintenance.sweep", { try RequestLog.sweep($0.connection, now: $0.now) }) > 0
        {}
    }

    private func every(_ seconds: Int, _ work: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(seconds))
                try await work()
            } catch {
                if Task.isCancelled { return }
                logger.error("maintenance failed and will be tried again", metadata: ["error": "\(error)"])
            }
        }
    }
}
