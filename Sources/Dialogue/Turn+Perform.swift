internal import Kernel

// What choosing something does.

extension Turn {
    mutating func perform(_ action: Action) {
        switch action {
        case .openMenu(let id): push(.menu(id: id, page: 0))
        case .start(let flow, let words): begin(flow, words: words)
        case .say(let text):
            say(text)
            show()
        case .form(let form): begin(form)
        case .formSignedIn(let form):
            guard state.person == nil else { return begin(form) }
            state.afterSignIn = action
            say(Words.signInFirst)
            askSignIn()
        case .show(let list): push(.list(list))
        case .read(let message, let name): read(message, name)
        case .call(let request): call(request)
        case .callSignedIn(let request): callSignedIn(request)
        case .setLanguage(let language):
            state.language = language
            goHome()
        default: performOutside(action)
        }
    }

    private mutating func performOutside(_ action: Action) {
        switch action {
        case .watch(let number): watch(number)
        case .stopWatching: stopWatching()
        case .follow(let application): follow(application)
        case .stopFollowing: stopFollowing()
        case .startQuery(let query, let mandate): begin(query, mandate: mandate)
        case .takeTicket(let hall, let group): takeTicket(hall: hall, group: group)
        case .act(let act):
            popQuestions()
            call(.oneStop(.act(act, requestID: moment.freshID)))
        case .print(let printout): effects.append(.print(printout))
        case .printCertificate(let name): effects.append(.printCertificate(name: name))
        default: performNavigation(action)
        }
    }

    private mutating func performNavigation(_ action: Action) {
        switch action {
        case .back: back()
        case .home:
            state.afterSignIn = nil
            // A form below a question, such as leave or stay, is not thrown away without a word.
            keepDraft()
            goHome()
        case .human: askHuman()
        case .quit:
            say(Words.goodbye)
            state.hasEnded = true
            effects.append(.quit)
        case .dismiss:
            pop()
            show()
        case .rephrase:
            pop()
            say(Words.rephrase)
            show()
            state.misses = Limit.misses - 1
        case .pageForward: pageForward()
        default: performInForm(action)
        }
    }

    private mutating func performInForm(_ action: Action) {
        switch action {
        case .resumeDraft: resumeDraft()
        case .dropDraft(let then):
            state.draft = nil
            dropForms()
            say(Words.draftDropped)
            perform(then)
        case .leaveForm(let then):
            keepDraft()
            dropForms()
            perform(then)
        default:
            // Everything else belongs to the form below a question such as "leave or stay?".
            popQuestions()
            performInside(action)
        }
    }

    private mutating func performInside(_ action: Action) {
        switch action {
        case .answer(let value): accept(value)
        case .choose(let index): choose(index)
        case .passStop: advance()
        case .descend(let place): descend(place)
        case .takePlace(let place): take(place)
        case .takeOffer: takeOffer()
        case .declineOffer: declineOffer()
        case .addMember: addMember()
        case .showAnswers:
            update { $0.cursor = .summary }
            show()
        case .restartWalk: restartWalk()
        case .change(let index): change(index)
        case .submit: submit()
        case .keepText(let text): takeWords(Answer(text))
        case .restartForm: restartForm()
        case .skipQuestion: accept(.skipped(language))
        case .previousQuestion: previousQuestion()
        default: show()
        }
    }

    // MARK: Moving

    mutating func back() {
        switch state.frames.last {
        case .menu(let id, let page)? where page > 0:
            replaceTop(.menu(id: id, page: page - 1))
        case .list(var list)? where list.page > 0:
            list.page -= 1
            replaceTop(.list(list))
        case .form?: return previousQuestion()
        default: pop()
        }
        show()
    }

    /// Who helps. A form that is being filled in stays below.
    mutating func askHuman() {
        popQuestions()
        var list = ListFrame(title: t(Words.humanTitle), text: [t(definition.hotline)])
        if definition.surface == .kiosk { list.text.append(t(Words.humanAtKiosk)) }
        if run != nil {
            list.isQuestion = true
            list.items = [
                .init(label: t(Words.goOn), action: .dismiss),
                .init(label: t(Words.toHome), action: .dropDraft(then: .home)),
            ]
        } else {
            list.items = [.init(label: t(Words.toHome), action: .home)]
        }
        push(.list(list))
    }

    // MARK: Watching

    private mutating func watch(_ number: String) {
        state.watching = number
        effects.append(.watch(caseNumber: number))
        say(Words.watching)
        swapItem(.watch(number), for: watchItem(number))
        show()
    }

    private mutating func stopWatching() {
        guard let number = state.watching else { return show() }
        state.watching = nil
        effects.append(.stopWatching)
        say(Words.watchingNoMore)
        swapItem(.stopWatching, for: watchItem(number))
        show()
    }

    /// The line by which a report is watched, or no longer.
    func watchItem(_ number: String) -> ListFrame.Item {
        state.watching == number
            ? .init(label: t(Text("不用再告诉我变化", "Stop telling me")), action: .stopWatching)
            : .init(label: t(Text("有变化就告诉我", "Tell me when it changes")), action: .watch(number))
    }

    mutating func swapItem(_ action: Action, for item: ListFrame.Item) {
        guard case .list(var list)? = state.frames.last,
            let index = list.items.firstIndex(where: { $0.action == action })
        else { return }
        list.items[index] = item
        replaceTop(.list(list))
    }

    // MARK: Leaving a form

    func askedList(_ title: Text) -> ListFrame { ListFrame(title: t(title), isQuestion: true) }

    mutating func askLeaving(then: Action, _ answer: Answer) {
        guard let run else { return perform(then) }
        let takesWords = isAnswer(answer, in: run)
        guard takesWords || run.hasOwnAnswers else { return perform(.leaveForm(then: then)) }
        var list = askedList(Words.leaveTitle)
        list.items = [.init(label: t(Words.stay), action: .dismiss)]
        if run.form.hasSummary, keepsDrafts {
            list.items.append(.init(label: t(Words.leaveKeep), action: .leaveForm(then: then)))
        }
        list.items.append(.init(label: t(Words.leaveDrop), action: .dropDraft(then: then)))
        if takesWords {
            let label = t(Words.asAnswer).filled(answer.text)
            list.items.append(.init(label: label, action: .keepText(answer.text)))
        }
        push(.list(list))
    }

    mutating func askRestart(_ answer: Answer) {
        guard let run else { return }
        let takesWords = isAnswer(answer, in: run)
        guard takesWords || run.hasOwnAnswers else { return restartForm() }
        var list = askedList(Words.restartTitle)
        list.items = [
            .init(label: t(Words.stay), action: .dismiss),
            .init(label: t(Words.restartYes), action: .restartForm),
        ]
        if takesWords {
            let label = t(Words.asAnswer).filled(answer.text)
            list.items.append(.init(label: label, action: .keepText(answer.text)))
        }
        push(.list(list))
    }

    /// True if a keyword would do as the answer, too: 人工 in a description, but no sign, and no word where a number is asked for.
    private func isAnswer(_ answer: Answer, in run: FormRun) -> Bool {
        guard run.takesWordsNow, case .question(let index) = run.cursor,
            answer.text.contains(where: { $0.isLetter })
        else { return false }
        let validator = Validator(
            question: run.form.questions[index], language: language, today: moment.now.shanghaiDate)
        if case .success = validator.check(answer) { return true }
        return false
    }

    /// The unfinished form on the screen becomes the draft that the main menu offers.
    mutating func keepDraft() { state.draft = keepsDrafts ? state.unfinishedForm : nil }

    /// False where the next person is waiting.
    var keepsDrafts: Bool { definition.surface != .kiosk }

    mutating func dropForms() {
        state.frames.removeAll { frame in
            switch frame {
            case .form: true
            case .list(let list): list.isQuestion
            case .menu: false
            }
        }
        state.misses = 0
    }

    private mutating func resumeDraft() {
        guard let draft = state.draft else { return show() }
        guard state.person != nil || state.ownerID == nil else {
            // A draft is sealed to the person who wrote it.
            state.afterSignIn = .resumeDraft
            say(Words.signInFirst)
            return askSignIn()
        }
        state.draft = nil
        push(.form(draft))
    }
}
