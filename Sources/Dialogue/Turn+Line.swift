internal import Kernel

// What a typed line means.

extension Turn {
    mutating func takeLine(_ line: String) {
        guard line.count <= Limit.lineCharacters else {
            outcome = .notUnderstood
            return warn(Words.lineTooLong)
        }
        let answer = Answer(line)
        if ["退出", "再见", "quit", "exit", "bye"].contains(answer.token) { return leaveProgram() }
        if state.pending != nil { return takeLineWhileWaiting(answer) }
        if let key = definition.surface.humanKey, answer.number == key, answer.text.count == 1,
            state.expectedInput == .choice
        {
            return askHuman()
        }
        if let word = GlobalWord(answer), takeGlobal(word, answer) { return }
        guard !answer.isEmpty else {
            say(Words.emptyLine)
            return missed(answer)
        }
        switch state.frames.last {
        case .form: takeFormLine(answer)
        default: takeChoiceLine(answer)
        }
    }

    private mutating func leaveProgram() {
        say(Words.goodbye)
        state.hasEnded = true
        effects.append(.quit)
    }

    private mutating func takeLineWhileWaiting(_ answer: Answer) {
        guard let pending = state.pending else { return }
        switch GlobalWord(answer) {
        case .back, .home:
            state.pending = nil
            state.isCutOff = false
            keepDraft()
            goHome()
        case .human:
            say(definition.hotline)
        default:
            if answer.number == 1 {
                say(Words.sendingAgain)
                state.isCutOff = false
                effects.append(.call(pending))
            } else {
                say(keepsDrafts ? Words.waiting : Words.waitingAtKiosk)
            }
        }
    }

    /// Returns false if the word is not special here.
    private mutating func takeGlobal(_ word: GlobalWord, _ answer: Answer) -> Bool {
        if case .form(let run)? = state.frames.last { return takeGlobal(word, answer, in: run) }
        switch word {
        case .back: perform(.back)
        case .home, .restart: perform(.home)
        case .human: askHuman()
        case .help: help()
        }
        return true
    }

    /// Inside a form a keyword never throws away what was typed: it asks first.
    private mutating func takeGlobal(_ word: GlobalWord, _ answer: Answer, in run: FormRun) -> Bool {
        switch word {
        case .back: perform(.previousQuestion)
        case .help: help()
        case .home: askLeaving(then: .home, answer)
        case .human: keepsDrafts ? askLeaving(then: .human, answer) : askHuman()
        case .restart: askRestart(answer)
        }
        return true
    }

    mutating func help() {
        if let run, case .question(let index) = run.cursor, !run.form.questions[index].why.isEmpty {
            say(t(Words.why) + t(run.form.questions[index].why))
        }
        say(keepsDrafts ? Words.help : Words.helpAtKiosk)
        say(definition.hotline)
        show()
    }

    // MARK: Numbers and words on a menu or list

    mutating func takeChoiceLine(_ answer: Answer) {
        if let option = chosenOption(answer) {
            state.misses = 0
            return perform(option.action)
        }
        if let request = numbered(answer) { return callSignedIn(request) }
        if answer.text.hasPrefix(Self.credentialStart) {
            return call(.oneStop(.verifyCertificate(text: answer.text)))
        }
        if answer.number == nil, takeFreeWords(answer) { return }
        missed(answer)
    }

    /// How the text in a certificate's code begins: whoever scans or pastes it wants to know whether it is good.
    private static let credentialStart: String = "LL1."

    /// The number of a report, an application or a certificate can be typed anywhere, as it stands in a message.
    private func numbered(_ answer: Answer) -> Request? {
        func number(_ kind: CheckedNumber.Kind) -> String? {
            do { return try CheckedNumber(parsing: answer.token, kind: kind).description } catch {
                return nil
            }
        }
        if let report = number(.caseNumber) { return .report(number: report) }
        if let application = number(.applicationNumber) {
            return .oneStop(.application(name: "applications/" + application))
        }
        return number(.certificateNumber).map { .oneStop(.certificate(name: "certificates/" + $0)) }
    }

    /// A number means what was shown under it; words mean the one entry that has them.
    func chosenOption(_ answer: Answer) -> Option? {
        if let number = answer.number { return state.options.first { $0.key == String(number) } }
        if answer.saysMore, let more = state.options.first(where: { $0.action == .pageForward }) {
            return more
        }
        let exact = state.options.filter { option in
            ([option.label] + option.keywords).contains { Answer.token(of: $0) == answer.token }
        }
        if let option = exact.first { return option }
        if let yes = answer.yes, state.options.count >= 2 {
            let word = yes ? Words.yes : Words.no
            if let option = state.options.first(where: { $0.label == t(word) }) { return option }
        }
        // On a menu, parts of words are looked up in all menus, with the words kept for the flow.
        if case .menu? = state.frames.last { return nil }
        let scored = state.options.map { option in
            (
                option,
                ([option.label] + option.keywords).map { MenuBook.score(of: $0, in: answer.token) }.max() ?? 0
            )
        }
        guard let best = scored.max(by: { $0.1 < $1.1 }), best.1 >= MenuBook.sureScore / 2,
            scored.filter({ $0.1 == best.1 }).count == 1
        else { return nil }
        return best.0
    }

    /// Free words find an entry of any menu. Returns false if nothing is near enough even to be offered.
    private mutating func takeFreeWords(_ answer: Answer) -> Bool {
        let guesses = definition.menus.guesses(for: answer).filter { definition.offers($0.entry) }
        guard let best = guesses.first else { return false }
        // A menu or list loses nothing when it is left; a question that waits for its answer is not passed over.
        let isLeavable = if case .list(let list)? = state.frames.last { !list.isQuestion } else { true }
        let isSure = best.score >= MenuBook.sureScore && (guesses.count == 1 || guesses[1].score < best.score)
        if isSure, isLeavable || best.score >= MenuBook.wholeScore {
            state.misses = 0
            say("→ " + t(best.entry.label))
            perform(action(for: best.entry, words: best.isName ? "" : answer.text))
            return true
        }
        guard state.misses == 0 else { return false }
        offer(Array(guesses.prefix(Limit.guesses)), for: answer)
        return true
    }

    func action(for entry: MenuEntry, words: String) -> Action {
        switch entry.target {
        case .menu(let id): .openMenu(id)
        case .flow(let id): .start(flow: id, words: words)
        case .say(let text): .say(text)
        }
    }

    // MARK: Not understood: best guesses, then other words, then a person

    private mutating func offer(_ guesses: [Guess], for answer: Answer) {
        outcome = .notUnderstood
        let misses = state.misses + 1
        var list = ListFrame(title: t(Words.guessTitle), isQuestion: true)
        list.items = guesses.map { guess in
            ListFrame.Item(label: t(guess.entry.label), action: action(for: guess.entry, words: answer.text))
        }
        list.items.append(ListFrame.Item(label: t(Words.noneOfThese), action: .rephrase))
        popQuestions()
        push(.list(list))
        state.misses = misses
    }

    mutating func missed(_ answer: Answer) {
        outcome = .notUnderstood
        state.misses += 1
        if state.misses >= Limit.misses { return offerWayOut() }
        if case .menu? = state.frames.last {
            if answer.number != nil || answer.isEmpty {
                say(Words.choose(state.options.count))
                return
            }
            if state.misses == 1, answer.text.count >= 2 { return offerServices(for: answer) }
            say(Words.rephrase)
            return
        }
        if case .list(let list)? = state.frames.last, !list.isQuestion, answer.number == nil,
            state.misses == 1,
            answer.text.count >= 2
        {
            return offerServices(for: answer)
        }
        say(Words.choose(state.options.count))
    }

    /// Nothing in the menus fits: the words may name a government service, or a problem.
    private mutating func offerServices(for answer: Answer) {
        let words = String(answer.text.prefix(40))
        let misses = state.misses
        var list = ListFrame(title: t(Words.guessTitle), isQuestion: true)
        list.items = [
            .init(
                label: t(Words.searchServices).filled(words), action: .start(flow: Flow.guide, words: words)),
            .init(label: t(Words.reportThis).filled(words), action: .start(flow: Flow.report, words: words)),
            .init(label: t(Words.noneOfThese), action: .rephrase),
        ]
        push(.list(list))
        state.misses = misses
    }

    /// Every state has an end: after three misses there is a way out that needs no more guessing.
    private mutating func offerWayOut() {
        var list = ListFrame(title: t(Words.stuckTitle), isQuestion: true)
        list.items = [.init(label: t(Words.tryAgain), action: .dismiss)]
        if let run {
            if case .question(let index) = run.cursor, run.form.questions[index].isOptional {
                list.items.append(.init(label: t(Words.skipThis), action: .skipQuestion))
            }
            list.items.append(.init(label: t(Words.previousQuestion), action: .previousQuestion))
            list.items.append(
                keepsDrafts && state.unfinishedForm != nil
                    ? .init(label: t(Words.leaveKeep), action: .leaveForm(then: .home))
                    : .init(label: t(Words.leaveDrop), action: .dropDraft(then: .home)))
        } else {
            list.items.append(.init(label: t(Words.toHome), action: .home))
        }
        list.items.append(
            .init(label: t(Words.toHuman), action: keepsDrafts ? .leaveForm(then: .human) : .human))
        popQuestions()
        push(.list(list))
    }
}
