import Dialogue
import Foundation
import Kernel
import Synchronization

@testable import linli

/// A terminal that types what a test says and keeps what was written.
final class PlayedTerminal: Terminal {
    let columns: Int
    let isInteractive: Bool
    let events: AsyncStream<TerminalEvent>
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let state: Mutex<(lines: [String], written: String, hidden: [String])>

    init(_ lines: [String], columns: Int = 80, isInteractive: Bool = false) {
        self.columns = columns
        self.isInteractive = isInteractive
        state = Mutex((lines, "", []))
        (events, continuation) = AsyncStream.makeStream()
    }

    var written: String { state.withLock { $0.written } }
    /// Lines that were typed while the screen hid them.
    var hidden: [String] { state.withLock { $0.hidden } }

    func write(_ text: String) { state.withLock { $0.written += text } }

    func ask(_ prompt: String, hidden: Bool) {
        let next: String? = state.withLock { state in
            guard !state.lines.isEmpty else { return nil }
            let line = state.lines.removeFirst()
            state.written += prompt + (hidden ? "••••••" : line) + "\n"
            if hidden { state.hidden.append(line) }
            return line
        }
        if let next {
            continuation.yield(.line(next))
        } else if !isInteractive {
            continuation.yield(.end)
        }
    }

    func send(_ event: TerminalEvent) { continuation.yield(event) }
    func close() { continuation.finish() }
}

/// A desk that answers from a list, and notes what it was asked.
final class PlayedDesk: Desk {
    private let state: Mutex<(answers: [Result<Response, Failure>], asked: [Request])>
    private let changes: [ReportView]
    private let isReachable: Bool

    init(_ answers: [Result<Response, Failure>], changes: [ReportView] = [], isReachable: Bool = true) {
        state = Mutex((answers, []))
        self.changes = changes
        self.isReachable = isReachable
    }

    var asked: [Request] { state.withLock { $0.asked } }

    func answer(_ request: Request, in language: Language) async throws(Failure) -> Response {
        let answer: Result<Response, Failure> = state.withLock { state in
            state.asked.append(request)
            return state.answers.isEmpty
                ? .failure(Failure(kind: .refused, text: "没有准备回答。")) : state.answers.removeFirst()
        }
        return try answer.get()
    }

    func follow(
        report number: String, in language: Language, changed: @escaping @Sendable (ReportView) async -> Void
    )
        async
    {
        for change in changes { await changed(change) }
    }

    func follow(
        application name: String, in language: Language,
        changed: @escaping @Sendable (ApplicationView) async -> Void
    ) async {}

    func waitUntilReachable() async {
        guard !isReachable else { return }
        do { try await Task.sleep(for: .seconds(3_600)) } catch { return }
    }
}

/// One conversation from its first to its last line.
struct Play {
    var terminal: PlayedTerminal
    var desk: PlayedDesk
    var ending: Conversation.Ending

    static let lost = Failure(kind: .connectionLost, text: "现在连不上服务器。")
    static let start = Instant(
        shanghai: CivilTime(date: CivilDate(daysSinceEpoch: 20_579), millisecondOfDay: 32_400_000))

    static func run(
        _ lines: [String], answers: [Result<Response, Failure>] = [], columns: Int = 80,
        language: Language = .chinese,
        signedIn: Bool = true, changes: [ReportView] = [], isReachable: Bool = true
    ) async -> Play {
        let terminal = PlayedTerminal(lines, columns: columns)
        let desk = PlayedDesk(answers, changes: changes, isReachable: isReachable)
        var state = DialogueState(language: language)
        if signedIn {
            state.person = Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")
        }
        let conversation = Conversation(
            reducer: Reducer(definition: Definition(menus: menus)), state: state, desk: desk,
            terminal: terminal,
            environment: .fixed(at: start), hasStyle: false, scriptPatience: .milliseconds(50), keep: { _ in }
        )
        return Play(terminal: terminal, desk: desk, ending: await conversation.run())
    }

    static let menus = MenuBook(
        root: "",
        menus: [
            Menu(
                id: "", title: Text("主菜单", "Main menu"),
                entries: [
                    entry(1, "上报问题", "Report a problem", ["上报", "路灯"], Flow.report),
                    entry(2, "我的报告", "My reports", ["进度"], Flow.myReports),
                    entry(3, "查政务服务", "Government services", ["公积金"], Flow.guide),
                    entry(4, "我的积分", "My points", ["积分"], Flow.points),
                ])
        ])

    static func entry(_ number: Int, _ zh: String, _ en: String, _ keywords: [String], _ flow: String)
        -> MenuEntry
    {
        MenuEntry(number: number, label: Text(zh, en), keywords: keywords, target: .flow(flow))
    }

    static func report(_ state: Text = Text("处置中", "Being handled")) -> ReportView {
        ReportView(
            number: "AJ260506000128", category: Text("路灯不亮", "Street lamp"),
            description: "楼下路灯坏了三天，晚上看不见路，老人出门很危险",
            place: "晋城市 / 城区 / 东街街道 / 凤台社区 / 第一网格，3号楼门口", state: state,
            nextOwner: Text("凤台社区第一网格网格员", "Grid worker"),
            clock: .init(due: start.adding(days: 3), remainingWorkingMinutes: 1_260, card: .green),
            createdAt: start)
    }

    static let service = ServiceView(
        name: "items/121", displayName: "租房提取公积金", department: "市住房公积金管理中心", visits: 1,
        materials: [
            .init(label: "身份证", source: "本人", isRequired: true),
            .init(label: "无房证明", source: "不动产登记中心", isRequired: false),
        ], steps: [Text("带材料到窗口", "Go to the counter"), Text("当场审核", "It is checked at once")],
        phone: "0356-0000001")
}
