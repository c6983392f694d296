internal import Kernel

// Finding a place: walking down the division tree, or by words.

extension Turn {
    mutating func showPlace(_ run: FormRun) {
        guard let shown = run.walk.shown else { return startWalk(run) }
        var items: [ListFrame.Item] = []
        if !run.walk.words.isEmpty {
            items = shown.map { place in
                .init(
                    label: place.path,
                    action: place.canBeChosen || (takesAnyPlace(run) && !place.hasChildren)
                        ? .takePlace(place) : .descend(place))
            }
            items.append(.init(label: t(Words.placeWalk), action: .restartWalk))
        } else {
            if let here = run.walk.trail.last, here.canBeChosen {
                items.append(.init(label: t(Words.placeHere).filled(here.name), action: .takePlace(here)))
            }
            items += shown.map { place in
                .init(label: place.name, action: action(for: place, takesAny: takesAnyPlace(run)))
            }
            if run.walk.canClimb, let here = run.walk.trail.last { say(here.path) }
        }
        showOptions(items, page: run.page)
    }

    /// For an address a place that has nothing below it will do: the line says the rest.
    private func takesAnyPlace(_ run: FormRun) -> Bool {
        guard case .question(let index) = run.cursor, case .address = run.form.questions[index].kind else {
            return false
        }
        return true
    }

    /// An address is asked further, for its line.
    mutating func take(_ place: PlaceNode) {
        guard let run, case .question(let index) = run.cursor, case .address = run.form.questions[index].kind
        else { return accept(AnswerValue(value: place.id, shown: place.path)) }
        state.misses = 0
        update { run in
            run.addressPlace = place
            run.page = 0
            run.walk = PlaceWalk()
        }
        show()
    }

    private func action(for place: PlaceNode, takesAny: Bool) -> Action {
        if place.hasChildren { return .descend(place) }
        return place.canBeChosen || takesAny ? .takePlace(place) : .say(Words.placeTooLarge)
    }

    /// The place that is known comes first; else the tree from its top.
    private mutating func startWalk(_ run: FormRun) {
        if let known = knownPlace() {
            let items: [ListFrame.Item] = [
                .init(
                    label: known.shown,
                    action: .takePlace(
                        PlaceNode(
                            id: known.value, name: known.shown, path: known.shown, hasChildren: false,
                            canBeChosen: true))),
                .init(label: t(Words.placeOther), action: .restartWalk),
            ]
            return showOptions(items, page: 0)
        }
        call(.places(below: nil))
    }

    /// Where the person last reported, or lives.
    func knownPlace() -> AnswerValue? {
        if let last = state.known[KnownAnswer.place] { return last }
        guard let home = state.person?.home, home.canBeChosen else { return nil }
        return AnswerValue(value: home.id, shown: home.path)
    }

    mutating func takePlaceLine(_ answer: Answer) {
        if let option = chosenOption(answer),
            answer.number != nil || answer.saysMore || isLabel(answer, option)
        {
            state.misses = 0
            return perform(option.action)
        }
        guard answer.number == nil else { return missed(answer) }
        call(.findPlaces(words: String(answer.text.prefix(40))))
    }

    private func isLabel(_ answer: Answer, _ option: Option) -> Bool {
        Answer.token(of: option.label) == answer.token
    }

    mutating func restartWalk() { call(.places(below: nil)) }

    mutating func descend(_ place: PlaceNode) {
        update { run in
            run.walk.words = ""
            run.walk.trail.append(place)
        }
        call(.places(below: place))
    }

    /// One level up; at the top, back to what is known or to the question before.
    mutating func climb() {
        update { run in
            run.page = 0
            if run.walk.words.isEmpty { run.walk.trail.removeLast() }
            run.walk.words = ""
        }
        call(.places(below: run?.walk.trail.last))
    }

    /// The server's places, for the place question being shown.
    mutating func receivedPlaces(_ places: [PlaceNode], for request: Request?) {
        guard case .findPlaces(let words)? = request else {
            if case .places(below: nil)? = request {
                update { $0.walk = PlaceWalk() }
                // One place at the top is no choice.
                if places.count == 1, places[0].hasChildren {
                    update { run in
                        run.walk.trail = places
                        run.walk.base = 1
                    }
                    return call(.places(below: places[0]))
                }
            }
            if places.isEmpty { say(Words.placeEmpty) }
            update { run in
                run.walk.shown = places
                run.walk.words = ""
                run.page = 0
            }
            return show()
        }
        guard !places.isEmpty else {
            say(t(Words.placeNone).filled(words))
            outcome = .notUnderstood
            state.misses += 1
            if run?.walk.shown == nil, knownPlace() == nil { return call(.places(below: nil)) }
            return state.misses >= Limit.misses ? missed(Answer(words)) : ()
        }
        update { run in
            run.walk = PlaceWalk()
            run.walk.shown = places
            run.walk.words = words
            run.page = 0
        }
        say(Words.placeFound)
        show()
    }
}
