import ArgumentParser
import Contract
import Kernel
import RPC

/// `linlictl case …`: the closed loop, a verb for each step.
struct CaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case",
        abstract: "案件 Cases",
        subcommands: [
            List.self, Show.self, Events.self, Watch.self, Categories.self, Create.self, Accept.self,
            Decline.self, Merge.self, Unmerge.self, Forward.self, Dispatch.self, Receive.self, Return.self,
            ReviewReturn.self,
            Handle.self, Suspend.self, Resume.self, Extend.self, ReviewExtension.self, Verify.self,
            Appeal.self, ReviewAppeal.self, Archive.self,
        ]
    )
}

/// The columns of a case, short for lists and whole for one.
enum CaseColumns {
    typealias Case = GrassrootsWorkV1.Case

    static func short(_ printer: Printer) -> [Column<Case>] {
        let language: Language = printer.language
        return [
            Column("number", "编号") { $0.number },
            Column("state", "状态") { language.text($0.stateText) },
            Column("category", "类别") { language.text($0.categoryText) },
            Column("place", "地点") { lastParts($0.gridText) + " " + $0.place },
            Column("assignee", "承办") { $0.assigneeText },
            Column("due", "期限") { Deadlines.short($0.deadline, language) },
            Column("description", "内容") { $0.description },
        ]
    }

    static func whole(_ printer: Printer) -> [Column<Case>] {
        let language: Language = printer.language
        let state: [Column<Case>] = [
            Column("number", "编号") { $0.number },
            Column("state", "状态") { CaseStates.id($0.state) + " " + language.text($0.stateText) },
            Column("next_owner", "下一步由谁") { language.text($0.nextOwner) },
            Column("due", "期限") { Deadlines.long($0.deadline, language) },
            Column("available_actions", "现在可以") { (row: Case) -> Cell in .list(row.availableActions) },
        ]
        let content: [Column<Case>] = [
            Column("category", "类别") { language.text($0.categoryText) },
            Column("standard_code", "国标代码") { $0.standardCode },
            Column("description", "内容") { $0.description },
            Column("grid", "网格") { $0.grid + " " + $0.gridText },
            Column("place", "具体地点") { $0.place },
            Column("photos", "照片") { (row: Case) -> Cell in .list(row.photos) },
            Column("channel", "来源") { String(describing: $0.channel) },
            Column("followers", "附议") { (row: Case) -> Cell in .number(Int64(row.followerCount)) },
        ]
        let handling: [Column<Case>] = [
            Column("assignee", "承办") { $0.assignee + " " + $0.assigneeText },
            Column("handler", "签收人") { $0.handler },
            Column("result", "处置结果") { $0.result },
            Column("rating", "评价") { (row: Case) -> Cell in .number(Int64(row.rating)) },
            Column("returns", "退单次数") { (row: Case) -> Cell in .number(Int64(row.returnCount)) },
            Column("reworks", "返工次数") { (row: Case) -> Cell in .number(Int64(row.reworkCount)) },
            Column("reopenings", "重开次数") { (row: Case) -> Cell in .number(Int64(row.reopenCount)) },
            Column("main_case", "主案") { $0.mainCase },
            Column("responsible_body", "责任单位") { $0.responsibleBody },
        ]
        let records: [Column<Case>] = [
            Column("seven_stage", "七阶段") { $0.projections?.sevenStage ?? "" },
            Column("five_step", "五步") { $0.projections?.fiveStep ?? "" },
            Column("hotline", "12345 环节") { $0.projections?.hotline ?? "" },
            Column("create_time", "上报时间") { Times.text($0.createTime) },
            Column("update_time", "更新时间") { Times.text($0.updateTime) },
            Column("resolve_time", "办结时间") { Times.text($0.resolveTime) },
            Column("workflow_version", "流程版本") { (row: Case) -> Cell in .number(Int64(row.workflowVersion)) },
            Column("synthetic", "演示数据") { (row: Case) -> Cell in .flag(row.synthetic) },
            Column("etag", "版本") { $0.etag },
        ]
        return state + content + handling + records
    }

    static func event(_ printer: Printer) -> [Column<GrassrootsWorkV1.CaseEvent>] {
        let language: Language = printer.language
        return [
            Column("time", "时间") { Times.text($0.time) },
            Column("case", "案件") { $0.case },
            Column("action", "动作") { $0.action },
            Column("to_state", "到状态") { CaseStates.id($0.toState) },
            Column("actor", "谁") { $0.actorText },
            Column("text", "说明") { language.text($0.text) },
            Column("note", "备注") { $0.note },
        ]
    }

    /// The last two parts of a path, which is what people on the spot say.
    private static func lastParts(_ path: String) -> String {
        path.split(separator: "/").suffix(2).map { String($0).trimmed() }.joined()
    }
}

/// What every verb on one case takes.
struct CaseTarget: ParsableArguments {
    @Argument(help: "案件编号；空格和短横线可有可无。Case number; spaces and hyphens do not matter.")
    var number: String

    @Option(name: .customLong("etag"), help: "只在版本没变时才做（见 case show）。Act only on this version.")
    var etag: String = ""

    /// `cases/{number}` for the wire.
    var name: String { number.hasPrefix("cases/") ? number : "cases/" + number }
}

extension CaseCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出案件 List cases, newest first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "只看等我办的。Only those that wait for me.") var mine: Bool = false
        @Flag(help: "只看超期的。Only overdue ones.") var overdue: Bool = false
        @Option(help: "只看这些状态，可多次。Only these states; may be repeated.") var state: [String] = []
        @Option(help: "只看这个地方及以下。Only this place and below.") var place: String = ""
        @Option(help: "只看派给这个单位的。Only dispatched to this body.") var assignee: String = ""
        @Option(help: "只看这个类别。Only this category.") var category: String = ""
        @Option(help: "内容里的词。Words of the description.") var query: String = ""

        func run() async throws {
            let states: [GrassrootsWorkV1.CaseState] = try state.map(CaseStates.parse)
            try await options.withConsole { console in
                let rows: [GrassrootsWorkV1.Case] = try await page.collect { size, token in
                    let answer: GrassrootsWorkV1.ListCasesResponse = try await console.cases.listCases(
                        .init(
                            states: states, place: Names.organization(place),
                            assignee: Names.organization(assignee), category: category,
                            waitingForMe: mine, overdueOnly: overdue, query: query, pageSize: size,
                            pageToken: token),
                        options: console.call)
                    return (answer.cases, answer.nextPageToken)
                }
                console.printer.list(
                    rows, CaseColumns.short(console.printer),
                    empty: ("没有这样的案件。", "There are no such cases."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一个案件 Show one case")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget

        func run() async throws {
            try await options.withConsole { console in
                let row: GrassrootsWorkV1.Case = try await console.cases.getCase(
                    .init(name: target.name), options: console.call)
                console.printer.one(row, CaseColumns.whole(console.printer))
            }
        }
    }

    struct Events: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看经过 What happened to a case")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @OptionGroup var target: CaseTarget

        func run() async throws {
            try await options.withConsole { console in
                let rows: [GrassrootsWorkV1.CaseEvent] = try await page.collect { size, token in
                    let answer: GrassrootsWorkV1.ListCaseEventsResponse = try await console.cases
                        .listCaseEvents(
                            .init(name: target.name, pageSize: size, pageToken: token), options: console.call)
                    return (answer.events, answer.nextPageToken)
                }
                console.printer.list(
                    rows, CaseColumns.event(console.printer), empty: ("还没有记录。", "Nothing happened yet."))
            }
        }
    }

    struct Watch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "盯着看 Follow what happens until Ctrl-C",
            discussion: "断线后从断开的地方接着看。After a lost connection it goes on where it was.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "案件编号；不写就是管辖范围内全部。A case; none for all in your scope.")
        var number: String?
        @Option(help: "看到这么多条就结束；0 表示一直看。Stop after so many events; 0 for never.") var count: Int = 0

        func run() async throws {
            let name: String = number.map { $0.hasPrefix("cases/") ? $0 : "cases/" + $0 } ?? ""
            try await options.withConsole { console in
                var token: String = ""
                var seen: Int = 0
                var failures: Int = 0
                while true {
                    do {
                        let stream = console.cases.watchCases(
                            .init(name: name, resumeToken: token), options: console.endlessCall)
                        for try await event: GrassrootsWorkV1.CaseEvent in stream {
                            failures = 0
                            if !event.resumeToken.isEmpty { token = event.resumeToken }
                            if event.heartbeat { continue }
                            console.printer.streamed(event, CaseColumns.event(console.printer))
                            seen += 1
                            if count > 0, seen >= count { return }
                        }
                    } catch {
                        failures += 1
                        try await console.waitBeforeReconnecting(after: error, failures: failures)
                    }
                }
            }
        }
    }

    struct Categories: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出类别 List the plain categories")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let answer: GrassrootsWorkV1.ListCategoriesResponse = try await console.cases.listCategories(
                    .init(), options: console.call)
                let language: Language = console.printer.language
                console.printer.list(
                    answer.categories,
                    [
                        Column("id", "代号") { $0.id },
                        Column("label", "类别") { language.text($0.label) },
                        Column("standard_code", "国标代码") { $0.standardCode },
                        Column("limit", "时限") { Deadlines.limit($0.limit, language) },
                        Column("hint", "包括") { language.text($0.hint) },
                    ], empty: ("没有类别。", "There are no categories."))
            }
        }
    }
}
