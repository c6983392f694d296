import Dialogue
import Foundation
import Kernel
import Testing

@testable import linli_kiosk

@Suite("Reading aloud")
struct SpeechTests {
    @Test("a screen is read from top to bottom, with the keys of its choices")
    func sentences() throws {
        var screen = Screen(look: Look())
        screen.person = "王小丽"
        screen.title = "我的证明"
        screen.blocks = [
            .text("请核对。"), .rows([.init(label: "编号", value: "ZM-1"), .init(label: "", value: "第二行")]),
            .code("secret"),
        ]
        screen.choices = [Screen.Choice(key: "1", label: "打印")]
        screen.words = [Screen.Choice(key: "F5", label: "跳过")]
        #expect(
            try #require(screen.spoken).text == """
                我的证明
                请核对。
                编号：ZM-1
                第二行
                屏幕上有一个二维码。
                按 1，打印。
                按 F5，跳过。

                """)
        screen.look.language = .english
        #expect(try #require(screen.spoken).sentences.contains("Press 1: 打印."))
    }

    @Test("what is typed is never said, and typing says nothing again")
    func typing() throws {
        var screen = Screen(look: Look())
        screen.entry = EntryView(text: "", keyboard: .digits(signs: ""))
        let before = try #require(screen.spoken)
        screen.entry?.text = "140502199003071234"
        #expect(try !#require(screen.spoken).text.contains("1405"))
        #expect(try !#require(screen.spoken).isAnother(than: before))
    }

    @Test("a day is asked for by its eight digits, as the screen says")
    func day() throws {
        var screen = Screen(look: Look())
        screen.entry = EntryView(text: "", keyboard: .digits(signs: "-"))
        #expect(try #require(screen.spoken).sentences == ["8 位数字，如 20260301"])
    }

    @Test("who begins to listen hears the keys that work everywhere, once")
    func keys() throws {
        var screen = Screen(look: Look())
        screen.title = "首页"
        let spoken = try #require(screen.spoken)
        #expect(spoken.text(after: nil, .chinese).hasPrefix("按 F9 找人帮忙"))
        #expect(spoken.text(after: spoken, .chinese) == "首页\n")
    }

    @Test("a question that was answered is not said again while the server thinks")
    func waiting() {
        var walk = Walk(signedIn: true)
        #expect(walk.kiosk.screen(walk.now).spoken != nil)
        walk.press("1")
        #expect(walk.actions == [.call(.reportCategories(words: ""))])
        #expect(walk.kiosk.screen(walk.now).spoken == nil)
        walk.answer(.reportCategories(Walk.categories, words: ""))
        #expect(walk.kiosk.screen(walk.now).spoken != nil)
    }

    @Test("a countdown is said once, and its end brings the same screen without a word")
    func countdown() throws {
        var screen = Screen(look: Look())
        screen.title = "首页"
        let quiet = try #require(screen.spoken)
        screen.isUrgent = true
        screen.notice = "还在吗？30 秒后清除您的内容。"
        let warned = try #require(screen.spoken)
        #expect(warned.isAnother(than: quiet))
        screen.notice = "还在吗？29 秒后清除您的内容。"
        #expect(try !#require(screen.spoken).isAnother(than: warned))
        screen.isUrgent = false
        #expect(try !#require(screen.spoken).isAnother(than: warned))
    }

    @Test("F8 begins and ends it, where there is something that speaks")
    func key() {
        var walk = Walk()
        walk.press(.function(8))
        #expect(!walk.kiosk.look.isSpoken)
        walk.kiosk.canSpeak = true
        walk.press(.function(8))
        #expect(walk.kiosk.look.isSpoken)
        walk.press(.function(8))
        #expect(!walk.kiosk.look.isSpoken)
    }

    @Test("the program gets the text and its end, and a new text ends the one before")
    func program() async throws {
        let path: String = NSTemporaryDirectory() + "speech-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script: String = "t=$(cat); printf '%s.' \"$t\" >>\(path); exec sleep 100"
        let speaker = SpeechProcess(command: ["sh", "-c", script])
        speaker.say("第一屏\n")
        try await until(path, is: "第一屏.")
        speaker.say("第二屏\n")
        try await until(path, is: "第一屏.第二屏.")
        speaker.silence()
        // As the program does: a pipe whose reader is gone is an error and no signal.
        signal(SIGPIPE, SIG_IGN)
        // One that cannot be started, and one that does not listen, end nothing else.
        SpeechProcess(command: ["no-such-program"]).say("没人听")
        SpeechProcess(command: ["true"]).say("没人听")
    }

    private func until(_ path: String, is text: String) async throws {
        for _ in 0..<6_000 {
            if FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }) == text
            {
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it was not said: \(text)")
    }
}
