import Testing

@testable import Dialogue
@testable import Kernel

/// What residents did with the program that it did not expect.
@Suite("As residents type")
struct ResidentTests {
    /// More kinds of problems than fit on one screen.
    static let manyCategories =
        (1...12).map { ReportCategory(id: "kind\($0)", label: Text("第\($0)类", "Kind \($0)")) }
        + [ReportCategory(id: "noise", label: Text("噪音扰民", "Noise"), keywords: ["噪音"])]

    @Test("a choice on another page is found by its name")
    func otherPage() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Self.manyCategories, words: ""))
        talk.type("噪音")
        #expect(talk.topForm?.answers["category"]?.value == "noise")
    }

    @Test("a line of a long list is found by its name, too")
    func otherPageOfList() {
        var talk = Talk()
        talk.type("取号")
        let halls = (1...12).map {
            HallView(
                name: "halls/\($0)", displayName: $0 == 12 ? "北诗镇中心" : "中心\($0)",
                groups: [.init(id: "all", label: Text("综合", "All"))])
        }
        talk.answer(.oneStop(.halls(halls, .ticket)))
        talk.type("北诗镇")
        #expect(talk.text.contains("== 北诗镇中心"))
    }

    @Test("a form is left by its name for a draft, never lost below a question")
    func homeKeepsForm() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "#", "#")
        #expect(talk.isHome)
        #expect(talk.choices.first == "接着办上次没办完的：上报问题")
    }

    @Test("three misses at leave-or-stay still offer the way out of the form")
    func wayOutOfForm() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "#", "7", "8", "9")
        #expect(talk.choices.contains("回上一题"))
        talk.type("离开，先存着（24 小时内可以接着填）")
        #expect(talk.choices.first == "接着办上次没办完的：上报问题")
    }

    @Test("guesses are answered by other words")
    func otherWords() {
        var talk = Talk()
        talk.type("我想吃馒头")
        #expect(talk.choices.contains("都不是"))
        talk.type("楼下路灯不亮")
        #expect(talk.request == .reportCategories(words: "楼下路灯不亮"))
    }

    @Test("words that mean nothing are offered anew, and the third time there is a way out")
    func otherWordsMiss() {
        var talk = Talk()
        talk.type("我想吃馒头", "我想吃饺子")
        #expect(talk.choices.first == "按“我想吃饺子”查找政务服务")
        talk.type("我想吃面条")
        #expect(talk.choices == ["再试一次", "回主菜单", "人工服务"])
        talk.type("再试一次")
        #expect(talk.isHome)
    }

    @Test("a sign is no answer: nothing is asked where nothing was typed")
    func signLeaves() {
        var talk = Talk()
        talk.type("3", "#")
        #expect(talk.isHome)
        talk.type("3", "人工")
        #expect(talk.choices.contains("不离开，“人工”就是我的回答"))
    }

    @Test("a keyword is offered as an answer only where it would be one", arguments: ["#", "人工"])
    func keywordIsNoIDNumber(_ word: String) {
        var talk = Talk()
        talk.type("我的家人")
        talk.answer(.oneStop(.household([])))
        talk.type("1", "2", "王小明", word)
        #expect(talk.choices == ["不离开，继续填", "离开，不要了"])
    }

    @Test("who greets is greeted, and no report is made of it", arguments: ["你好", "谢谢！", "您好。", "Hello"])
    func courtesy(_ line: String) {
        var talk = Talk()
        talk.type(line)
        #expect(talk.text.contains("选数字，或者直接说"))
        #expect(talk.isHome)
    }

    @Test("who names a danger reads whom to call, wherever it is typed")
    func danger() {
        let words = "先离开，马上打电话"
        var talk = Talk()
        talk.type("厨房闻到煤气味")
        #expect(talk.text.contains(words))
        talk.type("#", "3", "着火了")
        #expect(talk.text.contains(words))
        #expect(talk.request == .findServices(words: "着火了"))
        talk.answer(.services([], words: "着火了"))
        #expect(talk.choices.contains("把“着火了”作为问题上报"))
    }

    @Test(
        "a description that names a danger nobody asked about says whom to call; after the danger question it does not"
    )
    func dangerInDescription() {
        for (category, isSaid) in [("1", true), ("2", false)] {
            var talk = Talk()
            talk.type("1")
            talk.answer(.reportCategories(Talk.categories, words: ""))
            talk.type(category)
            if !isSaid { talk.type("是", "1") }
            talk.type("有人触电")
            #expect(talk.text.contains("先离开，马上打电话") == isSaid)
        }
    }

    @Test("a file that is not there is asked for three times, then there is a way out")
    func noFile() {
        var talk = Talk()
        talk.fillReport()
        talk.type("改“照片”")
        for _ in 1...3 {
            talk.type("照片")
            talk.fail(.refused, "没有这个文件：照片")
        }
        #expect(talk.choices.contains("人工服务"))
        #expect(talk.choices.contains("跳过这一题"))
    }

    @Test("skipping what must be answered is said to be so")
    func mustAnswer() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "跳过")
        #expect(talk.text.contains("这一题要填，不能跳过"))
        #expect(talk.topForm?.answers["description"] == nil)
    }

    @Test("a number is understood in a polite sentence", arguments: ["请按2", "我选二", "选第2个", "我选第二项"])
    func politeNumber(_ line: String) {
        #expect(Answer(line).number == 2)
    }

    @Test("how to say none is told where 0 goes back")
    func zero() {
        var talk = Talk()
        let months = Question(
            id: "months", prompt: Text("几个月？"), kind: .number(min: 0, max: 600), label: Text("月数"))
        talk.state.frames.append(
            .form(FormRun(form: Form(id: Flow.query, title: Text("查"), questions: [months], act: Text("查")))))
        talk.give(.start)
        #expect(talk.text.contains("是零就输入 00"))
        talk.type("00")
        #expect(talk.topForm?.answers["months"]?.value == "0")
    }

    @Test(
        "a number that was mistyped is neither a search nor a report",
        arguments: ["AJ-261126-00003-3", "bj2611230000250"])
    func mistypedNumber(_ line: String) {
        var talk = Talk()
        talk.type(line)
        #expect(talk.text.contains("编号不对"))
        #expect(talk.isHome)
    }

    @Test("a word that names the kind of problem is no description of it")
    func bareName() {
        var talk = Talk()
        talk.type("路灯")
        talk.answer(.reportCategories(Talk.categories, words: "路灯"))
        #expect(talk.topForm?.answers["category"]?.value == "lamp")
        #expect(talk.topForm?.answers["description"] == nil)
        talk = Talk()
        talk.type("路灯坏了")
        talk.answer(.reportCategories(Talk.categories, words: "路灯坏了"))
        #expect(talk.topForm?.answers["description"]?.value == "路灯坏了")
    }

    @Test("days are chosen by their number, and what is given is named before it is given")
    func mandateDays() {
        var talk = Talk()
        talk.state.frames.append(
            .form(FormRun(form: Turn.mandateForm(item: "items/1", itemText: "缴存证明打印"))))
        talk.give(.start)
        talk.type("2", "clerk", "30")
        #expect(talk.topForm?.answers["days"]?.value == "30")
        #expect(talk.text.contains("请核对　委托代办：缴存证明打印"))
        #expect(talk.choices.first == "确定委托")
    }

    @Test("where nobody waits, no minutes are told")
    func nobodyWaits() {
        var talk = Talk()
        talk.type("取号")
        let group = HallView.Group(id: "all", label: Text("综合", "All"), waiting: 0, minutes: 0)
        talk.answer(
            .oneStop(.halls([HallView(name: "halls/1", displayName: "凤台中心", groups: [group])], .ticket)))
        #expect(talk.choices == ["综合　前面没有人"])
    }

    @Test("a broken lamp is one in English, too")
    func brokenLamp() {
        let lamp = ReportCategory(
            id: "lamp", label: Text("路灯不亮", "Street light out"), keywords: ["路灯", "light", "lamp"])
        var talk = Talk(.english)
        talk.state.frames.append(.menu(id: "more", page: 0))
        talk.state.pending = .reportCategories(words: "broken lamp")
        talk.answer(.reportCategories([lamp, Self.manyCategories[0]], words: "broken lamp"))
        #expect(talk.topForm?.answers["category"]?.value == "lamp")
        #expect(talk.topForm?.answers["description"]?.value == "broken lamp")
    }

    @Test(
        "trades have English names, too",
        arguments: [("plumber", "repair"), ("a chemist please", "pharmacy")])
    func englishTrade(_ words: String, _ trade: String) {
        var talk = Talk(.english)
        talk.state.pending = .trades(words: words)
        let trades = [
            TradeView(id: "repair", label: Text("维修", "Repairs")),
            TradeView(id: "pharmacy", label: Text("药店", "Pharmacy")),
        ]
        talk.answer(.trades(trades, words: words))
        #expect(talk.topForm?.form.context["trade"] == trade)
    }

    @Test("an empty line is said to be empty; where words are asked for, no number is")
    func emptyLine() {
        var talk = Talk()
        talk.type("3", "")
        #expect(talk.text == "您还没有输入。\n")
        talk.type("", "")
        #expect(talk.choices.contains("再试一次"))
    }

    @Test("a number in a search is no search")
    func numberIsNoSearch() {
        var talk = Talk()
        talk.type("3", "2")
        #expect(talk.request == nil)
        #expect(talk.text.contains("太短了"))
    }

    @Test("a long line is searched for up to its last whole word")
    func longSearch() {
        var talk = Talk(.english)
        talk.type("I want to extend my residence permit please")
        talk.type("1")
        #expect(talk.request == .findServices(words: "I want to extend my residence permit"))
        talk = Talk()
        talk.type("3", String(repeating: "办", count: 41))
        #expect(talk.request == .findServices(words: String(repeating: "办", count: 40)))
    }

    @Test("points that are taken away have one sign")
    func pointsTaken() {
        var talk = Talk()
        talk.type("5")
        talk.answer(.points(PointsView(balance: 30)))
        talk.answerRules([PointRuleView(label: Text("虚假上报", "False report"), points: -10, monthlyCap: 0)])
        #expect(talk.text.contains("虚假上报：-10 分"))
    }

    @Test("a closed centre is booked there, without choosing it again")
    func closedHall() {
        var talk = Talk()
        talk.type("取号")
        let group = HallView.Group(id: "all", label: Text("综合", "All"))
        let closed = HallView(name: "halls/1", displayName: "凤台中心", groups: [group], isOpen: false)
        talk.answer(.oneStop(.halls([closed], .ticket)))
        talk.type("约一个时间", "综合")
        #expect(talk.request == .oneStop(.slots(hall: closed, group: group)))
    }

    @Test("whoever wants to give a mandate is told how to get to it")
    func mandateSearch() {
        var talk = Talk()
        talk.type("委托代办")
        talk.answer(.oneStop(.mandates([], next: "")))
        talk.type("1")
        #expect(talk.text.contains("要委托别人办哪件事？"))
        talk.type("租房提取公积金")
        #expect(talk.request == .findServices(words: "租房提取公积金"))
    }
}

extension Talk {
    /// From the points to their rules.
    fileprivate mutating func answerRules(_ rules: [PointRuleView]) {
        type("怎么得积分")
        answer(.pointRules(rules, expiryMonths: 24))
    }
}
