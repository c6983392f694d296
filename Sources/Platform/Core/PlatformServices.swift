package import Crypto
package import RPC

/// The services of Platform that need no more than the platform, what the modules register with it, and the authority.
package enum PlatformServices {
    /// - Parameters:
    ///   - tasks: what waits for people, from all modules.
    ///   - audiences: who may see the files of which subjects.
    ///   - authority: signs certificates of devices and vendors.
    package static func services(
        platform: Platform, tasks: [any TaskSource], audiences: [any FileAudience],
        authority: CertificateAuthority,
        snapshots: any Snapshots
    ) -> [any Service] {
        [
            FileDesk(platform: platform, audiences: audiences), InboxDesk(platform: platform, sources: tasks),
            ConfigurationDesk(platform: platform), MenuDesk(platform: platform),
            CalendarDesk(platform: platform),
            PkiDesk(platform: platform, authority: authority),
            BackupDesk(platform: platform, snapshots: snapshots),
        ]
    }

    package static let access: [AccessRule] =
        FileDesk.access + InboxDesk.access + ConfigurationDesk.access + MenuDesk.access + CalendarDesk.access
        + PkiDesk.access + BackupDesk.access
}
