import ArgumentParser
import Contract
import Foundation
import Kernel

/// `linlictl query data-set …`: what departments deliver as files.
struct QueryDataSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data-set", abstract: "数据集：部门交来的表 Data sets that departments deliver",
        subcommands: [List.self, Import.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出数据集（data_editor、operator）List data sets")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.DataSet] = try await page.collect { size, token in
                    let answer: OneStopV1.ListDataSetsResponse = try await console.queries.listDataSets(
                        .init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.dataSets, answer.nextPageToken)
                }
                console.printer.list(
                    rows,
                    [
                        Column("id", "编号") { String($0.name.dropFirst("dataSets/".count)) },
                        Column("source", "来源") { $0.sourceText },
                        Column("rows", "行数") { (row: OneStopV1.DataSet) -> Cell in .number(Int64(row.rows)) },
                        Column("as_of", "数据截至") { Times.text($0.asOfTime) },
                        Column("imported", "导入") { Times.text($0.importTime) },
                        Column("synthetic", "演示") { (row: OneStopV1.DataSet) -> Cell in .flag(row.synthetic)
                        },
                        Column("items", "回答哪些事项") { (row: OneStopV1.DataSet) -> Cell in
                            .list(row.items.map { String($0.dropFirst("items/".count)) })
                        },
                    ], empty: ("还没有数据集。", "There are no data sets."))
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "导入数据集，全有或全无（data_editor、operator）Import one: all or nothing",
            discussion: """
                例子：linlictl query data-set import elder_care.yaml elder_care.2025-12-31.csv
                --dry-run 只检查。YAML 里的词见 ops/data/queries/README.md。With --dry-run it is only checked.
                """)
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "说明表的 YAML。The schema.", completion: .file()) var schema: String
        @Argument(help: "表，CSV。The rows.", completion: .file()) var rows: String
        @Option(help: "数据截至何时；不写就看文件名里的日期。State that they show; else the date in the file's name.")
        var asOf: String?

        func run() async throws {
            let schemaText: String = try TextFile.read(schema)
            let content: String = try TextFile.read(rows)
            let state: Instant = try self.state()
            try await options.withConsole { console in
                let answer: OneStopV1.ImportDataSetResponse = try await console.queries.importDataSet(
                    .init(
                        schema: schemaText, content: content, asOfTime: .init(state),
                        validateOnly: options.dryRun, requestID: console.newRequestID()),
                    options: console.call)
                ItemCommand.tell(answer.problems, of: rows, console)
                try ItemCommand.failOnErrors(answer.problems, console)
                console.printer.say(
                    options.dryRun ? "✓ 检查通过，\(answer.rows) 行，没有导入。" : "✓ 已导入 \(answer.rows) 行。",
                    options.dryRun
                        ? "✓ The check passed for \(answer.rows) rows; nothing was imported."
                        : "✓ Imported \(answer.rows) rows.")
            }
        }

        /// The time that was given; else the beginning of the day that the name of the file has, `ID.2025-12-31.csv`.
        private func state() throws -> Instant {
            if let asOf, let time: Instant = try Times.parse(asOf).instant {
                // A day of today's has not ended yet.
                return asOf.contains(":") ? time : Instant(startOf: time.shanghaiDate)
            }
            let parts: [Substring] = (rows as NSString).lastPathComponent.split(separator: ".")
            if let day: CivilDate = parts.lazy.compactMap({ CivilDate(String($0)) }).first {
                return Instant(startOf: day)
            }
            throw ValidationError(
                "请用 --as-of 写明数据截至哪一天，如 --as-of 2025-12-31。Say which day the rows show, with --as-of.")
        }
    }
}

/// `linlictl query connector …`: departments' own systems, which answer on the spot.
struct QueryConnectorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connector", abstract: "部门自己的系统 Departments' own systems",
        subcommands: [List.self, Register.self, Remove.self])

    static func columns(_ language: Language) -> [Column<OneStopV1.Connector>] {
        [
            Column("id", "编号") { String($0.name.dropFirst("connectors/".count)) },
            Column("display_name", "名称") { $0.displayName },
            Column("address", "地址") { $0.address },
            Column("state", "现在") { state($0, language) },
            Column("failures", "连续失败") { (row: OneStopV1.Connector) -> Cell in .number(Int64(row.failures)) },
            Column("last_answer", "上次回答") { Times.text($0.lastAnswerTime) },
            Column("last_problem", "上次的问题") { $0.lastProblem },
            Column("timeout_milliseconds", "时限（毫秒）") { (row: OneStopV1.Connector) -> Cell in
                .number(Int64(row.timeoutMilliseconds))
            },
            Column("items", "回答哪些事项") { (row: OneStopV1.Connector) -> Cell in .list(row.itemCodes) },
        ]
    }

    private static func state(_ connector: OneStopV1.Connector, _ language: Language) -> String {
        let isEnglish: Bool = language == .english
        switch connector.circuit {
        case .open: return isEnglish ? "left alone for a while" : "暂停询问"
        case .halfOpen: return isEnglish ? "being tried" : "正在试"
        case .closed, .unspecified, .unrecognized:
            if connector.failures > 0 { return isEnglish ? "failing" : "有失败" }
            if connector.lastAnswerTime == nil { return isEnglish ? "no query yet" : "还没有查询过" }
            return isEnglish ? "answers" : "正常"
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出部门系统，和它们正不正常（operator、data_editor）List them, with their health")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.Connector] = try await page.collect { size, token in
                    let answer: OneStopV1.ListConnectorsResponse = try await console.queries.listConnectors(
                        .init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.connectors, answer.nextPageToken)
                }
                let all: [Column<OneStopV1.Connector>] = QueryConnectorCommand.columns(
                    console.printer.language)
                // What went wrong is too long for a table; it is told below.
                let shown = all.filter { console.printer.format != .table || $0.key != "last_problem" }
                console.printer.list(
                    rows, shown,
                    empty: ("还没有接入部门系统。", "No department's system is connected."))
                guard console.printer.format == .table else { return }
                for row in rows where !row.lastProblem.isEmpty {
                    console.printer.say(
                        "! \(row.displayName)：\(row.lastProblem)", "! \(row.displayName): \(row.lastProblem)")
                }
            }
        }
    }

    struct Register: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "接入部门系统；马上问它一次，答不上来就不接（operator）Connect one, if it answers",
            discussion: """
                例子：linlictl query connector register housing-fund --name 公积金核心系统 --address 10.1.2.3:8443 \\
                        --root fund-root.pem --item JC-C-123 --item JC-C-124
                同一编号再登记就是替换。地址要先写在 linlid.yaml 的 connector-addresses 里。
                The same id again replaces it. The address must be allowed by connector-addresses in linlid.yaml.
                """)
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号：3 到 40 个小写字母、数字、短横线。Id.") var id: String
        @Option(help: "名称。Display name.") var name: String
        @Option(help: "主机:端口。Host and port.") var address: String
        @Option(help: "它的根证书（PEM）；不写就用本系统的。Root certificates; this server's by default.", completion: .file())
        var root: String?
        @Option(help: "事项编码，可多次。Code of a query item; may be repeated.") var item: [String]
        @Option(help: "最多等几毫秒，100 到 10000。Milliseconds that it may take.") var milliseconds: Int32 = 3_000

        func run() async throws {
            let request = OneStopV1.RegisterConnectorRequest(
                id: id, displayName: name, address: address, rootPem: try root.map(TextFile.read) ?? "",
                itemCodes: item, timeoutMilliseconds: milliseconds, requestID: options.requestID())
            try await options.send(request) { (connector: OneStopV1.Connector, console) in
                console.printer.say(
                    "✓ 接上了，今后由它回答。", "✓ Connected: it answers from now on.")
                console.printer.one(connector, QueryConnectorCommand.columns(console.printer.language))
            } _: { console, request, call in
                try await console.queries.registerConnector(request, options: call)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "断开部门系统（operator）Disconnect one",
            discussion: "它的事项如果有数据集，就由数据集回答，否则显示未接入。Data sets answer again, where there are some.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Option(help: "再写一遍编号，表示确定。The id once more, to confirm.") var confirm: String = ""

        func run() async throws {
            let request = OneStopV1.RemoveConnectorRequest(
                name: Names.prefixed(id, with: "connectors/"), requestID: options.requestID())
            try await options.withConsole { console in
                guard try console.confirmSending(request) else { return }
                try console.requireConfirmation(of: id, given: confirm)
                let removed: OneStopV1.Connector = try await console.queries.removeConnector(
                    request, options: console.call)
                console.printer.say("✓ 已断开 \(removed.displayName)。", "✓ Disconnected \(removed.displayName).")
            }
        }
    }
}
