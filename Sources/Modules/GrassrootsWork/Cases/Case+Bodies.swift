import Kernel
import Platform
import Storage

/// Which organisations a case can lie in and be sent to.
enum CaseBodies {
    /// Places that people choose: a grid, or the village or community where grids are not drawn or not known.
    private static let places: Set<OrganizationLevel> = [.community, .grid1, .grid2, .grid3]

    static func isPlace(_ organization: OrganizationRecord) -> Bool { places.contains(organization.level) }

    /// Names from the town down; for a department the body above it and its name.
    static func text(of organization: OrganizationRecord, _ connection: any Connection) throws -> String {
        let above: [OrganizationRecord] = try Organizations.ancestry(connection, of: organization)
        let names: [String] =
            organization.level == .department
            ? above.suffix(2).map(\.name)
            : above.filter { $0.level.rawValue >= OrganizationLevel.town.rawValue }.map(\.name)
        return names.joined(separator: " ")
    }

    /// The body that a dispatcher names, if it can take a case that lies at `path`: a department that serves the place
    /// (its parent lies above it), or a place within the scope of whoever dispatches. What has ended by `date` takes none.
    static func assignee(
        _ name: String, for path: String, scope: ScopeFilter, on date: CivilDate, _ connection: any Connection
    ) throws -> (body: CaseBody, path: String) {
        let code: String = try OrganizationName.code(name, field: "assignee")
        guard let organization = try Organizations.find(connection, code) else {
            throw CaseTexts.assigneeUnsuitable(code)
        }
        if organization.level == .department {
            let parent: String = String(organization.path.dropLast(organization.code.count + 1))
            guard path.hasPrefix(parent) else { throw CaseTexts.assigneeElsewhere(organization.name) }
        } else {
            guard isPlace(organization) else { throw CaseTexts.assigneeUnsuitable(code) }
            guard scope.contains(path: organization.path) else {
                throw CaseTexts.assigneeElsewhere(organization.name)
            }
        }
        try Boundaries.usable(connection, code, on: date)
        let body: CaseBody = CaseBody(code: code, text: try text(of: organization, connection))
        return (body, organization.path)
    }
}
