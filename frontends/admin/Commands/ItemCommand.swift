import ArgumentParser
import Contract
import Foundation
import Kernel

/// `linlictl item …`: the catalogue of government services.
struct ItemCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "item", abstract: "政务服务事项 Government services",
        subcommands: [
            Search.self, Show.self, List.self, Import.self, Draft.self, Revisions.self, Diff.self,
            Unfound.self,
        ])

    static func columns(_ printer: Printer) -> [Column<OneStopV1.Item>] {
        let language: Language = printer.language
        return [
            Column("name", "编号") { $0.name },
            Column("display_name", "事项") { $0.displayName },
            Column("type", "类型") { $0.type },
            Column("department", "部门") { $0.department },
            Column("statutory_limit", "法定时限") { Deadlines.limit($0.statutoryLimit, language) },
            Column("promised_limit", "承诺时限") {
                $0.immediate
                    ? (language == .english ? "at once" : "即办") : Deadlines.limit($0.promisedLimit, language)
            },
        ]
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "按词找 Find by words or pinyin initials")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "词，如 租房提取公积金 或 zftqgjj。Words.") var words: String

        func run() async throws {
            try await options.withConsole { console in
                let answer: OneStopV1.SearchItemsResponse = try await console.items.searchItems(
                    .init(query: words, pageSize: 20), options: console.call)
                console.printer.list(
                    answer.matches.compactMap(\.item), ItemCommand.columns(console.printer),
                    empty: ("没找到「\(words)」。换个说法试试。", "Nothing found. Try other words."))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出 List")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "handling 办事，query 查询。Only this kind.") var kind: ItemKindOption?
        @Option(help: "只看这个部门。Only this department.") var department: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.Item] = try await page.collect { size, token in
                    let answer: OneStopV1.ListItemsResponse = try await console.items.listItems(
                        .init(
                            kind: kind?.wire ?? .unspecified, department: department, pageSize: size,
                            pageToken: token),
                        options: console.call)
                    return (answer.items, answer.nextPageToken)
                }
                console.printer.list(
                    rows, ItemCommand.columns(console.printer),
                    empty: ("没有这样的事项。", "There are no such items."))
            }
        }
    }
}

/// Kind of item, as typed.
enum ItemKindOption: String, ExpressibleByArgument, CaseIterable {
    case handling, query
    var wire: OneStopV1.ItemKind { self == .handling ? .handling : .query }
}
