import ArgumentParser
import Contract
import Foundation
import Kernel

extension ItemCommand {
    /// Writes what is wrong, line by line, to standard error.
    static func tell(_ problems: [OneStopV1.ImportProblem], of file: String, _ console: Console) {
        let language: Language = console.printer.language
        for problem: OneStopV1.ImportProblem in problems {
            let mark: String = problem.error ? "✗" : "!"
            let place: String = problem.line > 0 ? "\(file):\(problem.line)" : file
            Printer.toStandardError("\(mark) \(place): \(language.text(problem.text))")
        }
    }

    /// Ends the command if a problem stopped it.
    static func failOnErrors(_ problems: [OneStopV1.ImportProblem], _ console: Console) throws {
        guard problems.contains(where: \.error) else { return }
        throw Failure(
            exitCode: .failed, zh: "文件有错，什么都没有导入。请改正上面各行后重试。",
            en: "The file has errors; nothing was imported. Mend the lines above and try again.",
            language: console.printer.language)
    }

    struct Import: AsyncParsableCommand {
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
                ItemCommand.tell(answer.problems, of: file, console)
                try ItemCommand.failOnErrors(answer.problems, console)
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
            }
        }
    }

    struct Draft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "事项定义的草稿 Drafts of definitions", subcommands: [Save.self, Publish.self, Discard.self])
    }

    struct Revisions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看历次版本 List the revisions of an item")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.ItemRevision] = try await page.collect { size, token in
                    let answer: OneStopV1.ListItemRevisionsResponse =
                        try await console.itemCatalogue.listItemRevisions(
                            .init(name: Names.item(id), pageSize: size, pageToken: token),
                            options: console.call)
                    return (answer.revisions, answer.nextPageToken)
                }
                let isEnglish: Bool = console.printer.language == .english
                console.printer.list(
                    rows,
                    [
                        Column("revision", "版本") { (row: OneStopV1.ItemRevision) -> Cell in
                            .number(Int64(row.revision))
                        },
                        Column("state", "状态") { ItemCommand.state($0.state, isEnglish) },
                        Column("create_time", "保存") { Times.text($0.createTime) },
                        Column("publish_time", "发布") { Times.text($0.publishTime) },
                        Column("author", "谁") { $0.author },
                    ], empty: ("没有版本。", "There are no revisions."))
            }
        }
    }

    static func state(_ state: OneStopV1.ItemRevisionState, _ isEnglish: Bool) -> String {
        switch state {
        case .draft: isEnglish ? "draft" : "草稿"
        case .active: isEnglish ? "active" : "有效"
        case .obsolete: isEnglish ? "obsolete" : "已废止"
        case .unspecified, .unrecognized: ""
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "比较两个版本 What differs between two revisions")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Argument(help: "旧版本号。The older revision.") var old: Int32
        @Argument(help: "新版本号；不写就是有效版本。The newer one; the active one by default.") var new: Int32 = 0

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let answer: OneStopV1.CompareItemRevisionsResponse =
                    try await console.itemCatalogue.compareItemRevisions(
                        .init(name: Names.item(id), oldRevision: old, newRevision: new), options: console.call
                    )
                console.printer.list(
                    answer.changes,
                    [
                        Column("subject", "什么") { language.text($0.subject) },
                        Column("old", "原来") { $0.oldText },
                        Column("new", "现在") { $0.newText },
                    ], empty: ("没有变化。", "Nothing differs."))
            }
        }
    }

    struct Unfound: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "大家搜过、没找到的词 Words that people searched for and nobody found",
            subcommands: [UnfoundList.self, UnfoundResolve.self])
    }
}
