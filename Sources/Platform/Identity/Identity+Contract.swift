internal import Contract
internal import Kernel
internal import RPC

extension PlatformV1.RoleGrant {
    init(_ grant: Grant) {
        self.init(
            role: grant.role.rawValue, scope: OrganizationName.text(grant.scopeCode),
            department: OrganizationName.text(grant.departmentCode),
            expireTime: grant.expireTime.map(GoogleProtobuf.Timestamp.init))
    }
}

extension PlatformV1.Me {
    init(_ principal: Principal, maskedPhone: String) {
        let kind: PlatformV1.PrincipalKind =
            switch principal.kind {
            case .resident: .resident
            case .staff: .staff
            case .device: .device
            case .vendor: .vendor
            case .system: .unspecified
            }
        self.init(
            name: principal.name, kind: kind, displayName: principal.displayName, maskedPhone: maskedPhone,
            level: PlatformV1.IdentityLevel(rawValue: Int32(principal.level.rawValue)),
            roles: principal.grants.map(PlatformV1.RoleGrant.init),
            home: OrganizationName.text(principal.homeCode), synthetic: principal.synthetic)
    }
}

extension PlatformV1.Session {
    init(_ record: SessionRecord, token: String = "", me: PlatformV1.Me? = nil) {
        self.init(
            name: record.name, token: token, expireTime: GoogleProtobuf.Timestamp(record.expireTime), me: me,
            createTime: GoogleProtobuf.Timestamp(record.createTime), peerAddress: record.peerAddress)
    }
}
