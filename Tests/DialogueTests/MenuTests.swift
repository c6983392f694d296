import Testing

@testable import Dialogue
@testable import Kernel

@Suite("Menus")
struct MenuTests {
    /// Ten offers, so that a list with 更多 exists.
    static func offers(_ count: Int) -> Response {
        .offers(
            (1...count).map {
                OfferView(
                    name: "offers/\($0)", label: Text("东西\($0)"), partner: "新华书店", points: 1,
                    leftThisMonth: -1)
            }, balance: 0)
    }

    @Test("12 never picks entry 1: an answer is compared whole")
    func wholeToken() {
        var talk = Talk()
        talk.type("12")
        #expect(talk.request == nil)
        #expect(talk.text.contains("请输入 1 到 7 的数字"))
        talk.type("11", "1１")
        #expect(talk.request == nil)
    }

    @Test("a number means what was shown, also on the second page")
    func paging() {
        var talk = Talk()
        talk.type("5")
        talk.answer(.points(PointsView(balance: 0)))
        talk.type("1")
        talk.answer(Self.offers(12))
        #expect(talk.choices.count == 9)
        #expect(talk.choices.last == "更多")
        #expect(talk.choices.first?.hasPrefix("东西1　") == true)
        talk.type("9")
        #expect(talk.choices.map { $0.prefix { $0 != "　" } } == ["东西9", "东西10", "东西11", "东西12"])
        talk.type("1")
        #expect(talk.text.contains("积分不够，还差 1 分"))
        talk.type("0")
        #expect(talk.choices.first?.hasPrefix("东西1　") == true)
        talk.type("更多")
        #expect(talk.choices.first?.hasPrefix("东西9　") == true)
    }

    @Test("nine fit on a screen, the tenth needs 更多", arguments: [(9, 9, false), (10, 9, true)])
    func pageLimit(items: Int, shown: Int, more: Bool) {
        var talk = Talk()
        talk.type("5")
        talk.answer(.points(PointsView(balance: 0)))
        talk.type("1")
        talk.answer(Self.offers(items))
        #expect(talk.choices.count == shown)
        #expect(talk.choices.contains("更多") == more)
    }

    @Test("every item is on exactly one page", arguments: 0...40, [2, 6, 9])
    func pages(items: Int, perPage: Int) {
        let pages = Pages(itemCount: items, perPage: perPage, hasNext: false)
        var seen: [Int] = []
        var page = 0
        while true {
            seen += Array(pages.range(ofPage: page))
            #expect(pages.range(ofPage: page).count <= perPage)
            guard pages.hasMore(afterPage: page) else { break }
            page += 1
        }
        #expect(seen == Array(0..<items))
    }

    @Test(
        "what was said goes along to the flow, unless it only names the entry",
        arguments: [("上报", ""), ("路灯", "路灯")])
    func topics(line: String, words: String) {
        var talk = Talk()
        talk.type(line)
        #expect(talk.request == .reportCategories(words: words))
    }

    @Test("a name of something else that finds no service leads there")
    func elsewhere() {
        var talk = Talk()
        talk.state.pending = .findServices(words: "一体机")
        talk.answer(.services([], words: "一体机"))
        #expect(talk.choices.first == "去“确认一体机登录”")
    }

    @Test("更多 asks the server when the next page is not whole, and repeats nothing")
    func serverPages() {
        var talk = Talk()
        talk.type("6")
        let message = { (number: Int) in
            InboxView(
                name: "messages/\(number)", title: Text("消息\(number)"), body: Text("……"), createdAt: talk.now,
                isRead: true)
        }
        talk.answer(.inbox((1...8).map(message), unread: 0, next: "p2"))
        #expect(talk.choices.last == "更多")
        talk.type("更多")
        #expect(talk.request == .inbox(page: "p2"))
        talk.answer(.inbox((9...12).map(message), unread: 0, next: ""))
        #expect(talk.choices == ["消息9", "消息10", "消息11", "消息12"])
    }

    @Test("full-width and Chinese digits choose", arguments: ["5", "５", "五", "⑤", "第五个"])
    func digits(line: String) {
        var talk = Talk()
        talk.type(line)
        #expect(talk.request == .points)
    }

    @Test("free words find an entry and are not asked for again")
    func freeWords() {
        var talk = Talk()
        talk.type("租房提取公积金")
        #expect(talk.request == .findServices(words: "租房提取公积金"))
        talk = Talk()
        talk.type("我的积分")
        #expect(talk.request == .points)
        talk = Talk(.english)
        talk.type("my points")
        #expect(talk.request == .points)
    }

    @Test("words that name a category fill in category and description")
    func reportByWords() {
        var talk = Talk()
        talk.type("楼下路灯坏了三天")
        #expect(talk.request == .reportCategories(words: "楼下路灯坏了三天"))
        talk.answer(.reportCategories(Talk.categories, words: "楼下路灯坏了三天"))
        #expect(talk.topForm?.answers["category"]?.value == "lamp")
        #expect(talk.topForm?.answers["description"]?.value == "楼下路灯坏了三天")
        #expect(talk.request == .places(below: nil))
    }

    @Test("the number of a report can be typed anywhere; a wrong digit is not one")
    func reportNumber() {
        var talk = Talk()
        talk.type("7", Talk.number.spaced)
        #expect(talk.request == .report(number: Talk.number.description))
        talk = Talk()
        talk.type("AJ-260506-00021-7")
        #expect(talk.request == nil)
    }

    @Test("so can the number of an application and of a certificate")
    func otherNumbers() {
        var talk = Talk()
        talk.type("7", "BJ-261126-00001-0")
        #expect(talk.request == .oneStop(.application(name: "applications/BJ261126000010")))
        talk = Talk()
        talk.type("zm261126000010")
        #expect(talk.request == .oneStop(.certificate(name: "certificates/ZM261126000010")))
    }

    @Test("not understood: best guesses, then other words, then a person")
    func fallback() {
        var talk = Talk()
        talk.type("我想吃馒头")
        #expect(talk.text.contains("您是想办这个吗"))
        #expect(talk.choices.last == "都不是")
        talk.type("都不是")
        #expect(talk.text.contains("请换个说法"))
        talk.type("吃馒头")
        #expect(talk.choices.contains("人工服务"))
        talk.type("人工服务")
        #expect(talk.text.contains("12345"))
        talk.type("1")
        #expect(talk.isHome)
    }

    @Test("words on a list that fit nothing may be the name of a service")
    func wordsOnList() {
        var talk = Talk()
        talk.type("5")
        talk.answer(.points(PointsView(balance: 0)))
        talk.type("异地转移接续", "1")
        #expect(talk.request == .findServices(words: "异地转移接续"))
    }

    @Test("words that fit two entries alike are asked about, not guessed")
    func ties() {
        var talk = Talk()
        talk.type("路灯进度")
        #expect(talk.request == nil)
        #expect(talk.choices == ["上报问题", "我的报告", "都不是"])
        talk.type("2")
        #expect(talk.request == .reports(page: ""))
    }

    @Test("the third answer that does not fit is offered a way out")
    func wayOut() {
        var talk = Talk()
        talk.type("88", "88")
        #expect(!talk.choices.contains("人工服务"))
        talk.type("88")
        #expect(talk.choices == ["再试一次", "回主菜单", "人工服务"])
        talk.type("1")
        #expect(talk.choices.first == "上报问题")
        #expect(talk.state.misses == 0)
    }

    @Test("0, #, ? and 人工 work in every menu and list")
    func globals() {
        var talk = Talk()
        talk.type("7")
        talk.type("0")
        #expect(talk.isHome)
        talk.type("7", "?")
        #expect(talk.text.contains("0 或 返回"))
        #expect(talk.choices == ["登录和账号", "换语言", "按编号查报告", "政务服务"])
        talk.type("人工")
        #expect(talk.text.contains("12345"))
        talk.type("#")
        #expect(talk.isHome)
        talk.type("0")
        #expect(talk.isHome)
    }

    @Test("a long line is refused and changes nothing", arguments: [(2_000, false), (2_001, true)])
    func lineLimit(count: Int, refused: Bool) {
        var talk = Talk()
        talk.type(String(repeating: "灯", count: count))
        #expect(talk.text.contains("这一行太长了") == refused)
    }

    @Test("the language can be changed")
    func language() {
        var talk = Talk()
        talk.type("7", "2", "English")
        #expect(talk.text.contains("Report a problem"))
    }

    @Test("a menu that points nowhere is found when it is read")
    func missingMenus() {
        #expect(Talk.menus.missingMenus.isEmpty)
        var book = Talk.menus
        book.menus[0].entries[6].target = .menu("nowhere")
        #expect(book.missingMenus == ["nowhere"])
        #expect(MenuBook(root: "main", menus: []).missingMenus == ["main"])
    }
}
