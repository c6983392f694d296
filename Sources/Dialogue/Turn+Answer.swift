internal import Kernel

// Answering a form and moving in it.

extension Turn {
    mutating func takeFormLine(_ answer: Answer) {
        guard let run else { return takeOption(answer) }
        if case .offer(let index) = run.cursor { return takeOfferLine(answer, index) }
        guard case .question(let index) = run.cursor else { return takeOption(answer) }
        let question = run.form.questions[index]
        switch question.kind {
        case .choice, .member: takeOption(answer)
        case .yesNo:
            guard let yes = answer.yes else { return takeOption(answer) }
            accept(AnswerValue(value: yes ? "yes" : "no", shown: t(yes ? Words.yes : Words.no)))
        case .place: takePlaceLine(answer)
        case .address where run.addressPlace == nil: takePlaceLine(answer)
        case .code where ["重发", "再发", "resend"].contains(answer.token): resendCode()
        default: takeWords(answer)
        }
    }

    mutating func takeOption(_ answer: Answer) {
        if let option = chosenOption(answer) {
            state.misses = 0
            return perform(option.action)
        }
        // “7” under 7 天, where no line has the number 7.
        if let number = answer.number, let run, case .question(let index) = run.cursor,
            case .choice(let choices) = run.form.questions[index].kind,
            let choice = choices.firstIndex(where: { $0.value == String(number) })
        {
            return choose(choice)
        }
        // 跳过 and 不知道 may stand on another page, or under other words.
        if let run, case .question(let index) = run.cursor {
            if run.form.questions[index].isOptional, answer.saysSkip { return accept(.skipped(language)) }
            if run.form.questions[index].allowsUnknown, answer.saysUnknown {
                return accept(.unknown(language))
            }
        }
        missed(answer)
    }

    /// Words, checked by the kind of the question.
    mutating func takeWords(_ answer: Answer) {
        guard let run, case .question(let index) = run.cursor else { return show() }
        let question = run.form.questions[index]
        if question.isOptional, answer.saysSkip { return accept(.skipped(language)) }
        if question.allowsUnknown, answer.saysUnknown { return accept(.unknown(language)) }
        if answer.isSkipWord { return missed(answer, because: Words.mustAnswer) }
        if answer.namesDanger, run.form.id == Flow.guide || (run.form.id == Flow.report && !run.knowsDanger) {
            warn(Words.dangerNow)
        }
        switch question.kind {
        case .photo: return call(.inspectPhoto(path: Validator.path(answer.text)))
        case .file(let types):
            let path = Validator.path(answer.text)
            return call(.oneStop(.upload(path: path, contentTypes: types, requestID: moment.freshID)))
        default: break
        }
        switch Validator(question: question, language: language, today: moment.now.shanghaiDate).check(answer)
        {
        case .success(var value):
            if case .address = question.kind, let place = run.addressPlace {
                value = AnswerValue(
                    value: place.id + "\n" + value.value, shown: place.path + " " + value.shown)
            } else if question.isSensitive, value.shown == value.value {
                value.shown = Masking.covered(value.value, as: question.kind)
            }
            accept(value)
        case .failure(let problem): missed(answer, because: problem.text)
        }
    }

    /// An answer that does not fit: why, and after the third a way out.
    private mutating func missed(_ answer: Answer, because problem: Text) {
        outcome = .notUnderstood
        warn(problem)
        guard state.misses + 1 < Limit.misses else { return missed(answer) }
        state.misses += 1
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
            run.addressPlace = nil
            run.problems[id] = nil
            run.isAccepted = false
            run.failedRules = []
        }
        advance()
    }

    /// To the next question without an answer, the summary, or the act.
    mutating func advance() {
        guard let run else { return show() }
        // What the server found is put right first, one after the other.
        if let index = run.visible.first(where: { run.problems[run.form.questions[$0].id] != nil }) {
            update { $0.page = 0 }
            return change(index)
        }
        let next = run.cursorAfterAnswers
        update { run in
            run.page = 0
            run.isChanging = false
            run.cursor = next
        }
        guard next == .summary else { return show() }
        if !run.form.hasSummary {
            // Shown only if the act fails.
            update { $0.cursor = .question(run.visible.last ?? 0) }
            return submit()
        }
        if run.form.isChecked, !run.isAccepted { return check() }
        show()
    }

    mutating func change(_ index: Int) {
        update { run in
            run.cursor = .question(index)
            run.isChanging = true
            run.page = 0
            run.walk = PlaceWalk()
            run.addressPlace = nil
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
        case .question where run.addressPlace != nil: update { $0.addressPlace = nil }
        case .question where run.isChanging:
            update { run in
                run.cursor = run.cursorAfterAnswers
                run.isChanging = false
            }
            // What is still wrong is found again before anything is sent.
            if run.form.isChecked, !run.isAccepted, run.failedRules.isEmpty {
                update { $0.problems = [:] }
            }
        case .question(let index), .offer(let index):
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
        if run.form.isChecked, !run.isAccepted { return check() }
        guard let request = request(for: run, requestID: id) else {
            // The answer was that nothing is to be done.
            pop()
            return show()
        }
        call(request)
    }
}
