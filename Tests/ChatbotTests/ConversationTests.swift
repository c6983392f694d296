import Dialogue
import Foundation
import Kernel
import Testing

@testable import linli

@Suite("The chatbot's conversations")
struct ConversationTests {
    /// Compares with a golden file; `LINLI_RECORD=1 swift test --filter ChatbotTests` writes the files anew.
    static func compare(_ text: String, with name: String, file: String = #filePath) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Transcripts")
        let url = folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["LINLI_RECORD"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == text, "\(name) differs from its golden file")
    }

    @Test("a guide by words, at 80 columns, and a script that was taken ends with 0")
    func guide() async throws {
        let play = await Play.run(
            ["租房提取公积金", "退出"],
            answers: [
                .success(.services([Play.service], words: "租房提取公积金")), .success(.service(Play.service)),
            ])
        #expect(play.ending == .done)
        #expect(play.desk.asked == [.findServices(words: "租房提取公积金"), .service(name: "items/121")])
        try Self.compare(play.terminal.written, with: "guide.80")
    }

    @Test("every line fits into 40 columns")
    func narrow() async throws {
        let play = await Play.run(
            ["2", "1", "?", "#", "退出"],
            answers: [.success(.reports([Play.report()], next: "")), .success(.report(Play.report()))],
            columns: 40)
        for line in play.terminal.written.split(separator: "\n") where !line.hasPrefix("> ") {
            #expect(TextWidth.columns(of: line) <= 40, "\(line)")
        }
        try Self.compare(play.terminal.written, with: "report.40")
    }

    @Test("a query's rows stand side by side where they fit, and one below the other where they do not")
    func table() {
        let table = Message.Table(
            columns: ["月份", "单位", "金额"], rows: [["2026-01", "晋城市某某有限公司", "100"], ["2026-02", "某某", "90"]])
        let wide = Layout(columns: 60, hasStyle: false).lines([Message(.table(table))])
        #expect(wide.count == 4 && wide[3].isEmpty, "what follows stands apart")
        #expect(wide[1] == "  2026-01  晋城市某某有限公司  100")
        let narrow = Layout(columns: 24, hasStyle: false).lines([Message(.table(table))])
        #expect(narrow.contains("  月份  2026-01"))
        #expect(narrow.allSatisfy { TextWidth.columns(of: $0) <= 24 })
    }

    @Test("a code is drawn black on white where it fits, with its text; a script gets the text alone")
    func code() {
        let message = Message(.code, "BJ-260506-00001-7")
        let drawn = Layout(columns: 60, hasStyle: true).lines([message])
        #expect(drawn.count > 10)
        #expect(drawn.last == "BJ-260506-00001-7")
        #expect(Layout(columns: 20, hasStyle: true).lines([message]) == ["BJ-260506-00001-7"])
        #expect(Layout(columns: 60, hasStyle: false).lines([message]) == ["BJ-260506-00001-7"])
    }

    @Test("English works at 40 columns too")
    func english() async throws {
        let play = await Play.run(
            ["my points", "back", "quit"], answers: [.success(.points(PointsView(balance: 30)))], columns: 40,
            language: .english)
        #expect(play.ending == .done)
        try Self.compare(play.terminal.written, with: "points.en.40")
    }

    @Test("a script fails with 1 when a line is not understood, and goes on")
    func notUnderstood() async {
        let play = await Play.run(["99", "4"], answers: [.success(.points(PointsView(balance: 1)))])
        #expect(play.ending == .failed)
        #expect(play.desk.asked == [.points])
    }

    @Test("a script fails with 1 when the server refuses")
    func refused() async {
        let play = await Play.run(["4"], answers: [.failure(Failure(kind: .refused, text: "不行。"))])
        #expect(play.ending == .failed)
        #expect(play.terminal.written.contains("不行。"))
    }

    @Test("after a lost connection a script goes on where it was")
    func reconnect() async {
        let play = await Play.run(
            ["4", "退出"], answers: [.failure(Play.lost), .success(.points(PointsView(balance: 7)))])
        #expect(play.ending == .done)
        #expect(play.desk.asked == [.points, .points])
        #expect(play.terminal.written.contains("网络好了"))
        #expect(play.terminal.written.contains("7 分"))
    }

    @Test("a script ends with 75 when the server stays away")
    func unreachable() async {
        let play = await Play.run(["4", "退出"], answers: [.failure(Play.lost)], isReachable: false)
        #expect(play.ending == .unreachable)
    }

    @Test("a password never reaches the screen")
    func password() async {
        let person = Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")
        let play = await Play.run(
            ["4", "1", "10000000001", "123456", "very secret", "退出"],
            answers: [
                .success(.codeSent(lifetimeSeconds: 300)), .success(.signedIn(person)),
                .success(.points(PointsView(balance: 7))),
            ], signedIn: false)
        #expect(play.ending == .done)
        #expect(play.terminal.hidden == ["very secret"])
        #expect(!play.terminal.written.contains("very secret"))
        #expect(
            play.desk.asked.contains(.signIn(phone: "10000000001", code: "123456", password: "very secret")))
    }

    @Test("changes of a watched report are shown while nobody types")
    func watching() async {
        let terminal = PlayedTerminal(["2", "1", "有变化就告诉我"], isInteractive: true)
        let changed = Play.report(Text("待评价", "To be rated"))
        let desk = PlayedDesk(
            [.success(.reports([Play.report()], next: "")), .success(.report(Play.report()))],
            changes: [changed])
        var state = DialogueState()
        state.person = Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")
        let conversation = Conversation(
            reducer: Reducer(definition: Definition(menus: Play.menus)), state: state, desk: desk,
            terminal: terminal,
            environment: .fixed(at: Play.start), hasStyle: false, scriptPatience: .milliseconds(50),
            keep: { state in
                // The state after the change is the last thing that this test waits for.
                if terminal.written.contains("【有变化】"), state.watching != nil { terminal.send(.end) }
            })
        let ending = await conversation.run()
        #expect(ending == .done)
        #expect(
            terminal.written.contains("【有变化】 AJ260506000128")
                || terminal.written.contains("【有变化】AJ260506000128"))
    }

    @Test("Ctrl-C says that nothing is lost")
    func interrupted() async {
        let terminal = PlayedTerminal([], isInteractive: true)
        terminal.send(.interrupted)
        let conversation = Conversation(
            reducer: Reducer(definition: Definition(menus: Play.menus)), state: DialogueState(),
            desk: PlayedDesk([]),
            terminal: terminal, environment: .fixed(at: Play.start), hasStyle: false,
            scriptPatience: .milliseconds(50), keep: { _ in })
        #expect(await conversation.run() == .interrupted)
        #expect(terminal.written.contains("下次打开，接着办"))
    }
}

@Suite("Layout")
struct LayoutTests {
    @Test("no line is wider than the terminal, at any width", arguments: [20, 40, 76, 200])
    func widths(columns: Int) {
        let layout = Layout(columns: columns, hasStyle: false)
        var card = Message(.card([]))
        let rows = [("下一步谁来办", "凤台社区第一网格网格员王某某（白天）"), ("A very long English label", "value")]
        card.kind = .card(rows.map { Message.Row(label: $0.0, value: $0.1) })
        let long = String(repeating: "路灯坏了，", count: 30)
        let messages = [
            Message(.title, long), Message(.text, long), Message(.warning, long), Message(.hint, long), card,
            Message(.options([Message.Shown(key: "9", label: long)])),
        ]
        for line in layout.lines(messages) {
            #expect(TextWidth.columns(of: line) <= min(columns, Layout.columnsAtMost), "\(line)")
        }
    }

    @Test("further lines stand below the first, not below the number")
    func hanging() {
        let layout = Layout(columns: 20, hasStyle: false)
        let lines = layout.lines([Message(.options([Message.Shown(key: "1", label: "路灯坏了没有人修理")]))])
        #expect(lines.count > 1)
        #expect(lines[0].hasPrefix("  1  路灯"))
        #expect(lines[1].hasPrefix("     "))
    }

    @Test("style is only added where it is wanted")
    func style() {
        #expect(
            Layout(columns: 40, hasStyle: true).lines([Message(.title, "主菜单")]).joined().contains("\u{1B}[1m")
        )
        #expect(
            !Layout(columns: 40, hasStyle: false).lines([Message(.title, "主菜单")]).joined().contains("\u{1B}"))
    }
}
