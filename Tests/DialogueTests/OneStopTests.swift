import Kernel
import Testing

@testable import Dialogue

@Suite("Applications, papers and counters")
struct OneStopFlowTests {
    @Test("a paused clock says why, changed rules are shown, and the fee is paid at the counter")
    func detail() {
        var talk = Talk()
        talk.type("我的办件")
        talk.answer(.oneStop(.applications([Talk.application()], next: "")))
        talk.type("1")
        #expect(talk.request == .oneStop(.application(name: "applications/BJ260506000017")))
        talk.answer(
            .oneStop(
                .application(
                    Talk.application(
                        paused: "专家评审",
                        changes: [.init(subject: Text("承诺时限"), old: "5 个工作日", new: "3 个工作日")],
                        fee: .init(number: "JF-1", amountFen: 2_000, label: "工本费")))))
        #expect(talk.text.contains("为什么暂停：专家评审"))
        #expect(talk.text.contains("承诺时限：5 个工作日 → 3 个工作日"))
        #expect(talk.text.contains("请到窗口交，报缴费单号 JF-1"))
    }

    @Test(
        "a fee that is due is asked for first, a kiosk prints its voucher without a name, and then it is paid"
    )
    func fee() throws {
        for surface in [Surface.kiosk, .chatbot] {
            var talk = Talk(surface: surface)
            talk.type("我的办件")
            talk.answer(.oneStop(.applications([Talk.application()], next: "")))
            talk.type("1")
            talk.answer(
                .oneStop(
                    .application(
                        Talk.application(fee: .init(number: "JF-1", amountFen: 2_000, label: "工本费")))))
            #expect(talk.text.contains("请到窗口交 ¥20.00，报缴费单号 JF-1"))
            #expect(talk.choices.contains("打印缴费单") == (surface == .kiosk))
            guard surface == .kiosk else { continue }
            talk.type("1")
            guard case .print(let paper)? = talk.effects.first else {
                Issue.record("nothing is printed")
                continue
            }
            #expect(paper.title == "缴费单" && paper.code == "JF-1")
            #expect(paper.lines.contains("金额：¥20.00"))
            #expect(!paper.lines.joined().contains("王小丽"))
        }
        var talk = Talk()
        talk.type("我的办件")
        talk.answer(.oneStop(.applications([Talk.application()], next: "")))
        talk.type("1")
        let paid = Talk.application(
            fee: .init(number: "JF-1", amountFen: 2_000, label: "工本费", paidAt: talk.now))
        talk.answer(.oneStop(.application(paid)))
        #expect(talk.text.contains("已在窗口交过") && !talk.choices.contains("打印缴费单"))
    }

    @Test(
        "what is missing is shown point by point, what is asked again is answered, and it is handed in")
    func supplement() {
        var talk = Talk()
        talk.type("我的办件")
        let asked = Talk.application(
            state: Text("待补正"), verbs: [.supplement],
            supplement: .init(questions: ["book"], points: ["户口簿照片看不清"], due: talk.now.adding(days: 5)))
        talk.answer(.oneStop(.applications([asked], next: "")))
        talk.type("1")
        talk.answer(.oneStop(.application(asked)))
        #expect(talk.text.contains("!! 1. 户口簿照片看不清"))
        talk.type("1")
        // The server sends what is asked again and nothing else.
        var again = Talk.school()
        again.questions = again.questions.filter { $0.id == "book" }
        for index in again.questions.indices { again.questions[index].conditions = [] }
        talk.answer(.oneStop(.supplementForm(asked, again)))
        #expect(talk.text.contains("户口簿照片？"))
        #expect(talk.topForm?.form.questions.map(\.id) == ["book", Turn.supplementNote])
        talk.type("/tmp/new.jpg")
        talk.answer(.oneStop(.uploaded(name: "files/10", shown: "new.jpg")))
        talk.type("跳过", "1")
        guard case .oneStop(.supplement(_, let answers, let note, _))? = talk.request else {
            Issue.record("nothing was handed in")
            return
        }
        #expect(answers == [SubmittedAnswer(question: "book", value: "files/10")])
        #expect(note.isEmpty)
        talk.answer(.oneStop(.supplemented(Talk.application(state: Text("已受理")))))
        #expect(talk.text.contains("已受理"))
        talk.type("0")
        #expect(talk.text.contains("我的办件"))
    }

    @Test("withdrawing asks once more; urging does not")
    func withdrawAndUrge() {
        var talk = Talk()
        talk.type("我的办件")
        talk.answer(.oneStop(.application(Talk.application())))
        talk.type("催")
        guard case .oneStop(.act(.urge(let name), _))? = talk.request else {
            Issue.record("it was not urged")
            return
        }
        #expect(name == "applications/BJ260506000017")
        talk.answer(.oneStop(.urged(Talk.application(verbs: [.withdraw]))))
        #expect(talk.text.contains("期限不变"))
        talk.type("撤回", "跳过")
        #expect(talk.choices.first == "确定撤回")
        talk.type("1")
        guard case .oneStop(.withdraw(_, let reason, _))? = talk.request else {
            Issue.record("it was not withdrawn")
            return
        }
        #expect(reason.isEmpty)
    }

    @Test("a followed application shows its changes, others do not")
    func following() {
        var talk = Talk()
        talk.type("我的办件")
        talk.answer(.oneStop(.application(Talk.application())))
        talk.type("有变化就告诉我")
        #expect(talk.state.following == "applications/BJ260506000017")
        talk.give(.applicationChanged(Talk.application(state: Text("已受理", "Accepted"))))
        #expect(talk.text.contains("【有变化】"))
        #expect(talk.text.contains("现在：已受理"))
        talk.type("不用再告诉我变化")
        #expect(talk.effects == [.stopFollowing])
        talk.give(.applicationChanged(Talk.application(state: Text("准予", "Granted"))))
        #expect(talk.text.isEmpty)
    }

    @Test("the two lowest grades need a reason, and a bad rating that was put right is confirmed")
    func rating() {
        var talk = Talk()
        talk.type("我的办件")
        talk.answer(.oneStop(.application(Talk.application(verbs: [], canRate: true))))
        talk.type("评价", "5", "等了一上午", "1")
        guard case .oneStop(.rate(_, let grade, let comment, _, _))? = talk.request else {
            Issue.record("nothing was rated")
            return
        }
        #expect(grade == 5)
        #expect(comment == "等了一上午")
        let rating = RatingView(
            name: "ratings/1", subjectText: "小学生入学报名", grade: 5, state: Text("待回访"),
            rectification: "加开了窗口", awaitsConfirmation: true)
        talk.answer(.oneStop(.rated(rating)))
        #expect(talk.text.contains("整改情况：加开了窗口"))
        talk.type("2", "还是要等", "1")
        guard case .oneStop(.confirmRectification(_, let isSatisfied, let said, _))? = talk.request else {
            Issue.record("nothing was confirmed")
            return
        }
        #expect(!isSatisfied)
        #expect(said == "还是要等")
    }

    @Test("a query asks its parameters and answers with table, source, time and receipt")
    func query() {
        var talk = Talk()
        talk.type("公积金余额")
        let item = ServiceView(name: "items/200", displayName: "公积金余额查询", department: "公积金中心", isQuery: true)
        talk.answer(.services([item], words: "公积金余额"))
        talk.answer(.service(item))
        #expect(talk.request == .oneStop(.query(item: "items/200")))
        let year = Question(
            id: "year", prompt: Text("哪一年？"), kind: .number(min: 2_000, max: 2_030), label: Text("年份"))
        let query = QueryView(
            item: "items/200", title: "公积金余额查询", department: "公积金中心", parameters: [year], isPersonal: true)
        talk.answer(.oneStop(.query(query)))
        talk.type("2025")
        guard case .oneStop(.runQuery(_, let parameters, _, _))? = talk.request else {
            Issue.record("nothing was asked")
            return
        }
        #expect(parameters == [SubmittedAnswer(question: "year", value: "2025")])
        talk.answer(
            .oneStop(
                .queryAnswer(
                    QueryAnswerView(
                        title: "公积金余额查询", columns: [Text("月份"), Text("余额")],
                        rows: [["1 月", "100"], ["2 月", "200"]], source: "公积金中心", asOf: talk.now,
                        receipt: "CX-1"))))
        #expect(talk.text.contains("| 2 月 | 200 |"))
        #expect(talk.text.contains("数据截至"))
        #expect(talk.text.contains("回执编号：CX-1"))
    }

    @Test(
        "people sign in before the questions of a query; a kiosk asks public ones for whoever stands before it"
    )
    func signInFirst() {
        let open = QueryView(item: "items/200", title: "养老机构查询", department: "民政局")
        let personal = QueryView(item: "items/200", title: "余额查询", department: "公积金中心", isPersonal: true)
        for (surface, query, asks) in [
            (Surface.chatbot, open, false), (.chatbot, personal, false), (.kiosk, open, true),
            (.kiosk, personal, false),
        ] {
            var talk = Talk(surface: surface, signedIn: false)
            talk.state.pending = .oneStop(.query(item: "items/200"))
            talk.answer(.oneStop(.query(query)))
            let isAsked: Bool = if case .oneStop(.runQuery)? = talk.request { true } else { false }
            #expect(isAsked == asks, "\(surface) \(query.title)")
        }
    }

    @Test("a kiosk shows source and receipt above the rows, which run over several screens, and all of them")
    func rowsAtAKiosk() throws {
        var talk = Talk(surface: .kiosk)
        talk.state.pending = .oneStop(
            .runQuery(item: "items/200", parameters: [], mandate: "", requestID: "r"))
        talk.answer(
            .oneStop(
                .queryAnswer(
                    QueryAnswerView(
                        item: "items/200", title: "养老机构查询", columns: [Text("机构")],
                        rows: (1...23).map { ["第\($0)家"] }, source: "民政局", receipt: "CX-1"))))
        let above = try #require(talk.text.split(separator: "第1家").first)
        #expect(above.contains("CX-1"))
        #expect(talk.text.contains("第23家"))
    }

    @Test("many rows come ten at a time, and each page says which they are")
    func rowPages() {
        var talk = Talk()
        talk.state.pending = .oneStop(
            .runQuery(item: "items/200", parameters: [], mandate: "", requestID: "r"))
        let rows = (1...23).map { ["第\($0)家", "\($0)"] }
        talk.answer(
            .oneStop(
                .queryAnswer(
                    QueryAnswerView(
                        item: "items/200", title: "养老机构查询", columns: [Text("机构"), Text("空床")], rows: rows,
                        source: "民政局", receipt: "CX-1"))))
        #expect(talk.text.contains("第 1 至 10 条，共 23 条"))
        #expect(talk.text.contains("| 第10家 | 10 |") && !talk.text.contains("第11家"))
        talk.type("更多")
        #expect(talk.text.contains("第 11 至 20 条"))
        talk.type("更多")
        #expect(talk.text.contains("第 21 至 23 条") && talk.text.contains("| 第23家 | 23 |"))
        #expect(talk.text.contains("回执编号：CX-1"), "source and receipt stand on each page")
        let last = talk.text
        talk.type("更多")
        #expect(talk.text != last && !talk.text.contains("第 31"))
    }

    @Test("a personal answer says for whom it is, and can be left to somebody else the next time")
    func personalAnswers() {
        func answer(byMandate: Bool) -> String {
            var talk = Talk()
            talk.state.pending = .oneStop(
                .runQuery(item: "items/200", parameters: [], mandate: "", requestID: "r"))
            talk.answer(
                .oneStop(
                    .queryAnswer(
                        QueryAnswerView(
                            item: "items/200", title: "公积金余额查询", subject: "李*英", isByMandate: byMandate,
                            columns: [Text("余额")], rows: [["100"]], source: "公积金中心"))))
            return talk.text
        }
        #expect(answer(byMandate: true).contains("公积金余额查询（替李*英查）"))
        #expect(!answer(byMandate: true).contains("委托别人替我查"))
        #expect(answer(byMandate: false).contains("委托别人替我查"))
        #expect(!answer(byMandate: false).contains("李*英"))
    }

    @Test("people see who looked at their data, and what for")
    func dataAccesses() {
        var talk = Talk()
        talk.state.pending = .oneStop(.dataAccesses)
        talk.answer(.oneStop(.dataAccesses([])))
        #expect(talk.text.contains("没有人看过"))
        talk.state.pending = .oneStop(.dataAccesses)
        talk.answer(
            .oneStop(
                .dataAccesses([
                    DataAccessView(time: talk.now, viewer: "受托人 凤台社区窗口人员", purpose: "受托查询：公积金账户余额查询")
                ])))
        #expect(talk.text.contains("受托人 凤台社区窗口人员 | 受托查询：公积金账户余额查询 |"))
    }

    @Test("a query whose source is not connected says whom to ask")
    func notConnected() {
        var talk = Talk()
        talk.state.pending = .oneStop(.query(item: "items/201"))
        talk.answer(
            .oneStop(
                .query(
                    QueryView(
                        item: "items/201", title: "电费查询", department: "供电公司", isConnected: false,
                        source: Text("请打 95598。")))))
        #expect(talk.text.contains("95598"))
        #expect(talk.text.contains("问谁：供电公司"))
    }

    @Test("a proof that nobody has to fetch names who does it instead; one that is issued leads to its form")
    func proofs() {
        var talk = Talk()
        talk.type("开证明", "亲属关系证明")
        #expect(talk.request == .oneStop(.findProof(words: "亲属关系证明")))
        let refused = RefusedProofView(
            title: Text("亲属关系证明"), legalBasis: "民发〔2020〕20号", instead: Text("由公安机关核查。"), item: "items/30")
        talk.answer(.oneStop(.proofs(types: [], refused: [refused], words: "亲属关系证明")))
        #expect(talk.text.contains("社区不能开"))
        #expect(talk.text.contains("由公安机关核查"))
        #expect(talk.text.contains("依据：民发〔2020〕20号"))
        talk.type("#", "开证明", "居住证明")
        talk.answer(
            .oneStop(
                .proofs(types: [ProofView(title: Text("居住证明"), item: "items/31")], refused: [], words: "")))
        talk.type("我要办")
        #expect(talk.request == .oneStop(.apply(item: "items/31")))
    }

    @Test("a certificate shows its code, and its PDF goes to a file; a bad one is said to be bad")
    func certificates() {
        var talk = Talk()
        talk.type("我的证明")
        let certificate = CertificateView(
            name: "certificates/1", number: "ZM-1", title: Text("居住证明"), holder: "王小丽", issuer: "凤台社区",
            state: .valid, issuedAt: talk.now, credential: "LL1.abc")
        talk.answer(.oneStop(.certificates([certificate], next: "")))
        talk.type("1")
        talk.answer(.oneStop(.certificate(certificate)))
        talk.type("1")
        #expect(talk.said.contains { $0.kind == .code && $0.text == "LL1.abc" })
        talk.type("0", "2", "跳过")
        #expect(talk.request == .oneStop(.saveCertificate(name: "certificates/1", path: "ZM-1.pdf")))
        talk.answer(.oneStop(.saved(path: "/home/a/ZM-1.pdf")))
        #expect(talk.text.contains("已存到 /home/a/ZM-1.pdf"))
        talk.type("#", "查验证明", "LL1.forged")
        talk.answer(.oneStop(.verified(VerificationView(isValid: false, text: Text("签名不对，不要相信。")))))
        #expect(talk.text.contains("!! 签名不对"))
    }

    @Test("a time is booked by hall, matter, day and hour, and given back after a question")
    func appointment() {
        var talk = Talk()
        talk.type("预约")
        talk.answer(.oneStop(.appointments([], next: "")))
        talk.type("1")
        let group = HallView.Group(id: "A", label: Text("综合受理", "General"))
        talk.answer(
            .oneStop(
                .halls(
                    [HallView(name: "halls/1", displayName: "市民中心", groups: [group])],
                    .appointment(item: "items/12", itemText: "入学"))))
        talk.type("1")
        guard case .oneStop(.slots(let hall, let wanted))? = talk.request else {
            Issue.record("no times were asked for")
            return
        }
        let start = talk.now.adding(days: 1)
        let slot = SlotView(start: start, end: start.adding(minutes: 30), free: 2)
        talk.answer(.oneStop(.slots([slot], hall: hall, group: wanted)))
        talk.type("1", "1", "是")
        guard case .oneStop(.book(let booked, _))? = talk.request else {
            Issue.record("nothing was booked")
            return
        }
        #expect(booked == NewAppointment(hall: "halls/1", group: "A", start: start, item: "items/12"))
        let appointment = AppointmentView(
            name: "appointments/1", hall: "市民中心", group: Text("综合受理"), start: start, end: slot.end,
            state: Text("已约"), canCancel: true)
        talk.answer(.oneStop(.booked(appointment)))
        talk.type("取消预约", "不是")
        #expect(talk.request == nil)
        talk.type("取消预约", "是")
        guard case .oneStop(.act(.cancelAppointment(let name), _))? = talk.request else {
            Issue.record("nothing was cancelled")
            return
        }
        #expect(name == "appointments/1")
    }

    @Test("who says no to a time does not book it")
    func notBooked() {
        var talk = Talk()
        talk.state.pending = .oneStop(.appointments(page: ""))
        let group = HallView.Group(id: "A", label: Text("综合受理", "General"))
        let hall = HallView(name: "halls/1", displayName: "市民中心", groups: [group])
        let slot = SlotView(start: talk.now, end: talk.now.adding(minutes: 30), free: 2)
        talk.answer(.oneStop(.slots([slot], hall: hall, group: group)))
        talk.type("1", "1", "不是")
        #expect(talk.request == nil)
    }

    @Test("a ticket says how many are before it, is asked for again, and is given back")
    func ticket() {
        var talk = Talk()
        talk.type("取号")
        let group = HallView.Group(id: "A", label: Text("综合受理"), waiting: 3, minutes: 12)
        talk.answer(
            .oneStop(.halls([HallView(name: "halls/1", displayName: "市民中心", groups: [group])], .ticket)))
        #expect(talk.text.contains("前面 3 人，大约等 12 分钟"))
        talk.type("1")
        let ticket = TicketView(
            name: "tickets/1", number: "A012", group: Text("综合受理"), state: Text("等候"), isWaiting: true,
            ahead: 3,
            minutes: 12, claim: "secret")
        talk.answer(.oneStop(.ticketTaken(ticket)))
        #expect(talk.text.contains("您的号是 A012"))
        talk.type("#", "取号")
        #expect(talk.request == .oneStop(.ticket(name: "tickets/1", claim: "secret")))
        talk.answer(.oneStop(.ticket(ticket)))
        talk.type("退号", "是")
        guard case .oneStop(.act(.cancelTicket(_, let claim), _))? = talk.request else {
            Issue.record("it was not given back")
            return
        }
        #expect(claim == "secret")
        talk.answer(.oneStop(.acted(.cancelTicket(name: "tickets/1", claim: "secret"), text: "")))
        talk.type("取号")
        #expect(talk.request == .oneStop(.halls(.ticket)))
    }

    @Test("a kiosk's code: which kiosk is shown first, and confirmed only by a yes")
    func kioskSignIn() {
        var talk = Talk()
        talk.type("确认一体机登录 AB12CD34")
        #expect(
            talk.request == .oneStop(.kiosk(code: "AB12CD34"))
                || talk.request == .oneStop(.kiosk(code: "ab12cd34")))
        talk.answer(.oneStop(.kiosk(text: "东街街道便民服务中心 一号机", code: "AB12CD34")))
        #expect(talk.text.contains("东街街道便民服务中心 一号机"))
        talk.type("不是")
        #expect(talk.request == nil)
        talk.type("确认一体机登录 AB12CD34")
        talk.answer(.oneStop(.kiosk(text: "一号机", code: "AB12CD34")))
        talk.type("是")
        guard case .oneStop(.act(.confirmKioskSignIn(let code), _))? = talk.request else {
            Issue.record("nothing was confirmed")
            return
        }
        #expect(code == "AB12CD34")
    }

    @Test("a mandate is given from the guide and taken back after a question")
    func mandates() {
        var talk = Talk()
        talk.state.pending = .service(name: "items/12")
        talk.answer(.service(Talk.schoolGuide))
        talk.type("委托别人替我办", "亲友", "李大明", "10000000002", "30 天")
        #expect(talk.choices.first == "确定委托")
        talk.type("1")
        guard case .oneStop(.createMandate(let mandate, _))? = talk.request else {
            Issue.record("no mandate was given")
            return
        }
        #expect(
            mandate == NewMandate(item: "items/12", agentPhone: "10000000002", agentName: "李大明", days: 30))
        talk.answer(
            .oneStop(
                .mandateCreated(
                    MandateView(
                        name: "mandates/1", principal: "王小丽", agent: "李大明", item: "items/12",
                        itemText: "入学报名",
                        isGiven: true))))
        talk.type("收回", "是")
        guard case .oneStop(.act(.revokeMandate(let name), _))? = talk.request else {
            Issue.record("it was not taken back")
            return
        }
        #expect(name == "mandates/1")
    }

    @Test("a mandate can be for a counter, by its account, and asks for no phone then")
    func mandateForACounter() {
        var talk = Talk()
        talk.state.pending = .service(name: "items/12")
        talk.answer(.service(Talk.schoolGuide))
        talk.type("委托别人替我办", "窗口", "Clerk", "7 天", "1")
        guard case .oneStop(.createMandate(let mandate, _))? = talk.request else {
            Issue.record("no mandate was given")
            return
        }
        #expect(mandate == NewMandate(item: "items/12", agentAccount: "clerk", days: 7))
    }

    @Test("whoever names a bundle is shown that one")
    func namedBundle() {
        var talk = Talk()
        talk.state.pending = .oneStop(.bundles(words: ""))
        let names = ["新生儿出生一件事", "退休一件事"]
        let bundles = names.map { BundleView(name: "bundles/\($0)", title: Text($0), parts: []) }
        talk.answer(.oneStop(.bundles(bundles, words: "新生儿")))
        #expect(talk.choices == ["我要办"])
        var other = Talk()
        other.state.pending = .oneStop(.bundles(words: ""))
        other.answer(.oneStop(.bundles(bundles, words: "一件事")))
        #expect(other.choices.count == 3)
    }

    @Test("a bundle asks what may be left out, has one form, and shows the state of each part")
    func bundles() {
        var talk = Talk()
        talk.type("一件事")
        let bundle = BundleView(
            name: "bundles/newborn", title: Text("新生儿出生一件事"),
            parts: [
                .init(item: "items/1", itemText: "出生医学证明"),
                .init(item: "items/2", itemText: "医保参保", isOptional: true),
            ])
        talk.answer(.oneStop(.bundles([bundle], words: "")))
        talk.type("1", "1", "1")
        #expect(talk.request == .oneStop(.bundleForm(bundle, optionalItems: ["items/2"])))
        let form = FormView(
            item: "bundles/newborn", title: "新生儿出生一件事", revision: 0,
            questions: [Question(id: "name", prompt: Text("孩子的姓名？"), kind: .name, label: Text("姓名"))])
        talk.answer(.oneStop(.bundleForm(bundle, optionalItems: ["items/2"], form)))
        talk.type("王小宝", "1")
        guard case .oneStop(.submitBundle(_, let optional, let answers, _))? = talk.request else {
            Issue.record("nothing was sent")
            return
        }
        #expect(optional == ["items/2"])
        #expect(answers == [SubmittedAnswer(question: "name", value: "王小宝")])
        talk.answer(
            .oneStop(
                .bundleSubmitted(
                    BundleCaseView(
                        name: "bundleCases/1", title: Text("新生儿出生一件事"),
                        parts: [
                            .init(itemText: "出生医学证明", application: "applications/1", state: Text("收件")),
                            .init(itemText: "医保参保", application: "applications/2", state: Text("等出生医学证明")),
                        ], createdAt: talk.now))))
        #expect(talk.choices.contains("医保参保　等出生医学证明"))
    }
}
