import Dialogue
import Kernel
import Testing

@testable import linli_kiosk

@Suite("The kiosk's machine")
@MainActor
struct MachineTests {
    @Test("a visitor signs in by phone and goes on with what was wanted; the whole name is on no screen")
    func phone() {
        var walk = Walk()
        walk.press("1", "2", "10010000001")
        walk.press(.enter)
        #expect(walk.actions == [.sendCode(phone: "10010000001")])
        walk.give(.signIn(.codeSent(minutes: 5)))
        #expect(walk.text.contains("5 分钟"))
        walk.press("12345")
        walk.press(.enter)
        #expect(walk.actions == [] && walk.text.contains("6 位"))
        walk.press("6")
        walk.press(.enter)
        #expect(walk.actions == [.signInByPhone(phone: "10010000001", code: "123456")])
        walk.give(.signIn(.failed(Failure(kind: .refused, text: "验证码不对。"))))
        #expect(walk.text.contains("验证码不对"))
        walk.press("654321")
        walk.press(.enter)
        walk.give(.signIn(.signedIn(Walk.person)))
        #expect(walk.actions.contains(.call(.reportCategories(words: ""))))
        walk.answer(.reportCategories(Walk.categories, words: ""))
        #expect(walk.text.contains("王*丽") && !walk.text.contains("王小丽"))
    }

    @Test("a card that is pulled while it is read, or later, ends the session")
    func card() {
        var walk = Walk()
        walk.press("1", "1")
        walk.give(.card(.unreadable))
        #expect(walk.text.contains("重新放一次"))
        walk.give(.card(.inserted(number: "140599199003071234", name: "王小丽")))
        #expect(walk.actions == [.signInByCard(number: "140599199003071234", name: "王小丽")])
        #expect(walk.text.contains("正在读卡") && !walk.text.contains("140599"))
        var pulled = walk
        pulled.give(.card(.removed))
        #expect(pulled.actions == [.end(.card)])
        walk.give(.signIn(.signedIn(Walk.person)))
        #expect(walk.kiosk.dialogue.person != nil)
        walk.give(.card(.removed))
        #expect(walk.actions == [.end(.card)])
        #expect(walk.kiosk.dialogue.person == nil)
    }

    @Test("a card that lies there already signs in when that is asked for, and not twice by itself")
    func cardFirst() {
        var walk = Walk()
        walk.give(.card(.inserted(number: "140599199003071234", name: "王小丽")))
        #expect(walk.actions == [] && walk.text.contains("身份证读到了"))
        walk.press("1")
        #expect(walk.actions == [.signInByCard(number: "140599199003071234", name: "王小丽")])
        walk.give(.signIn(.failed(Failure(kind: .refused, text: "没有这个人。"))))
        #expect(walk.actions == [] && walk.text.contains("没有这个人"))
        walk.press("1")
        #expect(walk.actions == [.signInByCard(number: "140599199003071234", name: "王小丽")])
    }

    @Test("while the server is away the screen says what to do at a kiosk, and the answer is taken up again")
    func lineAway() {
        var walk = Walk(signedIn: true)
        walk.press("1")
        #expect(walk.actions == [.call(.reportCategories(words: ""))])
        walk.give(.dialogue(.failed(Failure(kind: .connectionLost, text: "请检查网络"))))
        #expect(walk.text.contains("连不上服务器") && walk.text.contains("0356-12345"))
        #expect(!walk.text.contains("请检查网络"))
        walk.give(.reachable(false))
        walk.give(.reachable(true))
        #expect(walk.actions == [.call(.reportCategories(words: ""))])
        walk.answer(.reportCategories(Walk.categories, words: ""))
        #expect(walk.text.contains("垃圾没人清"))
    }

    @Test("what does not fit on a small screen is reached by turning pages, while signing in too")
    func pages() {
        var walk = Walk()
        walk.rows = 20
        walk.columns = 60
        walk.press("13")
        walk.give(.signIn(.code("58196881")))
        #expect(!walk.text.contains("写“一体机”"))
        for _ in 0..<3 { walk.press(.pageDown) }
        #expect(walk.text.contains("写“一体机”") && !walk.text.contains("请用手机扫码"))
        for _ in 0..<3 { walk.press(.pageUp) }
        #expect(walk.text.contains("请用手机扫码"))
    }

    @Test("pages turned beyond the end are not to be turned back")
    func pagesEnd() {
        var walk = Walk()
        walk.rows = 20
        walk.columns = 60
        walk.press("13")
        walk.give(.signIn(.code("58196881")))
        for _ in 0..<3 { walk.press(.pageDown) }
        let end = walk.text
        for _ in 0..<9 { walk.press(.pageDown) }
        #expect(walk.text == end)
        walk.press(.pageUp)
        #expect(walk.text != end)
    }

    @Test("a card that was forgotten signs nobody in, and the first screen asks for it until it is gone")
    func cardLeft() {
        var walk = Walk()
        walk.kiosk.lastEnding = .idle
        walk.give(.card(.left))
        walk.wait(1_000)
        #expect(walk.text.contains("请取走您的身份证") && walk.actions == [], "it wakes nobody up")
        walk.press("1")
        #expect(walk.actions == [] && walk.text.contains("请先取走"))
        walk.press("1")
        #expect(walk.actions == [] && walk.text.contains("请把身份证放在读卡器上"))
        walk.give(.card(.removed))
        #expect(walk.actions == [] && !walk.text.contains("取走，是您的"))
        walk.give(.card(.inserted(number: "140599199003071234", name: "王小丽")))
        #expect(walk.actions == [.signInByCard(number: "140599199003071234", name: "王小丽")])
        var away = Kiosk.awayWalk()
        away.give(.card(.left))
        #expect(away.text.contains("请取走您的身份证"))
        away.give(.card(.removed))
        #expect(!away.text.contains("请取走您的身份证"))
    }

    @Test("a reader that begins anew while its card is in use asks nobody to take it")
    func cardStays() {
        var walk = Walk()
        walk.press("1", "1")
        walk.give(.card(.inserted(number: "140599199003071234", name: "王小丽")))
        walk.give(.signIn(.signedIn(Walk.person)))
        walk.give(.card(.isWorking(false)))
        walk.give(.card(.isWorking(true)))
        walk.give(.card(.left))
        #expect(!walk.text.contains("取走"))
        walk.give(.card(.removed))
        #expect(walk.actions == [.end(.card)])
    }

    @Test("a card is taken wherever the sign-in stands, but not over what is being asked already")
    func cardAnyTime() {
        let card = KioskEvent.card(.inserted(number: "140599199003071234", name: "王小丽"))
        for keys in ["1", "12", "1210010000001"] {
            var walk = Walk()
            walk.press(keys)
            walk.give(card)
            #expect(walk.actions == [.signInByCard(number: "140599199003071234", name: "王小丽")], "\(keys)")
            #expect(!walk.text.contains("10010000001"))
        }
        var scanning = Walk()
        scanning.press("13")
        scanning.give(card)
        #expect(scanning.actions.first == .stopCode && scanning.actions.count == 2)
        var sending = Walk()
        sending.press("1210010000001")
        sending.press(.enter)
        sending.give(card)
        #expect(sending.actions == [])
    }

    @Test("a sign-in that succeeds after the person has gone back leaves nobody signed in unseen")
    func late() {
        var walk = Walk()
        walk.press("1", "3")
        #expect(walk.actions == [.beginCode])
        walk.give(.signIn(.code("K7MPQ2XD")))
        walk.press("0", "0")
        walk.give(.signIn(.signedIn(Walk.person)))
        #expect(walk.actions == [.end(.finished)])
    }

    @Test("nobody there: warning, a key goes on, then everything is wiped and nothing is done any more")
    func idle() {
        var walk = ScreenTests.danger()
        walk.wait(61)
        #expect(walk.text.contains("还在吗"))
        walk.press(.other)
        #expect(!walk.text.contains("还在吗"))
        walk.wait(60)
        walk.wait(29)
        #expect(walk.text.contains("1 秒"))
        walk.wait(1)
        #expect(walk.actions == [.end(.idle)])
        #expect(walk.kiosk.dialogue == DialogueState() && walk.kiosk.entry == nil)
        walk.press("1")
        #expect(walk.actions == [])
    }

    @Test("a kiosk that nobody touched has nothing to wipe, and never ends")
    func untouched() {
        var walk = Walk()
        walk.wait(100_000)
        #expect(walk.actions == [])
    }

    @Test("what a scanner reads is typed into no form, and is a line where numbers choose")
    func scans() {
        var walk = ScreenTests.description("")
        walk.give(.scanned("AJ-260506-00012-7"))
        #expect(walk.kiosk.entry?.text == "" && walk.text.contains("不能扫码"))
        walk = Walk(signedIn: true)
        walk.give(.scanned("AJ-260506-00012-7"))
        #expect(!walk.text.contains("不能扫码"))
        // A certificate's code is checked, whether that was chosen first or not, and for whoever stands there.
        let code = "LL1.WRQ76UYAABVPKD2U.KXMF4DCA"
        walk = Walk()
        walk.give(.scanned(code))
        #expect(walk.actions == [.call(.oneStop(.verifyCertificate(text: code)))])
        walk = Walk()
        walk.press("8", "2")
        #expect(walk.kiosk.entry != nil && walk.text.contains("请扫描"))
        walk.give(.scanned(code))
        #expect(walk.actions == [.call(.oneStop(.verifyCertificate(text: code)))])
    }

    @Test("Chinese is typed by numbered candidates, pages and backspace")
    func chinese() throws {
        var walk = ScreenTests.description("gongjijin")
        #expect(walk.text.contains("1 公积金"))
        walk.press("1", ",")
        #expect(walk.kiosk.entry?.text == "公积金，")
        walk.press(.backspace)
        walk.press("shi")
        let first = walk.picture.grid.lines
        walk.press(.pageDown)
        #expect(walk.picture.grid.lines != first)
        walk.press(.pageUp)
        #expect(walk.picture.grid.lines == first)
        walk.press(.escape)
        #expect(walk.kiosk.entry?.text == "公积金" && walk.kiosk.entry?.pinyin == "")
        walk.press(.tab)
        walk.press("No.3")
        #expect(walk.kiosk.entry?.text == "公积金No.3")
    }

    @Test("a choice can be touched, and so can a key and a candidate")
    func touch() {
        var walk = Walk()
        walk.tap("我的积分")
        #expect(walk.text.contains("刷身份证"))
        walk.tap("手机号和验证码")
        walk.tap("[  5")
        walk.tap("[  6")
        #expect(walk.kiosk.entry?.text == "56")
        walk.tap("删除")
        #expect(walk.kiosk.entry?.text == "5")
        walk.tap("返回")
        #expect(walk.text.contains("刷身份证"))
        var typing = ScreenTests.description("gongjijin")
        typing.tap("1 公积金")
        #expect(typing.kiosk.entry?.text == "公积金")
    }

    @Test("files of the wrong kind or too large are refused in words, the right one is taken")
    func materials() {
        var walk = Walk(signedIn: true)
        walk.kiosk.beginMaterials(["image/jpeg"])
        let most = Kiosk.materialBytesAtMost
        walk.give(
            .materials([
                Material(path: "/s/a", sizeBytes: 1, contentType: "application/pdf", time: "09:00"),
                Material(path: "/s/b", sizeBytes: most + 1, contentType: "image/jpeg", time: "09:00"),
                Material(path: "/s/c", sizeBytes: most, contentType: "image/jpeg", time: "09:00"),
            ]))
        walk.press("1")
        #expect(walk.text.contains("照片（JPEG）。"))
        walk.press("2")
        #expect(walk.text.contains("文件太大"))
        #expect(walk.kiosk.cover != nil)
        walk.press("3")
        #expect(walk.kiosk.cover == nil)
    }

    @Test("no paper is said, and what was on the screen stays")
    func paper() {
        var walk = Walk(signedIn: true)
        walk.give(.printed(.noPaper))
        #expect(walk.text.contains("没有纸了") && walk.text.contains("上报问题"))
    }

    @Test("a lock ends the session and shows its reason; the line that broke is said")
    func out() {
        var walk = ScreenTests.danger()
        walk.give(.reachable(false))
        #expect(walk.text.contains("网络断了"))
        walk.give(.station(Station(place: "", hotline: "", lock: "今天检修")))
        #expect(walk.actions == [.end(.locked)])
        var idle = Walk()
        idle.give(.station(Station(place: "", hotline: "", lock: "今天检修")))
        #expect(idle.actions == [] && idle.text.contains("今天检修"))
        idle.press("1")
        #expect(idle.actions == [] && idle.text.contains("今天检修"))
        idle.give(.station(Station(place: "凤台社区", hotline: "12345", lock: nil)))
        #expect(idle.text.contains("上报问题"))
    }
}
