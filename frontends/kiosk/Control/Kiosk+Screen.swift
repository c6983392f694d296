internal import Dialogue
internal import Kernel

// What is on the screen now.

extension Kiosk {
    func screen(_ now: Now) -> Screen {
        var screen: Screen = Screen(look: look)
        screen.place = station.place
        screen.hotline = station.hotline.isEmpty ? Self.standardHotline : station.hotline
        screen.time = now.instant.shanghai.clockText
        screen.scroll = scroll
        screen.canSpeak = canSpeak
        guard station.lock == nil else { return locked(screen) }
        guard reducer != nil, isReachable || isUsed else { return away(screen) }
        screen.person = dialogue.person?.displayName ?? ""
        screen.canFinish = isUsed
        switch cover {
        case .signIn(let signIn)?: fill(&screen, signIn)
        case .materials(let materials)?: fill(&screen, materials)
        case nil: fillPage(&screen)
        }
        screen.entry = entry?.view(engine)
        screen.isWaiting = cover == nil && dialogue.expectedInput == .nothing
        setNotice(&screen, now)
        return screen
    }

    /// The number that is the same in all of China.
    static let standardHotline: String = "12345"

    private func fillPage(_ screen: inout Screen) {
        screen.title = page.title
        screen.blocks = page.notes + page.blocks
        screen.choices = page.choices
        if dialogue.isAtHome, dialogue.person == nil { screen.blocks.insert(.text(t(greeting)), at: 0) }
        if dialogue.expectedInput == .retry {
            // The words of the conversation are for people who are at home, and have a network to look after.
            screen.blocks = [
                .warning(t(Phrases.lineIsAway)), .text(t(Phrases.goToCounter).filled(screen.hotline)),
            ]
            screen.choices = [
                Screen.Choice(key: "1", label: t(Phrases.tryAgain))
            ]
        }
        if cover == nil {
            screen.words = zip(5..., dialogue.offeredWords).map { Screen.Choice(key: "F\($0)", label: $1) }
        }
        screen.hasHome = true
    }

    private func setNotice(_ screen: inout Screen, _ now: Now) {
        if case .warning(let seconds) = idle.phase(now.elapsed) {
            screen.notice = t(Phrases.idle).filled(String(seconds))
            screen.isUrgent = true
        } else if !remark.isEmpty {
            screen.notice = remark
            screen.isUrgent = true
        } else if remindOfCard(&screen) {
            return
        } else if isWaiting(now) {
            screen.notice = t(Phrases.patience)
        } else if !isReachable {
            screen.notice = t(Phrases.lineBroken)
            screen.isUrgent = true
        } else if let lastEnding {
            screen.notice = t(Phrases.ended(lastEnding))
        }
    }

    /// On the first screen it is for whoever has just gone; elsewhere for whoever has come.
    @discardableResult
    private func remindOfCard(_ screen: inout Screen) -> Bool {
        guard isCardLeft else { return false }
        let isFirst: Bool = cover == nil && (screen.isClosed || dialogue.isAtHome)
        screen.notice = t(isFirst ? Phrases.cardLeft : Phrases.cardThere)
        screen.isUrgent = true
        return true
    }

    private func isWaiting(_ now: Now) -> Bool {
        guard dialogue.expectedInput == .nothing, let waitingSince else { return false }
        return now.elapsed - waitingSince > Self.patience
    }

    /// While the session is being ended: nothing but that.
    func endingScreen() -> Screen {
        var screen: Screen = Screen(look: look)
        screen.title = t(Phrases.clearing)
        screen.isClosed = true
        return screen
    }

    // MARK: Out of order

    private func locked(_ screen: Screen) -> Screen {
        var screen: Screen = screen
        screen.title = t(Phrases.lockedTitle)
        screen.blocks = [.warning(station.lock ?? ""), .text(t(Phrases.goToCounter).filled(screen.hotline))]
        screen.isClosed = true
        remindOfCard(&screen)
        return screen
    }

    private func away(_ screen: Screen) -> Screen {
        var screen: Screen = screen
        screen.title = t(Phrases.awayTitle)
        let why: String = station.problem.isEmpty ? t(Phrases.away) : station.problem
        screen.blocks = [.text(why), .text(t(Phrases.goToCounter).filled(screen.hotline))]
        if let lastEnding { screen.notice = t(Phrases.ended(lastEnding)) }
        screen.isClosed = true
        remindOfCard(&screen)
        return screen
    }

    // MARK: Signing in

    private func fill(_ screen: inout Screen, _ signIn: SignIn) {
        screen.title = t(Phrases.signInTitle)
        switch signIn {
        case .choice:
            screen.blocks = page.notes
            screen.choices = [
                Screen.Choice(key: "1", label: t(hasCardReader ? Phrases.byCard : Phrases.byCardNot)),
                Screen.Choice(key: "2", label: t(Phrases.byPhone)),
                Screen.Choice(key: "3", label: t(Phrases.byCode)),
            ]
        case .card(let isReading):
            screen.blocks = [
                .text(t(isReading ? Phrases.readingCard : Phrases.putCard)), .small(t(Phrases.keepCard)),
            ]
        case .phone(let isSending):
            screen.blocks = [.text(t(Phrases.askPhone)), .small(t(Phrases.whyPhone))]
            if isSending { screen.notice = t(Phrases.patience) }
        case .code(_, let minutes, let isChecking):
            screen.blocks = [.text(t(Phrases.askCode).filled(String(minutes)))]
            if isChecking { screen.notice = t(Phrases.patience) }
        case .scan(let code):
            guard let code else {
                screen.blocks = [.text(t(Phrases.patience))]
                return
            }
            screen.blocks = [.text(t(Phrases.scanCode)), .code(code), .small(t(Phrases.scanCodeHow))]
        }
    }

    // MARK: Files

    private func fill(_ screen: inout Screen, _ materials: Materials) {
        screen.title = page.title
        screen.blocks =
            page.notes + page.blocks + [
                .text(t(Phrases.scanNow).filled(Self.kinds(materials.contentTypes, look.language)))
            ]
        guard let files = materials.files else { return }
        screen.choices = files.enumerated().map { index, file in
            Screen.Choice(key: String(index + 1), label: "\(file.time)  \(Self.label(file, look.language))")
        }
        if files.isEmpty { screen.blocks.append(.small(t(Phrases.noFiles))) }
        if let word = dialogue.offeredWords.first {
            screen.choices.append(Screen.Choice(key: "8", label: word))
        }
    }

    private static func label(_ file: Material, _ language: Language) -> String {
        let kind: String =
            file.contentType.isEmpty ? Phrases.otherKind[language] : kinds([file.contentType], language)
        let kilobytes: Int64 = (file.sizeBytes + 1_023) / 1_024
        return kilobytes < 1_024 ? "\(kind)  \(kilobytes) KB" : "\(kind)  \((kilobytes + 1_023) / 1_024) MB"
    }
}
