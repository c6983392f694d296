import ArgumentParser
import Contract
import Foundation
import Kernel

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
                        Column("due_time", "到期") { Times.end($0.dueTime) },
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
        commandName: "import", abstract: "导入数据 Import data", subcommands: [DocumentFile.self])

    struct DocumentFile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "document", abstract: "导入 YAML：菜单、流程、日历、类别、积分、模板、大厅、评价、事项用词 Import a YAML document")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "种类。Kind.") var kind: Kind
        @Argument(help: "文件。File.", completion: .file()) var file: String

        enum Kind: String, ExpressibleByArgument, CaseIterable {
            case menu, workflow, calendar, categories, points, templates, halls, ratings, certificates,
                bundles, forms
            case itemWords = "item-words"
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
                case .itemWords: .itemWords
                case .certificates: .certificates
                case .bundles: .bundles
                case .forms: .forms
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
}
