internal import Kernel

/// A form: one question a screen, then a summary, then one act.
package struct Form: Sendable, Equatable, Codable {
    /// Which flow takes the answers, for example `report`.
    package var id: String
    package var title: Text
    /// Said once before the first question: what it is for and how long it takes.
    package var intro: Text
    package var questions: [Question]
    /// The verb of the last step, naming the act: 提交报告.
    package var act: Text
    /// Short forms (a code, a search) act at once, without a summary.
    package var hasSummary: Bool
    /// What the flow needs besides the answers, for example the number of the case that is rated.
    package var context: [String: String]

    package init(
        id: String, title: Text, intro: Text = Text(""), questions: [Question], act: Text,
        hasSummary: Bool = true,
        context: [String: String] = [:]
    ) {
        self.id = id
        self.title = title
        self.intro = intro
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
        /// A day: 2026-03-01, 3月1日, 今天, 明天. Kept as 2026-03-01.
        case date
        /// Yuan with at most two decimals; kept in fen.
        case money(maxFen: Int64)
        case number(min: Int, max: Int)
        /// A place of the division tree, by walking down or by words; kept as the id of the place.
        case place
        /// A file on this machine.
        case photo
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
    /// Asked only if another question has one of these values.
    package var condition: Condition?

    package struct Condition: Sendable, Equatable, Codable {
        package var question: String
        package var values: [String]

        package init(question: String, values: [String]) {
            self.question = question
            self.values = values
        }
    }

    package init(
        id: String, prompt: Text, why: Text = Text(""), kind: Kind, label: Text, isOptional: Bool = false,
        allowsUnknown: Bool = false, knownAs: String = "", condition: Condition? = nil
    ) {
        self.id = id
        self.prompt = prompt
        self.why = why
        self.kind = kind
        self.label = label
        self.isOptional = isOptional
        self.allowsUnknown = allowsUnknown
        self.knownAs = knownAs
        self.condition = condition
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
        case .choice, .yesNo, .place: false
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

    package init(value: String, shown: String) {
        self.value = value
        self.shown = shown
    }

    static func skipped(_ language: Language) -> AnswerValue {
        AnswerValue(value: "", shown: Words.skipped[language])
    }
    /// 不知道 is said to the server as an empty value too; the summary keeps the difference.
    static func unknown(_ language: Language) -> AnswerValue {
        AnswerValue(value: "", shown: Words.unknown[language])
    }
}
