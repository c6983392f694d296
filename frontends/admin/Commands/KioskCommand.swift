import ArgumentParser
import Contract
import Kernel

/// `linlictl kiosk …`: the self-service terminals in the halls.
struct KioskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk", abstract: "一体机 Kiosks",
        subcommands: [List.self, Show.self, Register.self, Lock.self, Unlock.self],
        defaultSubcommand: List.self)

    /// `k-1`, `kiosks/k-1` and what people copy from a list mean the same.
    static func name(_ id: String) -> String { id.hasPrefix("kiosks/") ? id : "kiosks/" + id }

    static func columns(_ language: Language) -> [Column<PlatformV1.Kiosk>] {
        [
            Column("name", "编号") { $0.name },
            Column("display_name", "名称") { $0.displayName },
            Column("place", "地点") { $0.placeText },
            Column("online", "在线") { (row: PlatformV1.Kiosk) -> Cell in .flag(row.online) },
            Column("heard", "上次报告") { Times.text($0.lastHeartbeatTime) },
            Column("locked", "停用原因") { $0.lockReason },
            Column("paper", "纸") { Self.text($0.paper, language) },
            Column("receipt_printer", "小票机") { Self.text($0.receiptPrinter, language) },
            Column("document_printer", "打印机") { Self.text($0.documentPrinter, language) },
            Column("card_reader", "读卡器") { Self.text($0.cardReader, language) },
        ]
    }

    static func details(_ language: Language) -> [Column<PlatformV1.Kiosk>] {
        columns(language) + [
            Column("hall", "大厅") { $0.hall },
            Column("version", "程序") { $0.version },
            Column("etag", "版本") { $0.etag },
        ]
    }

    /// State of a part, in words.
    static func text(_ state: PlatformV1.PartState, _ language: Language) -> String {
        let words: (zh: String, en: String)
        switch state {
        case .ok: words = ("好", "ok")
        case .low: words = ("快没了", "low")
        case .empty: words = ("没有了", "empty")
        case .failed: words = ("坏了", "failed")
        default: words = ("没装", "none")
        }
        return language == .chinese ? words.zh : words.en
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出一体机 List kiosks")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "只看离线、停用、有部件坏了或纸快没了的。Only those that need somebody.") var attention = false

        func run() async throws {
            try await options.withConsole { console in
                let rows: [PlatformV1.Kiosk] = try await page.collect { size, token in
                    let answer: PlatformV1.ListKiosksResponse = try await console.kiosks.listKiosks(
                        .init(attentionOnly: attention, pageSize: size, pageToken: token),
                        options: console.call)
                    return (answer.kiosks, answer.nextPageToken)
                }
                console.printer.list(
                    rows, KioskCommand.columns(console.printer.language),
                    empty: ("没有一体机。", "There are no kiosks."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一台一体机 Show a kiosk")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let kiosk: PlatformV1.Kiosk = try await console.kiosks.getKiosk(
                    .init(name: KioskCommand.name(id)), options: console.call)
                console.printer.one(kiosk, KioskCommand.details(console.printer.language))
            }
        }
    }

    struct Register: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "登记一体机放在哪里 Say where a kiosk stands",
            discussion: "先用 linlictl pki issue device 编号 给它证书。Issue its certificate with the same id first.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号，和证书的一样。Id, as in its certificate.") var id: String
        @Option(help: "名称。Display name.") var name: String
        @Option(help: "放在哪里（机构代码）。Place, an organization code.") var place: String
        @Option(help: "属于哪个大厅，halls/编号。Its hall.") var hall: String = ""

        func run() async throws {
            let request = PlatformV1.RegisterKioskRequest(
                id: id, displayName: name,
                place: place.hasPrefix("organizations/") ? place : "organizations/" + place, hall: hall,
                requestID: options.requestID())
            try await options.withConsole { console in
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.kiosks.registerKiosk(request, options: console.call),
                    KioskCommand.details(console.printer.language))
            }
        }
    }

    struct Lock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "停用一台一体机 Lock a kiosk",
            discussion: "正在用的人马上退出，屏幕显示原因。Whoever uses it is signed out; its screen shows the reason.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String
        @Option(help: "为什么，大家会看到。Why; people read it.") var reason: String

        func run() async throws {
            let request = PlatformV1.LockKioskRequest(
                name: KioskCommand.name(id), reason: reason, requestID: options.requestID())
            try await options.withConsole { console in
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.kiosks.lockKiosk(request, options: console.call),
                    KioskCommand.details(console.printer.language))
            }
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "恢复使用 Unlock a kiosk")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            let request = PlatformV1.UnlockKioskRequest(
                name: KioskCommand.name(id), requestID: options.requestID())
            try await options.withConsole { console in
                guard try console.confirmSending(request) else { return }
                console.printer.one(
                    try await console.kiosks.unlockKiosk(request, options: console.call),
                    KioskCommand.details(console.printer.language))
            }
        }
    }
}
