import Kernel

@testable import Dialogue

/// A conversation driven by a test: what is typed and answered, and everything that was said.
struct Talk {
    var reducer: Reducer
    var state: DialogueState
    /// The request that waits for an answer.
    var request: Request? { state.pending }
    var effects: [Effect] = []
    /// What was said in answer to the last input.
    var said: [Message] = []
    var transcript = ""
    var now = Talk.nine
    private var ids = 0

    init(
        _ language: Language = .chinese, surface: Surface = .chatbot, choicesPerPage: Int? = nil,
        signedIn: Bool = true
    ) {
        let definition = Definition(menus: Talk.menus, surface: surface, choicesPerPage: choicesPerPage)
        reducer = Reducer(definition: definition)
        state = DialogueState(language: language)
        if signedIn {
            state.person = Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")
        }
        give(.start)
    }

    mutating func give(_ input: Input) {
        ids += 1
        let moment = Moment(now: now, freshID: "id-\(ids)")
        let step = reducer.reduce(state, input, moment)
        state = step.state
        effects = step.effects
        said = step.messages
        transcript += said.map(Talk.text).joined()
        for case .call(let request) in effects { transcript += "[call \(Talk.name(request))]\n" }
    }

    mutating func type(_ lines: String...) {
        for line in lines {
            transcript += "> \(line)\n"
            give(.line(line))
        }
    }

    mutating func answer(_ response: Response) { give(.answered(response)) }
    mutating func fail(_ kind: Failure.Kind, _ text: String = "不行。") {
        give(.failed(Failure(kind: kind, text: text)))
    }

    /// All that was said after the last input, as text.
    var text: String { said.map(Talk.text).joined() }
    /// The numbered answers on the screen.
    var choices: [String] { state.options.map(\.label) }
    var topForm: FormRun? { if case .form(let run)? = state.frames.last { run } else { nil } }
    var isHome: Bool { state.frames.count == 1 }

    static func text(_ message: Message) -> String {
        switch message.kind {
        case .title: "== \(message.text)\n"
        case .text: message.text + "\n"
        case .warning: "!! \(message.text)\n"
        case .card(let rows): rows.map { "   \($0.label)：\($0.value)\n" }.joined()
        case .options(let shown): shown.map { "   \($0.key). \($0.label)\n" }.joined()
        case .table(let table):
            ([table.columns] + table.rows).map { "   | " + $0.joined(separator: " | ") + " |\n" }.joined()
        case .code: "   [QR \(message.text)]\n"
        case .hint: "   (\(message.text.replacing("\n", with: " | ")))\n"
        }
    }

    static func name(_ request: Request) -> String { String("\(request)".prefix { $0 != "(" }) }
}

// MARK: - Data

extension Talk {
    /// Wednesday, 6 May 2026.
    static let today = CivilDate(daysSinceEpoch: 20_579)
    static let nine = Instant(shanghai: CivilTime(date: today, millisecondOfDay: 9 * 3_600_000))

    static let menus = MenuBook(
        root: "main",
        menus: [
            Menu(
                id: "main", title: Text("邻里", "Linli"),
                entries: [
                    entry(
                        1, "上报问题", "Report a problem", ["上报", "坏了"], topics: ["路灯", "垃圾"],
                        Flow.report),
                    entry(2, "我的报告", "My reports", ["进度", "评价"], Flow.myReports),
                    entry(3, "查政务服务", "Government services", ["公积金", "社保", "报名"], Flow.guide),
                    entry(4, "身边的店", "Shops nearby", ["维修", "附近"], Flow.shops),
                    entry(5, "我的积分", "My points", ["积分", "兑换"], Flow.points),
                    entry(6, "我的消息", "My messages", ["消息"], Flow.inbox),
                    MenuEntry(number: 7, label: Text("其他", "More"), target: .menu("more")),
                ]),
            Menu(
                id: "more", title: Text("其他", "More"),
                entries: [
                    entry(1, "登录和账号", "Account", ["登录", "注册"], Flow.account),
                    entry(2, "换语言", "Language", ["语言"], Flow.language),
                    entry(3, "按编号查报告", "By number", ["编号"], Flow.reportByNumber),
                    MenuEntry(number: 4, label: Text("政务服务", "Government"), target: .menu("government")),
                ]),
            Menu(
                id: "government", title: Text("政务服务", "Government"),
                entries: [
                    entry(1, "我的办件", "My applications", ["办件"], Flow.myApplications),
                    entry(2, "我的证明", "My certificates", ["电子证明"], Flow.certificates),
                    entry(3, "开办证明", "Get a proof", ["开证明"], Flow.proof),
                    entry(4, "预约", "Appointments", ["预约"], Flow.appointments),
                    entry(5, "取号排队", "Take a number", ["取号"], Flow.ticket),
                    entry(6, "一件事一次办", "Several at once", ["一件事"], Flow.bundles),
                    entry(7, "我的家人", "My family", ["家人"], Flow.household),
                    entry(8, "委托代办", "Mandates", ["委托"], Flow.mandates),
                    entry(9, "查验证明", "Check a certificate", ["查验"], Flow.verifyCertificate),
                    entry(10, "我的评价", "My ratings", ["好差评"], Flow.ratings),
                    entry(11, "确认一体机登录", "Sign in at a kiosk", ["一体机"], Flow.kioskSignIn),
                ]),
        ])

    static func entry(
        _ number: Int, _ zh: String, _ en: String, _ keywords: [String], topics: [String] = [],
        _ flow: String
    ) -> MenuEntry {
        MenuEntry(
            number: number, label: Text(zh, en), keywords: keywords, topics: topics, target: .flow(flow))
    }

    static let categories = [
        ReportCategory(id: "lamp", label: Text("路灯不亮", "Street lamp"), keywords: ["路灯", "灯坏"]),
        ReportCategory(
            id: "gas", label: Text("燃气、用电隐患", "Gas or power"), keywords: ["漏气", "燃气"],
            stopQuestion: Text("现在闻得到煤气味，或者有人触电吗？", "Do you smell gas now, or is somebody electrocuted?"),
            stopAdvice: Text("请马上离开，不要开关电器。", "Leave at once. Touch no switch."), stopPhone: "119"),
        ReportCategory(id: "other", label: Text("其他", "Other")),
    ]

    static func place(
        _ id: String, _ name: String, _ path: String, children: Bool = true, chosen: Bool = false
    ) -> PlaceNode {
        PlaceNode(id: id, name: name, path: path, hasChildren: children, canBeChosen: chosen)
    }
    static let county = place("organizations/140502", "城区", "晋城市 / 城区")
    static let counties = [county, place("organizations/140581", "高平市", "晋城市 / 高平市")]
    static let city = place("organizations/140500", "晋城市", "晋城市")
    static let street = place("organizations/140502001", "东街街道", "晋城市 / 城区 / 东街街道")
    static let community = place(
        "organizations/140502001999", "凤台社区", "晋城市 / 城区 / 东街街道 / 凤台社区", chosen: true)
    static let grid = place(
        "organizations/14050200199901", "第一网格", "晋城市 / 城区 / 东街街道 / 凤台社区 / 第一网格", children: false,
        chosen: true)

    static let number = CheckedNumber(
        kind: .caseNumber, date: Talk.today, sequence: 12)

    static func report(
        state: Text = Text("处置中", "Being handled"), clock: ReportView.Clock? = nil, canRate: Bool = false,
        canReopen: Bool = false
    ) -> ReportView {
        let start = Talk.nine.adding(minutes: 5)
        return ReportView(
            number: number.description, category: Text("路灯不亮", "Street lamp"), description: "楼下路灯坏了",
            place: "凤台社区 / 第一网格", state: state, nextOwner: Text("凤台社区第一网格网格员", "Grid worker of grid 1"),
            clock: clock, events: [.init(time: start, text: Text("已上报", "Reported"))], canRate: canRate,
            canReopen: canReopen, createdAt: start)
    }

    /// Walks through the report form up to its summary.
    mutating func fillReport() {
        type("1")
        answer(.reportCategories(Talk.categories, words: ""))
        type("1", "楼下路灯坏了三天")
        answer(.places(Talk.counties))
        type("1")
        answer(.places([Talk.street]))
        type("1")
        answer(.places([Talk.community]))
        type("1")
        answer(.places([Talk.grid]))
        type("2", "3号楼门口", "跳过")
    }
}
