import ArgumentParser
import Contract
import Foundation
import Kernel

/// `linlictl staff …`: accounts and roles of staff.
struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff",
        abstract: "工作人员 Staff",
        subcommands: [
            Create.self, List.self, Show.self, Grant.self, Approve.self, Revoke.self, Disable.self,
            Reset.self,
        ]
    )

    static var columns: [Column<PlatformV1.Staff>] {
        [
            Column("name", "编号") { $0.name },
            Column("account", "账号") { $0.account },
            Column("full_name", "姓名") { $0.fullName },
            Column("post", "岗位") { $0.post },
            Column("organization", "单位") { $0.organization },
            Column("roles", "角色") { (row: PlatformV1.Staff) -> Cell in
                .list(row.roles.map { "\($0.role)@\(code($0.scope))" })
            },
            Column("pending", "待批准") { (row: PlatformV1.Staff) -> Cell in
                .list(row.pendingGrants.map { "\($0.id): \($0.grant?.role ?? "")" })
            },
            Column("disabled", "已停用") { (row: PlatformV1.Staff) -> Cell in .flag(row.disabled) },
        ]
    }

    static func code(_ name: String) -> String { String(name.dropFirst("organizations/".count)) }

    /// Shows the secrets of a new account once, or writes them to a file of the owner's alone.
    static func hand(over made: PlatformV1.CreateStaffResponse, to file: String?, console: Console) throws {
        guard let file else {
            console.printer.one(
                made,
                [
                    Column("account", "账号") { $0.staff?.account ?? "" },
                    Column("password", "初始密码") { $0.password },
                    Column("totp_uri", "动态口令") { $0.totpUri },
                ])
            console.printer.say("这些只显示这一次。请马上记下。", "This is shown only once. Write it down now.")
            return
        }
        try Credentials(
            account: made.staff?.account ?? "", password: made.password, totpURI: made.totpUri
        ).write(to: file)
        console.printer.say("✓ 账号和口令写在 \(file)，只有您能读。", "✓ Written to \(file), readable by you only.")
    }
}

/// A role in a place, as typed.
struct GrantOptions: ParsableArguments {
    @Option(help: "角色，如 dispatcher。Role.") var role: String
    @Option(help: "管到哪里：机构代码。Place that it reaches.") var scope: String
    @Option(help: "只限这个部门：机构代码。Only this department.") var department: String = ""

    var grant: PlatformV1.RoleGrant {
        .init(role: role, scope: Names.organization(scope), department: Names.organization(department))
    }
}

extension StaffCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "开账号 Make an account")
        @OptionGroup var options: ConsoleOptions
        @Option(help: "账号：小写字母、数字、点、短横线，3 到 32 个。Account name.") var account: String
        @Option(help: "姓名。Real name.") var name: String
        @Option(help: "岗位，如 三级网格员。Post.") var post: String
        @Option(help: "单位：机构代码。Body.") var organization: String
        @Option(help: "角色@地方，可多次，如 grid_worker@140502001999。Role@place; may be repeated.") var role:
            [String] = []
        @Option(help: "把口令写到这个文件（0600）。Write the secrets to this file.") var credentialsOut: String?

        func run() async throws {
            let grants: [PlatformV1.RoleGrant] = try role.map { text in
                let parts: [Substring] = text.split(separator: "@", maxSplits: 1)
                guard parts.count == 2 else {
                    throw ValidationError("--role 请写成 角色@机构代码，如 dispatcher@140502001000。Write ROLE@CODE.")
                }
                return .init(role: String(parts[0]), scope: Names.organization(String(parts[1])))
            }
            try await options.withConsole { console in
                let request = PlatformV1.CreateStaffRequest(
                    staff: .init(
                        account: account, fullName: name, post: post,
                        organization: Names.organization(organization),
                        roles: grants), requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let made: PlatformV1.CreateStaffResponse = try await console.staff.createStaff(
                    request, options: console.call)
                try StaffCommand.hand(over: made, to: credentialsOut, console: console)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出 List staff")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "只看这个单位或地方。Only in this body or place.") var organization: String = ""
        @Option(help: "只看这个角色。Only with this role.") var role: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let rows: [PlatformV1.Staff] = try await page.collect { size, token in
                    let answer: PlatformV1.ListStaffResponse = try await console.staff.listStaff(
                        .init(
                            organization: Names.organization(organization), role: role, pageSize: size,
                            pageToken: token), options: console.call)
                    return (answer.staff, answer.nextPageToken)
                }
                console.printer.list(rows, StaffCommand.columns, empty: ("没有这样的人员。", "There is nobody."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一个人 Show one")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let row: PlatformV1.Staff = try await console.staff.getStaff(
                    .init(name: Names.staff(id)), options: console.call)
                console.printer.one(row, StaffCommand.columns)
            }
        }
    }

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "给角色 Give a role", discussion: "有的角色要第二个人批准（staff approve）。Some need a second person.")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var grant: GrantOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let now: PlatformV1.Staff = try await console.staff.getStaff(
                    .init(name: Names.staff(id)), options: console.call)
                let request = PlatformV1.GrantRoleRequest(
                    name: now.name, grant: grant.grant, etag: now.etag, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.staff.grantRole(request, options: console.call), StaffCommand.columns)
            }
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "批准角色 Approve a grant as a second person")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Argument(help: "待批准的号，见 staff show。Id of the grant.") var grantID: String

        func run() async throws {
            try await options.withConsole { console in
                let request = PlatformV1.ApproveGrantRequest(
                    name: Names.staff(id), grantID: grantID, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.staff.approveGrant(request, options: console.call), StaffCommand.columns
                )
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "收回角色 Take a role away")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var grant: GrantOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let now: PlatformV1.Staff = try await console.staff.getStaff(
                    .init(name: Names.staff(id)), options: console.call)
                let request = PlatformV1.RevokeRoleRequest(
                    name: now.name, grant: grant.grant, etag: now.etag, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.staff.revokeRole(request, options: console.call), StaffCommand.columns)
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "停用账号 Close an account", discussion: "要写明账号确认：--confirm 账号。Name the account to confirm."
        )
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Option(help: "为什么。Why.") var reason: String
        @Option(help: "再写一遍账号，表示确定。The account name once more.") var confirm: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let now: PlatformV1.Staff = try await console.staff.getStaff(
                    .init(name: Names.staff(id)), options: console.call)
                try console.requireConfirmation(of: now.account, given: confirm)
                let request = PlatformV1.DisableStaffRequest(
                    name: now.name, reason: reason, etag: now.etag, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.staff.disableStaff(request, options: console.call), StaffCommand.columns
                )
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "重发口令 Make new secrets, end all sessions")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Option(help: "把口令写到这个文件（0600）。Write the secrets to this file.") var credentialsOut: String?

        func run() async throws {
            try await options.withConsole { console in
                let request = PlatformV1.ResetStaffCredentialsRequest(
                    name: Names.staff(id), requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let made: PlatformV1.CreateStaffResponse = try await console.staff.resetStaffCredentials(
                    request, options: console.call)
                try StaffCommand.hand(over: made, to: credentialsOut, console: console)
            }
        }
    }
}
