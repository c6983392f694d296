import ArgumentParser
import Contract
import Kernel

/// `linlictl grid …`: the organisation tree down to the grids.
struct GridCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grid",
        abstract: "行政区划、网格和部门 Places, grids and departments",
        subcommands: [Tree.self, Find.self, Show.self]
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
                    from: start, depth: start.isEmpty ? 0 : 1, limit: depth, console: console, into: &rows)
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
            from parent: String, depth: Int, limit: Int, console: Console,
            into rows: inout [(depth: Int, organization: PlatformV1.Organization)]
        ) async throws {
            guard depth < limit + (parent.isEmpty ? 0 : 1) else { return }
            let children: [PlatformV1.Organization] = try await PageOptions.everything { size, token in
                let answer: PlatformV1.ListOrganizationsResponse = try await console.organizations
                    .listOrganizations(
                        .init(parent: parent, pageSize: size, pageToken: token), options: console.call)
                return (answer.organizations, answer.nextPageToken)
            }
            for child: PlatformV1.Organization in children {
                rows.append((depth, child))
                if child.childCount > 0, depth + 1 < limit + 1 {
                    try await descend(
                        from: child.name, depth: depth + 1, limit: limit, console: console, into: &rows)
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
                    GridCommand.columns(console.printer) + [GridCommand.figures(console.printer.language)])
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
