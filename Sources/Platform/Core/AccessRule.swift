package import RPC

/// One row of the authorization table: who may call a method. What the caller may see or touch there is the scope,
/// which the store's queries enforce.
package struct AccessRule: Sendable {
    package let method: MethodDescriptor
    /// Either one of these is enough.
    package let audiences: [Audience]

    /// - Precondition: at least one audience; a method that nobody may call has no row at all.
    package init(_ method: MethodDescriptor, _ audiences: Audience...) {
        precondition(!audiences.isEmpty, "a rule lets somebody in: \(method.path)")
        self.method = method
        self.audiences = audiences
    }

    /// Whether this caller may call; nil is somebody who is not signed in.
    package func admits(_ principal: Principal?) -> Bool { audiences.contains { $0.includes(principal) } }

    /// True if callers need not say who they are.
    package var admitsAnyone: Bool { admits(nil) }
}

/// A group of callers.
package struct Audience: Sendable, Hashable {
    private enum Kind: Hashable {
        case anyone, signedIn, vendor, device
        case resident(minimumLevel: Int)
        case staff(roles: Set<Role>)
    }
    private let kind: Kind

    /// Everybody, without a session.
    package static let anyone: Audience = Audience(kind: .anyone)
    /// Everybody who is known: residents, staff, devices and vendors.
    package static let signedIn: Audience = Audience(kind: .signedIn)
    /// Vendor and department systems, by certificate.
    package static let vendor: Audience = Audience(kind: .vendor)
    /// Devices of ours, by certificate, with nobody signed in at them.
    package static let device: Audience = Audience(kind: .device)

    /// Residents of this identity level (1…3) or a higher one.
    package static func resident(level: Int) -> Audience { Audience(kind: .resident(minimumLevel: level)) }

    /// Staff that hold one of these roles somewhere; without a role, all staff.
    package static func staff(_ roles: Role...) -> Audience { Audience(kind: .staff(roles: Set(roles))) }

    /// Whether the caller is one of the group.
    package func includes(_ principal: Principal?) -> Bool {
        guard let principal else { return kind == .anyone }
        switch kind {
        case .anyone, .signedIn: return true
        case .vendor: return principal.kind == .vendor
        case .device: return principal.kind == .device
        case .resident(let level): return principal.kind == .resident && principal.level.rawValue >= level
        case .staff(let roles):
            guard principal.kind == .staff else { return false }
            return roles.isEmpty || principal.grants.contains { roles.contains($0.role) }
        }
    }

    /// The roles that it names; empty for groups that are not of staff or take all staff.
    package var roles: Set<Role> {
        if case .staff(let roles) = kind { return roles }
        return []
    }

    /// The identity level that residents need to be in the group; nil for other groups.
    package var residentLevel: Int? {
        if case .resident(let level) = kind { return level }
        return nil
    }
}
