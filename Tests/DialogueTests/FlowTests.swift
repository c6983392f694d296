import Testing

@testable import Dialogue
@testable import Kernel

@Suite("Flows")
struct FlowTests {
    @Test("a visitor signs in first, and then goes on with what was wanted")
    func signInFirst() {
        var talk = Talk(signedIn: false)
        talk.type("5")
        #expect(talk.request == nil)
        talk.type("1", "10000000001")
        #expect(talk.request == .sendCode(phone: "10000000001", purpose: .signIn))
        talk.answer(.codeSent(lifetimeSeconds: 300))
        #expect(talk.text.contains("5 分钟内有效"))
        talk.type("123456")
        #expect(talk.state.hidesInput)
        talk.type("correct horse")
        #expect(talk.request == .signIn(phone: "10000000001", code: "123456", password: "correct horse"))
        talk.answer(.signedIn(Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")))
        #expect(talk.request == .points)
        talk.answer(.points(PointsView(balance: 30)))
        talk.type("0")
        #expect(talk.isHome)
    }

    @Test("a wrong code asks for code and password again, not for the phone")
    func wrongCode() {
        var talk = Talk(signedIn: false)
        talk.type("登录", "1", "10000000001")
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("123456", "secret")
        talk.fail(.refused, "验证码或密码不对。")
        #expect(talk.text.contains("验证码或密码不对"))
        #expect(talk.text.contains("6 位验证码"))
        #expect(talk.topForm?.answers["phone"]?.value == "10000000001")
        talk.type("重发")
        #expect(talk.request == .sendCode(phone: "10000000001", purpose: .signIn))
    }

    @Test("a session that runs out in the middle loses nothing")
    func expired() throws {
        var talk = Talk()
        talk.fillReport()
        talk.type("1")
        let wanted = try #require(talk.request)
        talk.fail(.unauthenticated)
        #expect(talk.text.contains("您填的都还在"))
        talk.type("1", "10000000001")
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("123456", "secret")
        talk.answer(.signedIn(Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")))
        #expect(talk.request == wanted)
    }

    @Test("what one person typed is gone when somebody else signs in")
    func sealed() {
        var talk = Talk()
        talk.state.ownerID = "residents/1"
        talk.fillReport()
        talk.type("1")
        talk.fail(.unauthenticated)
        talk.type("1", "10000000002")
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("123456", "secret")
        talk.answer(.signedIn(Person(id: "residents/2", displayName: "李大明", maskedPhone: "100****0002")))
        #expect(talk.request == nil)
        #expect(talk.isHome)
        #expect(talk.choices.first == "上报问题")
    }

    @Test("a report shows the clock, and why it stands still")
    func clock() {
        var talk = Talk()
        talk.type("2")
        talk.answer(.reports([Talk.report()], next: ""))
        talk.type("1")
        let due = talk.now.adding(days: 2)
        let running = ReportView.Clock(due: due, remainingWorkingMinutes: 540, card: .green)
        talk.answer(.report(Talk.report(clock: running)))
        #expect(talk.text.contains("还剩：1 个工作日 2 小时"))
        talk.type("0", "1")
        let paused = ReportView.Clock(
            due: due, remainingWorkingMinutes: 540, card: .green, isPaused: true, pauseReason: "等配件")
        talk.answer(.report(Talk.report(clock: paused)))
        #expect(talk.text.contains("为什么暂停：等配件"))
        talk.type("0", "1")
        let late = ReportView.Clock(due: due, remainingWorkingMinutes: -30, card: .red)
        talk.answer(.report(Talk.report(clock: late)))
        #expect(talk.text.contains("已经超期：30 分钟"))
    }

    @Test("a low mark needs a reason, a high one does not")
    func rating() throws {
        var talk = Talk()
        talk.type(Talk.number.description)
        talk.answer(.report(Talk.report(canRate: true)))
        talk.type("1", "4", "还是不亮")
        #expect(talk.text.contains("请核对"))
        let drawn = try #require(talk.topForm?.requestID)
        talk.type("1")
        #expect(
            talk.request
                == .rateReport(number: Talk.number.description, rating: 4, comment: "还是不亮", requestID: drawn))
        talk.answer(.reportRated(Talk.report()))
        #expect(talk.text.contains("谢谢您的评价"))
        talk.type("0")
        #expect(talk.isHome)
    }

    @Test("changing a mark from low to high asks for what is now missing, and sends what belongs to it")
    func ratingChanged() {
        var talk = Talk()
        talk.type(Talk.number.description)
        talk.answer(.report(Talk.report(canRate: true)))
        talk.type("1", "4", "还是不亮", "改“评价”", "1")
        #expect(talk.text.contains("可以不填"))
        talk.type("跳过", "1")
        guard case .rateReport(_, let rating, let comment, _)? = talk.request else {
            Issue.record("no rating was sent")
            return
        }
        #expect(rating == 1)
        #expect(comment.isEmpty)
    }

    @Test("a report is reopened with a reason")
    func reopen() {
        var talk = Talk()
        talk.type(Talk.number.description)
        talk.answer(.report(Talk.report(canRate: true, canReopen: true)))
        talk.type("重开", "第二天又灭了", "1")
        guard case .reopenReport(let number, let reason, _)? = talk.request else {
            Issue.record("nothing was reopened")
            return
        }
        #expect(number == Talk.number.description)
        #expect(reason == "第二天又灭了")
    }

    @Test("changes of a watched report are shown as they come, others are not")
    func watching() {
        var talk = Talk()
        talk.type(Talk.number.description)
        talk.answer(.report(Talk.report()))
        talk.type("有变化就告诉我")
        #expect(talk.effects == [.watch(caseNumber: Talk.number.description)])
        #expect(talk.choices == ["不用再告诉我变化"])
        talk.type("#")
        talk.give(
            .caseChanged(CaseChange(report: Talk.report(state: Text("待评价", "To be rated"), canRate: true))))
        #expect(talk.text.contains("【有变化】"))
        #expect(talk.text.contains("待评价"))
        #expect(talk.isHome)
        var other = Talk.report()
        other.number = "AJ260506000135"
        talk.give(.caseChanged(CaseChange(report: other)))
        #expect(talk.text.isEmpty)
    }

    @Test("points are redeemed for a one-time code, once")
    func redeem() throws {
        var talk = Talk()
        talk.type("5")
        talk.answer(.points(PointsView(balance: 30)))
        talk.type("1")
        let offer = OfferView(
            name: "offers/1", label: Text("电影票"), partner: "康养中心", points: 20, leftThisMonth: 3)
        talk.answer(.offers([offer], balance: 30))
        talk.type("1")
        #expect(talk.text.contains("用 20 分兑换“电影票”"))
        talk.type("确认兑换")
        let first = try #require(talk.request)
        talk.fail(.connectionLost)
        talk.type("1")
        #expect(talk.request == first)
        let code = RedemptionView(
            label: offer.label, partner: "康养中心", points: 20, code: "4711-08", state: .open,
            expiresAt: talk.now)
        talk.answer(.redeemed(code))
        #expect(talk.text.contains("兑换码：4711-08"))
        talk.type("0")
        #expect(talk.isHome)
    }

    @Test("an unknown limit says whom to ask")
    func unknownLimit() {
        var talk = Talk()
        talk.type("异地转移接续公积金")
        let service = ServiceView(
            name: "items/1", displayName: "异地转移接续", department: "市住房公积金管理中心", phone: "0356-0000001")
        talk.answer(.services([service], words: "异地转移接续公积金"))
        #expect(talk.request == .service(name: "items/1"))
        talk.answer(.service(service))
        #expect(talk.text.contains("办理时限：没有公布，请询问市住房公积金管理中心（0356-0000001）"))
    }

    @Test("a service that is not found leads on")
    func noService() {
        var talk = Talk()
        talk.type("3", "养恐龙")
        #expect(talk.request == .findServices(words: "养恐龙"))
        talk.answer(.services([], words: "养恐龙"))
        #expect(talk.choices == ["换个说法再找", "把“养恐龙”作为问题上报", "人工服务", "回主菜单"])
        talk.type("1")
        #expect(talk.text.contains("要办什么事"))
    }

    @Test("a repair shop is found from home and an order is placed")
    func shop() {
        var talk = Talk()
        talk.state.person?.home = Talk.community
        talk.type("4")
        talk.answer(.trades([TradeView(id: "repair", label: Text("维修"))], words: ""))
        talk.type("维修")
        #expect(talk.choices.first == Talk.community.path)
        talk.type("1")
        #expect(
            talk.request == .shops(ShopQuery(place: Talk.community.id, trade: "repair", words: "", page: "")))
        let shop = ShopView(
            name: "shops/1", displayName: "老李维修", address: "东街 1 号", phone: "", walkMinutes: 6,
            distanceMetres: 420,
            openingHours: "8:00–20:00", offers: [.init(id: "pipe", label: "修水管", priceFen: 5_000, unit: "次")],
            takesOrders: true)
        talk.answer(.shops([shop], next: ""))
        talk.type("1")
        talk.answer(.shop(shop))
        #expect(talk.text.contains("修水管　¥50.00/次"))
        talk.type("1", "1", "跳过", "3号楼2单元501", "1")
        guard case .order(let order, _)? = talk.request else {
            Issue.record("nothing was ordered")
            return
        }
        #expect(order == NewOrder(shop: "shops/1", offer: "pipe", note: "", address: "3号楼2单元501"))
    }

    @Test("words find a trade; words that find no shop lead to the list of trades")
    func shopByWords() {
        let trades = [
            TradeView(id: "repair", label: Text("维修")), TradeView(id: "pharmacy", label: Text("药店")),
            TradeView(id: "store", label: Text("便利店")),
        ]
        var talk = Talk()
        talk.state.person?.home = Talk.community
        talk.type("附近哪里修水管")
        #expect(talk.request == .trades(words: "附近哪里修水管"))
        talk.answer(.trades(trades, words: "附近哪里修水管"))
        talk.type("1")
        #expect(
            talk.request == .shops(ShopQuery(place: Talk.community.id, trade: "repair", words: "", page: "")))
        talk = Talk()
        talk.state.person?.home = Talk.community
        talk.type("附近的书")
        talk.answer(.trades(trades, words: "附近的书"))
        talk.type("1")
        talk.answer(.shops([], next: ""))
        #expect(talk.text.contains("请选一类"))
        #expect(talk.request == .trades(words: ""))
    }

    @Test("what was filled in before is deleted after a question, and the number is told")
    func forgetAnswers() {
        var talk = Talk()
        talk.type("登录", "删除")
        #expect(talk.request == nil)
        talk.type("是")
        guard case .oneStop(.act(.forgetAnswers, _))? = talk.request else {
            Issue.record("nothing was deleted")
            return
        }
        talk.answer(.oneStop(.acted(.forgetAnswers, text: "3")))
        #expect(talk.text.contains("已删除 3 条"))
    }

    @Test("a message that was opened is no longer new")
    func reading() {
        var talk = Talk()
        talk.type("6")
        let message = InboxView(
            name: "messages/1", title: Text("已收到您的反映"), body: Text("……"),
            subject: .report(number: Talk.number.spaced),
            createdAt: talk.now, isRead: false)
        talk.answer(.inbox([message], unread: 1, next: ""))
        #expect(talk.choices == ["[新] 已收到您的反映"])
        talk.type("1")
        #expect(talk.text.contains("……"))
        guard case .markRead(["messages/1"], _)? = talk.request else {
            Issue.record("nothing was marked")
            return
        }
        talk.answer(.marked)
        talk.type("0")
        #expect(talk.choices == ["已收到您的反映"])
    }

    @Test(
        "a message leads to what it is about",
        arguments: [
            (InboxView.Subject.report(number: "AJ-1"), Request.report(number: "AJ-1")),
            (.application(name: "applications/BJ1"), .oneStop(.application(name: "applications/BJ1"))),
            (.certificate(name: "certificates/ZM1"), .oneStop(.certificate(name: "certificates/ZM1"))),
        ])
    func fromAMessageToItsSubject(subject: InboxView.Subject, request: Request) {
        var talk = Talk()
        talk.type("6")
        let message = InboxView(
            name: "messages/1", title: Text("一次性告知补正"), body: Text("……"), subject: subject,
            createdAt: talk.now, isRead: true)
        talk.answer(.inbox([message], unread: 0, next: ""))
        talk.type("1", "1")
        #expect(talk.request == request)
    }

    @Test("late answers to nothing are dropped")
    func lateAnswer() {
        var talk = Talk()
        let before = talk.state
        talk.answer(.signedOut)
        #expect(talk.state == before)
    }
}

@Suite("Drafts")
struct DraftTests {
    @Test("a conversation goes on where it was, word for word")
    func roundTrip() throws {
        var talk = Talk()
        talk.fillReport()
        let bytes = try Draft.bytes(of: talk.state, now: talk.now)
        #expect(try Draft.state(from: bytes, now: talk.now.adding(hours: 1)) == talk.state)
    }

    @Test("24 hours, and not a millisecond more")
    func age() throws {
        let talk = Talk()
        let bytes = try Draft.bytes(of: talk.state, now: talk.now)
        let last = talk.now.adding(seconds: Limit.draftSeconds)
        #expect(throws: Never.self) { try Draft.state(from: bytes, now: last) }
        #expect(throws: Draft.Problem.expired) {
            try Draft.state(from: bytes, now: last.adding(milliseconds: 1))
        }
        #expect(throws: Draft.Problem.expired) {
            try Draft.state(from: bytes, now: talk.now.adding(milliseconds: -1))
        }
    }

    @Test("a password is never in the bytes, and is asked for again")
    func secrets() throws {
        var talk = Talk(signedIn: false)
        talk.type("登录", "1", "10000000001")
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("135790", "correct horse battery")
        let bytes = try Draft.bytes(of: talk.state, now: talk.now)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("correct horse battery"))
        #expect(!text.contains("135790"))
        talk.state = try Draft.state(from: bytes, now: talk.now)
        #expect(talk.request == nil)
        talk.give(.start)
        #expect(talk.request == .sendCode(phone: "10000000001", purpose: .signIn))
    }

    @Test("a request that waited is sent again after a restart")
    func pending() throws {
        var talk = Talk()
        talk.fillReport()
        talk.type("1")
        let wanted = try #require(talk.request)
        talk.state = try Draft.state(from: Draft.bytes(of: talk.state, now: talk.now), now: talk.now)
        talk.give(.start)
        #expect(talk.effects == [.call(wanted)])
    }

    @Test("damaged bytes, other versions and impossible cursors are told apart")
    func problems() throws {
        var talk = Talk()
        talk.fillReport()
        let bytes = try Draft.bytes(of: talk.state, now: talk.now)
        #expect(throws: Draft.Problem.damaged) {
            try Draft.state(from: Array(bytes.dropLast()), now: talk.now)
        }
        #expect(throws: Draft.Problem.damaged) { try Draft.state(from: [], now: talk.now) }
        let text = String(decoding: bytes, as: UTF8.self)
        let newer = text.replacing("\"version\":2", with: "\"version\":3")
        #expect(throws: Draft.Problem.otherVersion(3)) {
            try Draft.state(from: Array(newer.utf8), now: talk.now)
        }
        talk.type("改“情况”")
        let asking = String(decoding: try Draft.bytes(of: talk.state, now: talk.now), as: UTF8.self)
        let edited = asking.replacing("\"question\":{\"_0\":", with: "\"question\":{\"_0\":9")
        #expect(edited != asking)
        #expect(throws: Draft.Problem.damaged) { try Draft.state(from: Array(edited.utf8), now: talk.now) }
    }

    @Test("no line of any kind makes the reducer trap or lose the way home", arguments: 1...40)
    func randomLines(seed: Int) {
        let random = SeededRandom(seed: UInt64(seed))
        let lines = [
            "1", "2", "3", "9", "0", "#", "?", "人工", "重来", "更多", "跳过", "不知道", "是", "没有", "路灯坏了", "", "12",
            "x",
            "13800138000", "123456", "2026-05-06", "\u{1B}[2J", "AJ260506000128", "都不是", "重发", "喂喂喂",
        ]
        let answers: [Response] = [
            .codeSent(lifetimeSeconds: 60),
            .signedIn(Person(id: "residents/1", displayName: "王", maskedPhone: "1")),
            .places([]),
            .places([Talk.county, Talk.community]), .reportCategories(Talk.categories, words: ""),
            .report(Talk.report(canRate: true, canReopen: true)), .points(PointsView(balance: 5)),
            MenuTests.offers(30),
            .services([], words: "x"), .trades([], words: ""), .shops([], next: ""),
            .inbox([], unread: 0, next: ""),
            .reports([], next: ""), .marked, .photo(path: "/a", sizeBytes: 1),
            .pointRules([], expiryMonths: 12),
        ]
        var talk = Talk(signedIn: seed.isMultiple(of: 2))
        for _ in 0..<300 {
            if talk.request != nil, random.integer(in: 0..<3) > 0 {
                let isAnswered = random.integer(in: 0..<4) > 0
                if isAnswered {
                    talk.answer(answers[random.integer(in: 0..<answers.count)])
                } else {
                    talk.fail(
                        [.connectionLost, .refused, .busy, .unauthenticated][random.integer(in: 0..<4)])
                }
            } else {
                talk.type(lines[random.integer(in: 0..<lines.count)])
            }
            #expect(talk.state.frames.count <= Limit.depth)
            #expect(talk.state.isConsistent)
        }
        for _ in 0..<5 where !talk.isHome {
            talk.type("#")
            if talk.choices.first == "不离开，继续填" { talk.type("2") }
        }
        #expect(talk.isHome)
    }
}
