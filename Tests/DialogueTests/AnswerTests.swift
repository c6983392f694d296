import Testing

@testable import Dialogue

@Suite("What a typed line means")
struct AnswerTests {
    @Test(
        "a number is read in every common spelling",
        arguments: [
            ("3", 3), ("３", 3), ("三", 3), ("③", 3), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21),
            ("12", 12),
            ("１２", 12), ("第三个", 3), ("选2", 2), ("3.", 3), ("3。", 3), (" 3 ", 3), ("两", 2), ("九十九", 99),
            ("第十二项", 12),
        ])
    func numbers(line: String, number: Int) { #expect(Answer(line).number == number) }

    @Test(
        "words with digits in them are not numbers",
        arguments: ["3号楼", "1单元2号", "十字路口", "12345", "一百", "三三", "-1", "1.5", ""])
    func notNumbers(line: String) { #expect(Answer(line).number == nil) }

    @Test("global words count only as a whole line")
    func globalWords() {
        #expect(GlobalWord(Answer("0")) == .back)
        #expect(GlobalWord(Answer("０")) == .back)
        #expect(GlobalWord(Answer("返回")) == .back)
        #expect(GlobalWord(Answer("＃")) == .home)
        #expect(GlobalWord(Answer("？")) == .help)
        #expect(GlobalWord(Answer("人工")) == .human)
        #expect(GlobalWord(Answer("MENU")) == .home)
        #expect(GlobalWord(Answer("没有人工帮忙")) == nil)
        #expect(GlobalWord(Answer("重来一次的路灯")) == nil)
        #expect(GlobalWord(Answer("00")) == nil)
    }

    @Test("terminal escapes and direction overrides never get in")
    func controlCharacters() {
        #expect(Answer("\u{1B}[31m路灯\u{202E}坏了\u{0007}").text == "[31m路灯坏了")
        #expect(Answer("路灯\t坏了").text == "路灯 坏了")
        #expect(Answer("👨‍👩‍👧").text == "👨‍👩‍👧")
    }

    @Test("the longest keyword wins, and English words match as words")
    func scores() {
        #expect(MenuBook.score(of: "port", in: "report a lamp") == 0)
        #expect(MenuBook.score(of: "report", in: "report a lamp") > 0)
        #expect(MenuBook.score(of: "公积金", in: "租房提取公积金") > MenuBook.score(of: "提取", in: "租房提取公积金"))
        #expect(MenuBook.score(of: "灯", in: "路灯坏了") == 0)
    }
}
