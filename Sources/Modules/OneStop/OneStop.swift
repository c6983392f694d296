package import Crypto
package import Kernel
package import Platform
package import RPC
package import Storage

/// One stop 一网通办: the catalogue of government services, found by the words that people use; queries; the service centre
/// with its appointments and its queue; and ratings of what was done.
package struct OneStop: Module {
    private let desk: ItemDesk
    private let catalogueDesk: CatalogueDesk
    private let halls: Halls
    private let queries: QueryDesk
    private let ratingSubjects: [any RatingSubjects]
    private let applications: Applications
    private let mandates: MandateDesk
    private let platform: Platform
    /// Imports of catalogues and definitions, for the composition root.
    package let catalogue: ItemCatalogue
    /// Imports of data sets, for the composition root.
    package let dataSets: DataSetBook
    /// Invitations to rate what was done.
    package let invitations: RatingInvitations
    /// Issues certificates, for what grants them.
    package let certificates: CertificateBook

    /// - Parameters:
    ///   - signer: signs receipts.
    ///   - synthetic: whether rows about people who cannot exist may come in.
    ///   - connectors: how departments' own systems are reached.
    ///   - installation: what trust files call the issuer.
    package init(
        platform: Platform, signer: NoteSigner, synthetic: SyntheticData, connectors: ConnectorAccess = .none,
        installation: String = "一网通办"
    ) {
        self.platform = platform
        let search: ItemSearch = ItemSearch(documents: platform.documents)
        catalogue = ItemCatalogue(platform: platform, search: search)
        desk = ItemDesk(platform: platform, search: search)
        catalogueDesk = CatalogueDesk(platform: platform, search: search)
        halls = Halls(platform: platform, owners: nil)
        dataSets = DataSetBook(platform: platform, synthetic: synthetic)
        queries = QueryDesk(
            platform: platform, signer: signer,
            pool: ConnectorPool(
                access: connectors, environment: platform.environment, logger: platform.logger),
            book: dataSets)
        certificates = CertificateBook(platform: platform, installation: installation)
        mandates = MandateDesk(platform: platform, signer: signer, synthetic: synthetic)
        ratingSubjects = [TicketRatings(halls: halls), ApplicationRatings()]
        invitations = RatingInvitations(platform: platform, subjects: ratingSubjects)
        applications = Applications(
            platform: platform, forms: FormDesk(platform: platform, synthetic: synthetic),
            issuer: CertificateIssuer(book: certificates), invitations: invitations)
    }

    package static let migrations: [Migration] = [
        Migration(module: "onestop", number: 1, name: "items", sql: ItemStore.schema),
        Migration(module: "onestop", number: 2, name: "item revisions", sql: ItemStore.revisionsSchema),
        Migration(
            module: "onestop", number: 3, name: "catalogue generation", sql: ItemStore.generationSchema),
        // Tables of capabilities that are built beside each other have names, and so numbers, of their own.
        Migration(
            module: "onestop_hall", number: 1, name: "tickets, counters, appointments",
            sql: QueueStore.schema + AppointmentStore.schema),
        Migration(module: "onestop_form", number: 1, name: "known answers", sql: KnownAnswers.schema),
        Migration(module: "onestop_rating", number: 1, name: "ratings", sql: RatingStore.schema),
        Migration(
            module: "onestop_query", number: 1, name: "data sets, connectors, receipts",
            sql: DataSetStore.schema + ConnectorStore.schema + QueryStore.schema),
        Migration(
            module: "onestop_certificate", number: 1, name: "certificates",
            sql: CertificateKeyStore.schema + CertificateStore.schema),
        Migration(
            module: "onestop_application", number: 1, name: "mandates, bundles, applications",
            sql: MandateStore.schema + BundleStore.schema + ApplicationStore.schema),
        Migration(
            module: "onestop_application", number: 2, name: "version of the general form",
            sql: ApplicationStore.formVersionSchema),
    ]
    package static let access: [AccessRule] =
        ItemDesk.access + CatalogueDesk.access + AppointmentDesk.access + QueueDesk.access + RatingDesk.access
        + QueryDesk.access
        + CertificateDesk.access + ApplicationDesk.access + MandateDesk.access + BundleDesk.access
    package static let sealedColumns: [SealedColumns] =
        RatingStore.sealedColumns + [
            DataSetStore.sealed, KnownAnswers.sealed, CertificateStore.sealedColumns,
            CertificateKeyStore.sealedColumns,
            MandateStore.sealedColumns, ApplicationStore.sealedColumns,
        ]
    /// Reads ops/data/halls, ratings, certificates, bundles, items/words and forms.
    package static let documentReaders: [DocumentReader] = [
        HallCatalogue.reader, RatingPolicy.reader, CertificateCatalogue.reader, BundleDefinition.reader,
        ItemVocabulary.reader, GeneralForms.reader,
    ]
    /// Who may see the materials of applications.
    package static let fileAudiences: [any FileAudience] = [ApplicationFiles(), BundleFiles()]

    /// Takes in what was done before this store was there, for the composition root.
    package var past: PastServices {
        PastServices(
            applications: applications, bundles: BundleDesk(applications: applications), mandates: mandates,
            ratings: RatingDesk(platform: platform, subjects: ratingSubjects), certificates: certificates)
    }

    package var services: [any Service] {
        [
            desk, catalogueDesk, AppointmentDesk(halls: halls),
            QueueDesk(halls: halls, invitations: invitations),
            RatingDesk(platform: platform, subjects: ratingSubjects), queries,
            CertificateDesk(book: certificates), ApplicationDesk(applications: applications), mandates,
            BundleDesk(applications: applications),
        ]
    }
    package var taskSources: [any TaskSource] {
        [RatingTasks(platform: platform), ApplicationTasks()]
    }
    package var timedWork: [any TimedWork] {
        [
            HallTimers(halls: halls, invitations: invitations), RatingTimers(invitations: invitations),
            ApplicationTimers(applications: applications),
        ]
    }
}
