internal import Kernel

// Filling in a form.

extension FormRun {
    func isVisible(_ question: Question) -> Bool {
        guard let condition = question.condition else { return true }
        guard let answer = answers[condition.question] else { return false }
        return condition.values.contains(answer.value)
    }

    var visible: [Int] { form.questions.indices.filter { isVisible(form.questions[$0]) } }

    func nextUnanswered(from start: Int) -> Int? {
        visible.first { $0 >= start && answers[form.questions[$0].id] == nil }
    }

    /// True once the person answered something that would be lost.
    var hasOwnAnswers: Bool { answers.keys.contains { !prefilled.contains($0) } }

    var takesWordsNow: Bool {
        if case .question(let index) = cursor { form.questions[index].takesWords } else { false }
    }
}

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
        run.cursor = run.nextUnanswered(from: 0).map(FormRun.Cursor.question) ?? .summary
        popQuestions()
        push(.form(run))
    }

    // MARK: Showing

    mutating func showForm(_ run: FormRun) {
        if !run.isIntroduced, run.cursor != .summary {
            // A form without an intro is named by its first question.
            if !run.form.intro.isEmpty {
                messages.append(Message(.title, t(run.form.title)))
                say(run.form.intro)
            }
            update { $0.isIntroduced = true }
        }
        switch run.cursor {
        case .question(let index): showQuestion(index, run)
        case .stop(let index, let choice): showStop(index, choice, run)
        case .summary: showSummary(run)
        }
    }

    private mutating func showQuestion(_ index: Int, _ run: FormRun) {
        let question = run.form.questions[index]
        if case .code = question.kind, needsCode(run) { return sendCode(run) }
        if case .place = question.kind, run.walk.shown == nil, knownPlace() == nil {
            return call(.places(below: nil))
        }
        if run.walk.shown != nil, run.walk.canClimb {
            // Further down the tree only the choices change.
            showPlace(run)
            return showQuestionHint(question, isFirst: false)
        }
        let visible = run.visible
        if !run.isChanging, let position = visible.firstIndex(of: index) {
            var title = t(run.form.title)
            if visible.count > 1 {
                title += "　" + t(Words.question).filled(String(position + 1), String(visible.count))
            }
            messages.append(Message(.title, title))
        } else if definition.surface == .kiosk {
            // A full screen has a name, even where the conversation goes on without one.
            messages.append(Message(.title, t(Words.changeLine).filled(t(question.label))))
        }
        say(question.prompt)
        if !question.why.isEmpty { messages.append(Message(.hint, t(Words.why) + t(question.why))) }
        if run.isChanging, !question.isSecret, let now = run.answers[question.id] {
            say(t(Words.nowAnswer) + now.shown)
        }
        switch question.kind {
        case .choice(let choices):
            let items = choices.enumerated().map { number, choice in
                ListFrame.Item(
                    label: t(choice.label), keywords: choice.keywords + [choice.label.zh, choice.label.en],
                    action: .choose(number))
            }
            showOptions(items + extraItems(question), page: run.page)
        case .yesNo:
            let items = [
                ListFrame.Item(
                    label: t(Words.yes), action: .answer(AnswerValue(value: "yes", shown: t(Words.yes)))),
                ListFrame.Item(
                    label: t(Words.no), action: .answer(AnswerValue(value: "no", shown: t(Words.no)))),
            ]
            showOptions(items + extraItems(question), page: 0)
        case .place: showPlace(run)
        default: break
        }
        showQuestionHint(question, isFirst: visible.first == index && !run.isChanging)
    }

    private func extraItems(_ question: Question) -> [ListFrame.Item] {
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
            if case .code = question.kind { lines.append(Words.resendHint) }
        }
        messages.append(
            Message(
                .hint,
                (lines + [isFirst ? Words.listHint : Words.formHint]).map { t($0) }.joined(separator: "\n")))
    }

    private mutating func showStop(_ index: Int, _ choice: Int, _ run: FormRun) {
        guard case .choice(let choices) = run.form.questions[index].kind, let stop = choices[choice].stop
        else { return }
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
        messages.append(Message(.title, t(Words.summaryTitle)))
        let visible = run.visible.filter { !run.form.questions[$0].isSecret }
        let rows = visible.map { index in
            let question = run.form.questions[index]
            return Message.Row(label: t(question.label), value: run.answers[question.id]?.shown ?? "")
        }
        messages.append(Message(.card(rows)))
        let changes = visible.map { index in
            ListFrame.Item(
                label: t(Words.changeLine).filled(t(run.form.questions[index].label)),
                keywords: [t(run.form.questions[index].label)], action: .change(index))
        }
        showOptions(
            [.init(label: t(run.form.act), keywords: ["提交", "submit"], action: .submit)] + changes,
            page: run.page)
        hint(Words.formHint)
    }

    // MARK: Answering

    mutating func takeFormLine(_ answer: Answer) {
        guard let run, case .question(let index) = run.cursor else { return takeOption(answer) }
        let question = run.form.questions[index]
        switch question.kind {
        case .choice: takeOption(answer)
        case .yesNo:
            guard let yes = answer.yes else { return takeOption(answer) }
            accept(AnswerValue(value: yes ? "yes" : "no", shown: t(yes ? Words.yes : Words.no)))
        case .place: takePlaceLine(answer)
        case .code where ["重发", "再发", "resend"].contains(answer.token): resendCode()
        default: takeWords(answer)
        }
    }

    private mutating func takeOption(_ answer: Answer) {
        guard let option = chosenOption(answer) else { return missed(answer) }
        state.misses = 0
        perform(option.action)
    }

    /// Words, checked by the kind of the question.
    mutating func takeWords(_ answer: Answer) {
        guard let run, case .question(let index) = run.cursor else { return show() }
        let question = run.form.questions[index]
        if question.isOptional, answer.saysSkip { return accept(.skipped(language)) }
        if question.allowsUnknown, answer.saysUnknown { return accept(.unknown(language)) }
        if case .photo = question.kind { return call(.inspectPhoto(path: Validator.path(answer.text))) }
        switch Validator(question: question, language: language, today: moment.now.shanghaiDate).check(answer)
        {
        case .success(let value): accept(value)
        case .failure(let problem):
            outcome = .notUnderstood
            state.misses += 1
            if state.misses >= Limit.misses {
                warn(problem.text)
                state.misses -= 1
                return missed(answer)
            }
            warn(problem.text)
        }
    }

    mutating func choose(_ number: Int) {
        guard let run, case .question(let index) = run.cursor,
            case .choice(let choices) = run.form.questions[index].kind,
            choices.indices.contains(number)
        else { return show() }
        let choice = choices[number]
        let value = AnswerValue(value: choice.value, shown: t(choice.label))
        guard choice.stop != nil else { return accept(value) }
        state.misses = 0
        update { run in
            run.answers[run.form.questions[index].id] = value
            run.prefilled.remove(run.form.questions[index].id)
            run.cursor = .stop(question: index, choice: number)
        }
        show()
    }

    mutating func accept(_ value: AnswerValue) {
        guard let run, case .question(let index) = run.cursor else { return show() }
        state.misses = 0
        update { run in
            let id = run.form.questions[index].id
            run.answers[id] = value
            run.prefilled.remove(id)
            run.walk = PlaceWalk()
        }
        advance()
    }

    /// To the next question without an answer, the summary, or the act.
    mutating func advance() {
        guard let run else { return show() }
        let next = run.nextUnanswered(from: 0)
        update { run in
            run.page = 0
            run.isChanging = false
            run.cursor = next.map(FormRun.Cursor.question) ?? .summary
        }
        if next == nil, !run.form.hasSummary {
            // Shown only if the act fails.
            update { $0.cursor = .question(run.visible.last ?? 0) }
            return submit()
        }
        show()
    }

    mutating func change(_ index: Int) {
        update { run in
            run.cursor = .question(index)
            run.isChanging = true
            run.page = 0
            run.walk = PlaceWalk()
        }
        state.misses = 0
        show()
    }

    mutating func restartForm() {
        guard let run else { return show() }
        pop()
        begin(run.form)
    }

    mutating func previousQuestion() {
        guard let run else { return back() }
        state.misses = 0
        switch run.cursor {
        case .stop(let index, _):
            update { run in
                run.answers[run.form.questions[index].id] = nil
                run.cursor = .question(index)
            }
        case .question where run.page > 0: update { $0.page -= 1 }
        case .question where run.walk.canClimb: return climb()
        case .question where run.isChanging:
            update { run in
                run.cursor = .summary
                run.isChanging = false
            }
        case .question(let index):
            let earlier = run.visible.last { number in
                // A short form lets even a known answer be changed by going back.
                number < index
                    && (!run.form.hasSummary || !run.prefilled.contains(run.form.questions[number].id))
            }
            guard let earlier else { return leaveAtFirstQuestion(run) }
            update { $0.cursor = .question(earlier) }
        case .summary where run.page > 0: update { $0.page -= 1 }
        case .summary:
            guard let last = run.visible.last else { return leaveAtFirstQuestion(run) }
            return change(last)
        }
        show()
    }

    private mutating func leaveAtFirstQuestion(_ run: FormRun) {
        if run.form.hasSummary, run.hasOwnAnswers { return askLeaving(then: .home, Answer("0")) }
        if run.form.id == Flow.signIn { state.afterSignIn = nil }
        pop()
        show()
    }

    mutating func submit() {
        guard let run else { return show() }
        let id = run.requestID ?? moment.freshID
        update { $0.requestID = id }
        guard let request = request(for: run, requestID: id) else { return show() }
        call(request)
    }
}
