import ArgumentParser
import Contract
import Foundation
import Kernel

/// `linlictl item …`: the catalogue of government services.
struct ItemCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "item", abstract: "政务服务事项 Government services",
        subcommands: [Search.self, Show.self, List.self])

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

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看办事指南 Show one with its guide")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let guide: [Column<OneStopV1.Item>] = [
                    Column("code", "代码") { $0.code },
                    Column("visits", "到现场次数") {
                        $0.visits < 0 ? (language == .english ? "not known" : "未公布") : "\($0.visits)"
                    },
                    Column("materials", "材料") { (row: OneStopV1.Item) -> Cell in
                        .list(
                            row.materials.map { $0.source.isEmpty ? $0.label : "\($0.label)（\($0.source)）" })
                    },
                    Column("steps", "步骤") { (row: OneStopV1.Item) -> Cell in
                        .list(row.steps.map { language.text($0) })
                    },
                    Column("fee", "收费") { $0.fee },
                    Column("place", "地点") { $0.place },
                    Column("phone", "电话") { $0.phone },
                    Column("synonyms", "别名") { (row: OneStopV1.Item) -> Cell in .list(row.synonyms) },
                    Column("source", "来源") { $0.source },
                    Column("revision", "版本") { (row: OneStopV1.Item) -> Cell in .number(Int64(row.revision))
                    },
                ]
                console.printer.one(
                    try await console.items.getItem(.init(name: Names.item(id)), options: console.call),
                    ItemCommand.columns(console.printer) + guide)
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

/// `linlictl redemption …`: a partner confirms what is handed over.
struct RedemptionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redemption", abstract: "积分兑换 Points redemptions", subcommands: [Confirm.self])

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "核销兑换码 Confirm a one-time code")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "兑换码。The code.") var code: String

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let request = CommunityLifeV1.ConfirmRedemptionRequest(
                    code: code, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.points.confirmRedemption(request, options: console.call),
                    [
                        Column("name", "编号") { $0.name },
                        Column("label", "兑换") { language.text($0.label) },
                        Column("points", "积分") { (row: CommunityLifeV1.Redemption) -> Cell in
                            .number(row.points)
                        },
                        Column("partner", "商家") { $0.partner },
                    ])
            }
        }
    }
}

/// `linlictl deadline …`: when would it be due?
struct DeadlineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadline", abstract: "期限 Deadlines", subcommands: [Simulate.self])

    struct Simulate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "现在受理，何时到期？Filed now, due when?",
            discussion: "例子：linlictl deadline simulate 5工作日 --from '2026-09-30 16:00'")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "时限：5工作日、8工作时、30分钟、3天。A limit such as 5d or 8h (working).") var limit: String
        @Option(help: "从何时算起；不写就是现在。From when; now by default.") var from: String?

        func run() async throws {
            try await options.withConsole { console in
                let answer: PlatformV1.SimulateDeadlineResponse = try await console.calendar.simulateDeadline(
                    .init(startTime: try from.map(Times.parse), limit: try Deadlines.parse(limit)),
                    options: console.call)
                let language: Language = console.printer.language
                if console.printer.format == .table {
                    console.printer.list(
                        answer.days,
                        [
                            Column("date", "日期") { $0.date },
                            Column("counted", "算不算") { $0.counted ? "✓" : "–" },
                            Column("used", "用掉（分钟）") { (row: PlatformV1.DeadlineDay) -> Cell in
                                .number(Int64(row.usedMinutes))
                            },
                            Column("reason", "原因") { language.text($0.reason) },
                        ], empty: ("当天到期。", "Due the same day."))
                    print("")
                }
                console.printer.one(
                    answer,
                    [
                        Column("due_time", "到期") { Times.text($0.dueTime) },
                        Column("yellow_time", "黄牌") { Times.text($0.yellowTime) },
                        Column("red_time", "红牌") { Times.text($0.redTime) },
                        Column("provisional", "暂定") {
                            $0.provisional ? language.text($0.provisionalReason) : ""
                        },
                    ])
            }
        }
    }
}

/// `linlictl import …`: data into the store, checked first.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "导入数据 Import data", subcommands: [DocumentFile.self, Items.self])

    struct DocumentFile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "document", abstract: "导入 YAML：菜单、流程、日历、类别、积分、模板、大厅、评价 Import a YAML document")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "种类。Kind.") var kind: Kind
        @Argument(help: "文件。File.", completion: .file()) var file: String

        enum Kind: String, ExpressibleByArgument, CaseIterable {
            case menu, workflow, calendar, categories, points, templates, halls, ratings
            var wire: PlatformV1.DocumentKind {
                switch self {
                case .menu: .menu
                case .workflow: .workflow
                case .calendar: .calendar
                case .categories: .reportCategories
                case .points: .points
                case .templates: .templates
                case .halls: .halls
                case .ratings: .ratings
                }
            }
        }

        func run() async throws {
            let yaml: String = try TextFile.read(file)
            try await options.withConsole { console in
                let answer: PlatformV1.ImportDocumentResponse = try await console.configuration
                    .importDocument(
                        .init(
                            kind: kind.wire, yaml: yaml, validateOnly: options.dryRun,
                            requestID: console.newRequestID()),
                        options: console.call)
                let language: Language = console.printer.language
                for warning: PlatformV1.Text in answer.warnings {
                    Printer.toStandardError("! " + language.text(warning))
                }
                if let document = answer.document {
                    console.printer.say("✓ 已导入：\(document.name)", "✓ Imported: \(document.name)")
                } else if answer.unchanged {
                    console.printer.say("内容没有变化。", "Nothing changed.")
                } else {
                    console.printer.say("✓ 检查通过，没有导入。", "✓ The check passed; nothing was imported.")
                }
            }
        }
    }

    struct Items: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "导入事项目录（CSV、TSV）Import a catalogue of services")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "文件。File.", completion: .file()) var file: String
        @Option(help: "目录名；同名目录里缺少的事项会停用。Name of the catalogue.") var catalogue: String
        @Option(help: "handling 办事，query 查询；文件里没有这一列时写。Kind, if the file has no such column.")
        var kind: ItemKindOption?

        func run() async throws {
            let content: String = try TextFile.read(file)
            try await options.withConsole { console in
                let answer: OneStopV1.ImportItemsResponse = try await console.items.importItems(
                    .init(
                        content: content, catalogue: catalogue, kind: kind?.wire ?? .unspecified,
                        validateOnly: options.dryRun, requestID: console.newRequestID()),
                    options: console.call)
                let language: Language = console.printer.language
                for problem: OneStopV1.ImportProblem in answer.problems {
                    let mark: String = problem.error ? "✗" : "!"
                    Printer.toStandardError("\(mark) \(file):\(problem.line): \(language.text(problem.text))")
                }
                console.printer.one(
                    answer,
                    [
                        Column("created", "新增") { (row: OneStopV1.ImportItemsResponse) -> Cell in
                            .number(Int64(row.created))
                        },
                        Column("updated", "更新") { (row: OneStopV1.ImportItemsResponse) -> Cell in
                            .number(Int64(row.updated))
                        },
                        Column("unchanged", "不变") { (row: OneStopV1.ImportItemsResponse) -> Cell in
                            .number(Int64(row.unchanged))
                        },
                        Column("retired", "停用") { (row: OneStopV1.ImportItemsResponse) -> Cell in
                            .number(Int64(row.retired))
                        },
                    ])
                if answer.problems.contains(where: \.error) {
                    throw Failure(
                        exitCode: .failed, zh: "文件有错，什么都没有导入。请改正上面各行后重试。",
                        en: "The file has errors; nothing was imported. Mend the lines above and try again.",
                        language: language)
                }
            }
        }
    }
}
