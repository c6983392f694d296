import ArgumentParser
import Contract
import Kernel

/// `linlictl query …`: what query items answer, and where the answers come from.
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "查询事项 Query items",
        discussion: """
            例子 At a counter:
              linlictl query list --connected
              linlictl query show JC-C-025
              linlictl query run JC-C-025 --set county=城区 --set nature=公办
              linlictl query run JC-C-123 --mandate 019e…
              linlictl query receipt CX-260501-00012-7

            公开的谁都能查。个人信息只有本人在聊天程序或一体机里查；窗口人员、网格长、网格员要有本人的委托，每次都记下并告知本人。
            Personal answers are for the person; staff need that person's mandate, and each look is told.
            """,
        subcommands: [
            List.self, Show.self, Run.self, Receipt.self, QueryDataSetCommand.self,
            QueryConnectorCommand.self,
        ])

    /// Where answers come from, as people filter by it and as lists show it.
    enum Source: String, ExpressibleByArgument, CaseIterable {
        case none
        case dataSet = "data-set"
        case connector

        init(_ state: OneStopV1.QuerySourceState) {
            switch state {
            case .dataSet: self = .dataSet
            case .connector: self = .connector
            case .notConnected, .unspecified, .unrecognized: self = .none
            }
        }

        func text(_ language: Language) -> String {
            switch self {
            case .none: language == .english ? "not connected" : "未接入"
            case .dataSet: language == .english ? "data set" : "数据集"
            case .connector: language == .english ? "department's system" : "部门系统"
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出查询事项和数据来源 List query items with their sources")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "只看接入了的。Only those that answer.") var connected: Bool = false
        @Option(help: "只看这种来源：none 未接入、data-set 数据集、connector 部门系统。Only this source.") var source: Source?
        @Option(help: "只看这个部门。Only this department.") var department: String = ""

        func validate() throws {
            if connected, source == Source.none {
                throw ValidationError("--connected 和 --source none 不能同时用。They contradict each other.")
            }
        }

        func run() async throws {
            try await options.withConsole { console in
                let all: [OneStopV1.Item] = try await PageOptions.everything { size, token in
                    let answer: OneStopV1.ListItemsResponse = try await console.items.listItems(
                        .init(kind: .query, department: department, pageSize: size, pageToken: token),
                        options: console.call)
                    return (answer.items, answer.nextPageToken)
                }
                let language: Language = console.printer.language
                let wanted: [OneStopV1.Item] = all.filter { item in
                    let found: Source = Source(item.querySourceState)
                    return (source == nil || found == source) && (!connected || found != Source.none)
                }
                console.printer.list(
                    Array(wanted.prefix(page.limit)),
                    [
                        Column("id", "编号") { String($0.name.dropFirst("items/".count)) },
                        Column("title", "查询") { $0.displayName },
                        Column("department", "部门") { $0.department },
                        Column("source", "来源") { Source($0.querySourceState).text(language) },
                    ], empty: ("没有这样的查询事项。", "There are no such query items."))
                let answering: Int = all.count { Source($0.querySourceState) != Source.none }
                console.printer.say(
                    "共 \(all.count) 项，\(answering) 项接入了数据。"
                        + (wanted.count > page.limit ? "只列出前 \(page.limit) 项，要更多请加 --limit。" : ""),
                    "\(all.count) query items; \(answering) are connected."
                        + (wanted.count > page.limit ? " Use --limit to see more than \(page.limit)." : ""))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看一项问什么、数据从哪里来 What it asks for, and its source")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "事项编号，见 query list。Id; see query list.") var item: String

        func run() async throws {
            try await options.withConsole { console in
                let query: OneStopV1.Query = try await console.queries.getQuery(
                    .init(item: Names.item(item)), options: console.call)
                let language: Language = console.printer.language
                console.printer.one(
                    query,
                    [
                        Column("id", "编号") { String($0.item.dropFirst("items/".count)) },
                        Column("title", "查询") { $0.title },
                        Column("department", "部门") { $0.department },
                        Column("source", "来源") { Source($0.sourceState).text(language) },
                        Column("source_text", "说明") { language.text($0.sourceText) },
                        Column("as_of", "数据截至") { Times.text($0.asOfTime) },
                        Column("personal", "个人信息") { (row: OneStopV1.Query) -> Cell in .flag(row.personal) },
                        Column("identity_level", "实名等级") { (row: OneStopV1.Query) -> Cell in
                            .number(Int64(row.identityLevel))
                        },
                        Column("parameters", "问什么") { (row: OneStopV1.Query) -> Cell in
                            let lines: [String] = row.parameters.map { QueryParameters.text($0, language) }
                            // A person reads one below the other.
                            return console.printer.format == .table
                                ? .text(lines.joined(separator: "\n")) : .list(lines)
                        },
                    ])
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "查询 Look up",
            discussion: """
                例子：linlictl query run JC-C-154 --set words=凤台广场
                个人信息要有本人给您的委托：linlictl mandate list --usable，再加 --mandate 编号。本人会在“谁看过我的信息”里看到。
                Personal answers need a mandate of that person, who sees that you looked.
                """)
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "事项编号，见 query list。Id; see query list.") var item: String
        @Option(help: "条件 名=值，可多次；名和可选的值见 query show。A condition, NAME=VALUE; may be repeated.")
        var set: [String] = []
        @Option(help: "委托编号，见 mandate list。Whose matter it is: a mandate that you hold.") var mandate:
            String = ""

        func run() async throws {
            try await options.withConsole { console in
                let query: OneStopV1.Query = try await console.queries.getQuery(
                    .init(item: Names.item(item)), options: console.call)
                let request = OneStopV1.RunQueryRequest(
                    item: query.item, parameters: try QueryParameters.parse(set, of: query),
                    mandate: Names.mandate(mandate), requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                QueryOutput.show(
                    try await console.queries.runQuery(request, options: console.call), console.printer)
            }
        }
    }

    struct Receipt: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看回执：何时答的、来自哪里，没有内容 Show a receipt: no content, only when and from where")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "回执号；空格和短横线可有可无。Number; spaces and hyphens do not matter.") var number: String

        func run() async throws {
            try await options.withConsole { console in
                console.printer.one(
                    try await console.queries.getQueryReceipt(.init(number: number), options: console.call),
                    QueryOutput.receipt + [Column("signed_text", "签名全文") { $0.signedText.trimmed() }])
            }
        }
    }
}

/// Conditions as people type them.
enum QueryParameters {
    /// A question with its id, and what can be chosen.
    static func text(_ question: OneStopV1.FormQuestion, _ language: Language) -> String {
        let optional: String = question.optional ? (language == .english ? " (optional)" : "（可不填）") : ""
        let choices: String = question.choices.map { language.text($0.label) }.joined(separator: " / ")
        return "\(question.id) \(language.text(question.label))\(optional)"
            + (choices.isEmpty ? "" : (language == .english ? ": " : "：") + choices)
    }

    /// Reads `county=城区`: the name is the id or what people read, and so is a value to choose.
    static func parse(_ texts: [String], of query: OneStopV1.Query) throws -> [OneStopV1.FormAnswer] {
        try texts.map { text in
            guard let sign: String.Index = text.firstIndex(of: "=") else {
                throw ValidationError("「\(text)」请写成 名=值。Write NAME=VALUE.")
            }
            let name: String = String(text[..<sign]).trimmed()
            let value: String = String(text[text.index(after: sign)...]).trimmed()
            guard
                let question: OneStopV1.FormQuestion = query.parameters.first(where: {
                    [$0.id, $0.label?.zh, $0.label?.en].contains(name)
                })
            else {
                let known: String = query.parameters.map(\.id).joined(separator: ", ")
                throw ValidationError(
                    "这项查询没有「\(name)」这个条件。There is no such condition. 可用 Known: \(known.isEmpty ? "–" : known)"
                )
            }
            let chosen: OneStopV1.FormChoice? = question.choices.first {
                [$0.value, $0.label?.zh, $0.label?.en].contains(value)
            }
            if !question.choices.isEmpty, chosen == nil {
                let known: String = question.choices.compactMap { $0.label?.zh }.joined(separator: "、")
                throw ValidationError("「\(name)」没有「\(value)」可选。There is no such choice. 可选 Known: \(known)")
            }
            return OneStopV1.FormAnswer(question: question.id, value: chosen?.value ?? value)
        }
    }
}

/// Answers, whose columns the server names.
enum QueryOutput {
    static var receipt: [Column<OneStopV1.QueryReceipt>] {
        [
            Column("number", "回执号") { $0.number },
            Column("item", "事项编号") { String($0.item.dropFirst("items/".count)) },
            Column("title", "查询") { $0.itemText },
            Column("source", "来源") { $0.sourceText },
            Column("as_of", "数据截至") { Times.text($0.asOfTime) },
            Column("answered", "答复时间") { Times.text($0.answerTime) },
            Column("request_hash", "问题指纹") { Hex.encode($0.requestHash) },
            Column("answer_hash", "答复指纹") { Hex.encode($0.answerHash) },
        ]
    }

    /// The rows, and what belongs to them: in a table below, for scripts as one object, beside a CSV as talk.
    static func show(_ answer: OneStopV1.QueryAnswer, _ printer: Printer) {
        let language: Language = printer.language
        let columns: [Column<OneStopV1.QueryRow>] = answer.columns.enumerated().map { index, column in
            Column(column.id, language.text(column.label)) { (row: OneStopV1.QueryRow) -> String in
                row.values[index]
            }
        }
        let facts: [(key: String, zh: String, en: String, value: String)] = [
            ("notice", "提示", "Note", language.text(answer.notice)),
            ("source", "来源", "Source", answer.sourceText),
            ("as_of", "数据截至", "As of", Times.text(answer.asOfTime)),
            ("receipt", "回执号", "Receipt", answer.receipt?.number ?? ""),
            ("subject", "查的是", "About", answer.subjectText),
        ]
        switch printer.format {
        case .json:
            let rows: [JSONValue] = answer.rows.map { row in
                .object(zip(answer.columns, row.values).map { (key: $0.id, value: .string($1)) })
            }
            let known: [(key: String, value: JSONValue)] =
                [("rows", .array(rows)), ("truncated", .bool(answer.truncated))]
                + facts.map { ($0.key, .string($0.value)) } + [("salt", .string(Hex.encode(answer.salt)))]
            print(JSONValue.object(known).text())
        case .csv:
            printer.list(answer.rows, columns, empty: ("", ""))
            tell(facts, answer.truncated, printer) { Printer.toStandardError($0) }
        case .table:
            if !answer.rows.isEmpty {
                let headings: [String] = answer.columns.map { column in
                    let label: String = language.text(column.label)
                    return label.isEmpty ? column.id : label
                }
                print(printer.wholeTable(answer.rows.map(\.values), headings: headings))
                print("")
            }
            tell(facts, answer.truncated, printer) { print($0) }
        }
    }

    private static func tell(
        _ facts: [(key: String, zh: String, en: String, value: String)], _ truncated: Bool,
        _ printer: Printer,
        _ write: (String) -> Void
    ) {
        if truncated {
            printer.say("还有更多，没有列出：请把条件写具体一点。", "There is more than is shown: narrow the question.")
        }
        for fact in facts where !fact.value.isEmpty {
            write(printer.language == .english ? "\(fact.en): \(fact.value)" : "\(fact.zh)：\(fact.value)")
        }
    }
}
