import Kernel
import Testing

@testable import Dialogue

@Suite("Applying for a service item")
struct ApplyTests {
    static let checked = Response.oneStop(.checked(CheckView()))

    @Test("from words to the receipt; what is sent is what was answered")
    func whole() throws {
        var talk = Talk()
        talk.fillSchool()
        guard case .oneStop(.check(let checked))? = talk.request else {
            Issue.record("the server was not asked to check")
            return
        }
        #expect(
            checked.answers == [
                SubmittedAnswer(question: "child", value: "householdMembers/1"),
                SubmittedAnswer(question: "house", value: "rent"),
                SubmittedAnswer(question: "rent", value: "120050"),
                SubmittedAnswer(question: "address", value: "organizations/140502001999\n3 号楼 2 单元 501"),
                SubmittedAnswer(question: "phone", value: "", isFromKnown: true),
                SubmittedAnswer(question: "book", value: "files/9"),
            ])
        #expect(checked.revision == 3)
        talk.answer(Self.checked)
        #expect(talk.text.contains("100****0001（来自账号）"))
        let drawn = try #require(talk.topForm?.requestID)
        talk.type("1")
        #expect(talk.request == .oneStop(.submit(checked, requestID: drawn)))
        talk.answer(.oneStop(.submitted(Talk.application())))
        #expect(talk.text.contains("BJ-260506-00001-7"))
        #expect(talk.text.contains("没有答复就算受理"))
        #expect(talk.state.draft == nil)
        talk.type("有变化就告诉我")
        #expect(talk.effects == [.follow(application: "applications/BJ260506000017")])
    }

    @Test("the guide shows promised and statutory limit side by side, and the unknown one as unknown")
    func guide() {
        var talk = Talk()
        talk.type("报名上小学")
        talk.answer(.services([Talk.schoolGuide], words: "报名上小学"))
        talk.answer(.service(Talk.schoolGuide))
        #expect(talk.text.contains("承诺时限：5 个工作日"))
        #expect(talk.text.contains("法定时限：没有公布，请询问城区教育局"))
        #expect(talk.text.contains("不算时间的：公示，最长5 天"))
        #expect(talk.choices.first == "我要办")
    }

    @Test("questions follow from answers and from ages, and hidden ones are not sent")
    func conditions() {
        var run = FormRun(form: Turn.form(Talk.school(), id: Flow.apply, act: Text("提交")))
        let ids = { (run: FormRun) in run.visible.map { run.form.questions[$0].id } }
        #expect(!ids(run).contains("rent"))
        run.answers["house"] = AnswerValue(value: "rent", shown: "")
        #expect(ids(run).contains("rent"))
        run.answers["rent"] = AnswerValue(value: "5", shown: "")
        run.answers["house"] = AnswerValue(value: "own", shown: "")
        #expect(!run.submittedAnswers.contains { $0.question == "rent" })
        for (age, isAsked) in [(6, false), (7, true)] {
            run.answers["child"] = AnswerValue(value: "householdMembers/2", shown: "", age: age)
            #expect(ids(run).contains("late") == isAsked)
        }
        // An age that is not known here is left to the server.
        run.answers["child"] = AnswerValue(value: "self", shown: "")
        #expect(!ids(run).contains("late"))
        run.demanded = ["late"]
        #expect(ids(run).contains("late"))
    }

    @Test(
        "each comparison, on both sides",
        arguments: [
            (Question.Condition(question: "n", .atLeast, values: ["3"]), "3", "2"),
            (Question.Condition(question: "n", .atMost, values: ["3"]), "3", "4"),
            (Question.Condition(question: "n", values: ["a", "b"]), "b", "c"),
            (Question.Condition(question: "n", .isNoneOf, values: ["a"]), "b", "a"),
            (Question.Condition(question: "n", .isPresent), "x", ""),
        ])
    func comparisons(condition: Question.Condition, holds: String, fails: String) {
        let form = Form(
            id: "f", title: Text("f"),
            questions: [
                Question(id: "n", prompt: Text("n"), kind: .text(min: 1, max: 9), label: Text("n")),
                Question(
                    id: "next", prompt: Text("m"), kind: .text(min: 1, max: 9), label: Text("m"),
                    conditions: [condition]),
            ], act: Text("f"))
        var run = FormRun(form: form)
        for (value, isAsked) in [(holds, true), (fails, false)] {
            run.answers["n"] = AnswerValue(value: value, shown: value)
            #expect((run.visible.count == 2) == isAsked, "\(condition) \(value)")
        }
        run.answers["n"] = nil
        #expect(run.visible.count == 1)
    }

    @Test("a problem that the server finds leads back to its question, says what is wrong, and loses nothing")
    func problems() {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(
            .oneStop(
                .checked(CheckView(problems: [.init(question: "rent", text: Text("房租和合同不一样，请核对。"))]))))
        #expect(talk.text.contains("!! 房租和合同不一样"))
        #expect(talk.text.contains("现在的回答：¥1,200.50"))
        talk.type("1300")
        guard case .oneStop(.check(let again))? = talk.request else {
            Issue.record("the changed answers were not checked again")
            return
        }
        #expect(again.answers.count == 6)
        #expect(again.answers[2].value == "130000")
    }

    @Test("a question that only the server knows to be due is asked")
    func nextQuestion() {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(.oneStop(.checked(CheckView(nextQuestion: "late"))))
        #expect(talk.text.contains("去年为什么没有报名"))
        talk.type("去年在外地")
        guard case .oneStop(.check(let again))? = talk.request else {
            Issue.record("the answers were not checked again")
            return
        }
        #expect(again.answers.last == SubmittedAnswer(question: "late", value: "去年在外地"))
    }

    @Test("who may not apply hears the rule, the law and what to do, and can change an answer but not send")
    func notEligible() {
        var talk = Talk()
        talk.fillSchool()
        let rule = FailedRule(
            text: Text("孩子要年满 6 岁。"), advice: Text("请明年再报名。"), legalBasis: "义务教育法第十一条")
        talk.answer(.oneStop(.checked(CheckView(failedRules: [rule]))))
        #expect(talk.text.contains("!! 孩子要年满 6 岁。"))
        #expect(talk.text.contains("依据：义务教育法第十一条"))
        #expect(talk.text.contains("怎么办：请明年再报名。"))
        talk.type("1")
        #expect(!talk.choices.contains("提交申请"))
        talk.type("提交")
        #expect(talk.request == nil)
        talk.type("改“孩子”", "王小花")
        #expect(talk.text.contains("去年为什么没有报名"))
        talk.type("去年在外地")
        talk.answer(Self.checked)
        #expect(talk.choices.first == "提交申请")
    }

    @Test("a known answer is taken by one key, declined, or typed over")
    func offers() {
        for (line, known, shown) in [
            ("1", true, "100****0001"), ("2", false, ""), ("10000000002", false, "100****0002"),
        ] {
            var talk = Talk()
            var run = FormRun(form: Turn.form(Talk.school(), id: Flow.apply, act: Text("提交")))
            for id in ["child", "house", "address"] { run.answers[id] = AnswerValue(value: "own", shown: "") }
            run.cursor = run.cursorAfterAnswers
            talk.state.frames.append(.form(run))
            talk.give(.start)
            #expect(talk.choices == ["用已有的：100****0001（来自账号）", "不用这个，重新填"])
            talk.type(line)
            let answer = talk.topForm?.answers["phone"]
            #expect(answer?.isFromKnown ?? false == known)
            #expect(answer?.shown ?? "" == shown)
        }
    }

    @Test("somebody of the family is added in the middle of the form")
    func addMember() {
        var talk = Talk()
        talk.type("报名上小学")
        talk.answer(.services([Talk.schoolGuide], words: "报名上小学"))
        talk.answer(.service(Talk.schoolGuide))
        talk.type("1")
        talk.answer(.oneStop(.form(Talk.school())))
        talk.answer(.oneStop(.household([])))
        #expect(talk.choices == ["我本人", "添加一位家人"])
        talk.type("2", "子女", "王小宝")
        #expect(talk.state.expectedInput == .idNumber)
        let number = IDNumber(syntheticBornOn: CivilDate(daysSinceEpoch: 18_400), sequence: 7).text
        talk.type(number)
        guard case .oneStop(.addMember(let member, _))? = talk.request else {
            Issue.record("nobody was added")
            return
        }
        #expect(member == NewMember(name: "王小宝", relation: .child, idNumber: number))
        talk.answer(.oneStop(.memberAdded(Talk.son)))
        #expect(talk.topForm?.answers["child"]?.value == "householdMembers/1")
        #expect(talk.text.contains("住的房子是什么情况"))
    }

    @Test("a file that cannot be used is asked for again")
    func file() {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(Self.checked)
        talk.type("改“户口簿”", "'/tmp/a b.txt'")
        guard case .oneStop(.upload(let path, let types, _))? = talk.request else {
            Issue.record("nothing was sent")
            return
        }
        #expect(path == "/tmp/a b.txt")
        #expect(types == ["image/jpeg", "application/pdf"])
        talk.fail(.refused, "这个文件用不了。")
        #expect(talk.text.contains("户口簿照片"))
        #expect(talk.topForm?.answers["book"]?.value == "files/9")
    }

    @Test("who acts for somebody else reads for whom on every screen, and sends the mandate")
    func mandate() {
        var talk = Talk()
        talk.type("报名上小学")
        talk.answer(.services([Talk.schoolGuide], words: "报名上小学"))
        talk.answer(.service(Talk.schoolGuide))
        talk.type("1")
        #expect(talk.request == .oneStop(.apply(item: "items/12")))
        let mandate = MandateView(
            name: "mandates/7", principal: "张大爷", agent: "王小丽", item: "items/12", itemText: "小学生入学报名",
            until: talk.now, isGiven: false)
        talk.answer(.oneStop(.applyChoice(item: "items/12", title: "小学生入学报名", mandates: [mandate])))
        talk.type("2")
        #expect(talk.request == .oneStop(.form(item: "items/12", mandate: "mandates/7")))
        talk.answer(.oneStop(.form(Talk.school(mandate: "mandates/7", applicant: "张*爷"))))
        talk.answer(.oneStop(.household([Talk.son])))
        #expect(talk.text.contains("（替张*爷办）"))
        talk.type("2")
        #expect(talk.text.contains("（替张*爷办）"))
    }

    @Test("an identity that is not verified is verified first, and then the form goes on")
    func identity() {
        var talk = Talk()
        talk.state.known[KnownAnswer.phone] = AnswerValue(value: "10000000001", shown: "100****0001")
        talk.type("报名上小学")
        talk.answer(.services([Talk.schoolGuide], words: "报名上小学"))
        talk.answer(.service(Talk.schoolGuide))
        talk.type("1")
        talk.answer(.oneStop(.form(Talk.school(level: 2))))
        #expect(talk.text.contains("要先核对身份"))
        let number = IDNumber(syntheticBornOn: CivilDate(daysSinceEpoch: 5_000), sequence: 8).text
        talk.type("王小丽", number)
        #expect(talk.request == .sendCode(phone: "10000000001", purpose: .verifyIdentity))
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("123456")
        talk.fail(.refused, "验证码不对。")
        #expect(talk.topForm?.answers["code"] == nil)
        talk.type("王小丽", number)
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("654321")
        talk.answer(
            .oneStop(
                .identityVerified(
                    Person(
                        id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001", identityLevel: 2)))
        )
        #expect(talk.request == .oneStop(.form(item: "items/12", mandate: "")))
    }

    @Test("an identity level that the server misses leads to the verification, too")
    func levelTooLow() {
        var talk = Talk()
        talk.type("我的办件")
        talk.give(
            .failed(Failure(kind: .refused, reason: "IDENTITY_LEVEL_TOO_LOW", text: "请先完成实名核验。")))
        #expect(talk.topForm?.form.id == Flow.verifyIdentity)
        var counter = Talk()
        counter.type("我的办件")
        counter.give(
            .failed(
                Failure(kind: .refused, reason: "IDENTITY_LEVEL_TOO_LOW", text: "请先到窗口。", requiredLevel: 3)))
        #expect(counter.topForm == nil)
        #expect(counter.text.contains("便民服务中心"))
    }

    @Test("rules that change in the middle: the new form keeps the answers")
    func itemChanged() {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(Self.checked)
        talk.type("1")
        talk.give(.failed(Failure(kind: .refused, reason: "ITEM_CHANGED", text: "事项刚更新。")))
        #expect(talk.request == .oneStop(.form(item: "items/12", mandate: "")))
        talk.answer(.oneStop(.form(Talk.school(revision: 4))))
        guard case .oneStop(.check(let again))? = talk.request else {
            Issue.record("the answers were not checked again")
            return
        }
        #expect(again.revision == 4)
        #expect(again.answers.count == 6)
    }

    @Test("a refusal that names answers leads back to them")
    func refusedFields() {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(Self.checked)
        talk.type("1")
        talk.give(
            .failed(
                Failure(kind: .refused, reason: "INVALID", text: "有一处不对。", fields: ["phone": "电话停机了。"])))
        #expect(talk.text.contains("!! 电话停机了。"))
        #expect(talk.topForm?.answers.count == 6)
    }

    @Test("a lost line while sending: the same request goes out again, with the same id")
    func lostLine() {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(Self.checked)
        talk.type("1")
        let sent = talk.request
        talk.fail(.connectionLost, "连不上服务器。")
        talk.give(.reconnected)
        #expect(talk.request == sent)
        #expect(talk.effects == [sent.map { .call($0) }].compactMap(\.self))
    }

    @Test("an unfinished application waits as a draft, and goes on where it was")
    func draft() throws {
        var talk = Talk()
        talk.fillSchool()
        talk.answer(Self.checked)
        talk.type("#", "2")
        #expect(talk.choices.first == "接着办上次没办完的：小学生入学报名")
        let bytes = try Draft.bytes(of: talk.state, now: talk.now)
        talk.state = try Draft.state(from: bytes, now: talk.now)
        talk.give(.start)
        talk.type("1")
        #expect(talk.text.contains("100****0001（来自账号）"))
        #expect(talk.choices.first == "提交申请")
    }

    @Test("at a kiosk the receipt shows its code and is printed, without names")
    func kiosk() {
        var talk = Talk(surface: .kiosk)
        talk.state.pending = .oneStop(
            .submit(FormSubmission(item: "", revision: 0, mandate: "", answers: []), requestID: "1"))
        talk.answer(.oneStop(.submitted(Talk.application(agent: "李*"))))
        #expect(talk.said.contains { $0.kind == .code && $0.text == "BJ-260506-00001-7" })
        talk.type("1")
        guard case .print(let paper)? = talk.effects.first else {
            Issue.record("nothing was printed")
            return
        }
        #expect(paper.code == "BJ-260506-00001-7")
        #expect(!paper.lines.joined().contains("王小丽"))
        #expect(!paper.lines.joined().contains("李*"))
    }
}
