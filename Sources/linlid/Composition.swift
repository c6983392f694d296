internal import Crypto
internal import Kernel
internal import Logging
internal import Platform
internal import RPC
internal import Storage

/// Which modules there are, and how they meet. The one place that knows them all.
struct Composition: Sendable {
    let platform: Platform
    let services: [any Service]
    let access: [AccessRule]
    let listeners: [any EventListener]

    /// The schema of all modules.
    static let migrations: [Migration] = Platform.migrations

    /// Makes the modules and wires what they need of each other.
    init(
        platform: Platform, hasher: PasswordHasher, notifications: NotificationQueue, signer: NoteSigner,
        settings: ServerSettings
    ) throws {
        self.platform = platform
        let synthetic: SyntheticData = settings.demo ? .allowed : .refused
        services = [
            IdentityService(
                platform: platform, hasher: hasher, notifications: notifications, synthetic: synthetic),
            try AuditService(platform: platform, signer: signer),
        ]
        access =
            AccessRule.runtime(openReflection: settings.demo) + IdentityService.access + AuditService.access
        listeners = []
    }
}
