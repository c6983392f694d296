import ArgumentParser
import Contract
import Kernel

/// `linlictl resident …`: residents, masked; each look is logged.
struct ResidentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resident",
        abstract: "居民 Residents",
        subcommands: [List.self, Show.self, Reveal.self, Confirm.self]
    )

    static var columns: [Column<PlatformV1.Resident>] {
        [
            Column("name", "编号") { $0.name },
            Column("masked_name", "姓名") { $0.maskedName },
            Column("masked_phone", "手机") { $0.maskedPhone },
            Column("masked_id_number", "身份证号") { $0.maskedIDNumber },
            Column("level", "认证等级") { (row: PlatformV1.Resident) -> Cell in .number(Int64(row.level.rawValue))
            },
            Column("home", "住在") { $0.home },
            Column("create_time", "注册时间") { Times.text($0.createTime) },
            Column("synthetic", "演示数据") { (row: PlatformV1.Resident) -> Cell in .flag(row.synthetic) },
        ]
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出 List residents of your scope")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "只看住在这里的。Only who lives here.") var home: String = ""
        @Option(help: "按手机号或身份证号查一个人；从标准输入读请写 -。Exact phone or ID number; - reads standard input.")
        var lookup: String = ""

        func run() async throws {
            let wanted: String = lookup == "-" ? (readLine() ?? "").trimmed() : lookup
            try await options.withConsole { console in
                let rows: [PlatformV1.Resident] = try await page.collect { size, token in
                    let answer: PlatformV1.ListResidentsResponse = try await console.residents.listResidents(
                        .init(
                            home: Names.organization(home), lookup: wanted, pageSize: size, pageToken: token),
                        options: console.call)
                    return (answer.residents, answer.nextPageToken)
                }
                console.printer.list(rows, ResidentCommand.columns, empty: ("没有这样的居民。", "There is nobody."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一个人 Show one, masked")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                console.printer.one(
                    try await console.residents.getResident(
                        .init(name: Names.resident(id)), options: console.call), ResidentCommand.columns)
            }
        }
    }

    struct Reveal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看完整信息 Show protected fields",
            discussion: "本人看得到谁、何时、为什么看过。The resident can read that you looked, and why.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Option(help: "看什么：name、phone、id-number，可多次。Which fields.") var field: [Field]
        @Option(help: "为什么看，本人会读到。What for.") var purpose: String
        @Option(help: "为哪个案件。For which case.") var forCase: String = ""

        enum Field: String, ExpressibleByArgument, CaseIterable {
            case name, phone, idNumber = "id-number"
            var wire: PlatformV1.ResidentField {
                switch self {
                case .name: .fullName
                case .phone: .phone
                case .idNumber: .idNumber
                }
            }
        }

        func run() async throws {
            try await options.withConsole { console in
                let answer: PlatformV1.RevealResidentResponse = try await console.residents.revealResident(
                    .init(
                        name: Names.resident(id), fields: field.map(\.wire), purpose: purpose,
                        case: Names.prefixed(forCase, with: "cases/")), options: console.call)
                console.printer.one(
                    answer,
                    [
                        Column("full_name", "姓名") { $0.fullName },
                        Column("phone", "手机") { $0.phone },
                        Column("id_number", "身份证号") { $0.idNumber },
                    ])
            }
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "柜台见过本人 Seen at the counter: level 3")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let now: PlatformV1.Resident = try await console.residents.getResident(
                    .init(name: Names.resident(id)), options: console.call)
                let request = PlatformV1.ConfirmAtCounterRequest(
                    name: now.name, etag: now.etag, requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.residents.confirmAtCounter(request, options: console.call),
                    ResidentCommand.columns)
            }
        }
    }
}
