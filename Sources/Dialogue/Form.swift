internal import Kernel

/// A form: one question a screen, then a summary, then one act.
package struct Form: Sendable, Equatable, Codable {
    /// Which flow takes the answers, for example `report`.
    package var id: String
    package var title: Text
    /// Said once before the first question: what it is for and how long it takes.
    package var intro: Text
    /// The same where nothing is kept; empty if `intro` fits there too.
    package var introAtKiosk: Text
    package var questions: [Question]
    /// The verb of the last step, naming the act: 提交报告.
    package var act: Text
    /// Short forms (a code, a search) act at once, without a summary.
    package var hasSummary: Bool
    /// What the flow needs besides the answers, for example the number of the case that is rated.
    package var context: [String: String]
    /// For whom, when somebody acts for somebody else: said with the title of every screen; empty for oneself.
    package var forWhom = ""
    /// The server checks the answers before the summary.
    package var isChecked = false

    package init(
        id: String, title: Text, intro: Text = Text(""), introAtKiosk: Text = Text(""), questions: [Question],
        act: Text,
        hasSummary: Bool = true,
        context: [String: String] = [:]
    ) {
        self.id = id
        self.title = title
        self.intro = intro
        self.introAtKiosk = introAtKiosk
        self.questions = questions
        self.act = act
        self.hasSummary = hasSummary
        self.context = context
    }
}

/// One question of a form.
package struct Question: Sendable, Equatable, Codable {
    /// What kind of answer fits, with its limits. Lengths are counted in characters as people count them.
    package enum Kind: Sendable, Equatable, Codable {
        case text(min: Int, max: Int)
        /// The same as a text, for descriptions: keywords inside a form are offered as an answer too.
        case longText(min: Int, max: Int)
        case choice([Choice])
        case yesNo
        /// A mobile number of the mainland, or a landline with area code.
        case phone
        /// A resident identity number, GB 11643.
        case idNumber
        /// A person's name in one field.
        case name
        /// The number of a report, with its check digit.
        case reportNumber
        /// A day: 2026-03-01, 20260301, 3月1日, 今天, 明天. Kept as 2026-03-01; the bounds are written so, too, and may be
        /// empty.
        case date(earliest: String = "", latest: String = "")
        /// Yuan with at most two decimals; kept in fen.
        case money(maxFen: Int64)
        case number(min: Int, max: Int)
        /// A place of the division tree, by walking down or by words; kept as the id of the place.
        case place
        /// A place of the division tree and a line: kept as the id of the place, a line break, and the line.
        case address
        /// A photo on this machine, for a report.
        case photo
        /// A file on this machine that is sent at once; kept as `files/{id}`.
        case file(contentTypes: [String])
        /// Somebody of the household; kept as `householdMembers/{id}`, or `self`.
        case member
        /// A unified social credit code, GB 32100.
        case creditCode
        /// 12 to 19 digits.
        case bankAccount
        /// A one-time code of digits.
        case code(digits: Int)
        /// A password: never echoed, never kept in a draft.
        case secret(min: Int, max: Int)
    }

    package var id: String
    package var prompt: Text
    /// Why this is asked; shown below the question.
    package var why: Text
    package var kind: Kind
    /// What the summary calls the answer.
    package var label: Text
    /// May be left out by 跳过.
    package var isOptional: Bool
    /// 不知道 is an answer.
    package var allowsUnknown: Bool
    /// Which known value answers this question without asking, for example `phone`.
    package var knownAs: String
    /// Asked only if all of these hold.
    package var conditions: [Condition]
    /// The answer is personal: the summary masks it.
    package var isSensitive = false
    /// An answer that the server knows already; it is offered, and used only if it is taken.
    package var offer: Offer?

    /// A condition on an earlier answer. The answer of a question that is not asked does not count.
    package struct Condition: Sendable, Equatable, Codable {
        package enum Comparison: String, Sendable, Codable {
            case isOneOf
            case isNoneOf
            case atLeast
            case atMost
            case isPresent
        }
        /// Id of the question; with `age:` before it, the age in years of the person that the answer is about.
        package var question: String
        package var comparison: Comparison
        package var values: [String]

        package init(question: String, _ comparison: Comparison = .isOneOf, values: [String] = []) {
            self.question = question
            self.comparison = comparison
            self.values = values
        }
    }

    /// A known answer.
    package struct Offer: Sendable, Equatable, Codable {
        /// Masked where it is personal.
        package var shown: String
        /// Where it comes from.
        package var origin: Text
        /// Empty where it is personal: the server puts it in.
        package var value: String

        package init(shown: String, origin: Text, value: String = "") {
            self.shown = shown
            self.origin = origin
            self.value = value
        }
    }

    package init(
        id: String, prompt: Text, why: Text = Text(""), kind: Kind, label: Text, isOptional: Bool = false,
        allowsUnknown: Bool = false, knownAs: String = "", condition: Condition? = nil,
        conditions: [Condition] = [], isSensitive: Bool = false, offer: Offer? = nil
    ) {
        self.id = id
        self.prompt = prompt
        self.why = why
        self.kind = kind
        self.label = label
        self.isOptional = isOptional
        self.allowsUnknown = allowsUnknown
        self.knownAs = knownAs
        self.conditions = conditions + [condition].compactMap(\.self)
        self.isSensitive = isSensitive
        self.offer = offer
    }

    var isSecret: Bool {
        switch kind {
        case .secret, .code: true
        default: false
        }
    }

    /// True if what is typed is words, so that a digit is part of the answer and not a choice.
    var takesWords: Bool {
        switch kind {
        case .choice, .yesNo, .place, .member: false
        default: true
        }
    }
}

/// One answer among several.
package struct Choice: Sendable, Equatable, Codable {
    package var value: String
    package var label: Text
    package var keywords: [String]
    /// Choosing this stops the form first: danger is for the telephone, not for a form.
    package var stop: Stop?

    package init(value: String, label: Text, keywords: [String] = [], stop: Stop? = nil) {
        self.value = value
        self.label = label
        self.keywords = keywords
        self.stop = stop
    }
}

/// Said when an answer means danger: what to do at once, then how to go on.
package struct Stop: Sendable, Equatable, Codable {
    package var text: Text
    /// Numbers to call, each with who answers.
    package var phones: [Phone]

    package struct Phone: Sendable, Equatable, Codable {
        package var number: String
        package var who: Text

        package init(number: String, who: Text) {
            self.number = number
            self.who = who
        }
    }

    package init(text: Text, phones: [Phone]) {
        self.text = text
        self.phones = phones
    }
}

/// An answer that fitted its question.
package struct AnswerValue: Sendable, Equatable, Codable {
    /// For the server; empty if the question was skipped.
    package var value: String
    /// For the summary; masked where the value is personal.
    package var shown: String
    /// Where it was taken over from; nil if it was typed.
    package var origin: Text?
    /// The server puts the value in that it knows; `value` may be empty.
    package var isFromKnown = false
    /// Years of the person that it is about, where it says so.
    package var age: Int?

    package init(
        value: String, shown: String, origin: Text? = nil, isFromKnown: Bool = false, age: Int? = nil
    ) {
        self.value = value
        self.shown = shown
        self.origin = origin
        self.isFromKnown = isFromKnown
        self.age = age
    }

    /// False for a question that was left out.
    var isPresent: Bool { !value.isEmpty || isFromKnown }

    static func skipped(_ language: Language) -> AnswerValue {
        AnswerValue(value: "", shown: Words.skipped[language])
    }
    /// 不知道 is said to the server as an empty value too; the summary keeps the difference.
    static func unknown(_ language: Language) -> AnswerValue {
        AnswerValue(value: "", shown: Words.unknown[language])
    }
}
