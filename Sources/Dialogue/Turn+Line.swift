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
        if answer.looksNumbered {
            outcome = .notUnderstood
            return say(Words.numberIsWrong)
        }
        if answer.text.hasPrefix(Self.credentialStart) {
            return call(.oneStop(.verifyCertificate(text: answer.text)))
        }
        if let reply = Words.courtesy(answer.token) {
            state.misses = 0
            return say(reply)
        }
        if answer.namesDanger { warn(Words.dangerNow) }
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
        let options = namedOptions
        let exact = options.filter { option in
            ([option.label] + option.keywords).contains { Answer.token(of: $0) == answer.token }
        }
        if let option = exact.first { return option }
        if let yes = answer.yes, options.count >= 2 {
            let word = yes ? Words.yes : Words.no
            if let option = options.first(where: { $0.label == t(word) }) { return option }
        }
        // On a menu, parts of words are looked up in all menus, with the words kept for the flow.
        if case .menu? = state.frames.last { return nil }
        let scored = options.map { option in
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

    /// What words may name: also what stands on another page than the one being shown.
    private var namedOptions: [Option] {
        let items: [ListFrame.Item]
        switch state.frames.last {
        case .list(let list)?: items = list.items
        case .form(let run)? where run.cursor == .summary: items = summaryItems(run)
        case .form(let run)?:
            guard case .question(let index) = run.cursor,
                case .choice(let choices) = run.form.questions[index].kind
            else { return state.options }
            items = choiceItems(choices) + extraItems(run.form.questions[index])
        default: return state.options
        }
        return items.map { Option(key: "", label: $0.label, keywords: $0.keywords, action: $0.action) }
    }

    /// Free words find an entry of any menu. Returns false if nothing is near enough even to be offered.
    private mutating func takeFreeWords(_ answer: Answer) -> Bool {
        let guesses = definition.menus.guesses(for: answer).filter { definition.offers($0.entry) }
        guard let best = guesses.first else { return false }
        // A menu or list loses nothing when it is left; a question that waits for its answer is not passed over. Guesses are
        // answered by other words as well as by a number.
        let isLeavable =
            if case .list(let list)? = state.frames.last { !list.isQuestion || list.isGuess } else { true }
        let isSure = best.score >= MenuBook.sureScore && (guesses.count == 1 || guesses[1].score < best.score)
        if isSure, isLeavable || best.score >= MenuBook.wholeScore {
            state.misses = 0
            if showsGuesses { popQuestions() }
            say("→ " + t(best.entry.label))
            perform(action(for: best.entry, words: best.isName ? "" : answer.text))
            return true
        }
        guard state.misses == 0 || (showsGuesses && state.misses + 1 < Limit.misses) else { return false }
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
            ListFrame.Item(
                label: label(of: guess, for: answer), action: action(for: guess.entry, words: answer.text))
        }
        list.items.append(ListFrame.Item(label: t(Words.noneOfThese), action: .rephrase))
        popQuestions()
        push(.list(list))
        state.misses = misses
    }

    /// A search is named by what is searched for.
    private func label(of guess: Guess, for answer: Answer) -> String {
        guard !guess.isName, case .flow(Flow.guide) = guess.entry.target else { return t(guess.entry.label) }
        return t(Words.searchServices).filled(answer.searchWords)
    }

    private var showsGuesses: Bool {
        if case .list(let list)? = state.frames.last { list.isGuess } else { false }
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
        if case .list(let list)? = state.frames.last, answer.number == nil, answer.text.count >= 2,
            list.isGuess || (!list.isQuestion && state.misses == 1)
        {
            return offerServices(for: answer)
        }
        // Where words are asked for there is nothing to choose.
        if run?.takesWordsNow == true { return }
        say(Words.choose(state.options.count))
    }

    /// Nothing in the menus fits: the words may name a government service, or a problem.
    private mutating func offerServices(for answer: Answer) {
        let words = answer.searchWords
        let misses = state.misses
        var list = ListFrame(title: t(Words.guessTitle), isQuestion: true)
        list.items = [
            .init(
                label: t(Words.searchServices).filled(words), action: .start(flow: Flow.guide, words: words)),
            .init(label: t(Words.reportThis).filled(words), action: .start(flow: Flow.report, words: words)),
            .init(label: t(Words.noneOfThese), action: .rephrase),
        ]
        popQuestions()
        push(.list(list))
        state.misses = misses
    }

    /// Every state has an end: after three misses there is a way out that needs no more guessing.
    private mutating func offerWayOut() {
        // The way out of a question about a form is the way out of that form.
        popQuestions()
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
        push(.list(list))
    }
}
