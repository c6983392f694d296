internal import Kernel

// Applying for a service item: for whom, the server's form, its check, the receipt.

extension Turn {
    // MARK: Beginning

    /// Somebody who holds mandates for the item says first for whom it is.
    mutating func showApplyChoice(item: String, title: String, mandates: [MandateView]) {
        var list = ListFrame(title: title)
        list.text = [t(Text("这件事给谁办？", "For whom is this?"))]
        list.items = [
            .init(
                label: t(Text("给我自己办", "For myself")), keywords: ["自己", "我自己", "myself"],
                action: .callSignedIn(.oneStop(.form(item: item, mandate: ""))))
        ]
        list.items += mandates.map { mandate in
            var label = t(Text("替\(mandate.principal)办", "For \(mandate.principal)"))
            if let until = mandate.until {
                label += t(Text("（委托到 \(time(until))）", " (mandate until \(time(until)))"))
            }
            return .init(
                label: label, keywords: [mandate.principal],
                action: .callSignedIn(.oneStop(.form(item: item, mandate: mandate.name))))
        }
        push(.list(list))
    }

    mutating func showForm(_ form: FormView) {
        if let person = state.person, person.identityLevel < form.identityLevel {
            let again = Request.oneStop(.form(item: form.item, mandate: form.mandate))
            return verifyFirst(then: .callSignedIn(again), level: form.identityLevel)
        }
        var local = Self.form(form, id: Flow.apply, act: Text("提交申请", "Submit the application"))
        local.isChecked = true
        local.context["revision"] = String(form.revision)
        // The rules changed in the middle: what was answered stays where the question is still the same.
        if let run, run.form.id == Flow.apply, run.form.context["item"] == form.item {
            var kept = run
            kept.form = local
            kept.requestID = nil
            kept.isAccepted = false
            kept.answers = run.answers.filter { id, _ in local.questions.contains { $0.id == id } }
            kept.cursor = kept.cursorAfterAnswers
            kept.page = 0
            kept.isChanging = false
            replaceTop(.form(kept))
            say(
                Text(
                    "这件事的规定刚改过。您填过的还在，请再核对。", "The rules have just changed. Please check your answers again.")
            )
            return kept.cursor == .summary ? check() : show()
        }
        begin(local)
    }

    /// A form of the server as one that is filled in here.
    static func form(_ view: FormView, id: String, act: Text) -> Form {
        var form = Form(
            id: id, title: Text(view.title, view.title), intro: view.intro, questions: view.questions,
            act: act,
            context: ["item": view.item, "mandate": view.mandate, "title": view.title])
        if !view.mandate.isEmpty { form.forWhom = view.applicant }
        return form
    }

    // MARK: Known answers

    mutating func showOffer(_ index: Int, _ run: FormRun) {
        let question = run.form.questions[index]
        guard let offer = question.offer else { return }
        showPrompt(index, run)
        showOptions(
            [
                .init(
                    label: t(Words.useKnown).filled(offer.shown, t(offer.origin)),
                    keywords: ["用", "用已有的", "use"], action: .takeOffer),
                .init(
                    label: t(Words.answerAnew), keywords: ["重新填", "不用", "anew"], action: .declineOffer),
            ], page: 0)
        hint(run.visible.first == index ? Words.listHint : Words.formHint)
    }

    /// Words that are no choice are the answer itself.
    mutating func takeOfferLine(_ answer: Answer, _ index: Int) {
        guard let run else { return show() }
        if let yes = answer.yes { return yes ? takeOffer() : declineOffer() }
        if let option = chosenOption(answer) {
            state.misses = 0
            return perform(option.action)
        }
        guard run.form.questions[index].takesWords, answer.number == nil else { return missed(answer) }
        update { $0.cursor = .question(index) }
        takeWords(answer)
    }

    mutating func takeOffer() {
        guard let run, case .offer(let index) = run.cursor, let offer = run.form.questions[index].offer else {
            return show()
        }
        update { $0.cursor = .question(index) }
        accept(
            AnswerValue(value: offer.value, shown: offer.shown, origin: offer.origin, isFromKnown: true))
    }

    mutating func declineOffer() {
        guard let run, case .offer(let index) = run.cursor else { return show() }
        state.misses = 0
        update { $0.cursor = .question(index) }
        show()
    }

    // MARK: The household inside a form

    func memberItems(_ run: FormRun) -> [ListFrame.Item] {
        let members = run.members ?? []
        var items: [ListFrame.Item] = [
            .init(
                label: t(Words.myself), keywords: ["本人", "自己", "我"],
                action: .answer(AnswerValue(value: "self", shown: t(Words.myself))))
        ]
        items += members.map { member in
            .init(label: memberText(member), keywords: [member.fullName], action: .answer(answer(member)))
        }
        items.append(.init(label: t(Words.addMember), keywords: ["添加", "add"], action: .addMember))
        return items
    }

    func memberText(_ member: HouseholdMemberView) -> String {
        member.fullName
            + t(
                Text(
                    "（\(member.relation.label.zh)，\(member.age) 岁）",
                    " (\(member.relation.label.en.lowercased()), \(member.age))"))
    }

    private func answer(_ member: HouseholdMemberView) -> AnswerValue {
        AnswerValue(value: member.name, shown: memberText(member), age: member.age)
    }

    /// The household is there: for the question that waits for it, or as a screen of its own.
    mutating func received(_ members: [HouseholdMemberView]) {
        guard let run, case .question(let index) = run.cursor, case .member = run.form.questions[index].kind
        else { return showHousehold(members) }
        update { $0.members = members }
        show()
    }

    mutating func addMember() { begin(Self.memberForm) }

    mutating func added(_ member: HouseholdMemberView) {
        if run?.form.id == Flow.addMember { pop() }
        say(Text("已添加\(member.fullName)。", "\(member.fullName) is added."))
        guard let run, case .question(let index) = run.cursor, case .member = run.form.questions[index].kind
        else { return call(.oneStop(.household)) }
        update { $0.members = ($0.members ?? []) + [member] }
        accept(answer(member))
    }

    // MARK: Files

    func fileHint(_ types: [String]) -> Text {
        let names = types.map { type in
            switch type {
            case "image/jpeg": "JPEG"
            case "image/png": "PNG"
            case "application/pdf": "PDF"
            default: type
            }
        }.joined(separator: "、")
        return definition.surface == .kiosk
            ? Text("扫描或插上 U 盘，选一个文件（\(names)）。", "Scan it or choose a file (\(names)).")
            : Text(
                "输入这台电脑上文件的路径（\(names)），也可以把文件拖进来。",
                "The path of a file on this machine (\(names)); you can drop it here.")
    }

    // MARK: The server's check

    mutating func check() {
        guard let run else { return show() }
        call(.oneStop(.check(submission(run))))
    }

    func submission(_ run: FormRun) -> FormSubmission {
        FormSubmission(
            item: run.form.context["item"] ?? "", revision: Int(run.form.context["revision"] ?? "") ?? 0,
            mandate: run.form.context["mandate"] ?? "", answers: run.submittedAnswers)
    }

    mutating func received(_ check: CheckView) {
        guard let run else { return show() }
        if !check.failedRules.isEmpty { return showFailedRules(check.failedRules) }
        let ids = run.form.questions.map(\.id)
        let known = check.problems.filter { ids.contains($0.question) }
        // A problem that belongs to no question here is said as it is.
        for problem in check.problems where !ids.contains(problem.question) { warn(problem.text) }
        if !known.isEmpty {
            outcome = .refused
            warn(
                known.count == 1
                    ? Text("有 1 处要改，改完接着办。", "One answer has to be changed; then we go on.")
                    : Text(
                        "有 \(known.count) 处要改，一处一处来。",
                        "\(known.count) answers have to be changed, one by one."))
            let language = language
            update { run in
                for problem in known {
                    run.problems[problem.question] = problem.text[language]
                    run.demanded.insert(problem.question)
                }
            }
            return advance()
        }
        if let index = run.form.questions.firstIndex(where: { $0.id == check.nextQuestion }) {
            update { run in
                run.demanded.insert(check.nextQuestion)
                run.answers[check.nextQuestion] = nil
                run.isChanging = false
                run.cursor = run.form.questions[index].offer == nil ? .question(index) : .offer(index)
            }
            return show()
        }
        guard check.problems.isEmpty else {
            outcome = .refused
            update { $0.cursor = .summary }
            return show()
        }
        update { run in
            run.isAccepted = true
            run.cursor = .summary
        }
        show()
    }

    /// Says which rule fails, what it rests on and what to do; the answers stay.
    private mutating func showFailedRules(_ rules: [FailedRule]) {
        guard let run else { return show() }
        outcome = .refused
        update { run in
            run.failedRules = rules
            run.cursor = .summary
        }
        var list = askedList(Words.notEligible)
        list.title = title(list.title, of: run)
        list.isWarning = true
        for rule in rules {
            // One warning for each rule, with all that belongs to it.
            let basis: String =
                rule.legalBasis.isEmpty ? t(Text("", " ")) : t(Words.legalBasis).filled(rule.legalBasis)
            let advice: String = rule.advice.isEmpty ? "" : t(Words.whatToDo) + t(rule.advice)
            list.text.append((t(rule.text) + basis + advice).trimmed)
        }
        list.items = [
            .init(label: t(Words.changeAnswers), action: .showAnswers),
            .init(label: t(Words.toHuman), action: .human),
            .init(label: t(Words.leaveDrop), action: .dropDraft(then: .home)),
        ]
        push(.list(list))
    }

    // MARK: The receipt

    mutating func showSubmitted(_ application: ApplicationView) {
        dropForms()
        state.draft = nil
        var list = ListFrame(title: forWhom(t(Text("申请已收到", "Your application is received")), application))
        list.subject = application.name
        list.rows = receiptRows(application)
        list.text = [
            t(
                Text(
                    "请记下编号。5 个工作日内会告诉您受理不受理，没有答复就算受理。有变化会发消息给您。",
                    "Please keep the number. Within 5 working days you hear whether it is taken on; silence means that it is. You get a message at each change."
                ))
        ]
        if definition.surface == .kiosk {
            list.code = application.number
            list.items.append(
                .init(
                    label: t(Text("打印回执", "Print the receipt")), keywords: ["打印", "print"],
                    action: .print(receipt(application))))
        } else {
            var code = ListFrame(title: t(Text("回执二维码", "Code of the receipt")))
            code.code = application.number
            list.items = [
                followItem(application),
                .init(label: t(Text("看二维码", "Show the QR code")), keywords: ["二维码"], action: .show(code)),
            ]
        }
        list.items += [
            .init(
                label: t(Text("看进度", "See its progress")),
                action: .callSignedIn(.oneStop(.application(name: application.name)))),
            .init(label: t(Words.toHome), action: .home),
        ]
        push(.list(list))
    }

    private func receiptRows(_ application: ApplicationView) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = [
            .init(label: t(Text("编号", "Number")), value: application.number),
            .init(label: t(Text("事项", "Item")), value: application.itemText),
        ]
        if !application.department.isEmpty {
            rows.append(.init(label: t(Text("办理部门", "Department")), value: application.department))
        }
        if !application.agent.isEmpty {
            rows.append(.init(label: t(Text("申请人", "Applicant")), value: application.applicant))
            rows.append(.init(label: t(Text("代办人", "Acting")), value: application.agent))
        }
        rows.append(.init(label: t(Text("现在", "Now")), value: t(application.state)))
        if !application.nextOwner.isEmpty {
            rows.append(.init(label: t(Text("下一步谁来办", "Who acts next")), value: t(application.nextOwner)))
        }
        rows += applicationClockRows(application)
        if let fee = application.fee { rows += feeRows(fee) }
        return rows
    }

    /// The receipt on paper: no personal data, since strips of paper are left lying about.
    func receipt(_ application: ApplicationView) -> Printout {
        let rows = receiptRows(application).filter {
            $0.value != application.applicant && $0.value != application.agent
        }
        return Printout(
            title: t(Text("办事回执", "Receipt")),
            lines: rows.map { "\($0.label)：\($0.value)" } + [t(definition.hotline)], code: application.number)
    }
}
