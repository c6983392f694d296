internal import Kernel

// The household, and the person's own identity.

extension Turn {
    static let memberForm = Form(
        id: Flow.addMember, title: Text("添加家人", "Add somebody of my family"),
        questions: [
            Question(
                id: "relation", prompt: Text("和您是什么关系？", "How are you related?"),
                kind: .choice(
                    HouseholdMemberView.Relation.allCases.map { Choice(value: $0.rawValue, label: $0.label) }),
                label: Text("关系", "Relation")),
            Question(
                id: "name", prompt: Text("家人的姓名？", "Their name?"), kind: .name, label: Text("姓名", "Name")),
            Question(
                id: "id_number", prompt: Text("家人的身份证号？", "Their ID number?"),
                why: Text("办事要用。加密保存，别人看不到。", "Services need it. It is stored encrypted."), kind: .idNumber,
                label: Text("身份证号", "ID number"), isSensitive: true),
        ], act: Text("添加", "Add"), hasSummary: false)

    mutating func showHousehold(_ members: [HouseholdMemberView]) {
        dropScreen(of: Self.householdSubject)
        var list = ListFrame(title: t(Text("我的家人", "My family")))
        list.subject = Self.householdSubject
        if members.isEmpty {
            list.text = [t(Text("还没有添加家人。添加以后，可以替孩子、老人办事。", "Nobody is here yet."))]
        }
        list.items = members.map { member in
            var detail = ListFrame(title: memberText(member))
            detail.rows = [
                .init(label: t(Text("关系", "Relation")), value: t(member.relation.label)),
                .init(label: t(Text("身份证号", "ID number")), value: member.maskedIDNumber),
            ]
            let question = Text("把\(member.fullName)从家人里去掉？", "Take \(member.fullName) off the list?")
            detail.items = [
                .init(
                    label: t(Text("去掉", "Take off")), keywords: ["删除", "remove"],
                    action: confirmation(question, .removeMember(name: member.name)))
            ]
            return .init(label: memberText(member), action: .show(detail))
        }
        list.items.append(
            .init(label: t(Words.addMember), keywords: ["添加", "add"], action: .form(Self.memberForm)))
        push(.list(list))
    }

    private static let householdSubject = "household"

    /// Asks before something is done that is not easily undone.
    func confirmation(_ question: Text, _ act: Act) -> Action {
        var list = askedList(question)
        list.items = [
            .init(label: t(Words.yes), action: .act(act)), .init(label: t(Words.no), action: .dismiss),
        ]
        return .show(list)
    }

    // MARK: Identity

    static let verifyForm = Form(
        id: Flow.verifyIdentity, title: Text("实名核验", "Verify your identity"),
        intro: Text("要先核对一次身份，以后就不用了。", "Once only: we check who you are."),
        questions: [
            Question(
                id: "name", prompt: Text("您的姓名？", "Your name?"),
                why: Text("要和身份证上的一样。", "As on your identity card."), kind: .name, label: Text("姓名", "Name")),
            Question(
                id: "id_number", prompt: Text("您的身份证号？", "Your ID number?"),
                why: Text("加密保存，屏幕上只显示几位。", "It is stored encrypted and shown masked."), kind: .idNumber,
                label: Text("身份证号", "ID number"), isSensitive: true),
            Question(
                id: "phone", prompt: Text("您登录用的手机号？", "The mobile number that you sign in with?"),
                why: Text("验证码会发到这个手机。", "A code is sent to this phone."), kind: .phone,
                label: Text("手机号", "Mobile number"), knownAs: KnownAnswer.phone),
            codeQuestion,
        ], act: Text("核验", "Verify"), hasSummary: false)

    /// Leads to the verification, and then on to what was wanted.
    mutating func verifyFirst(then: Action, level: Int) {
        guard level <= 2 else {
            warn(
                Text(
                    "这件事要先到服务窗口当面确认身份。请带身份证去最近的便民服务中心。",
                    "This needs your identity confirmed at a counter first. Please take your identity card there."
                ))
            return show()
        }
        state.afterSignIn = then
        say(
            Text("这件事要先核对身份。核对完接着办，不用重来。", "Your identity has to be verified first. Then we go on from here.")
        )
        begin(Self.verifyForm)
    }

    mutating func identityVerified(_ person: Person) {
        state.person = person
        if run?.form.id == Flow.verifyIdentity { pop() }
        say(Text("身份核对好了。", "Your identity is verified."))
        let next = state.afterSignIn
        state.afterSignIn = nil
        guard let next else { return show() }
        perform(next)
    }

    /// A code was wrong or over: only the code is asked again, unless the number or name did not fit.
    mutating func retryVerification(_ failure: Failure) {
        update { run in
            run.answers["code"] = nil
            run.requestID = nil
            if !failure.reason.contains("CODE") {
                run.answers["id_number"] = nil
                run.answers["name"] = nil
                run.codeSentTo = nil
            }
            run.cursor = run.cursorAfterAnswers
        }
        show()
    }

    // MARK: Signing in at a kiosk by a code

    static let kioskForm = Form(
        id: Flow.kioskSignIn, title: Text("确认一体机登录", "Sign in at a kiosk"),
        questions: [
            Question(
                id: "code", prompt: Text("请输入一体机屏幕上的登录码（8 位）。", "The code on the screen of the kiosk."),
                why: Text("只确认您自己面前那台机器上的码。", "Confirm only the code of the machine in front of you."),
                kind: .text(min: 8, max: 12), label: Text("登录码", "Code"))
        ], act: Text("查看", "Look"), hasSummary: false)

    mutating func showKiosk(_ text: String, code: String) {
        if run?.form.id == Flow.kioskSignIn { pop() }
        var list = askedList(Text("在这台机器上登录？", "Sign in at this machine?"))
        list.text = [
            text,
            t(
                Text(
                    "只有您自己站在这台机器前面，才选“是”。别人发来的码不要确认。",
                    "Say yes only if you stand in front of it yourself. Never confirm a code that somebody sent you."
                )),
        ]
        list.items = [
            .init(label: t(Words.yes), action: .act(.confirmKioskSignIn(code: code))),
            .init(label: t(Words.no), action: .dismiss),
        ]
        push(.list(list))
    }
}
