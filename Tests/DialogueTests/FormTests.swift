import Testing

@testable import Dialogue
@testable import Kernel

@Suite("Forms")
struct FormTests {
    @Test("a report is filled in, checked, submitted, and its number shown")
    func report() throws {
        var talk = Talk()
        talk.fillReport()
        #expect(talk.choices.first == "提交报告")
        let drawn = try #require(talk.topForm?.requestID)
        talk.type("1")
        let report = NewReport(
            category: "lamp", description: "楼下路灯坏了三天", place: Talk.grid.id, spot: "3号楼门口", photoPath: "")
        #expect(talk.request == .createReport(report, requestID: drawn))
        talk.answer(.reportCreated(Talk.report()))
        #expect(talk.text.contains(Talk.number.description))
        #expect(talk.text.contains("凤台社区第一网格网格员"))
        #expect(talk.state.frames.count == 2)
    }

    @Test("one answer is changed and the summary comes back with the same request id")
    func change() {
        var talk = Talk()
        talk.fillReport()
        let drawn = talk.topForm?.requestID
        talk.type("改“情况”")
        #expect(talk.text.contains("现在的回答：楼下路灯坏了三天"))
        talk.type("路灯一闪一闪")
        #expect(talk.text.contains("请核对"))
        #expect(talk.text.contains("路灯一闪一闪"))
        #expect(talk.topForm?.requestID == drawn)
    }

    @Test("an answer lost on the way is asked for again with the same request id: no second report")
    func resend() throws {
        var talk = Talk()
        talk.fillReport()
        talk.type("1")
        let first = try #require(talk.request)
        talk.fail(.connectionLost, "连不上。")
        #expect(talk.text.contains("您填的都还在"))
        talk.type("喂")
        #expect(talk.request == first)
        talk.give(.reconnected)
        #expect(talk.effects == [.call(first)])
        talk.fail(.connectionLost)
        talk.type("1")
        #expect(talk.effects == [.call(first)])
    }

    @Test("giving up while waiting keeps the form, and its request id")
    func abandonWaiting() {
        var talk = Talk()
        talk.fillReport()
        let drawn = talk.topForm?.requestID
        talk.type("1")
        talk.fail(.connectionLost)
        talk.type("0")
        #expect(talk.isHome)
        #expect(talk.choices.first == "接着办上次没办完的：上报问题")
        talk.type("1")
        #expect(talk.topForm?.requestID == drawn)
        #expect(talk.text.contains("请核对"))
    }

    @Test("a refusal shows why, and draws a new request id")
    func refusal() {
        var talk = Talk()
        talk.fillReport()
        let drawn = talk.topForm?.requestID
        talk.type("1")
        talk.fail(.refused, "这个网格刚刚撤销了，请另选一个。")
        #expect(talk.text.contains("这个网格刚刚撤销了"))
        #expect(talk.text.contains("请核对"))
        #expect(talk.topForm?.requestID != drawn)
    }

    @Test("danger first: a yes stops the form with the number to call, and leads on or back")
    func stopQuestion() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("2")
        #expect(talk.text.contains("煤气味"))
        talk.type("是")
        #expect(talk.text.contains("!! 请马上离开"))
        #expect(talk.text.contains("119"))
        talk.type("2")
        #expect(talk.text.contains("煤气味"))
        talk.type("有")
        talk.type("1")
        #expect(talk.text.contains("请说说是什么问题"))
    }

    @Test(
        "a keyword inside a description asks, and can be the description",
        arguments: ["人工", "主菜单", "重来"])
    func keywordInside(word: String) {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", word)
        #expect(talk.choices.first == "不离开，继续填")
        talk.type("1")
        #expect(talk.topForm?.answers["category"]?.value == "lamp")
        #expect(talk.text.contains("请说说是什么问题"))
        talk.type(word)
        talk.type("不离开，“\(word)”就是我的回答")
        #expect(talk.topForm?.answers["description"]?.value == word)
    }

    @Test("a sentence with a keyword in it is an answer")
    func keywordInSentence() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "人工湖边的路灯坏了")
        #expect(talk.topForm?.answers["description"]?.value == "人工湖边的路灯坏了")
    }

    @Test("leaving keeps a draft that the main menu offers; throwing away drops it")
    func draft() {
        var talk = Talk()
        talk.fillReport()
        talk.type("#", "2")
        #expect(talk.choices.first == "接着办上次没办完的：上报问题")
        talk.type("1")
        #expect(talk.text.contains("请核对"))
        talk.type("#", "3")
        #expect(talk.isHome)
        #expect(talk.choices.first == "上报问题")
    }

    @Test("0 goes back one question and keeps the answers")
    func back() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "0")
        #expect(talk.text.contains("是哪一类问题"))
        talk.type("3")
        #expect(talk.text.contains("请说说是什么问题"))
        #expect(talk.topForm?.answers["category"]?.value == "other")
    }

    @Test("three bad answers are offered a way out, and the way out works")
    func retryLimit() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("77", "77")
        #expect(!talk.choices.contains("人工服务"))
        talk.type("77")
        #expect(talk.choices.contains("人工服务"))
        talk.type("1")
        #expect(talk.text.contains("是哪一类问题"))
        talk.type("1", "短", "短")
        #expect(talk.text.contains("太短了"))
        talk.type("短")
        #expect(talk.choices.contains("离开，先存着（24 小时内可以接着填）"))
        talk.type("离开，先存着（24 小时内可以接着填）")
        #expect(talk.isHome)
    }

    @Test("a place is found by words, and the tree can be climbed")
    func place() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "路灯坏了")
        talk.answer(.places(Talk.counties))
        talk.type("凤台")
        #expect(talk.request == .findPlaces(words: "凤台"))
        talk.answer(.places([Talk.community]))
        #expect(talk.choices == [Talk.community.path, "都不是，一级一级地选"])
        talk.type("2")
        talk.answer(.places(Talk.counties))
        talk.type("1")
        #expect(talk.request == .places(below: Talk.county))
        talk.answer(.places([Talk.street]))
        talk.type("0")
        #expect(talk.request == .places(below: nil))
        talk.answer(.places(Talk.counties))
        talk.type("没有的地方")
        talk.answer(.places([]))
        #expect(talk.text.contains("没有找到“没有的地方”"))
        #expect(talk.choices == ["城区", "高平市"])
    }

    @Test("a single place at the top is no choice, and is not gone back to")
    func singleTop() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "路灯坏了")
        talk.answer(.places([Talk.city]))
        #expect(talk.request == .places(below: Talk.city))
        talk.answer(.places(Talk.counties))
        #expect(talk.choices == ["城区", "高平市"])
        talk.type("0")
        #expect(talk.text.contains("请说说是什么问题"))
    }

    @Test("a place that is too large for a report cannot be chosen, and says so")
    func tooLarge() {
        var talk = Talk()
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "路灯坏了")
        talk.answer(.places([Talk.place("organizations/1", "空县", "空县", children: false), Talk.county]))
        talk.type("1")
        #expect(talk.text.contains("这里还没有登记社区"))
        #expect(talk.topForm?.answers["place"] == nil)
    }

    @Test("the place of the last report is offered first")
    func knownPlace() {
        var talk = Talk()
        talk.fillReport()
        talk.type("1")
        talk.answer(.reportCreated(Talk.report()))
        talk.type("#", "1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("1", "又坏了一盏")
        #expect(talk.request == nil)
        #expect(talk.choices == [Talk.grid.path, "别的地方"])
        talk.type("1")
        #expect(talk.topForm?.answers["place"]?.value == Talk.grid.id)
    }

    @Test("a photo is looked at before it is accepted")
    func photo() {
        var talk = Talk()
        talk.fillReport()
        talk.type("改“照片”", "'/home/me/我的 照片.jpg'")
        #expect(talk.request == .inspectPhoto(path: "/home/me/我的 照片.jpg"))
        talk.fail(.refused, "没有这个文件。")
        #expect(talk.text.contains("没有这个文件"))
        #expect(talk.text.contains("有照片吗"))
        talk.type("/tmp/1.jpg")
        talk.answer(.photo(path: "/tmp/1.jpg", sizeBytes: 204_800))
        #expect(talk.text.contains("1.jpg（200 KB）"))
    }
}

@Suite("Answers to single questions")
struct ValidatorTests {
    static func check(_ kind: Question.Kind, _ line: String) -> AnswerValue? {
        let question = Question(id: "q", prompt: Text("?"), kind: kind, label: Text("q"))
        let validator = Validator(
            question: question, language: .chinese, today: Talk.today)
        guard case .success(let value) = validator.check(Answer(line)) else { return nil }
        return value
    }

    @Test("phones are cleaned and masked")
    func phone() {
        #expect(
            Self.check(.phone, "+86 138-0013-8000") == AnswerValue(value: "13800138000", shown: "138****8000")
        )
        #expect(Self.check(.phone, "１３８００１３８０００")?.value == "13800138000")
        #expect(Self.check(.phone, "1380013800") == nil)
        #expect(Self.check(.phone, "23800138000") == nil)
    }

    @Test("ID numbers are checked by GB 11643 and masked")
    func idNumber() {
        #expect(Self.check(.idNumber, "11010519491231002x")?.value == "11010519491231002X")
        #expect(Self.check(.idNumber, "11010519491231002x")?.shown.contains("1949") == false)
        #expect(Self.check(.idNumber, "110105194912310021") == nil)
    }

    @Test("days in the ways people write them")
    func dates() {
        #expect(Self.check(.date(), "2026-03-01")?.value == "2026-03-01")
        #expect(Self.check(.date(), "２０２６年３月１日")?.value == "2026-03-01")
        #expect(Self.check(.date(), "明天")?.value == "2026-05-07")
        #expect(Self.check(.date(), "6月1日")?.value == "2026-06-01")
        #expect(Self.check(.date(), "3月1日")?.value == "2027-03-01")
        #expect(Self.check(.date(), "2026-02-30") == nil)
        #expect(Self.check(.date(), "下个月") == nil)
    }

    @Test("money is kept in fen, with a limit on both sides")
    func money() {
        #expect(Self.check(.money(maxFen: 10_000), "12.5")?.value == "1250")
        #expect(Self.check(.money(maxFen: 10_000), "100")?.value == "10000")
        #expect(Self.check(.money(maxFen: 10_000), "100.01") == nil)
        #expect(Self.check(.money(maxFen: 10_000), "-1") == nil)
    }

    @Test("lengths of texts, on both sides")
    func texts() {
        #expect(Self.check(.text(min: 2, max: 4), "路") == nil)
        #expect(Self.check(.text(min: 2, max: 4), "路灯") != nil)
        #expect(Self.check(.text(min: 2, max: 4), "路灯坏了") != nil)
        #expect(Self.check(.text(min: 2, max: 4), "路灯都坏了") == nil)
    }

    @Test("codes and numbers")
    func numbers() {
        #expect(Self.check(.code(digits: 6), "１２３ ４５６")?.value == "123456")
        #expect(Self.check(.code(digits: 6), "12345") == nil)
        #expect(Self.check(.number(min: 1, max: 20), "二十")?.value == "20")
        #expect(Self.check(.number(min: 1, max: 20), "21") == nil)
    }

    @Test("paths as they are typed or dropped")
    func paths() {
        #expect(Validator.path("\"/a b/1.jpg\"") == "/a b/1.jpg")
        #expect(Validator.path("/a\\ b/1.jpg") == "/a b/1.jpg")
        #expect(Validator.path("file:///a/1.jpg") == "/a/1.jpg")
    }
}
