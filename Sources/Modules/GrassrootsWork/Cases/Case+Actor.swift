import Kernel
import Platform
import Storage

/// Whoever acts on one case, with the roles that hold for that case: a role somewhere else counts for nothing here.
struct CaseActor: Sendable, Equatable {
    /// `residents/…`, `staff/…` or `system`.
    let name: String
    let workflow: WorkflowActor
    /// Codes of the places or departments in which the roles are held; for texts.
    let posts: [Post]
    /// Whether this member of staff ever received or handled the case: the store says so, not the request.
    let hasWorked: Bool

    struct Post: Sendable, Equatable {
        let role: String
        /// Department, else place.
        let bodyCode: String
    }

    /// The role of residents in the workflow; its guards ask for the reporter among them.
    static let residentRole: String = "resident"

    /// What `principal` is to a case that lies at `path` and is dispatched to `assignee`.
    init(
        _ principal: Principal, path: String, assignee: CaseBody? = nil, assigneePath: String? = nil,
        hasWorked: Bool = false
    ) {
        name = principal.name
        self.hasWorked = hasWorked
        guard principal.kind != .system else {
            workflow = .system
            posts = []
            return
        }
        var roles: Set<String> = []
        var bodies: Set<String> = []
        var posts: [Post] = []
        for grant in principal.grants {
            let isHere: Bool =
                path.hasPrefix(grant.scopePath)
                && (grant.departmentCode == nil || grant.departmentCode == assignee?.code)
            let isAssigneeBelow: Bool =
                grant.departmentCode == nil && assigneePath.map { $0.hasPrefix(grant.scopePath) } ?? false
            guard isHere || isAssigneeBelow else { continue }
            roles.insert(grant.role.rawValue)
            bodies.insert(grant.departmentCode ?? grant.scopeCode)
            // Grid workers act for the grids below the place that they are responsible for.
            if isAssigneeBelow, CaseActor.gridRoles.contains(grant.role), let assignee {
                bodies.insert(assignee.code)
            }
            posts.append(Post(role: grant.role.rawValue, bodyCode: grant.departmentCode ?? grant.scopeCode))
        }
        if principal.kind == .resident { roles.insert(CaseActor.residentRole) }
        workflow = WorkflowActor(
            id: principal.name, roles: roles, scopes: principal.grants.map(\.scopePath), bodies: bodies)
        self.posts = posts
    }

    /// How the timeline calls the clock.
    static let systemText: String = "系统"
    private static let gridRoles: Set<Role> = [.gridWorker, .gridLeader]

    /// What `principal` is to a stored case.
    static func of(
        _ principal: Principal, _ record: CaseRecord, _ connection: any Connection
    ) throws -> CaseActor {
        let hasWorked: Bool =
            principal.kind == .staff
            ? try CaseStore.isWorker(principal.name, of: record.id, connection) : false
        return CaseActor(
            principal, path: record.place.path, assignee: record.assignee, assigneePath: record.assigneePath,
            hasWorked: hasWorked)
    }

    /// Body and post in words, such as 东街街道·派遣员; never the name of a person.
    ///
    /// - Parameter roles: those that the action is open to; the first post that has one of them speaks.
    func text(
        for roles: [String], in definition: WorkflowDefinition, _ connection: any Connection
    ) throws -> String {
        if let post = posts.first(where: { roles.contains($0.role) }) {
            let body: String = try Organizations.find(connection, post.bodyCode)?.name ?? post.bodyCode
            return "\(body)·\(definition.role(post.role)?.title.zh ?? post.role)"
        }
        if workflow.roles.contains(CaseActor.residentRole) {
            return definition.role(CaseActor.residentRole)?.title.zh ?? CaseActor.residentRole
        }
        return CaseActor.systemText
    }
}
