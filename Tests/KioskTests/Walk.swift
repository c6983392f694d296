import Dialogue
import Foundation
import Kernel
import Testing

@testable import linli_kiosk

/// A kiosk that a test drives: keys and answers go in, screens come out. Time stands still unless it is moved.
struct Walk {
    var kiosk: Kiosk
    var actions: [KioskAction] = []
    var elapsed: Duration = .zero
    var rows: Int = 24
    var columns: Int = 80
    private var ids: Int = 0

    /// Wednesday, 6 May 2026, 9:05 in Shanghai.
    static let start = Instant(
        shanghai: CivilTime(date: CivilDate(daysSinceEpoch: 20_579), millisecondOfDay: (9 * 60 + 5) * 60_000))

    static let menus = MenuBook(
        root: "main",
        menus: [
            Menu(
                id: "main", title: Text("首页", "First page"),
                entries: [
                    entry(1, "上报问题", "Report a problem", Flow.report),
                    entry(2, "查政务服务", "Government services", Flow.guide),
                    entry(3, "我的报告", "My reports", Flow.myReports),
                    entry(4, "身边的店", "Shops nearby", Flow.shops),
                    entry(5, "我的积分", "My points", Flow.points),
                    entry(6, "我的消息", "My messages", Flow.inbox),
                    entry(7, "登录和账号", "Sign-in and account", Flow.account),
                    entry(8, "查验证明", "Check a certificate", Flow.verifyCertificate),
                ])
        ])

    private static func entry(_ number: Int, _ zh: String, _ en: String, _ flow: String) -> MenuEntry {
        MenuEntry(number: number, label: Text(zh, en), target: .flow(flow))
    }

    static let categories = [
        ReportCategory(id: "lamp", label: Text("路灯不亮", "Street lamp out"), keywords: ["路灯"]),
        ReportCategory(id: "rubbish", label: Text("垃圾没人清", "Rubbish not collected"), keywords: ["垃圾"]),
        ReportCategory(
            id: "gas", label: Text("燃气、用电隐患", "Gas or electricity hazard"), keywords: ["漏气"],
            stopQuestion: Text("现在闻得到煤气味，或者有人触电吗？", "Do you smell gas now, or is somebody electrocuted?"),
            stopAdvice: Text("请马上离开，不要开关电器。", "Leave at once. Touch no switch."), stopPhone: "119"),
    ]
    static let person = Person(
        id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001", identityLevel: 2)

    /// - Parameter engine: the tests' one engine, where Chinese is typed.
    init(signedIn: Bool = false, engine: PinyinEngine? = nil) {
        kiosk = Kiosk(engine: engine)
        kiosk.hasCardReader = true
        give(.station(Station(place: "城区 / 凤台社区", hotline: "0356-12345", lock: nil)))
        give(
            .ready(
                Definition(menus: Self.menus, surface: .kiosk),
                greeting: Text("您好，这里是邻里自助终端。要办什么，按数字，或者点屏幕。", "Hello. Press a number or touch the screen.")))
        if signedIn {
            press("8", "1", "2")
            give(.signIn(.codeSent(minutes: 5)))
            give(.signIn(.signedIn(Self.person)))
        }
    }

    mutating func give(_ event: KioskEvent) {
        ids += 1
        actions = kiosk.take(event, now)
        kiosk.shown(picture)
    }

    var now: Kiosk.Now { Kiosk.Now(instant: Self.start, freshID: "id-\(ids)", elapsed: elapsed) }

    /// One key for each character of each text.
    mutating func press(_ texts: String...) {
        for character in texts.joined() { give(.key(.character(character))) }
    }

    mutating func press(_ key: Key) { give(.key(key)) }

    mutating func answer(_ response: Response) { give(.dialogue(.answered(response))) }

    mutating func wait(_ seconds: Int) {
        elapsed += .seconds(seconds)
        give(.tick)
    }

    var picture: Picture { ScreenView.draw(kiosk.screen(now), rows: rows, columns: columns) }
    var text: String { picture.grid.lines.joined(separator: "\n") }

    /// Touches the first place where `text` stands.
    mutating func tap(_ text: String) {
        for (row, line) in picture.grid.lines.enumerated() {
            guard let range = line.range(of: text) else { continue }
            let column = TextWidth.columns(of: line[..<range.lowerBound])
            guard let key = picture.key(atRow: row, column: column) else { break }
            return press(key)
        }
        Issue.record("there is no \(text) to touch")
    }
}

/// Golden screens: `LINLI_RECORD=1 swift test --filter KioskTests` writes them anew.
enum Golden {
    static func compare(_ text: String, with name: String, file: String = #filePath) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Screens")
        let url = folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["LINLI_RECORD"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: url)
        }
        #expect(
            try String(contentsOf: url, encoding: .utf8) == text + "\n",
            "\(name) differs from its golden file")
    }
}
