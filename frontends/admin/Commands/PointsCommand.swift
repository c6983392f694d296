import ArgumentParser
import Contract
import Kernel

/// `linlictl points …`: the rules, and corrections. Nobody can list what a person has.
struct PointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "points", abstract: "积分规则和冲正 Rules of points, and corrections",
        discussion: """
            例子 A hazard turned out to be none:
              linlictl points entries cases/AJ-260501-00012-7
              linlictl points reverse 019e… --reason 核查后不属实
            """,
        subcommands: [Rules.self, Entries.self, Reverse.self])

    private static func columns(_ language: Language) -> [Column<CommunityLifeV1.PointsEntry>] {
        [
            Column("id", "编号") { String($0.name.dropFirst("pointsEntries/".count)) },
            Column("points", "积分") { (row: CommunityLifeV1.PointsEntry) -> Cell in .number(row.points) },
            Column("reason", "为什么") { language.text($0.reason) },
            Column("rule", "规则") { $0.rule },
            Column("subject", "什么事") { $0.subject },
            Column("create_time", "时间") { Times.text($0.createTime) },
            Column("reverses", "冲正了") { String($0.reverses.dropFirst("pointsEntries/".count)) },
        ]
    }

    struct Rules: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "公布的规则 The published rules")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let answer: CommunityLifeV1.ListPointsRulesResponse = try await console.points
                    .listPointsRules(
                        .init(), options: console.call)
                console.printer.list(
                    answer.rules,
                    [
                        Column("rule", "规则") { $0.id },
                        Column("label", "为什么") { language.text($0.label) },
                        Column("points", "积分") { (row: CommunityLifeV1.PointsRule) -> Cell in
                            .number(row.points)
                        },
                        Column("monthly_cap", "每月上限") { (row: CommunityLifeV1.PointsRule) -> Cell in
                            row.monthlyCap == 0 ? .text("") : .number(row.monthlyCap)
                        },
                    ], empty: ("还没有规则。用 import document points 导入。", "There are none. Import some."))
            }
        }
    }

    struct Entries: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "一件事带来的积分 What one matter led to")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Argument(help: "案件编号，或者 cases/编号 这样的全名。Number of the case, or a whole name.") var subject: String

        func run() async throws {
            let about: String = subject.contains("/") ? subject : "cases/" + subject
            try await options.withConsole { console in
                let rows: [CommunityLifeV1.PointsEntry] = try await page.collect { size, token in
                    let answer: CommunityLifeV1.ListPointsEntriesResponse =
                        try await console.points.listPointsEntries(
                            .init(pageSize: size, pageToken: token, subject: about), options: console.call)
                    return (answer.entries, answer.nextPageToken)
                }
                console.printer.list(
                    rows, PointsCommand.columns(console.printer.language),
                    empty: ("这件事没有带来积分。", "It led to no points."))
            }
        }
    }

    struct Reverse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "冲正一条，并告知本人 Reverse an entry; its owner is told",
            discussion: "只能冲正按规则加的或扣的；已经用掉的不倒扣。Only what a rule made; nobody ends up owing points.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号（points entries）。Id of the entry.") var id: String
        @Option(help: "为什么，本人会读到。Why; its owner reads it.") var reason: String

        func run() async throws {
            let request = CommunityLifeV1.ReversePointsEntryRequest(
                name: Names.prefixed(id, with: "pointsEntries/"), reason: reason,
                requestID: options.requestID())
            try await options.send(request) { (entry: CommunityLifeV1.PointsEntry, console) in
                console.printer.one(entry, PointsCommand.columns(console.printer.language))
            } _: { console, request, call in
                try await console.points.reversePointsEntry(request, options: call)
            }
        }
    }
}
