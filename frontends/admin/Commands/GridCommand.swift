import ArgumentParser
import Contract
import Kernel

/// `linlictl grid …`: the organisation tree down to the grids.
struct GridCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grid",
        abstract: "行政区划、网格和部门 Places, grids and departments",
        subcommands: [Tree.self, Find.self, Show.self, Add.self, End.self]
    )

    static func columns(_ printer: Printer) -> [Column<PlatformV1.Organization>] {
        [
            Column("code", "代码") { String($0.name.dropFirst("organizations/".count)) },
            Column("name", "名称") { $0.displayName },
            Column("level", "层级") { level($0.level, printer.language) },
            Column("path", "所在") { $0.pathText },
            Column("children", "下级") { (row: PlatformV1.Organization) -> Cell in
                .number(Int64(row.childCount))
            },
            Column("households", "户") { (row: PlatformV1.Organization) -> Cell in
                .number(Int64(row.householdCount))
            },
            Column("residents", "人") { (row: PlatformV1.Organization) -> Cell in
                .number(Int64(row.residentCount))
            },
            Column("synthetic", "演示数据") { (row: PlatformV1.Organization) -> Cell in .flag(row.synthetic) },
        ]
    }

    static func level(_ level: PlatformV1.OrganizationLevel, _ language: Language) -> String {
        let texts: [PlatformV1.OrganizationLevel: (String, String)] = [
            .prefecture: ("地级市", "prefecture"), .county: ("县区", "county"), .town: ("乡镇街道", "town"),
            .community: ("村社区", "community"), .grid1: ("一级网格", "grid level 1"),
            .grid2: ("二级网格", "grid level 2"), .grid3: ("三级网格", "grid level 3"),
            .department: ("部门", "department"),
        ]
        let text: (String, String) = texts[level] ?? ("", "")
        return language == .english ? text.1 : text.0
    }

    struct Tree: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "画出树 Draw the tree")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "从哪里开始：代码；不写就是全市。Where to begin; none for the root.") var code: String?
        @Option(help: "往下几层，1 到 8。How many levels down.") var depth: Int = 2
        @Option(help: "哪一天的，如 2026-03-01；不写就是今天。As it was or will be on a day.") var date: String = ""

        func validate() throws {
            guard (1...8).contains(depth) else { throw ValidationError("--depth 请写 1 到 8。Write 1 to 8.") }
        }

        func run() async throws {
            try await options.withConsole { console in
                var rows: [(depth: Int, organization: PlatformV1.Organization)] = []
                let start: String = Names.organization(code ?? "")
                if !start.isEmpty {
                    let top: PlatformV1.Organization = try await console.organizations.getOrganization(
                        .init(name: start), options: console.call)
                    rows.append((0, top))
                }
                try await Tree.descend(
                    from: start, depth: start.isEmpty ? 0 : 1, limit: depth, date: date, console: console,
                    into: &rows)
                guard console.printer.format == .table else {
                    console.printer.list(
                        rows.map(\.organization), GridCommand.columns(console.printer),
                        empty: ("没有。", "None."))
                    return
                }
                for row in rows {
                    let organization: PlatformV1.Organization = row.organization
                    let code: Substring = organization.name.dropFirst("organizations/".count)
                    var line: String =
                        String(repeating: "  ", count: row.depth) + organization.displayName + "  " + code
                    if organization.householdCount > 0 { line += "  \(organization.householdCount) 户" }
                    if organization.residentCount > 0 { line += "  \(organization.residentCount) 人" }
                    print(line)
                }
            }
        }

        private static func descend(
            from parent: String, depth: Int, limit: Int, date: String, console: Console,
            into rows: inout [(depth: Int, organization: PlatformV1.Organization)]
        ) async throws {
            guard depth < limit + (parent.isEmpty ? 0 : 1) else { return }
            let children: [PlatformV1.Organization] = try await PageOptions.everything { size, token in
                let answer: PlatformV1.ListOrganizationsResponse = try await console.organizations
                    .listOrganizations(
                        .init(parent: parent, pageSize: size, pageToken: token, date: date),
                        options: console.call)
                return (answer.organizations, answer.nextPageToken)
            }
            for child: PlatformV1.Organization in children {
                rows.append((depth, child))
                if child.childCount > 0, depth + 1 < limit + 1 {
                    try await descend(
                        from: child.name, depth: depth + 1, limit: limit, date: date, console: console,
                        into: &rows)
                }
            }
        }
    }

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "按名字找 Find by words")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "名字、街道或小区里的词。Words of the name.") var words: String
        @Option(help: "只在这个地方及以下找。Only below this place.") var below: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let answer: PlatformV1.SearchOrganizationsResponse =
                    try await console.organizations.searchOrganizations(
                        .init(query: words, ancestor: Names.organization(below), pageSize: 50),
                        options: console.call)
                console.printer.list(
                    answer.organizations, GridCommand.columns(console.printer),
                    empty: ("没找到「\(words)」。换个短一点的词试试。", "Nothing found. Try a shorter word."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一个 Show one")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "代码。Code.") var code: String

        func run() async throws {
            try await options.withConsole { console in
                let row: PlatformV1.Organization = try await console.organizations.getOrganization(
                    .init(name: Names.organization(code)), options: console.call)
                console.printer.one(
                    row,
                    GridCommand.columns(console.printer) + [
                        Column("start_date", "开始") { $0.startDate },
                        Column("end_date", "结束") { $0.endDate },
                        Column("successors", "由谁接替") { (row: PlatformV1.Organization) -> Cell in
                            .list(row.successors.map { String($0.dropFirst("organizations/".count)) })
                        },
                        Column("etag", "版本") { $0.etag },
                        GridCommand.figures(console.printer.language),
                    ])
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "新设地点、网格或部门 Add a place, a grid or a department",
            discussion:
                "例子 linlictl grid add 140502001999-09 --below 140502001999 --level grid1 --name 第9网格 --from 2026-12-01"
        )
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "新的代码，以上级代码开头。The new code; it begins with that of the place above.") var code: String
        @Option(help: "上级代码。Code of the place above.") var below: String
        @Option(help: "名称。Name.") var name: String
        @Option(help: "层级。Level.") var level: Level
        @Option(help: "从哪天起，如 2026-12-01；不写就是现在。First day.") var from: String = ""
        @Option(help: "别名，如街道、小区，可多次。Words that people use for it.") var alias: [String] = []
        @Option(help: "户数。Households.") var households: Int32 = 0
        @Option(help: "人数。Residents.") var residents: Int32 = 0

        enum Level: String, ExpressibleByArgument, CaseIterable {
            case county, town, community, grid1, grid2, grid3, department

            var wire: PlatformV1.OrganizationLevel {
                switch self {
                case .county: .county
                case .town: .town
                case .community: .community
                case .grid1: .grid1
                case .grid2: .grid2
                case .grid3: .grid3
                case .department: .department
                }
            }
        }

        func run() async throws {
            let request = PlatformV1.CreateOrganizationRequest(
                organization: .init(
                    name: Names.organization(code), displayName: name, level: level.wire,
                    parent: Names.organization(below), householdCount: households, residentCount: residents,
                    aliases: alias, startDate: from), requestID: options.requestID())
            try await options.send(request) { (made: PlatformV1.Organization, console) in
                console.printer.one(made, GridCommand.columns(console.printer))
            } _: { console, request, call in
                try await console.organizations.createOrganization(request, options: call)
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "网格调整：到某天不再使用，由谁接替 End it on a day, and say what takes its place",
            discussion: """
                例子 linlictl grid end 140502001999-03 --on 2026-12-01 --successor 140502001999-09 --reason 网格调整方案第3号
                已经在里面的案件不动，仍在原来的网格。只有一个接替的，居民的住址跟着过去。
                Cases that lie in it stay. With one successor the homes of residents follow.
                """)
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "代码。Code.") var code: String
        @Option(help: "从哪天起不再使用，如 2026-12-01，最早明天。First day on which it is there no more.") var on: String
        @Option(help: "由谁接替，代码，可多次。What takes its place; may be repeated.") var successor: [String] = []
        @Option(help: "为什么，写文号。Why.") var reason: String
        @Option(name: .customLong("etag"), help: "只在版本没变时才做。Act only on this version.") var etag: String = ""

        func run() async throws {
            let request = PlatformV1.EndOrganizationRequest(
                name: Names.organization(code), endDate: on, successors: successor.map(Names.organization),
                reason: reason, etag: etag, requestID: options.requestID())
            try await options.send(request) { (ended: PlatformV1.Organization, console) in
                console.printer.say(
                    "✓ \(ended.displayName)自 \(ended.endDate) 起不再使用。",
                    "✓ \(ended.displayName) is not used from \(ended.endDate) on.")
            } _: { console, request, call in
                try await console.organizations.endOrganization(request, options: call)
            }
        }
    }

    /// What is published of a place; lists go without.
    private static func figures(_ language: Language) -> Column<PlatformV1.Organization> {
        Column("figures", "公布数字") { (row: PlatformV1.Organization) -> Cell in
            .list(
                row.figures.map { figure in
                    let title: String = (language == .english ? figure.title?.en : figure.title?.zh) ?? ""
                    return "\(title) \(figure.value)（\(figure.date)）"
                })
        }
    }
}
