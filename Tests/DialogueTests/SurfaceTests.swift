import Kernel
import Testing

@testable import Dialogue

@Suite("A conversation at a kiosk")
struct SurfaceTests {
    static let many = MenuBook(
        root: "main",
        menus: [
            Menu(
                id: "main", title: Text("首页"),
                entries: (1...14).map {
                    MenuEntry(number: $0, label: Text("第\($0)项"), target: .say(Text("说\($0)")))
                })
        ])

    @Test("six choices a page, 8 shows more, 0 goes back, and the numbers are what is shown")
    func pages() {
        var talk = Talk(surface: .kiosk)
        talk.reducer = Reducer(definition: Definition(menus: Self.many, surface: .kiosk))
        talk.give(.start)
        #expect(talk.state.options.map(\.key) == ["1", "2", "3", "4", "5", "6", "8"])
        talk.type("8")
        #expect(talk.choices.first == "第7项")
        talk.type("7")
        #expect(talk.text.contains("请输入"))
        talk.type("8")
        #expect(talk.choices == ["第13项", "第14项"])
        talk.type("2")
        #expect(talk.text.contains("说14"))
        talk.type("0")
        #expect(talk.choices.first == "第7项")
    }

    @Test("the centre in which somebody stands comes first, and says so")
    func ownHall() {
        let halls = [("halls/a", "城区大厅"), ("halls/b", "凤台大厅")].map {
            HallView(
                name: $0.0, displayName: $0.1, groups: [HallView.Group(id: "A", label: Text("综合"))])
        }
        let appointment = HallPurpose.appointment(item: "", itemText: "")
        for (hall, choices) in [
            ("halls/b", ["凤台大厅（就在这里）", "城区大厅"]), ("", ["城区大厅", "凤台大厅"]),
        ] {
            var talk = Talk(surface: .kiosk)
            var definition = talk.reducer.definition
            definition.hall = hall
            talk.reducer = Reducer(definition: definition)
            talk.type("1")
            talk.answer(.oneStop(.halls(halls, appointment)))
            #expect(talk.choices == choices)
        }
    }

    @Test("9 calls for help wherever numbers choose, loses nothing, and is a digit where digits are typed")
    func help() {
        var talk = Talk(surface: .kiosk)
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        #expect(talk.state.expectedInput == .choice)
        talk.type("9")
        #expect(talk.text.contains("12345"))
        talk.type("1")
        #expect(talk.topForm != nil)
        talk.type("0", "编号")
        #expect(talk.state.expectedInput == .latin)
        talk.type("9")
        #expect(!talk.text.contains("12345"))
    }

    @Test("a visitor is signed in by the kiosk, and goes on with what was wanted")
    func signIn() {
        var talk = Talk(surface: .kiosk, signedIn: false)
        talk.type("5")
        #expect(talk.effects == [.signIn])
        talk.give(.signedIn(Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")))
        #expect(talk.request == .points)
        talk.answer(.points(PointsView(balance: 30)))
        #expect(talk.text.contains("30"))
    }

    @Test("who gives the sign-in up stays where they were")
    func signInGivenUp() {
        var talk = Talk(surface: .kiosk, signedIn: false)
        talk.type("5")
        talk.give(.signedIn(nil))
        #expect(talk.request == nil)
        #expect(talk.text.contains("没有登录"))
        #expect(talk.isHome)
    }

    @Test("nothing is kept: leaving a form throws it away, and a wipe leaves an empty state")
    func nothingKept() {
        var talk = Talk(surface: .kiosk)
        talk.fillReport()
        talk.type("#")
        #expect(!talk.choices.contains { $0.contains("24") })
        talk.type("2")
        #expect(talk.state.draft == nil)
        #expect(talk.isHome)
        talk.fillReport()
        talk.type("1")
        talk.fail(.connectionLost)
        #expect(talk.state.expectedInput == .retry)
        talk.type("0")
        #expect(talk.state.draft == nil)
        talk.state.wipe()
        #expect(talk.state == DialogueState())
    }

    @Test("the keyboard fits the question")
    func keyboards() {
        let pairs: [(Question.Kind, ExpectedInput)] = [
            (.phone, .digits(max: 12)), (.idNumber, .idNumber), (.code(digits: 6), .digits(max: 6)),
            (.money(maxFen: 100), .amount), (.number(min: 1, max: 120), .digits(max: 3)),
            (.name, .chinese(max: 50)), (.secret(min: 1, max: 8), .secret), (.yesNo, .choice),
        ]
        for (kind, expected) in pairs { #expect(kind.expectedInput == expected) }
        var talk = Talk(surface: .kiosk)
        talk.type("1")
        #expect(talk.state.expectedInput == .nothing)
    }

    @Test("paper that came out is to be taken, paper that did not is said so")
    func paper() {
        var talk = Talk(surface: .kiosk)
        talk.give(.printed(true))
        #expect(talk.text.contains("请取走"))
        talk.give(.printed(false))
        #expect(talk.text.contains("!! 没有打出来"))
    }

    @Test("another language says the same screen again, and words that answer are offered as buttons")
    func language() {
        var talk = Talk(surface: .kiosk)
        talk.type("1")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        let frames = talk.state.frames
        talk.give(.language(.english))
        #expect(talk.state.frames == frames)
        #expect(talk.text.contains("Question 1 of"))
        #expect(!talk.said.contains { $0.kind == .hint && $0.text.contains("#") })
        #expect(talk.state.offeredWords == [])
    }
}
