internal import Dialogue
internal import Kernel

/// Where the sign-in stands.
enum SignIn: Equatable {
    /// By which means.
    case choice
    /// Put the card on the reader; `isReading` once it lies there.
    case card(isReading: Bool)
    case phone(isSending: Bool)
    case code(phone: String, minutes: Int, isChecking: Bool)
    /// Shows a code; nil until the server has given one.
    case scan(code: String?)
}

/// What a reader read from an identity card.
struct Card: Equatable {
    var number: String
    var name: String
}

/// Digits of the code in the message.
private let codeDigits: Int = 6
private let phoneDigits: Int = 11

extension Kiosk {
    mutating func beginSignIn() {
        entry?.wipe()
        entry = nil
        remark = ""
        scroll = 0
        cover = .signIn(.choice)
        // Who has put the card there already has chosen.
        signInByCard()
    }

    private mutating func signInByCard() {
        guard let card else { return }
        go(to: .card(isReading: true))
        actions.append(.signInByCard(number: card.number, name: card.name))
    }

    /// Back to where the conversation was, without a person.
    mutating func giveUpSignIn(_ now: Now) {
        actions.append(.stopCode)
        leaveCover()
        give(.signedIn(nil), now)
    }

    private mutating func leaveCover() {
        entry?.wipe()
        entry = nil
        cover = nil
    }

    private mutating func go(to signIn: SignIn) {
        entry?.wipe()
        scroll = 0
        switch signIn {
        case .phone: entry = EntryLine(.digits(signs: ""), limit: phoneDigits)
        case .code: entry = EntryLine(.digits(signs: ""), limit: codeDigits)
        default: entry = nil
        }
        cover = .signIn(signIn)
    }

    // MARK: Keys

    mutating func takeSignInKey(_ key: Key, _ signIn: SignIn, _ now: Now) {
        if [.escape, .character("0")].contains(key), entry == nil || key == .escape {
            return backFrom(signIn, now)
        }
        if key == .character("9"), entry == nil {
            giveUpSignIn(now)
            return line("9", now)
        }
        switch signIn {
        case .choice: choose(key)
        case .phone(isSending: false), .code(_, _, isChecking: false): type(key, signIn)
        case .code, .phone, .card, .scan: break
        }
    }

    private mutating func backFrom(_ signIn: SignIn, _ now: Now) {
        remark = ""
        switch signIn {
        case .choice: giveUpSignIn(now)
        case .scan:
            actions.append(.stopCode)
            go(to: .choice)
        case .code: go(to: .phone(isSending: false))
        case .card, .phone: go(to: .choice)
        }
    }

    private mutating func choose(_ key: Key) {
        switch key {
        case .character("1"):
            guard hasCardReader else {
                remark = t(Phrases.noCardReader)
                return
            }
            go(to: .card(isReading: false))
            signInByCard()
        case .character("2"): go(to: .phone(isSending: false))
        case .character("3"):
            go(to: .scan(code: nil))
            actions.append(.beginCode)
        default: break
        }
    }

    private mutating func type(_ key: Key, _ signIn: SignIn) {
        // F5 sends the message again.
        guard let outcome = entry?.take(key, engine) else { return }
        guard case .accepted(let text) = outcome else {
            remark = t(Self.remark(outcome))
            if outcome == .refused { _ = scrolls(key) }
            return
        }
        switch signIn {
        case .phone:
            guard text.count == phoneDigits else {
                remark = t(Phrases.phoneLength)
                return
            }
            cover = .signIn(.phone(isSending: true))
            actions.append(.sendCode(phone: text))
        case .code(let phone, let minutes, _):
            guard text.count == codeDigits else {
                remark = t(Phrases.codeLength)
                return
            }
            cover = .signIn(.code(phone: phone, minutes: minutes, isChecking: true))
            actions.append(.signInByPhone(phone: phone, code: text))
        default: break
        }
    }

    // MARK: What came of it

    mutating func takeSignIn(_ event: SignInEvent, _ now: Now) {
        guard case .signIn(let signIn)? = cover else {
            // Somebody went back, and then the server said yes: nobody stays signed in unseen.
            if case .signedIn = event, dialogue.person == nil { end(.finished) }
            return
        }
        switch event {
        case .codeSent(let minutes):
            guard case .phone(isSending: true) = signIn, let phone = entry?.text else { return }
            go(to: .code(phone: phone, minutes: minutes, isChecking: false))
        case .signedIn(let person):
            if case .card = signIn { isByCard = true }
            leaveCover()
            isUsed = true
            idle.touch(now.elapsed)
            // People stand behind: no whole name on this screen.
            var person: Person = person
            person.displayName = Masking.name(person.displayName)
            give(.signedIn(person), now)
        case .code(let code):
            if case .scan = signIn { go(to: .scan(code: code)) }
        case .codeExpired:
            guard case .scan = signIn else { return }
            go(to: .choice)
            remark = t(Phrases.codeExpired)
        case .failed(let failure): failed(failure, signIn)
        }
    }

    private mutating func failed(_ failure: Failure, _ signIn: SignIn) {
        switch signIn {
        case .phone: cover = .signIn(.phone(isSending: false))
        case .code(let phone, let minutes, _):
            go(to: .code(phone: phone, minutes: minutes, isChecking: false))
        case .card, .scan, .choice: go(to: .choice)
        }
        remark = failure.text
    }

    // MARK: Cards

    mutating func takeCard(_ event: CardEvent, _ now: Now) {
        switch event {
        case .isWorking(let isWorking):
            hasCardReader = isWorking
            if !isWorking { isCardLeft = false }
            guard !isWorking, case .signIn(.card)? = cover else { return }
            go(to: .choice)
            remark = t(Phrases.noCardReader)
        case .inserted(let number, let name):
            touchForCard(now)
            isCardLeft = false
            card = Card(number: number, name: name)
            remark = ""
            guard case .signIn(let signIn)? = cover else {
                if dialogue.person == nil, reducer != nil { remark = t(Phrases.cardFirst) }
                return
            }
            takeCard(at: signIn)
        case .unreadable:
            if case .signIn? = cover { remark = t(Phrases.cardUnreadable) }
        case .left:
            // A reader that begins anew finds the card of whoever is signed in with it.
            isCardLeft = card == nil
        case .removed:
            card = nil
            isCardLeft = false
            if isByCard { return end(.card) }
            guard case .signIn(.card(isReading: true))? = cover else { return }
            // Whatever the server answers now is for nobody.
            end(.card)
        }
    }

    /// A card on the reader is the answer to “please sign in”, whatever was begun; only what is at the server already is
    /// waited for.
    private mutating func takeCard(at signIn: SignIn) {
        switch signIn {
        case .card(isReading: true), .phone(isSending: true), .code(_, _, isChecking: true): return
        case .scan: actions.append(.stopCode)
        case .choice, .card, .phone, .code: break
        }
        signInByCard()
    }

    private mutating func touchForCard(_ now: Now) {
        guard reducer != nil, station.lock == nil else { return }
        isUsed = true
        lastEnding = nil
        idle.touch(now.elapsed)
    }

    /// A scanner that types identity cards: number, then name.
    mutating func takeSignInScan(_ text: String, _ signIn: SignIn, _ now: Now) {
        let parts: [Substring] = text.split(whereSeparator: { $0 == "," || $0 == "，" || $0 == "\t" })
        guard case .card(isReading: false) = signIn, parts.count == 2, let number = parts.first,
            let name = parts.last
        else {
            remark = t(Phrases.scanNotHere)
            return
        }
        takeCard(.inserted(number: String(number), name: String(name)), now)
    }
}
