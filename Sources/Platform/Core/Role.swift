/// A role that staff can hold in a place and a department.
package struct Role: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible
{
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }
    package var description: String { rawValue }

    /// Runs the server: staff, certificates, data imports, backups.
    package static let `operator`: Role = "operator"
    /// Reads the audit log.
    package static let auditor: Role = "auditor"
    /// 网格员: finds, reports and handles in a grid.
    package static let gridWorker: Role = "grid_worker"
    /// 网格长: leads the grid workers of a community or village.
    package static let gridLeader: Role = "grid_leader"
    /// Accepts reports as cases or declines them.
    package static let caseAcceptor: Role = "case_acceptor"
    /// Hands cases to grids and departments.
    package static let dispatcher: Role = "dispatcher"
    /// Handles cases for a department.
    package static let departmentOfficer: Role = "department_officer"
    /// 核查员: looks whether what was reported as done is done.
    package static let verifier: Role = "verifier"
    /// Sits at a counter of a service centre.
    package static let counterClerk: Role = "counter_clerk"
    /// Keeps catalogues, menus and calendars.
    package static let dataEditor: Role = "data_editor"
    /// Redeems points at a partner.
    package static let partnerClerk: Role = "partner_clerk"
    /// 值班员: on duty for alarms.
    package static let dutyOfficer: Role = "duty_officer"

    /// All roles that there are.
    package static let all: Set<Role> = [
        .operator, .auditor, .gridWorker, .gridLeader, .caseAcceptor, .dispatcher, .departmentOfficer,
        .verifier, .counterClerk, .dataEditor, .partnerClerk, .dutyOfficer,
    ]

    /// Roles that one person alone cannot give to another: a second operator has to approve.
    package static let needingApproval: Set<Role> = [.operator, .auditor]
}
