import ArgumentParser

/// The admin command line: `linlictl NOUN VERB`, for grid workers, officials, auditors and operators.
@main
struct Linlictl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linlictl",
        abstract: "邻里管理命令行。The admin command line of Linli.",
        discussion: """
            例子 Examples:
              linlictl session sign-in --account wang.fang
              linlictl case list --mine
              linlictl case dispatch AJ-260501-00012-7 --to 140502001999-01 --note "请今天处理"
              linlictl case show AJ-260501-00012-7 -o json

            退出码 Exit codes: 0 成功 ok, 1 失败 failed, 2 取消 cancelled, 3 没找到 not found,
              4 没有登录或没有权限 not signed in or not allowed, 64 用法错误 usage, 75 暂时失败，请重试 try again.
            环境变量 Environment: LINLI_SERVER, LINLI_ROOT_CERTIFICATE, LINLI_DATA_DIRECTORY, LINLI_AS, LINLI_LANG.
            """,
        subcommands: [
            SessionCommand.self, InboxCommand.self, CaseCommand.self, GridCommand.self, StaffCommand.self,
            ResidentCommand.self, ItemCommand.self, ApplicationCommand.self, MandateCommand.self,
            BundleCommand.self, QueryCommand.self, CertificateCommand.self, QueueCommand.self,
            RatingCommand.self,
            PointsCommand.self, RedemptionCommand.self, FileCommand.self, DeadlineCommand.self,
            ImportCommand.self, AuditCommand.self, BackupCommand.self, PkiCommand.self,
            KioskCommand.self,
        ]
    )

    static func main() async {
        do {
            var command: any ParsableCommand = try parseAsRoot()
            if var asynchronous: any AsyncParsableCommand = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            failure.report()
        } catch {
            exit(withError: error)
        }
    }
}
