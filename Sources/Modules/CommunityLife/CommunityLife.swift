package import Platform
package import RPC
package import Storage

/// Community life 社区生活: points for what residents do for others, and what they can be redeemed for.
package struct CommunityLife: Module {
    private let desk: PointsDesk
    private let platform: Platform

    package init(platform: Platform) {
        self.platform = platform
        desk = PointsDesk(platform: platform)
    }

    package static let migrations: [Migration] = [
        Migration(module: "communitylife", number: 1, name: "points", sql: Ledger.schema),
        Migration(module: "communitylife", number: 2, name: "redemptions", sql: RedemptionStore.schema),
        Migration(module: "communitylife", number: 3, name: "entries by subject", sql: Ledger.subjectIndex),
    ]
    package static let access: [AccessRule] = PointsDesk.access
    package static let sealedColumns: [SealedColumns] = [SealedColumns("community_redemptions", "code")]
    /// Reads ops/data/points: rules, partners and offers.
    package static let documentReaders: [DocumentReader] = [
        DocumentReader(.points) { yaml in
            let catalogue: PointsCatalogue = try PointsCatalogue(yaml: yaml)
            return CheckedDocument(id: catalogue.id, version: catalogue.version, value: catalogue)
        }
    ]

    package var services: [any Service] { [desk] }
    package var listeners: [any EventListener] { [PointsForReports(platform: platform)] }
    /// What happens to points by time alone.
    package var timers: PointsTimers { PointsTimers(platform: platform) }
    package var timedWork: [any TimedWork] { [timers] }
}
