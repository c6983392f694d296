internal import Kernel

// The person's applications: list, progress, what is missing, withdrawing, urging, rating.

extension Turn {
    // MARK: Lists and details

    mutating func showApplications(_ applications: [ApplicationView], next: String) {
        var list = ListFrame(title: t(Text("我的办件", "My applications")))
        list.items = applications.map { application in
            let agent = application.agent.isEmpty ? "" : t(Words.onBehalf).filled(application.applicant)
            return .init(
                label: "\(application.itemText)\(agent)　\(t(application.state))　\(application.number)",
                action: .callSignedIn(.oneStop(.application(name: application.name))))
        }
        if list.items.isEmpty {
            list.text = [t(Text("您还没有办过事。", "You have not applied for anything yet."))]
            list.items = [
                .init(
                    label: t(Text("找一件事来办", "Find something to apply for")),
                    action: .start(flow: Flow.guide, words: ""))
            ]
        }
        list.nextPage = next.isEmpty ? nil : .oneStop(.applications(page: next))
        showOrAppend(list)
    }

    mutating func showApplication(_ application: ApplicationView) {
        dropScreen(of: application.name)
        push(.list(applicationList(application)))
    }

    /// An act was done: the form is gone, the screen of the application is new.
    mutating func showDone(_ text: Text, _ application: ApplicationView) {
        dropForms()
        say(text)
        showApplication(application)
    }

    /// The old screen of the same thing is not gone back to.
    mutating func dropScreen(of subject: String) {
        state.frames.removeAll { frame in
            if case .list(let list) = frame { !subject.isEmpty && list.subject == subject } else { false }
        }
    }

    /// A title that names the person for whom somebody acts.
    func forWhom(_ title: String, _ application: ApplicationView) -> String {
        application.agent.isEmpty ? title : title + t(Words.onBehalf).filled(application.applicant)
    }

    private func applicationList(_ application: ApplicationView) -> ListFrame {
        var list = ListFrame(title: forWhom(application.itemText, application))
        list.subject = application.name
        list.rows = applicationRows(application)
        if let supplement = application.supplement, !supplement.isAnswered {
            list.isWarning = true
            list.text = [t(Text("还缺这些，请补上：", "This is missing, please hand it in:"))]
            list.text += supplement.points.enumerated().map { "\($0 + 1). \($1)" }
            if let due = supplement.due {
                list.text.append(t(Text("最晚 \(end(due))。", "By \(end(due)).")))
            }
        }
        if let fee = application.dueFee { list.text.append(payText(fee)) }
        list.items = applicationItems(application)
        return list
    }

    private func applicationRows(_ application: ApplicationView) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = [
            .init(label: t(Text("编号", "Number")), value: application.number),
            .init(label: t(Text("现在", "Now")), value: t(application.state)),
        ]
        if !application.agent.isEmpty {
            rows.append(.init(label: t(Text("申请人", "Applicant")), value: application.applicant))
            rows.append(.init(label: t(Text("代办人", "Acting")), value: application.agent))
        }
        if !application.nextOwner.isEmpty {
            rows.append(.init(label: t(Text("下一步谁来办", "Who acts next")), value: t(application.nextOwner)))
        }
        if !application.department.isEmpty {
            rows.append(.init(label: t(Text("办理部门", "Department")), value: application.department))
        }
        rows += applicationClockRows(application)
        for procedure in application.procedures { rows.append(procedureRow(procedure)) }
        if let decision = application.decision {
            rows.append(
                .init(
                    label: t(Text("决定", "Decision")),
                    value: t(decision.isGranted ? Text("同意", "Granted") : Text("不同意", "Refused"))
                        + (decision.reason.isEmpty ? "" : "　\(decision.reason)")))
            if !decision.delivery.isEmpty {
                rows.append(.init(label: t(Text("怎么送达", "Delivery")), value: decision.delivery))
            }
        }
        if let fee = application.fee { rows += feeRows(fee) }
        if application.urgeCount > 0 {
            rows.append(
                .init(
                    label: t(Text("催过", "Urged")),
                    value: t(Text("\(application.urgeCount) 次", "\(application.urgeCount) times"))))
        }
        if application.rating > 0 {
            rows.append(
                .init(label: t(Text("您的评价", "Your rating")), value: t(Self.rating(application.rating))))
        }
        for (index, change) in application.ruleChanges.enumerated() {
            let label = index == 0 ? t(Text("规定有变", "Rules changed")) : ""
            let old = change.old.isEmpty ? t(Text("没有", "nothing")) : change.old
            let new = change.new.isEmpty ? t(Text("没有了", "nothing")) : change.new
            rows.append(.init(label: label, value: "\(t(change.subject))：\(old) → \(new)"))
        }
        if !application.ruleChanges.isEmpty {
            rows.append(
                .init(
                    label: "", value: t(Text("您这件事按申请时的规定办。", "Yours goes by the rules of its day."))))
        }
        if let event = application.events.last {
            rows.append(.init(label: t(Text("最近一次变化", "Latest change")), value: eventLine(event)))
        }
        return rows
    }

    /// Promised and statutory limit side by side; one of them while the other is not known.
    func applicationClockRows(_ application: ApplicationView) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = []
        if let clock = application.clock { rows += clockRows(clock) }
        if let clock = application.statutoryClock, !clock.isPaused {
            rows.append(.init(label: t(Text("法定期限", "By law")), value: end(clock.due)))
        } else if application.clock == nil, let clock = application.statutoryClock {
            rows += clockRows(clock)
        }
        return rows
    }

    private func procedureRow(_ procedure: ApplicationView.Procedure) -> ListFrame.Row {
        var value = t(
            Text("从 \(time(procedure.start)) 起，不算时间", "since \(time(procedure.start)), not counted"))
        if let end = procedure.end {
            value = t(
                Text(
                    "\(time(procedure.start)) 到 \(time(end))，不算时间",
                    "\(time(procedure.start)) to \(time(end)), not counted"))
        }
        if !procedure.note.isEmpty { value += "　\(procedure.note)" }
        if !procedure.result.isEmpty {
            value += t(Text("　结果：\(procedure.result)", " Result: \(procedure.result)"))
        }
        return .init(label: t(procedure.label), value: value)
    }

    private func eventLine(_ event: ApplicationView.Event) -> String {
        var line = time(event.time) + "　" + t(event.text)
        if !event.actor.isEmpty { line += "（\(event.actor)）" }
        if !event.note.isEmpty { line += (language == .chinese ? "：" : ": ") + event.note }
        return line
    }

    private func applicationItems(_ application: ApplicationView) -> [ListFrame.Item] {
        var items: [ListFrame.Item] = []
        if definition.surface == .kiosk, let fee = application.dueFee {
            items.append(voucherItem(fee, application))
        }
        let may = { (verb: ApplicationView.Verb) in application.verbs.contains(verb) }
        if may(.supplement) {
            items.append(
                .init(
                    label: t(Text("现在补上", "Hand it in now")), keywords: ["补正", "补材料", "supplement"],
                    action: .callSignedIn(.oneStop(.supplementForm(application: application.name)))))
        }
        if application.canRate {
            items.append(
                .init(
                    label: t(Text("评价", "Rate it")), keywords: ["好差评", "rate"],
                    action: .form(Self.rateServiceForm(application.name, application.itemText))))
        }
        if !application.certificate.isEmpty {
            items.append(
                .init(
                    label: t(Text("看证明", "See the certificate")), keywords: ["证明", "certificate"],
                    action: .callSignedIn(.oneStop(.certificate(name: application.certificate)))))
        }
        if application.events.count > 1 || !application.answers.isEmpty {
            items.append(
                .init(
                    label: t(Text("全部经过和我填的内容", "Whole history and my answers")),
                    keywords: ["经过", "history"],
                    action: .show(history(application))))
        }
        items.append(followItem(application))
        if may(.urge) {
            items.append(
                .init(
                    label: t(Text("催一催", "Urge")), keywords: ["催办", "催", "urge"],
                    action: .act(.urge(application: application.name))))
        }
        if may(.withdraw) {
            items.append(
                .init(
                    label: t(Text("不办了，撤回", "Withdraw it")), keywords: ["撤回", "withdraw"],
                    action: .form(Self.withdrawForm(application))))
        }
        if definition.surface == .kiosk {
            items.append(
                .init(label: t(Text("打印回执", "Print the receipt")), action: .print(receipt(application))))
        }
        return items
    }

    private func history(_ application: ApplicationView) -> ListFrame {
        var list = ListFrame(
            title: forWhom(t(Text("全部经过 ", "History of ")) + application.number, application))
        list.text = application.events.map(eventLine)
        list.rows = application.answers.map { answer in
            .init(
                label: t(answer.label),
                value: answer.shown + (answer.origin.isEmpty ? "" : t(Words.origin).filled(t(answer.origin))))
        }
        return list
    }

    // MARK: Changes as they come

    func followItem(_ application: ApplicationView) -> ListFrame.Item { followItem(application.name) }

    private func followItem(_ name: String) -> ListFrame.Item {
        state.following == name
            ? .init(label: t(Text("不用再告诉我变化", "Stop telling me")), action: .stopFollowing)
            : .init(
                label: t(Text("有变化就告诉我", "Tell me when it changes")), keywords: ["关注", "follow"],
                action: .follow(name))
    }

    mutating func follow(_ name: String) {
        state.following = name
        effects.append(.follow(application: name))
        say(Words.watching)
        swapItem(.follow(name), for: followItem(name))
        show()
    }

    mutating func stopFollowing() {
        guard let name = state.following else { return show() }
        state.following = nil
        effects.append(.stopFollowing)
        say(Words.watchingNoMore)
        swapItem(.stopFollowing, for: followItem(name))
        show()
    }

    mutating func changed(_ application: ApplicationView) {
        guard application.name == state.following else { return }
        var line = t(Text("【有变化】", "[Changed] ")) + application.number + "　" + t(application.state)
        if let event = application.events.last { line += "　" + t(event.text) }
        say(line)
        if let supplement = application.supplement, !supplement.isAnswered {
            warn(Text("要补材料：打开“我的办件”看要补什么。", "Something is missing: see “My applications”."))
        }
        if application.canRate {
            say(Text("这件事可以评价了：输入“我的办件”。", "You can rate it now: type “my applications”."))
        }
        // The screen of this application shows the new state; anything else is left in peace.
        if case .list(let list)? = state.frames.last, list.subject == application.name {
            replaceTop(.list(applicationList(application)))
            show()
        }
    }

    // MARK: What is missing

    mutating func showSupplementForm(_ application: ApplicationView, _ view: FormView) {
        var questions = view.questions
        questions.append(
            Question(
                id: Self.supplementNote,
                prompt: Text("有什么要说明的吗？", "Is there anything to say about it?"),
                kind: .longText(min: 1, max: 500), label: Text("说明", "Note"), isOptional: !questions.isEmpty))
        var form = Form(
            id: Flow.supplement, title: Text("补正 \(application.number)", "Supplement \(application.number)"),
            questions: questions, act: Text("交上去", "Hand it in"),
            context: ["application": application.name])
        if !application.agent.isEmpty { form.forWhom = application.applicant }
        let points = (application.supplement?.points ?? []).enumerated().map { "\($0 + 1). \($1)" }
        form.intro = Text(
            (["部门请您补这些："] + points).joined(separator: "\n"),
            (["The department asks for:"] + points).joined(separator: "\n"))
        begin(form)
    }

    static let supplementNote = "supplement_note"

    // MARK: Forms

    static func withdrawForm(_ application: ApplicationView) -> Form {
        var form = Form(
            id: Flow.withdraw, title: Text("撤回 \(application.number)", "Withdraw \(application.number)"),
            intro: Text("撤回以后，这件事就不再办了；以后可以重新申请。", "It is not gone on with then; you can apply again later."),
            questions: [
                Question(
                    id: "reason", prompt: Text("为什么撤回？", "Why?"), kind: .longText(min: 1, max: 200),
                    label: Text("原因", "Reason"), isOptional: true)
            ], act: Text("确定撤回", "Withdraw it"), context: ["application": application.name])
        if !application.agent.isEmpty { form.forWhom = application.applicant }
        return form
    }

    /// 好差评: five grades; the last two need a reason.
    static func rateServiceForm(_ subject: String, _ text: String, claim: String = "") -> Form {
        var form = rateForm(text)
        form.id = Flow.rateService
        form.context = ["subject": subject, "claim": claim]
        return form
    }
}

// MARK: - Ratings

extension Turn {
    mutating func showRatings(_ ratings: [RatingView], next: String) {
        var list = ListFrame(title: t(Text("我的评价", "My ratings")))
        list.items = ratings.map { rating in
            .init(
                label: "\(rating.subjectText)　\(t(Self.rating(rating.grade)))　\(t(rating.state))",
                action: .show(ratingList(rating)))
        }
        if list.items.isEmpty { list.text = [t(Text("您还没有评价过。", "You have not rated anything yet."))] }
        list.nextPage = next.isEmpty ? nil : .oneStop(.ratings(page: next))
        showOrAppend(list)
    }

    private func ratingList(_ rating: RatingView) -> ListFrame {
        var list = ListFrame(title: rating.subjectText)
        list.subject = rating.name
        list.rows = [
            .init(label: t(Text("您的评价", "Your rating")), value: t(Self.rating(rating.grade))),
            .init(label: t(Text("现在", "Now")), value: t(rating.state)),
        ]
        if !rating.department.isEmpty {
            list.rows.append(.init(label: t(Text("部门", "Department")), value: rating.department))
        }
        if !rating.comment.isEmpty {
            list.rows.append(.init(label: t(Text("您说的", "You said")), value: rating.comment))
        }
        if !rating.rectification.isEmpty {
            list.rows.append(.init(label: t(Text("整改情况", "What was put right")), value: rating.rectification))
        }
        if let clock = rating.clock, rating.rectification.isEmpty { list.rows += clockRows(clock) }
        if rating.awaitsConfirmation {
            list.text = [t(Text("部门说已经改好了，您看呢？", "The department says that it is put right. Is it?"))]
            list.items = [
                .init(
                    label: t(Text("改好了，满意", "Yes, it is")), keywords: ["满意"],
                    action: .form(Self.confirmForm(rating, isSatisfied: true))),
                .init(
                    label: t(Text("没改好", "No, it is not")), keywords: ["不满意"],
                    action: .form(Self.confirmForm(rating, isSatisfied: false))),
            ]
        }
        return list
    }

    private static func confirmForm(_ rating: RatingView, isSatisfied: Bool) -> Form {
        Form(
            id: Flow.confirmRectification, title: Text(rating.subjectText, rating.subjectText),
            questions: [
                Question(
                    id: "comment",
                    prompt: isSatisfied
                        ? Text("还有要说的吗？", "Anything else?") : Text("哪里还没有改好？", "What is not put right?"),
                    kind: .longText(min: 1, max: 500), label: Text("您说的", "You say"), isOptional: isSatisfied)
            ], act: isSatisfied ? Text("确认改好了", "It is put right") : Text("告诉部门没改好", "It is not put right"),
            context: ["rating": rating.name, "satisfied": isSatisfied ? "yes" : "no"])
    }

    mutating func showRating(_ text: Text, _ rating: RatingView) {
        dropForms()
        say(text)
        dropScreen(of: rating.name)
        push(.list(ratingList(rating)))
    }
}
