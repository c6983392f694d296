import ArgumentParser
import Client
import Contract
import Kernel

/// `linlictl session …`: sign in, sign out, who am I.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "登录和退出 Sign in and out",
        subcommands: [SignIn.self, SignOut.self, Show.self, List.self, Password.self]
    )

    static var meColumns: [Column<PlatformV1.Me>] {
        [
            Column("name", "编号") { $0.name },
            Column("display_name", "姓名") { $0.displayName },
            Column("roles", "角色") { (row: PlatformV1.Me) -> Cell in
                .list(row.roles.map { "\($0.role)@\(StaffCommand.code($0.scope))" })
            },
            Column("synthetic", "演示数据") { (row: PlatformV1.Me) -> Cell in .flag(row.synthetic) },
        ]
    }

    struct SignIn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "登录 Sign in",
            discussion: """
                口令从提示输入，或用 --credentials 指定 staff create 写出的文件。口令从不写在命令行上。
                The password is asked for, or comes from the file that `staff create --credentials-out` wrote; never from a flag.
                """)
        @OptionGroup var options: ConsoleOptions
        @Option(help: "账号。Account.") var account: String?
        @Option(help: "staff create 写出的文件。File with account, password and TOTP.") var credentials: String?

        func run() async throws {
            let credentials: Credentials = try readCredentials()
            var signing: ConsoleOptions = options
            signing.account = credentials.account
            try await signing.withConsole { console in
                let me: PlatformV1.Me = try await console.session.signInStaff(
                    account: credentials.account, password: credentials.password,
                    totp: try credentials.code(at: SystemClock().now()))
                try console.rememberAccount(credentials.account)
                console.printer.say(
                    "✓ 已登录：\(me.displayName)（\(credentials.account)）。",
                    "✓ Signed in as \(me.displayName) (\(credentials.account)).")
            }
        }

        private func readCredentials() throws -> Credentials {
            if let credentials { return try Credentials(file: credentials) }
            guard let account else {
                throw ValidationError("请写 --account 账号，或 --credentials 文件。Give --account or --credentials.")
            }
            guard !options.noInput else {
                throw ValidationError("有 --no-input 就请用 --credentials。Use --credentials with --no-input.")
            }
            let password: String = try Secrets.ask("口令 Password: ")
            let code: String = try Secrets.ask("动态口令（6 位）Code (6 digits): ")
            return Credentials(account: account, password: password, fixedCode: code)
        }
    }

    struct SignOut: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "退出 Sign out")
        @OptionGroup var options: ConsoleOptions
        @Flag(help: "所有设备都退出。On every device.") var everywhere: Bool = false

        func run() async throws {
            try await options.withConsole { console in
                if everywhere {
                    let answer: PlatformV1.SignOutEverywhereResponse = try await console.identity
                        .signOutEverywhere(
                            .init(), options: console.call)
                    console.printer.say(
                        "✓ 已退出 \(answer.endedSessions) 处。", "✓ Ended \(answer.endedSessions) sessions.")
                    console.session.forget()
                } else {
                    try await console.session.signOut()
                    console.printer.say("✓ 已退出。", "✓ Signed out.")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "我是谁 Who am I")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                console.printer.one(
                    try await console.identity.getMe(.init(), options: console.call), SessionCommand.meColumns
                )
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "我在哪里登录着 My live sessions")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            try await options.withConsole { console in
                let rows: [PlatformV1.Session] = try await page.collect { size, token in
                    let answer: PlatformV1.ListSessionsResponse = try await console.identity.listSessions(
                        .init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.sessions, answer.nextPageToken)
                }
                console.printer.list(
                    rows,
                    [
                        Column("name", "编号") { $0.name },
                        Column("peer", "从哪里") { $0.peerAddress },
                        Column("create_time", "开始") { Times.text($0.createTime) },
                        Column("expire_time", "到期") { Times.text($0.expireTime) },
                    ], empty: ("没有。", "None."))
            }
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "change-password", abstract: "改口令，其他地方都退出 Change the password")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let english: Bool = console.printer.language == .english
                let old: String = try Secrets.ask(english ? "Old password: " : "原口令：")
                let new: String = try Secrets.ask(english ? "New password (8 to 128): " : "新口令（8 到 128 个字符）：")
                let again: String = try Secrets.ask(english ? "New password again: " : "新口令再输一遍：")
                guard new == again else {
                    throw ValidationError("两遍不一样，没有改。The two differ; nothing was changed.")
                }
                _ = try await console.identity.changePassword(
                    .init(oldPassword: old, newPassword: new), options: console.call)
                console.printer.say("✓ 口令已改。", "✓ The password was changed.")
            }
        }
    }
}
