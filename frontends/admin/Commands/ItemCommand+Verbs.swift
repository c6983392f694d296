import ArgumentParser
import Contract
import Foundation
import Kernel

extension ItemCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看办事指南 Show one with its guide")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                console.printer.one(
                    try await console.items.getItem(.init(name: Names.item(id)), options: console.call),
                    ItemCommand.columns(console.printer) + Show.guide(console.printer)
                        + Show.nationalFields(console.printer))
            }
        }

        private static func guide(_ printer: Printer) -> [Column<OneStopV1.Item>] {
            let language: Language = printer.language
            return [
                Column("visits", "到现场次数") {
                    $0.visits < 0 ? (language == .english ? "not known" : "未公布") : "\($0.visits)"
                },
                Column("materials", "材料") { (row: OneStopV1.Item) -> Cell in
                    .list(row.materials.map { material($0, language) })
                },
                Column("conditions", "受理条件") { (row: OneStopV1.Item) -> Cell in
                    .list(row.conditions.map { language.text($0) })
                },
                Column("steps", "步骤") { (row: OneStopV1.Item) -> Cell in
                    .list(row.steps.map { language.text($0) })
                },
                Column("fee", "收费") { $0.fee },
                Column("fees", "收费项目") { (row: OneStopV1.Item) -> Cell in
                    .list(
                        row.fees.map { fee in
                            let amount: String = fee.amountFen > 0 ? " \(Fen(fee.amountFen))" : ""
                            return fee.label + amount + (fee.note.isEmpty ? "" : "（\(fee.note)）")
                        })
                },
                Column("place", "地点") { $0.place },
                Column("phone", "电话") { $0.phone },
                Column("synonyms", "别名") { (row: OneStopV1.Item) -> Cell in .list(row.synonyms) },
            ]
        }

        private static func material(_ material: OneStopV1.Material, _ language: Language) -> String {
            var facts: [String] = [material.form, material.source, material.note]
            if material.copies > 0 {
                facts.append(language == .english ? "×\(material.copies)" : "\(material.copies)份")
            }
            if !material.required { facts.append(language == .english ? "if it applies" : "视情况") }
            let text: String = facts.filter { !$0.isEmpty }.joined(separator: "；")
            return text.isEmpty ? material.label : "\(material.label)（\(text)）"
        }

        private static func nationalFields(_ printer: Printer) -> [Column<OneStopV1.Item>] {
            let language: Language = printer.language
            return [
                Column("audience", "申请对象") { audience($0.audience, language) },
                Column("authority_level", "行使层级") { $0.authorityLevel },
                Column("service_area", "通办范围") { $0.serviceArea },
                Column("result", "办理结果") { $0.result },
                Column("special_procedures", "特别程序") { (row: OneStopV1.Item) -> Cell in
                    .list(
                        row.specialProcedures.map { procedure in
                            let limit: String = procedure.limit.map { Deadlines.limit($0, language) } ?? ""
                            return [language.text(procedure.label), limit].filter { !$0.isEmpty }.joined(
                                separator: "，")
                        })
                },
                Column("legal_basis", "依据") { $0.legalBasis },
                Column("code", "代码") { $0.code },
                Column("code_scheme", "编码规则") { $0.parsedCode?.scheme ?? "" },
                Column("code_parts", "编码构成") { (row: OneStopV1.Item) -> Cell in
                    .list((row.parsedCode?.parts ?? []).map { "\(language.text($0.label)) \($0.value)" })
                },
                Column("source", "来源") { $0.source },
                Column("revision", "版本") { (row: OneStopV1.Item) -> Cell in .number(Int64(row.revision)) },
                Column("update_time", "更新") { Times.text($0.updateTime) },
                Column("has_draft", "有草稿") { (row: OneStopV1.Item) -> Cell in .flag(row.hasDraft) },
                Column("accepts_applications", "可在线申请") { (row: OneStopV1.Item) -> Cell in
                    .flag(row.acceptsApplications)
                },
                Column("has_own_form", "有专用表单") { (row: OneStopV1.Item) -> Cell in .flag(row.hasOwnForm) },
                Column("query_source", "查询来源") { source($0.querySourceState, language) },
            ]
        }

        private static func audience(_ audience: OneStopV1.ItemAudience, _ language: Language) -> String {
            let isEnglish: Bool = language == .english
            switch audience {
            case .person: return isEnglish ? "people" : "自然人"
            case .organization: return isEnglish ? "companies and other bodies" : "法人"
            case .both: return isEnglish ? "people and bodies" : "自然人、法人"
            case .unspecified, .unrecognized: return isEnglish ? "not known" : "未公布"
            }
        }

        private static func source(_ state: OneStopV1.QuerySourceState, _ language: Language) -> String {
            let isEnglish: Bool = language == .english
            switch state {
            case .notConnected: return isEnglish ? "not connected yet" : "还没有接入"
            case .dataSet: return isEnglish ? "data set" : "部门数据"
            case .connector: return isEnglish ? "the department's system" : "部门系统"
            case .unspecified, .unrecognized: return ""
            }
        }
    }
}

// MARK: Drafts

extension ItemCommand.Draft {
    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "把定义存成草稿，或直接发布 Save definitions as drafts, or publish them at once")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "YAML 文件。File.", completion: .file()) var file: String
        @Flag(help: "直接发布。Publish at once.") var publish: Bool = false

        func run() async throws {
            let content: String = try TextFile.read(file)
            try await options.withConsole { console in
                let answer: OneStopV1.SaveItemDraftsResponse = try await console.itemCatalogue.saveItemDrafts(
                    .init(
                        content: content, publish: publish, validateOnly: options.dryRun,
                        requestID: console.newRequestID()),
                    options: console.call)
                ItemCommand.tell(answer.problems, of: file, console)
                console.printer.one(
                    answer,
                    [
                        Column("saved", publish ? "发布" : "保存") {
                            (row: OneStopV1.SaveItemDraftsResponse) -> Cell in .number(Int64(row.saved))
                        },
                        Column("unchanged", "不变") { (row: OneStopV1.SaveItemDraftsResponse) -> Cell in
                            .number(Int64(row.unchanged))
                        },
                    ])
                try ItemCommand.failOnErrors(answer.problems, console)
            }
        }
    }

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "发布草稿 Publish the draft of an item")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.PublishItemDraftRequest(
                    name: Names.item(id), requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let item: OneStopV1.Item = try await console.itemCatalogue.publishItemDraft(
                    request, options: console.call)
                console.printer.say(
                    "✓ 已发布：\(item.displayName)，第\(item.revision)版",
                    "✓ Published: \(item.name), revision \(item.revision)")
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "丢弃草稿 Throw the draft of an item away")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.DiscardItemDraftRequest(
                    name: Names.item(id), requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let item: OneStopV1.Item = try await console.itemCatalogue.discardItemDraft(
                    request, options: console.call)
                console.printer.say("✓ 草稿已丢弃：\(item.displayName)", "✓ The draft is gone: \(item.name)")
            }
        }
    }
}

// MARK: What nobody found

extension ItemCommand {
    private static var unfoundColumns: [Column<OneStopV1.UnfoundQuery>] {
        [
            Column("name", "编号") { $0.name },
            Column("words", "词") { $0.words },
            Column("count", "次数") { (row: OneStopV1.UnfoundQuery) -> Cell in .number(Int64(row.count)) },
            Column("first_time", "首次") { Times.text($0.firstTime) },
            Column("last_time", "最近") { Times.text($0.lastTime) },
            Column("resolution", "处理") { $0.resolution },
        ]
    }

    struct UnfoundList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "列出，次数多的在前 List, most frequent first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "处理过的也列出。Those that were resolved, too.") var resolved: Bool = false

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.UnfoundQuery] = try await page.collect { size, token in
                    let answer: OneStopV1.ListUnfoundQueriesResponse =
                        try await console.itemCatalogue.listUnfoundQueries(
                            .init(showResolved: resolved, pageSize: size, pageToken: token),
                            options: console.call)
                    return (answer.queries, answer.nextPageToken)
                }
                console.printer.list(
                    rows, ItemCommand.unfoundColumns, empty: ("没有。", "There are none."))
            }
        }
    }

    struct UnfoundResolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resolve", abstract: "写明怎么处理的 Say what was done about words",
            discussion: "例子：linlictl item unfound resolve u12 加了别名")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Argument(help: "怎么处理的。What was done.") var resolution: String

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.ResolveUnfoundQueryRequest(
                    name: id.hasPrefix("unfoundQueries/") ? id : "unfoundQueries/\(id)",
                    resolution: resolution,
                    requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.itemCatalogue.resolveUnfoundQuery(request, options: console.call),
                    ItemCommand.unfoundColumns)
            }
        }
    }
}
