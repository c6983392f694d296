import Kernel
import Platform
import Storage

/// What a caller is to one application, by the store and the session.
struct ApplicationActor: Sendable, Equatable {
    let name: String
    let workflow: WorkflowActor
    let isApplicant: Bool
    let isAgent: Bool

    static let applicantRole: String = "applicant"
    /// Roles that handle applications of their department, or deliver at a counter.
    static let handlers: [Role] = [.departmentOfficer, .counterClerk]
    static let system: ApplicationActor = ApplicationActor(
        name: WorkflowActor.systemRole, workflow: .system, isApplicant: false, isAgent: false)

    /// - Parameter mandateHolds: whether the mandate, if there is one, can still be used.
    init(_ principal: Principal, _ record: ApplicationRecord, mandateHolds: Bool) {
        name = principal.name
        isApplicant = principal.name == record.applicant
        isAgent = principal.name == record.agent
        guard principal.kind != .system else {
            workflow = .system
            return
        }
        var roles: Set<String> = Set(
            principal.grants.filter { grant in
                Self.handlers.contains(grant.role)
                    && ScopeFilter([grant]).contains(
                        path: record.placePath, departmentCode: record.department.code)
            }.map(\.role.rawValue))
        if isApplicant || isAgent && mandateHolds { roles.insert(Self.applicantRole) }
        workflow = WorkflowActor(id: principal.name, roles: roles, scopes: [])
    }

    private init(name: String, workflow: WorkflowActor, isApplicant: Bool, isAgent: Bool) {
        self.name = name
        self.workflow = workflow
        self.isApplicant = isApplicant
        self.isAgent = isAgent
    }

    var isHandler: Bool { Self.handlers.contains { workflow.roles.contains($0.rawValue) } }
}

/// Which applications a caller may see, as a condition for SQL.
struct ApplicationScope: Sendable {
    private let principal: Principal
    /// Only what waits for the caller to act.
    private let waiting: Bool

    init(of principal: Principal, waiting: Bool = false) {
        self.principal = principal
        self.waiting = waiting
    }

    /// The condition on `onestop_applications a`; the first placeholder is `$firstIndex`.
    func sql(firstIndex: Int) -> (sql: String, values: [SQLValue]) {
        let own: String = "a.applicant = $\(firstIndex) OR a.agent = $\(firstIndex)"
        var values: [SQLValue] = [.text(principal.name)]
        guard principal.kind == .staff else {
            let condition: String =
                waiting
                ? "(\(own)) AND a.state IN ('supplement_requested', 'delivered')" : own
            return ("(\(condition))", values)
        }
        var parts: [String] = waiting ? [] : [own]
        for kind in ApplicationTasks.kinds {
            let scope: ScopeFilter = principal.scope(kind.roles)
            guard !scope.isEmpty else { continue }
            let place = scope.sql(
                column: "a.place_path", departmentColumn: "a.department_code",
                firstIndex: firstIndex + values.count)
            values += place.values
            guard waiting else {
                parts.append(place.sql)
                continue
            }
            parts.append("(\(kind.condition) AND \(place.sql))")
        }
        return (parts.isEmpty ? "(1 = 0)" : "(\(parts.joined(separator: " OR ")))", values)
    }
}

extension ApplicationStore {
    /// One application inside the scope.
    static func find(_ number: String, in scope: ApplicationScope, _ connection: any Connection) throws
        -> ApplicationRecord?
    {
        let (condition, values): (String, [SQLValue]) = scope.sql(firstIndex: 2)
        return try connection.first(
            "SELECT \(columns) FROM onestop_applications a WHERE a.number = $1 AND \(condition)",
            values: [.text(number)] + values, row: record)
    }

    /// Applications inside the scope, newest first.
    static func list(
        in scope: ApplicationScope, state: ApplicationState?, item: String, before: Int64?, limit: Int,
        _ connection: any Connection
    ) throws -> [ApplicationRecord] {
        let (condition, values): (String, [SQLValue]) = scope.sql(firstIndex: 5)
        return try connection.query(
            """
            SELECT \(columns) FROM onestop_applications a
            WHERE a.id < $1 AND ($2 = '' OR a.state = $2) AND ($3 = '' OR a.item_id = $3) AND \(condition)
            ORDER BY a.id DESC LIMIT $4
            """,
            values: [
                SQLValue(before ?? Int64.max), .text(state?.rawValue ?? ""), .text(item), SQLValue(limit),
            ] + values, row: record)
    }
}

/// Who may see the materials of an application: those who may see the application.
struct ApplicationFiles: FileAudience {
    let collection: String = "applications"

    func maySee(subject: String, _ principal: Principal, _ context: ReadContext) throws -> Bool {
        guard subject.hasPrefix("applications/") else { return false }
        return try ApplicationStore.find(
            String(subject.dropFirst("applications/".count)), in: ApplicationScope(of: principal),
            context.connection) != nil
    }
}
