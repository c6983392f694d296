internal import Crypto
internal import Kernel
internal import LifeCircle
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
    static let migrations: [Migration] = Platform.migrations + LifeCircle.migrations

    /// Reads the documents that are a module's business.
    static let documentReaders: [DocumentReader] = []

    /// Makes the modules and wires what they need of each other.
    init(
        platform: Platform, hasher: PasswordHasher, notifications: NotificationQueue, signer: NoteSigner,
        settings: ServerSettings, authority: CertificateAuthority, snapshots: any Snapshots
    ) throws {
        self.platform = platform
        let synthetic: SyntheticData = settings.demo ? .allowed : .refused
        let lifeCircle: LifeCircle = LifeCircle(
            platform: platform, messages: MessageWriter(messages: platform.messages))
        let modules: [any Module] = [lifeCircle]
        services =
            try PlatformServices.services(
                platform: platform, hasher: hasher, notifications: notifications, signer: signer,
                tasks: modules.flatMap(\.taskSources), audiences: [], authority: authority,
                snapshots: snapshots, synthetic: synthetic) + modules.flatMap(\.services)
        access =
            AccessRule.runtime(openReflection: settings.demo) + PlatformServices.access + LifeCircle.access
        listeners = modules.flatMap(\.listeners)
    }
}

/// Messages to people, for the modules that declare that they write some.
struct MessageWriter: OrderMessages {
    let messages: Messages

    func write(
        to resident: String, title: BilingualText, body: BilingualText, subject: String, _ unit: UnitOfWork
    ) throws {
        try messages.write(unit, to: resident, title: title, body: body, subject: subject)
    }
}
