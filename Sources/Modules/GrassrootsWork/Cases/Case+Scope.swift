import Kernel
import Platform
import Storage

/// The cases that a caller may see: place × department, as a condition for SQL.
///
/// A grant for a place reaches the cases that lie there and those that are dispatched there. A grant for a department
/// reaches what is dispatched to that department inside its place. Nobody else's cases exist for the caller.
struct CaseScope: Sendable, Equatable {
    private let filter: ScopeFilter

    init(_ filter: ScopeFilter) { self.filter = filter }

    /// Where a caller's roles let see cases; a role for something else lets see none.
    init(of principal: Principal) { self.init(principal.scope(CaseScope.readers)) }

    /// Roles that see cases.
    static let readers: [Role] = [
        .gridWorker, .gridLeader, .counterClerk, .caseAcceptor, .dispatcher, .departmentOfficer, .verifier,
        .dutyOfficer,
    ]

    /// Everything, for the server itself.
    static let everything: CaseScope = CaseScope(.everything)

    /// The condition on `grassroots_case c`; the first placeholder is `$firstIndex`.
    func sql(firstIndex: Int) -> (sql: String, values: [SQLValue]) {
        let lying = filter.sql(
            column: "c.org_path", departmentColumn: "c.assignee_code", firstIndex: firstIndex)
        let dispatched = filter.sql(column: "c.assignee_path", firstIndex: firstIndex + lying.values.count)
        return ("(\(lying.sql) OR \(dispatched.sql))", lying.values + dispatched.values)
    }

    /// The first text after all texts that begin with `path`: paths end in `/`, and `0` is the character after it.
    static func end(of path: String) -> String { String(path.dropLast()) + "0" }
}
