internal import ArgumentParser

/// The server: `linlid serve`, or just `linlid`.
@main
struct Linlid: AsyncParsableCommand {
    static let configuration: CommandConfiguration = CommandConfiguration(
        commandName: "linlid", abstract: "邻里 Linli: the server.",
        discussion: """
            Examples:
              linlid --data-directory /var/lib/linli
              linlid --data-directory /tmp/try --demo --port 0
            """,
        subcommands: [ServeCommand.self, AuditCommand.self, BackupCommand.self, RotateKeyCommand.self],
        defaultSubcommand: ServeCommand.self)
}
