import ArgumentParser
import Contract
import Kernel

/// `linlictl inbox …`: what waits for me.
struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "待办 What waits for me", subcommands: [List.self, Count.self],
        defaultSubcommand: Count.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出待办，最急的在前 Nearest deadline first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "只看这一种，见 inbox count。Only this kind.") var kind: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let rows: [PlatformV1.Task] = try await page.collect { size, token in
                    let answer: PlatformV1.ListTasksResponse = try await console.inbox.listTasks(
                        .init(kind: kind, pageSize: size, pageToken: token), options: console.call)
                    return (answer.tasks, answer.nextPageToken)
                }
                console.printer.list(
                    rows,
                    [
                        Column("subject", "对象") { $0.subject },
                        Column("kind", "种类") { $0.kind },
                        Column("title", "事情") { language.text($0.title) },
                        Column("place", "地点") { $0.place },
                        Column("due", "期限") { Deadlines.short($0.deadline, language) },
                        Column("since", "从何时等") { Times.text($0.createTime) },
                    ], empty: ("没有待办。", "Nothing waits for you."))
            }
        }
    }

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "各有多少 How much waits")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let answer: PlatformV1.CountTasksResponse = try await console.inbox.countTasks(
                    .init(), options: console.call)
                console.printer.list(
                    answer.counts,
                    [
                        Column("kind", "种类") { $0.kind },
                        Column("title", "事情") { language.text($0.title) },
                        Column("total", "共") { (row: PlatformV1.TaskCount) -> Cell in
                            .number(Int64(row.total))
                        },
                        Column("near_deadline", "黄牌") { (row: PlatformV1.TaskCount) -> Cell in
                            .number(Int64(row.nearDeadline))
                        },
                        Column("overdue", "红牌") { (row: PlatformV1.TaskCount) -> Cell in
                            .number(Int64(row.overdue))
                        },
                    ], empty: ("没有待办。", "Nothing waits for you."))
            }
        }
    }
}
