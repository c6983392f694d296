internal import Kernel

// Signing in, registering, signing out.

extension Turn {
    static let codeDigits = 6

    static let phoneQuestion = Question(
        id: "phone", prompt: Text("您的手机号？", "Your mobile number?"),
        why: Text("验证码会发到这个手机。", "A code is sent to this phone."), kind: .phone,
        label: Text("手机号", "Mobile number"),
        knownAs: KnownAnswer.phone)
    static let codeQuestion = Question(
        id: "code", prompt: Text("请输入短信里的 6 位验证码。", "Please type the 6 digits of the message."),
        kind: .code(digits: codeDigits), label: Text("验证码", "Code"))

    static let signInForm = Form(
        id: Flow.signIn, title: Text("登录", "Sign in"),
        questions: [
            phoneQuestion, codeQuestion,
            Question(
                id: "password", prompt: Text("请输入密码（输入时不显示）。", "Your password (it is not shown)."),
                kind: .secret(min: 1, max: 128), label: Text("密码", "Password")),
        ], act: Text("登录", "Sign in"), hasSummary: false)

    static let registerForm = Form(
        id: Flow.register, title: Text("注册", "Register"),
        intro: Text("一共 4 步，大约 1 分钟。", "Four steps, about one minute."),
        questions: [
            phoneQuestion, codeQuestion,
            Question(
                id: "name", prompt: Text("您的姓名？", "Your name?"),
                why: Text("要和身份证上的一样。别人看不到全名。", "As on your identity card. Others do not see it in full."),
                kind: .name,
                label: Text("姓名", "Name")),
            Question(
                id: "password",
                prompt: Text("请设一个密码，8 个字以上（输入时不显示）。", "Choose a password of 8 or more (it is not shown)."),
                kind: .secret(min: 8, max: 128), label: Text("密码", "Password")),
        ], act: Text("注册", "Register"), hasSummary: false)

    mutating func beginAccount(_ flow: String) {
        switch flow {
        case _ where definition.surface == .kiosk && state.person == nil: effects.append(.signIn)
        case Flow.signIn: state.person == nil ? begin(Self.signInForm) : showAccount()
        case Flow.register: state.person == nil ? begin(Self.registerForm) : showAccount()
        case Flow.signOut: state.person == nil ? showAccount() : call(.signOut)
        default: showAccount()
        }
    }

    mutating func showAccount() {
        var list = ListFrame(title: t(Text("我的账号", "My account")))
        if let person = state.person {
            list.rows = [
                .init(label: t(Text("姓名", "Name")), value: person.displayName),
                .init(label: t(Text("手机", "Mobile")), value: person.maskedPhone),
            ]
            if let home = person.home {
                list.rows.append(.init(label: t(Text("住在", "Home")), value: home.path))
            }
            let level =
                person.identityLevel >= 2
                ? Text("已实名", "verified") : Text("还没有实名", "not verified yet")
            list.rows.append(.init(label: t(Text("身份", "Identity")), value: t(level)))
            if person.identityLevel < 2 {
                list.items.append(
                    .init(
                        label: t(Text("实名核验", "Verify my identity")), keywords: ["实名", "verify"],
                        action: .start(flow: Flow.verifyIdentity, words: "")))
            }
            list.items.append(
                .init(
                    label: t(Text("谁看过我的信息", "Who looked at my data")), keywords: ["谁看过", "looked"],
                    action: .call(.oneStop(.dataAccesses))))
            let question = Text(
                "删除以前办事填过的内容？以后办事要重新填。",
                "Delete what you filled in before? You will be asked again.")
            list.items.append(
                .init(
                    label: t(Text("删除以前填过的内容", "Delete what I filled in before")),
                    keywords: ["删除", "delete"],
                    action: confirmation(question, .forgetAnswers)))
            list.items.append(.init(label: t(Text("退出登录", "Sign out")), action: .call(.signOut)))
        } else {
            list.items = [
                .init(
                    label: t(Text("登录（已经注册过）", "Sign in (I have an account)")), keywords: ["登录", "sign in"],
                    action: .form(Self.signInForm)),
                .init(
                    label: t(Text("注册（第一次用）", "Register (first time)")), keywords: ["注册", "register"],
                    action: .form(Self.registerForm)),
            ]
        }
        push(.list(list))
    }

    /// Asks the server as the person who is signed in. A visitor signs in first and then goes on with this.
    mutating func callSignedIn(_ request: Request) {
        guard state.person == nil else { return call(request) }
        state.afterSignIn = .callSignedIn(request)
        say(Words.signInFirst)
        askSignIn()
    }

    /// The chatbot asks in the conversation; a kiosk has ways of its own.
    mutating func askSignIn() {
        if definition.surface == .kiosk { effects.append(.signIn) } else { showAccount() }
    }

    /// The front end has signed somebody in, or nobody.
    mutating func signedInElsewhere(_ person: Person?) {
        let next = state.afterSignIn
        state.afterSignIn = nil
        guard let person else {
            if next != nil { say(Words.signInGivenUp) }
            return show()
        }
        if let owner = state.ownerID, owner != person.id { state = DialogueState(language: language) }
        if state.frames.isEmpty { state.frames = [.menu(id: definition.menus.root, page: 0)] }
        let isSamePerson = state.ownerID == person.id || state.ownerID == nil
        state.ownerID = person.id
        state.person = person
        say(t(Words.welcome).filled(person.displayName))
        if let next, isSamePerson { return perform(next) }
        // Whoever signed in from the menu's last page begins on its first.
        if case .menu? = state.frames.last { return goHome() }
        show()
    }

    /// The session has run out: sign in, then send the same request again.
    mutating func signInAgain(for request: Request) {
        let wasSignedIn = state.person != nil
        state.person = nil
        state.afterSignIn = .callSignedIn(request)
        say(wasSignedIn ? Words.signInAgain : Words.signInFirst)
        askSignIn()
    }

    mutating func signedIn(_ person: Person) {
        if let owner = state.ownerID, owner != person.id { forgetEverything() }
        state.ownerID = person.id
        state.person = person
        if let phone = run?.answers["phone"] { state.known[KnownAnswer.phone] = phone }
        say(t(Words.welcome).filled(person.displayName))
        let next = state.afterSignIn
        state.afterSignIn = nil
        // The sign-in form and the account screen that led to it have done their work.
        pop()
        if case .list? = state.frames.last { pop() }
        guard let next else { return goHome() }
        perform(next)
    }

    /// What one person typed is not for the next.
    mutating func forgetEverything() {
        var fresh = DialogueState(language: state.language)
        fresh.frames = [.menu(id: definition.menus.root, page: 0)]
        // The form that was just used to sign in is still to be dropped by the caller.
        if let run { fresh.frames.append(.form(run)) }
        if state.watching != nil { effects.append(.stopWatching) }
        state = fresh
    }

    // MARK: One-time codes

    func needsCode(_ run: FormRun) -> Bool {
        run.codeSentTo == nil || run.codeSentTo != run.answers["phone"]?.value
    }

    mutating func sendCode(_ run: FormRun) {
        let purpose: Request.CodePurpose =
            switch run.form.id {
            case Flow.register: .register
            case Flow.verifyIdentity: .verifyIdentity
            default: .signIn
            }
        call(.sendCode(phone: run.answers["phone"]?.value ?? "", purpose: purpose))
    }

    mutating func resendCode() {
        guard let run else { return }
        sendCode(run)
    }

    mutating func receivedCode(lifetimeSeconds: Int) {
        let phone = run?.answers["phone"]
        update { $0.codeSentTo = phone?.value }
        say(t(Words.codeSent).filled(phone?.shown ?? "", String(max(1, lifetimeSeconds / 60))))
        show()
    }

    /// A wrong code or password: both are asked again, the phone is not.
    mutating func retrySignIn() {
        update { run in
            run.answers["code"] = nil
            run.answers["password"] = nil
            run.requestID = nil
            if let code = run.form.questions.firstIndex(where: { $0.id == "code" }) {
                run.cursor = .question(code)
            }
        }
        show()
    }
}
