import ArgumentParser
import Contract
import Kernel

/// `linlictl mandate …`: what residents let this counter or grid worker do for them. Residents give and take back
/// mandates themselves, in the chatbot or at a kiosk.
struct MandateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mandate", abstract: "委托 Mandates that I hold",
        discussion: """
            例子 Acting for somebody:
              linlictl mandate list --usable
              linlictl mandate show 019e…
              linlictl application form 140500-G-012 --mandate 019e…
              linlictl application submit 140500-G-012 --mandate 019e… --known phone --answer city=晋城
            """,
        subcommands: [List.self, Show.self])

    static func columns(_ language: Language) -> [Column<OneStopV1.Mandate>] {
        [
            Column("id", "编号") { String($0.name.dropFirst("mandates/".count)) },
            Column("principal", "委托人") { $0.principalText },
            Column("item", "事项") { $0.itemText },
            Column("item_id", "事项编号") { String($0.item.dropFirst("items/".count)) },
            Column("state", "现在") { state($0, language) },
            Column("expires", "到什么时候") { Times.text($0.expireTime) },
        ]
    }

    private static func state(_ mandate: OneStopV1.Mandate, _ language: Language) -> String {
        let english: Bool = language == .english
        if mandate.usable { return english ? "usable" : "可以用" }
        if mandate.revokeTime != nil { return english ? "taken back" : "已收回" }
        return english ? "over" : "已到期"
    }

    /// Page after page, at most as many as were asked for.
    private static func held(_ console: Console, usable: Bool, _ page: PageOptions) async throws
        -> [OneStopV1.Mandate]
    {
        try await page.collect { size, token in
            let answer: OneStopV1.ListMandatesResponse = try await console.mandates.listMandates(
                .init(usableOnly: usable, pageSize: size, pageToken: token), options: console.call)
            return (answer.mandates, answer.nextPageToken)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "我手里的委托 Mandates that I hold, newest first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "只看现在能用的。Only those that can be used now.") var usable: Bool = false

        func run() async throws {
            try await options.withConsole { console in
                console.printer.list(
                    try await MandateCommand.held(console, usable: usable, page),
                    MandateCommand.columns(console.printer.language),
                    empty: (
                        "没有委托。居民在聊天或一体机里选“委托代办”。", "None. Residents give them in the chatbot or at a kiosk."
                    ))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看一份委托，连同签过名的全文 Show one, with its signed text")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let name: String = Names.mandate(id)
                let held: [OneStopV1.Mandate] = try await PageOptions.everything { size, token in
                    let answer: OneStopV1.ListMandatesResponse = try await console.mandates.listMandates(
                        .init(pageSize: size, pageToken: token), options: console.call)
                    return (answer.mandates, answer.nextPageToken)
                }
                guard let found = held.first(where: { $0.name == name }) else {
                    throw Failure(
                        exitCode: .notFound, zh: "您手里没有这份委托。请用 mandate list 查看。",
                        en: "You hold no such mandate. See mandate list.", language: console.printer.language)
                }
                let language: Language = console.printer.language
                console.printer.one(
                    found,
                    MandateCommand.columns(language) + [
                        Column("created", "委托时间") { Times.text($0.createTime) },
                        Column("text", "全文") { $0.signedText.trimmed() },
                    ])
            }
        }
    }
}
