package import Kernel

/// What sort of caller it is.
package enum PrincipalKind: String, Sendable, Hashable {
    /// A resident, signed in with phone, code and password.
    case resident
    /// A member of staff, signed in with account, password and TOTP.
    case staff
    /// A device of ours, such as a kiosk, known by its certificate.
    case device
    /// A vendor or department system, known by its certificate.
    case vendor
    /// The server itself: imports, timers and listeners.
    case system
}

/// How well the person behind an account is known; each level includes the ones below.
package enum IdentityLevel: Int, Sendable, Hashable, Comparable {
    /// Nobody, or a principal that is no resident.
    case none = 0
    /// The phone was reached.
    case phone = 1
    /// The ID number fits the name, and the phone was reached again.
    case idNumber = 2
    /// Seen at a counter by an official.
    case counter = 3

    package static func < (left: IdentityLevel, right: IdentityLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A role in a place and, if one is named, a department.
package struct Grant: Sendable, Hashable {
    package let role: Role
    /// Code of the organisation that the grant reaches, with all below.
    package let scopeCode: String
    /// Path of that organisation, such as `/140500000000/140502000000/`.
    package let scopePath: String
    /// Code of the department that the grant is limited to; nil for all.
    package let departmentCode: String?
    /// When it ends; nil for open-ended. A principal carries only grants that were live when the call began.
    package let expireTime: Instant?

    package init(
        role: Role, scopeCode: String, scopePath: String, departmentCode: String? = nil,
        expireTime: Instant? = nil
    ) {
        self.role = role
        self.scopeCode = scopeCode
        self.scopePath = scopePath
        self.departmentCode = departmentCode
        self.expireTime = expireTime
    }
}

/// Who is calling, as the authentication interceptor found it in the store: never what a request says of itself.
package struct Principal: Sendable, Equatable {
    package let kind: PrincipalKind
    /// The id within the kind.
    package let id: String
    /// Real name or title, whole. Personal data: never in logs or audit details.
    package let displayName: String
    /// How well a resident is known; `.none` for others.
    package let level: IdentityLevel
    /// Live roles of staff.
    package let grants: [Grant]
    /// Code of the organisation where a resident lives.
    package let homeCode: String?
    /// True for people who do not exist: demo and test data.
    package let synthetic: Bool
    /// The device that the call came through, by its certificate: a resident at a kiosk has both.
    package let deviceID: String?
    /// Id of the session that the call belongs to; nil for certificates and the system.
    package let sessionID: String?

    package init(
        kind: PrincipalKind, id: String, displayName: String = "", level: IdentityLevel = .none,
        grants: [Grant] = [], homeCode: String? = nil, synthetic: Bool = false, deviceID: String? = nil,
        sessionID: String? = nil
    ) {
        self.kind = kind
        self.id = id
        self.displayName = displayName
        self.level = level
        self.grants = grants
        self.homeCode = homeCode
        self.synthetic = synthetic
        self.deviceID = deviceID
        self.sessionID = sessionID
    }

    /// The server itself.
    package static let system: Principal = Principal(kind: .system, id: "")

    /// `residents/{id}`, `staff/{id}`, `devices/{id}`, `vendors/{id}`, or `system`.
    package var name: String {
        switch kind {
        case .resident: "residents/\(id)"
        case .staff: "staff/\(id)"
        case .device: "devices/\(id)"
        case .vendor: "vendors/\(id)"
        case .system: "system"
        }
    }

    /// Whether one of the grants is of one of these roles, anywhere.
    package func has(_ roles: Role...) -> Bool { grants.contains { roles.contains($0.role) } }

    /// Where these roles reach, for the store's queries; without roles, where any role reaches. Nothing for callers
    /// that hold none; everything for the system.
    package func scope(_ roles: Role...) -> ScopeFilter { scope(roles) }

    /// The same with a list.
    package func scope(_ roles: [Role]) -> ScopeFilter {
        if kind == .system { return .everything }
        return ScopeFilter(grants.filter { roles.isEmpty || roles.contains($0.role) })
    }
}
