// What a front end without a keyboard of its own has to offer for the next line.

/// The kind of line that is expected next. Words that work everywhere (返回, 主菜单, 人工) are buttons of the front end.
package enum ExpectedInput: Sendable, Equatable {
    /// A number of the options shown; words are taken, too.
    case choice
    /// Digits, at most this many.
    case digits(max: Int)
    /// Seventeen digits and a digit or X.
    case idNumber
    /// Yuan: digits and a point.
    case amount
    /// A day: eight digits as 20260301, or words such as 今天.
    case date
    /// Letters, digits and signs of the Latin keyboard.
    case latin
    /// Words in any script, at most this many characters.
    case chinese(max: Int)
    /// A password: not shown while it is typed.
    case secret
    /// The path of a file of one of these types, such as `image/jpeg`.
    case file(contentTypes: [String])
    /// The line broke: 1 tries again, 0 goes to the main menu.
    case retry
    /// Nothing: an answer of the server is awaited, or the conversation is over.
    case nothing
}

extension DialogueState {
    /// What the next line should be.
    package var expectedInput: ExpectedInput {
        if hasEnded { return .nothing }
        if pending != nil { return isCutOff ? .retry : .nothing }
        guard case .form(let run)? = frames.last, case .question(let index) = run.cursor else {
            return .choice
        }
        let kind = run.form.questions[index].kind
        // The place of an address is chosen, its line is typed.
        if case .address = kind, run.addressPlace == nil { return .choice }
        return kind.expectedInput
    }

    /// The main menu is shown.
    package var isAtHome: Bool {
        guard pending == nil, frames.count == 1, case .menu? = frames.first else { return false }
        return true
    }

    /// A code that a scanner reads is an answer here: where something is chosen, and where a code is what is asked for. In
    /// any other form it would be somebody's slip.
    package var takesScans: Bool {
        guard pending == nil, case .form(let run)? = frames.last, case .question(let index) = run.cursor
        else {
            return expectedInput == .choice
        }
        return run.form.id == Flow.verifyCertificate || run.form.questions[index].kind == .reportNumber
    }

    /// Words that answer the question on the screen besides what is asked for, such as 跳过: a front end without a keyboard
    /// of its own shows them as buttons.
    package var offeredWords: [String] {
        guard pending == nil, case .form(let run)? = frames.last, case .question(let index) = run.cursor,
            run.form.questions[index].takesWords
        else { return [] }
        let question = run.form.questions[index]
        var words: [Text] = []
        if question.isOptional { words.append(Text("跳过", "Skip")) }
        if question.allowsUnknown { words.append(Words.unknown) }
        if case .code = question.kind { words.append(Text("重发", "Resend")) }
        return words.map { $0[language] }
    }

    /// Forgets everything, so that nothing of one person is left for the next.
    package mutating func wipe() { self = DialogueState() }
}

extension Question.Kind {
    /// Digits of the longest phone number with its area code.
    private static let phoneDigits = 12

    var expectedInput: ExpectedInput {
        switch self {
        case .choice, .yesNo, .place, .member: .choice
        case .text(_, let max), .longText(_, let max): .chinese(max: max)
        case .name: .chinese(max: 50)
        case .phone: .digits(max: Self.phoneDigits)
        case .idNumber: .idNumber
        case .reportNumber: .latin
        case .date: .date
        case .money: .amount
        case .number(_, let max): .digits(max: String(max).count)
        case .code(let digits): .digits(max: digits)
        case .secret: .secret
        case .photo: .file(contentTypes: ["image/jpeg"])
        case .file(let types): .file(contentTypes: types)
        case .address: .chinese(max: Limit.addressCharacters)
        case .creditCode: .latin
        case .bankAccount: .digits(max: 19)
        }
    }
}
