internal import CommunityLife
internal import Contract
internal import Crypto
internal import GrassrootsWork
internal import Kernel
internal import LifeCircle
internal import Logging
internal import OneStop
internal import Platform
internal import RPC
internal import ResidentServices
internal import Storage

/// Which modules there are, and how they meet. The one place that knows them all.
struct Composition: Sendable {
    let platform: Platform
    let services: [any Service]
    let access: [AccessRule]
    let listeners: [any EventListener]
    /// What happens by time alone, in all modules.
    let timedWork: [any TimedWork]
    /// Imports of service items.
    let itemCatalogue: ItemCatalogue
    /// Imports of what query items answer.
    let dataSets: DataSetBook
    /// Takes in what the one-stop service did before this store was there.
    let pastServices: PastServices

    /// The schema of all modules.
    static let migrations: [Migration] =
        Platform.migrations + LifeCircle.migrations + GrassrootsWork.migrations + CommunityLife.migrations
        + OneStop.migrations

    /// All columns that hold sealed values.
    static let sealedColumns: [SealedColumns] =
        SealedColumns.ofPlatform + LifeCircle.sealedColumns + GrassrootsWork.sealedColumns
        + CommunityLife.sealedColumns + OneStop.sealedColumns

    /// Reads the documents that are a module's business.
    static let documentReaders: [DocumentReader] =
        GrassrootsWork.documentReaders + CommunityLife.documentReaders + OneStop.documentReaders

    /// What the server serves, for tools to read; outside a demonstration nobody is told.
    private static let reflection: [any Service] =
        ReflectionServices(fileDescriptorSets: [ContractDescriptors.fileDescriptorSet]).services

    /// Makes the modules and wires what they need of each other.
    init(
        platform: Platform, hasher: PasswordHasher, notifications: NotificationQueue, signer: NoteSigner,
        settings: ServerSettings, authority: CertificateAuthority, snapshots: any Snapshots,
        connectors: ConnectorAccess
    ) throws {
        self.platform = platform
        let synthetic: SyntheticData = settings.demo ? .allowed : .refused
        let lifeCircle: LifeCircle = LifeCircle(
            platform: platform, messages: MessageWriter(messages: platform.messages))
        let grassrootsWork: GrassrootsWork = GrassrootsWork(platform: platform, synthetic: synthetic)
        let residentServices: ResidentServices = ResidentServices(
            platform: platform, cases: CaseDeskAdapter(reporters: grassrootsWork.reporters),
            inbox: ReportMessageWriter(messages: platform.messages))
        let communityLife: CommunityLife = CommunityLife(platform: platform)
        let oneStop: OneStop = OneStop(
            platform: platform, signer: signer, synthetic: synthetic, connectors: connectors,
            installation: "\(settings.rootName)一网通办")
        dataSets = oneStop.dataSets
        pastServices = oneStop.past
        itemCatalogue = oneStop.catalogue
        let modules: [any Module] = [lifeCircle, grassrootsWork, residentServices, communityLife, oneStop]
        services =
            try PlatformServices.services(
                platform: platform, hasher: hasher, notifications: notifications, signer: signer,
                tasks: modules.flatMap(\.taskSources),
                audiences: [grassrootsWork.photoAudience] + OneStop.fileAudiences,
                authority: authority, snapshots: snapshots, synthetic: synthetic)
            + modules.flatMap(\.services) + (settings.demo ? Composition.reflection : [])
        access =
            AccessRule.runtime(openReflection: settings.demo) + PlatformServices.access + LifeCircle.access
            + GrassrootsWork.access + ResidentServices.access + CommunityLife.access + OneStop.access
        listeners = modules.flatMap(\.listeners)
        timedWork = modules.flatMap(\.timedWork)
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
