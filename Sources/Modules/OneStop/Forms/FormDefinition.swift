import Kernel
import Platform

/// A form as data: what is asked, when, by which rules, and who may apply. Kept with each revision of an item.
///
/// Only `FormDefinition.read` makes one from a file, so every form that is stored was checked whole.
struct FormDefinition: Sendable, Equatable {
    /// Said before the first question.
    var intro: BilingualText = BilingualText(zh: "", en: "")
    /// In the order in which they are asked; a condition looks at earlier ones only.
    var questions: [FormQuestion] = []
    /// All of them have to hold.
    var eligibility: [EligibilityRule] = []

    func question(_ id: String) -> FormQuestion? { questions.first { $0.id == id } }

    /// Ids of the questions whose answer has to tell an age, because a condition or a rule asks for one.
    var agedQuestions: Set<String> {
        let conditions: [FormCondition] =
            questions.flatMap(\.shownIf) + eligibility.flatMap { $0.when + $0.needs }
        return Set(conditions.filter(\.isAge).map(\.questionID))
    }
}

/// A question.
struct FormQuestion: Sendable, Equatable {
    /// What kind of answer it takes; the raw value is what the wire carries.
    enum Kind: Int, Sendable, Equatable, CaseIterable, Codable {
        case text = 1
        case longText = 2
        case idNumber = 3
        case phone = 4
        case date = 5
        case money = 6
        case number = 7
        case choice = 8
        case yesNo = 9
        case address = 10
        case file = 11
        case householdMember = 12
        case name = 13
        case creditCode = 14
        case bankAccount = 15
    }

    /// Within the form: a-z, 0-9 and underscore.
    var id: String
    var kind: Kind
    /// What is asked.
    var prompt: BilingualText
    /// What a summary calls the answer.
    var label: BilingualText
    /// Why it is asked; may be empty.
    var why: BilingualText = BilingualText(zh: "", en: "")
    /// Fewest characters, lowest number, or least fen; nil for what the kind says.
    var minimum: Int64?
    /// Most characters, highest number, or most fen; nil for what the kind says.
    var maximum: Int64?
    var earliest: FormDay?
    var latest: FormDay?
    var choices: [FormChoice] = []
    /// May be left out.
    var optional: Bool = false
    /// Asked only if all of them hold.
    var shownIf: [FormCondition] = []
    /// Of a file, such as `application/pdf`.
    var contentTypes: [String] = []
    /// Whether the answer is a material 申请材料.
    var material: Bool = false
    /// Whether the answer is personal although its kind need not be. Ask `isMasked`.
    var sensitive: Bool = false
    /// Under which name the answer is shared with other forms; empty if it is not.
    var knownAs: String = ""

    /// Whether the answer is shown masked to others than whoever gave it.
    var isMasked: Bool { sensitive || kind.isPersonal }

    /// The values between which a number, money or the length of a text has to lie.
    var bounds: ClosedRange<Int64> {
        let standard: ClosedRange<Int64> = kind.standardBounds
        let low: Int64 = minimum ?? standard.lowerBound
        return low...max(low, maximum ?? standard.upperBound)
    }
}

extension FormQuestion.Kind {
    /// What stands in data files.
    static let names: [String: FormQuestion.Kind] = [
        "text": .text, "long_text": .longText, "id_number": .idNumber, "phone": .phone, "date": .date,
        "money": .money, "number": .number, "choice": .choice, "yes_no": .yesNo, "address": .address,
        "file": .file, "household_member": .householdMember, "name": .name, "credit_code": .creditCode,
        "bank_account": .bankAccount,
    ]

    /// The name in data files.
    var word: String { FormQuestion.Kind.names.first { $0.value == self }?.key ?? "" }

    /// Kinds that tell of a person whatever the question is.
    var isPersonal: Bool {
        switch self {
        case .idNumber, .phone, .address, .householdMember, .name, .bankAccount: true
        case .text, .longText, .date, .money, .number, .choice, .yesNo, .file, .creditCode: false
        }
    }

    /// Kinds that take `min` and `max`.
    var isBounded: Bool {
        switch self {
        case .text, .longText, .money, .number: true
        default: false
        }
    }

    /// What holds where the form says nothing, and the widest that it may say.
    var standardBounds: ClosedRange<Int64> {
        switch self {
        case .text: 1...FormLimits.textCharacters
        case .longText: 1...FormLimits.longTextCharacters
        case .money: 0...Fen.limit
        case .number: 0...FormLimits.number
        default: 0...0
        }
    }
}

/// An answer to choose.
struct FormChoice: Sendable, Equatable, Codable {
    var value: String
    var label: BilingualText
}

/// A day as a bound: a fixed one, or one that is counted from the day of the answer.
enum FormDay: Sendable, Equatable {
    case date(CivilDate)
    /// Days after today; negative before.
    case today(days: Int)

    /// `2026-03-01`, `today`, `today-180` or `today+30`; nil for anything else.
    init?(_ text: String) {
        if let date = CivilDate(text) {
            self = .date(date)
            return
        }
        guard text.hasPrefix(FormDay.today) else { return nil }
        let rest: Substring = text.dropFirst(FormDay.today.count)
        guard !rest.isEmpty else {
            self = .today(days: 0)
            return
        }
        guard rest.first == "+" || rest.first == "-", let days = Int(rest),
            days.magnitude <= FormLimits.daysFromToday
        else { return nil }
        self = .today(days: days)
    }

    private static let today: String = "today"

    var text: String {
        switch self {
        case .date(let date): date.description
        case .today(0): FormDay.today
        case .today(let days): FormDay.today + (days > 0 ? "+" : "") + String(days)
        }
    }

    func date(today: CivilDate) -> CivilDate {
        switch self {
        case .date(let date): date
        case .today(let days): today.adding(days: days)
        }
    }
}

/// A condition on an answer.
struct FormCondition: Sendable, Equatable, Codable {
    /// How it compares; the raw value is what the wire carries. On a question without an answer none of them holds.
    enum Comparison: Int, Sendable, Equatable, CaseIterable, Codable {
        case isOneOf = 1
        case isNoneOf = 2
        case atLeast = 3
        case atMost = 4
        case isPresent = 5
    }

    /// Id of the question; with `age:` before it the age in years that its answer tells.
    var question: String
    var comparison: Comparison
    var values: [String]

    static let agePrefix: String = "age:"

    var isAge: Bool { question.hasPrefix(FormCondition.agePrefix) }
    /// Id of the question, without `age:`.
    var questionID: String { isAge ? String(question.dropFirst(FormCondition.agePrefix.count)) : question }
}

/// A rule of who may apply.
struct EligibilityRule: Sendable, Equatable {
    var id: String
    /// What it demands, in plain words.
    var text: BilingualText
    /// What to do if it fails.
    var advice: BilingualText = BilingualText(zh: "", en: "")
    var legalBasis: String = ""
    /// The rule is for those only for whom all of them hold.
    var when: [FormCondition] = []
    /// What has to hold. Conditions on questions that are not asked do not count; if none is left, the rule holds.
    var needs: [FormCondition] = []
    /// True if one of `needs` is enough.
    var needsOne: Bool = false
}

/// Answers by the ids of their questions, as the kinds write them. An empty one says that the question was left out.
typealias FormAnswers = [String: String]

/// Limits of forms. Each has a test on both sides.
enum FormLimits {
    /// Questions of a form: more is more than anybody answers at a counter.
    static let questions: Int = 60
    /// Choices of a question: the 56 peoples of China fit.
    static let choices: Int = 60
    /// Conditions in one list.
    static let conditions: Int = 8
    /// Values of one condition.
    static let conditionValues: Int = 20
    static let rules: Int = 20
    /// Questions for files in a form, because so many can be attached in one step.
    static let files: Int = FileRules.filesPerStepMax
    static let promptCharacters: Int = 120
    static let labelCharacters: Int = 24
    static let whyCharacters: Int = 200
    static let introCharacters: Int = 400
    static let ruleCharacters: Int = 200
    static let basisCharacters: Int = 120
    static let choiceCharacters: Int = 60
    /// Characters of an answer on one line.
    static let textCharacters: Int64 = 200
    /// Characters of an answer on several lines.
    static let longTextCharacters: Int64 = 2_000
    static let number: Int64 = 999_999_999
    /// The line of an address after the place.
    static let addressCharacters: ClosedRange<Int> = 2...100
    static let bankAccountDigits: ClosedRange<Int> = 12...19
    /// Oldest age, in years, that a condition may name.
    static let age: Int64 = 150
    /// A hundred and fifty years.
    static let daysFromToday: Int = 54_787
    /// Answers of one request, those to questions that are not asked included.
    static let answers: Int = 2 * questions
}
