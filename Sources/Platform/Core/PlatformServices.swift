package import Crypto
package import Kernel
package import RPC

/// The services that Platform offers by itself, and the rows of the authorization table for them.
package enum PlatformServices {
    /// - Parameters:
    ///   - tasks: what waits for people, from all modules.
    ///   - audiences: who may see the files of which subjects.
    ///   - signer: signs the audit log's checkpoints.
    ///   - authority: signs certificates of devices and vendors.
    ///   - synthetic: whether people who cannot exist may register.
    /// - Throws: `CryptoError` if the signer's public key cannot be written down.
    package static func services(
        platform: Platform, hasher: PasswordHasher, notifications: NotificationQueue, signer: NoteSigner,
        tasks: [any TaskSource], audiences: [any FileAudience], authority: CertificateAuthority,
        snapshots: any Snapshots, synthetic: SyntheticData
    ) throws -> [any Service] {
        let identity: IdentityService = IdentityService(
            platform: platform, hasher: hasher, notifications: notifications, synthetic: synthetic)
        return [
            identity, KioskDesk(platform: platform), KioskSignInDesk(platform: platform, identity: identity),
            ResidentService(platform: platform, synthetic: synthetic),
            HouseholdDesk(platform: platform, synthetic: synthetic),
            StaffService(platform: platform, hasher: hasher), OrganizationService(platform: platform),
            try AuditService(platform: platform, signer: signer),
            FileDesk(platform: platform, audiences: audiences), InboxDesk(platform: platform, sources: tasks),
            ConfigurationDesk(platform: platform), MenuDesk(platform: platform),
            CalendarDesk(platform: platform), PkiDesk(platform: platform, authority: authority),
            BackupDesk(platform: platform, snapshots: snapshots),
        ]
    }

    package static let access: [AccessRule] = [
        IdentityService.access, ResidentService.access, StaffService.access, OrganizationService.access,
        AuditService.access, FileDesk.access, InboxDesk.access, ConfigurationDesk.access, MenuDesk.access,
        CalendarDesk.access, PkiDesk.access, BackupDesk.access, KioskDesk.access, KioskSignInDesk.access,
        HouseholdDesk.access,
    ].flatMap { $0 }
}
