internal import Kernel

// Mandates 委托 and bundles 一件事.

extension Turn {
    mutating func showMandates(_ mandates: [MandateView], next: String) {
        dropScreen(of: Self.mandatesSubject)
        var list = ListFrame(title: t(Text("委托代办", "Mandates")))
        list.subject = Self.mandatesSubject
        list.items = mandates.map { mandate in
            let who =
                mandate.isGiven
                ? t(Text("我委托\(mandate.agent)", "I let \(mandate.agent) act"))
                : t(Text("\(mandate.principal)委托我", "\(mandate.principal) lets me act"))
            let state = mandate.isUsable ? "" : t(Text("（已失效）", " (over)"))
            return .init(
                label: "\(who)：\(mandate.itemText)\(state)", action: .show(mandateList(mandate)))
        }
        if mandates.isEmpty {
            list.text = [
                t(
                    Text(
                        "还没有委托。委托别人替您办一件事，到期自动作废。",
                        "There are none yet. A mandate lets somebody act for you in one matter until a day."))
            ]
        }
        list.items.append(
            .init(
                label: t(Text("委托别人替我办", "Let somebody act for me")), keywords: ["委托", "新委托"],
                action: .form(Self.mandateSearchForm)))
        list.nextPage = next.isEmpty ? nil : .oneStop(.mandates(page: next))
        showOrAppend(list)
    }

    private static let mandatesSubject = "mandates"

    private func mandateList(_ mandate: MandateView) -> ListFrame {
        var list = ListFrame(title: mandate.itemText)
        list.subject = mandate.name
        list.rows = [
            .init(label: t(Text("委托人", "Principal")), value: mandate.principal),
            .init(label: t(Text("代办人", "Acting")), value: mandate.agent),
        ]
        if let until = mandate.until {
            list.rows.append(.init(label: t(Text("到期", "Until")), value: time(until)))
        }
        let now =
            mandate.isRevoked
            ? Text("已收回", "Taken back") : mandate.isUsable ? Text("有效", "Good") : Text("已失效", "Over")
        list.rows.append(.init(label: t(Text("现在", "Now")), value: t(now)))
        guard mandate.isUsable else { return list }
        if mandate.isGiven {
            list.items.append(
                .init(
                    label: t(Text("收回委托", "Take it back")), keywords: ["收回", "revoke"],
                    action: confirmation(
                        Text("收回给\(mandate.agent)的委托？", "Take the mandate of \(mandate.agent) back?"),
                        .revokeMandate(name: mandate.name))))
        } else {
            list.items.append(
                .init(
                    label: t(Text("替\(mandate.principal)办", "Apply for \(mandate.principal)")),
                    action: .callSignedIn(.oneStop(.form(item: mandate.item, mandate: mandate.name)))))
        }
        return list
    }

    /// Which matter a mandate is for is found like any other; its guide leads on.
    private static let mandateSearchForm = Form(
        id: Flow.guide, title: Text("委托代办", "Mandates"),
        questions: [
            Question(
                id: "words",
                prompt: Text(
                    "要委托别人办哪件事？找到以后，选“委托别人替我办”。",
                    "For which matter? Once it is found, choose “Let somebody act for me”."),
                kind: .text(min: 2, max: 200), label: Text("要办的事", "Service"))
        ], act: Text("查找", "Search"), hasSummary: false)

    static func mandateForm(item: String, itemText: String) -> Form {
        let days = [7, 30, 90].map {
            Choice(value: String($0), label: Text("\($0) 天", "\($0) days"), keywords: [])
        }
        let isPerson = Question.Condition(question: "agent_kind", values: ["person"])
        let isPoint = Question.Condition(question: "agent_kind", values: ["point"])
        return Form(
            id: Flow.createMandate, title: Text("委托代办：\(itemText)", "Mandate: \(itemText)"),
            intro: Text("只管这一件事，到期自动作废，您随时可以收回。", "For this matter only, until a day; you can take it back."),
            questions: [
                Question(
                    id: "agent_kind", prompt: Text("委托谁？", "Who is to act?"),
                    kind: .choice([
                        Choice(
                            value: "person", label: Text("亲友", "A relative or friend"),
                            keywords: ["家人", "朋友", "friend"]),
                        Choice(
                            value: "point",
                            label: Text("社区窗口或网格员", "The community's counter or a grid worker"),
                            keywords: ["窗口", "社区", "网格员", "counter"]),
                    ]), label: Text("委托", "Whom")),
                Question(
                    id: "agent_name", prompt: Text("这个人的姓名？", "Their name?"),
                    why: Text("这个人要在邻里注册过。", "They need an account here."), kind: .name,
                    label: Text("代办人", "Acting"), condition: isPerson),
                Question(
                    id: "agent_phone", prompt: Text("代办人的手机号？", "Their mobile number?"), kind: .phone,
                    label: Text("代办人手机", "Their phone"), condition: isPerson),
                Question(
                    id: "agent_account", prompt: Text("代办账号？", "The account of the counter or grid worker?"),
                    why: Text("请窗口的人或者网格员告诉您。", "They will tell you."), kind: .text(min: 2, max: 32),
                    label: Text("代办账号", "Account"), condition: isPoint),
                Question(
                    id: "days", prompt: Text("委托几天？", "For how long?"), kind: .choice(days),
                    label: Text("期限", "Time")),
            ], act: Text("确定委托", "Give the mandate"), context: ["item": item])
    }

    mutating func showMandateCreated(_ mandate: MandateView) {
        dropForms()
        var list = mandateList(mandate)
        list.text = [
            t(Text("委托好了，已经告诉\(mandate.agent)。", "Done. \(mandate.agent) is told."))
        ]
        list.items.append(.init(label: t(Words.toHome), action: .home))
        push(.list(list))
    }

    // MARK: Bundles

    mutating func showBundles(_ bundles: [BundleView], words: String) {
        let token = Answer(words).token
        let meant = bundles.filter { !token.isEmpty && MenuBook.score(of: t($0.title), in: token) > 0 }
        if meant.count == 1 { return push(.list(bundleDetail(meant[0]))) }
        var list = ListFrame(title: t(Text("一件事，一次办", "Several matters at once")))
        list.items = bundles.map { .init(label: t($0.title), action: .show(bundleDetail($0))) }
        if list.items.isEmpty { list.text = [t(Text("现在还没有。", "There are none yet."))] }
        list.items.append(
            .init(
                label: t(Text("我办过的一件事", "Those that I applied for")),
                action: .callSignedIn(.oneStop(.bundleCases(page: "")))))
        push(.list(list))
    }

    private func bundleDetail(_ bundle: BundleView) -> ListFrame {
        var detail = ListFrame(title: t(bundle.title))
        if !bundle.description.isEmpty { detail.text = [t(bundle.description)] }
        detail.rows = bundle.parts.enumerated().map { index, part in
            .init(
                label: index == 0 ? t(Text("包括", "Contains")) : "",
                value:
                    "\(index + 1). \(part.itemText)\(part.isOptional ? t(Text("（可以不办）", " (if you like)")) : "")"
            )
        }
        detail.items = [
            .init(label: t(Text("我要办", "Apply")), keywords: ["办", "apply"], action: start(bundle))
        ]
        return detail
    }

    /// What may be left out is asked first, since the form follows from it.
    private func start(_ bundle: BundleView) -> Action {
        let optional = bundle.parts.filter(\.isOptional)
        guard !optional.isEmpty else {
            return .callSignedIn(.oneStop(.bundleForm(bundle, optionalItems: [])))
        }
        let all = Action.callSignedIn(.oneStop(.bundleForm(bundle, optionalItems: optional.map(\.item))))
        var list = ListFrame(title: t(bundle.title))
        let none = Action.callSignedIn(.oneStop(.bundleForm(bundle, optionalItems: [])))
        if optional.count == 1 {
            let part = optional[0].itemText
            list.text = [t(Text("“\(part)”也一起办吗？", "Do you want “\(part)”, too?"))]
            list.items = [
                .init(label: t(Text("一起办", "Yes, too")), action: all),
                .init(label: t(Text("这一项不办", "Not that one")), action: none),
            ]
            return .show(list)
        }
        list.text = [t(Text("可以不办的这几项，要不要一起办？", "What may be left out: do you want it, too?"))]
        list.items = [.init(label: t(Text("都一起办", "All of it")), action: all)]
        list.items += optional.map { part in
            .init(
                label: t(Text("只加上\(part.itemText)", "With \(part.itemText) only")),
                action: .callSignedIn(.oneStop(.bundleForm(bundle, optionalItems: [part.item]))))
        }
        list.items.append(.init(label: t(Text("都不要，只办必办的", "None of it")), action: none))
        return .show(list)
    }

    mutating func showBundleForm(_ bundle: BundleView, _ optional: [String], _ view: FormView) {
        if let person = state.person, person.identityLevel < view.identityLevel {
            let again = Request.oneStop(.bundleForm(bundle, optionalItems: optional))
            return verifyFirst(then: .callSignedIn(again), level: view.identityLevel)
        }
        var form = Self.form(view, id: Flow.bundle, act: Text("一起申请", "Apply for all"))
        form.title = bundle.title
        // The screen before has just said it.
        if form.intro == bundle.description { form.intro = Text("") }
        form.context["bundle"] = bundle.name
        form.context["optional"] = optional.joined(separator: " ")
        begin(form)
    }

    mutating func showBundleSubmitted(_ bundle: BundleCaseView) {
        dropForms()
        state.draft = nil
        var list = bundleList(bundle)
        list.text.insert(t(Text("都收到了。每一件都有自己的编号。", "All is received. Each has a number of its own.")), at: 0)
        list.items.append(.init(label: t(Words.toHome), action: .home))
        push(.list(list))
    }

    mutating func showBundleCases(_ bundles: [BundleCaseView], next: String) {
        var list = ListFrame(title: t(Text("我办过的一件事", "Those that I applied for")))
        list.items = bundles.map { bundle in
            .init(
                label: "\(t(bundle.title))　\(time(bundle.createdAt))",
                action: .callSignedIn(.oneStop(.bundleCase(name: bundle.name))))
        }
        if list.items.isEmpty { list.text = [t(Text("还没有。", "There are none yet."))] }
        list.nextPage = next.isEmpty ? nil : .oneStop(.bundleCases(page: next))
        showOrAppend(list)
    }

    mutating func showBundleCase(_ bundle: BundleCaseView) { push(.list(bundleList(bundle))) }

    private func bundleList(_ bundle: BundleCaseView) -> ListFrame {
        var list = ListFrame(title: t(bundle.title))
        list.subject = bundle.name
        if !bundle.summary.isEmpty { list.text = [t(bundle.summary)] }
        list.items = bundle.parts.map { part in
            .init(
                label: "\(part.itemText)　\(t(part.state))",
                action: .callSignedIn(.oneStop(.application(name: part.application))))
        }
        return list
    }
}
