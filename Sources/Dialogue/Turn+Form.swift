internal import Kernel

// Filling in a form.

extension Turn {
    /// Starts a form; what is known already is not asked.
    mutating func begin(_ form: Form, answers: [String: AnswerValue] = [:]) {
        guard !form.questions.isEmpty else { return }
        var run = FormRun(form: form)
        run.answers = answers
        for question in form.questions where !question.knownAs.isEmpty {
            guard question.kind != .place, let known = state.known[question.knownAs] else { continue }
            run.answers[question.id] = known
            run.prefilled.insert(question.id)
        }
        run.cursor = run.cursorAfterAnswers
        popQuestions()
        push(.form(run))
    }

    // MARK: Showing

    /// An answer with where it was taken over from.
    func shown(_ answer: AnswerValue) -> String {
        guard let origin = answer.origin, !origin.isEmpty else { return answer.shown }
        return answer.shown + t(Words.origin).filled(t(origin))
    }

    mutating func showForm(_ run: FormRun) {
        if !run.isIntroduced, run.cursor != .summary {
            // A form without an intro is named by its first question.
            let intro = keepsDrafts || run.form.introAtKiosk.isEmpty ? run.form.intro : run.form.introAtKiosk
            if !intro.isEmpty {
                messages.append(Message(.title, title(t(run.form.title), of: run)))
                say(intro)
            }
            update { $0.isIntroduced = true }
        }
        switch run.cursor {
        case .question(let index): showQuestion(index, run)
        case .offer(let index): showOffer(index, run)
        case .stop(let index, let choice): showStop(index, choice, run)
        case .summary: showSummary(run)
        }
    }

    /// Who acts for somebody else reads for whom on every screen.
    func title(_ text: String, of run: FormRun) -> String {
        run.form.forWhom.isEmpty ? text : text + t(Words.onBehalf).filled(run.form.forWhom)
    }

    private mutating func showQuestion(_ index: Int, _ run: FormRun) {
        let question = run.form.questions[index]
        switch question.kind {
        case .code where needsCode(run): return sendCode(run)
        case .place where run.walk.shown == nil && knownPlace() == nil: return call(.places(below: nil))
        case .address where run.addressPlace == nil && run.walk.shown == nil && knownPlace() == nil:
            return call(.places(below: nil))
        case .member where run.members == nil: return call(.oneStop(.household))
        default: break
        }
        if run.walk.shown != nil, run.walk.canClimb {
            // Further down the tree only the choices change.
            if definition.surface == .kiosk { messages.append(Message(.title, t(question.label))) }
            showPlace(run)
            return showQuestionHint(question, isFirst: false)
        }
        showPrompt(index, run)
        if !question.isSecret, let now = run.answers[question.id] {
            say(t(Words.nowAnswer) + now.shown)
        }
        switch question.kind {
        case .choice(let choices):
            showOptions(choiceItems(choices) + extraItems(question), page: run.page)
        case .yesNo:
            let items = [
                ListFrame.Item(
                    label: t(Words.yes), action: .answer(AnswerValue(value: "yes", shown: t(Words.yes)))),
                ListFrame.Item(
                    label: t(Words.no), action: .answer(AnswerValue(value: "no", shown: t(Words.no)))),
            ]
            showOptions(items + extraItems(question), page: 0)
        case .place: showPlace(run)
        case .address:
            guard let place = run.addressPlace else {
                showPlace(run)
                break
            }
            say(place.path)
            say(Words.addressLine)
        case .member: showOptions(memberItems(run) + extraItems(question), page: run.page)
        default: break
        }
        showQuestionHint(question, isFirst: run.visible.first == index && !run.isChanging)
    }

    /// Where one is in the form, what is asked, why, and what was wrong with the last answer.
    mutating func showPrompt(_ index: Int, _ run: FormRun) {
        let question = run.form.questions[index]
        let visible = run.visible
        if let position = visible.firstIndex(of: index), !run.isChanging || !run.form.forWhom.isEmpty {
            var title = self.title(t(run.form.title), of: run)
            if visible.count > 1, !run.isChanging {
                title += "　" + t(Words.question).filled(String(position + 1), String(visible.count))
            }
            messages.append(Message(.title, title))
        } else if definition.surface == .kiosk {
            // A full screen has a name, even where the conversation goes on without one.
            messages.append(Message(.title, t(Words.changeLine).filled(t(question.label))))
        }
        say(question.prompt)
        if !question.why.isEmpty { messages.append(Message(.hint, t(Words.why) + t(question.why))) }
        if let problem = run.problems[question.id] { messages.append(Message(.warning, problem)) }
    }

    func choiceItems(_ choices: [Choice]) -> [ListFrame.Item] {
        choices.enumerated().map { number, choice in
            ListFrame.Item(
                label: t(choice.label), keywords: choice.keywords + [choice.label.zh, choice.label.en],
                action: .choose(number))
        }
    }

    func extraItems(_ question: Question) -> [ListFrame.Item] {
        var items: [ListFrame.Item] = []
        if question.allowsUnknown {
            items.append(.init(label: t(Words.unknown), action: .answer(.unknown(language))))
        }
        if question.isOptional { items.append(.init(label: t(Words.skipThis), action: .skipQuestion)) }
        return items
    }

    private mutating func showQuestionHint(_ question: Question, isFirst: Bool) {
        guard definition.surface != .kiosk else { return }
        var lines: [Text] = []
        if question.takesWords {
            if question.isOptional { lines.append(Words.skipHint) }
            if question.allowsUnknown { lines.append(Words.unknownHint) }
            switch question.kind {
            case .code: lines.append(Words.resendHint)
            case .file(let types): lines.append(fileHint(types))
            case .photo: lines.append(Words.photoHint)
            case .money: lines.append(Words.moneyHint)
            case .date: lines.append(Words.dateHint)
            case .number(let min, _) where min <= 0: lines.append(Words.zeroHint)
            default: break
            }
        }
        messages.append(
            Message(
                .hint,
                (lines + [isFirst ? Words.listHint : Words.formHint]).map { t($0) }.joined(separator: "\n")))
    }

    private mutating func showStop(_ index: Int, _ choice: Int, _ run: FormRun) {
        guard case .choice(let choices) = run.form.questions[index].kind, let stop = choices[choice].stop
        else { return }
        if definition.surface == .kiosk { messages.append(Message(.title, t(run.form.title))) }
        warn(stop.text)
        for phone in stop.phones {
            messages.append(Message(.warning, t(Words.stopCall) + "\(phone.number)　\(t(phone.who))"))
        }
        showOptions(
            [
                .init(label: t(Words.stopGoOn), action: .passStop),
                .init(label: t(Words.stopNot), action: .previousQuestion),
            ], page: 0)
        hint(Words.formHint)
    }

    private mutating func showSummary(_ run: FormRun) {
        let freshID = moment.freshID
        if run.requestID == nil { update { $0.requestID = freshID } }
        // What is about to be sent has a name: a draft may be taken up a day later.
        let name = t(Words.summaryTitle).filled(t(run.form.title))
        messages.append(Message(.title, title(name, of: run)))
        let visible = run.visible.filter { !run.form.questions[$0].isSecret }
        let rows = visible.map { index in
            let question = run.form.questions[index]
            return Message.Row(label: t(question.label), value: run.answers[question.id].map(shown) ?? "")
        }
        messages.append(Message(.card(rows)))
        showOptions(summaryItems(run), page: run.page)
        hint(Words.formHint)
    }

    /// The act, and each answer to be changed.
    func summaryItems(_ run: FormRun) -> [ListFrame.Item] {
        let visible = run.visible.filter { !run.form.questions[$0].isSecret }
        let changes = visible.map { index in
            ListFrame.Item(
                label: t(Words.changeLine).filled(t(run.form.questions[index].label)),
                keywords: [t(run.form.questions[index].label)], action: .change(index))
        }
        // Who may not apply as the answers are can only change them.
        let acts: [ListFrame.Item] =
            run.failedRules.isEmpty
            ? [.init(label: t(run.form.act), keywords: ["提交", "submit"], action: .submit)] : []
        return acts + changes
    }
}
