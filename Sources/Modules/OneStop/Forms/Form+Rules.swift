import Kernel
import Platform

/// What the rules of a form have to know beyond the answers.
struct FormContext: Sendable, Equatable {
    var today: CivilDate
    var synthetic: SyntheticData = .refused
    /// Whom one can apply for: oneself (`FormPerson.selfName`) and one's household.
    var people: [FormPerson] = []
    /// Places that answers name, by `organizations/{code}`. What is missing does not exist.
    var places: [String: FormPlace] = [:]
    /// Files that answers name and that the caller uploaded, by `files/{id}`. What is missing is not the caller's.
    var files: [String: FormFile] = [:]

    /// Answers of an application that is supplemented, by question: files that are attached to it and people who have left
    /// the household since stay good.
    var kept: FormAnswers = [:]

    func person(_ name: String) -> FormPerson? { people.first { $0.name == name } }
}

/// Somebody whom one can apply for.
struct FormPerson: Sendable, Equatable {
    static let selfName: String = "self"

    /// `self`, or `householdMembers/{id}`.
    var name: String
    var fullName: String
    /// Nil where no ID number is known.
    var idNumber: String?
}

/// A place of the division tree.
struct FormPlace: Sendable, Equatable {
    /// Names from the root down, such as `晋城市 / 城区 / 东街街道`.
    var pathText: String
}

/// An upload that can be attached.
struct FormFile: Sendable, Equatable {
    var displayName: String
    var contentType: String
}

/// What is wrong with an answer.
struct FormProblem: Sendable, Equatable {
    /// Id of the question.
    var question: String
    /// UPPER_SNAKE, stable.
    var reason: String
    /// What is wrong and what to do.
    var text: BilingualText
}

/// What the rules found.
struct FormFindings: Sendable, Equatable {
    /// In the order of the questions; answers to questions that are not in the form come last.
    var problems: [FormProblem] = []
    var failedRules: [EligibilityRule] = []
    /// Ids of the questions that are asked, in order.
    var visible: [String] = []
    /// Ids of those that have to be answered and are not.
    var missing: [String] = []
    /// Right answers to questions that are asked, as they are kept.
    var values: FormAnswers = [:]
    /// The first question that has to be answered, or answered again.
    var nextQuestion: String?

    /// Whether one can apply with these answers.
    var isComplete: Bool { problems.isEmpty && missing.isEmpty && failedRules.isEmpty }
}

/// The rules of forms.
enum FormRules {
    /// Holds answers against a form: what is asked, what is wrong, who may not apply.
    ///
    /// An answer to a question that is not asked counts for nothing. A rule of eligibility fails only by answers that
    /// are there and right.
    static func check(_ form: FormDefinition, _ answers: FormAnswers, _ context: FormContext) -> FormFindings
    {
        var findings: FormFindings = FormFindings()
        let aged: Set<String> = form.agedQuestions
        for question: FormQuestion in form.questions {
            guard question.shownIf.allSatisfy({ holds($0, form, findings.values, context) }) else { continue }
            findings.visible.append(question.id)
            let answer: String = answers[question.id] ?? ""
            guard !answer.isEmpty else {
                if !question.optional { findings.missing.append(question.id) }
                continue
            }
            if context.kept[question.id] == answer {
                findings.values[question.id] = answer
                continue
            }
            do throws(Refusal) {
                findings.values[question.id] = try FormValues.checked(
                    answer, question, context, needsAge: aged.contains(question.id))
            } catch {
                findings.problems.append(
                    FormProblem(
                        question: question.id, reason: error.reason,
                        text: BilingualText(zh: error.zh, en: error.en)))
            }
        }
        let wrong: Set<String> = Set(findings.problems.map(\.question)).union(findings.missing)
        findings.nextQuestion = findings.visible.first { wrong.contains($0) }
        findings.failedRules = form.eligibility.filter { fails($0, form, findings, context) }
        let known: Set<String> = Set(form.questions.map(\.id))
        for id: String in answers.keys.sorted() where !known.contains(id) && context.kept[id] == nil {
            findings.problems.append(FormTexts.questionUnknown(id))
        }
        return findings
    }

    /// Whether a condition holds for right answers.
    static func holds(
        _ condition: FormCondition, _ form: FormDefinition, _ values: FormAnswers, _ context: FormContext
    ) -> Bool {
        guard let answer: String = values[condition.questionID] else { return false }
        let value: String
        if condition.isAge {
            guard let question: FormQuestion = form.question(condition.questionID),
                let age: Int = age(of: answer, question, context)
            else { return false }
            value = String(age)
        } else if form.question(condition.questionID)?.kind == .householdMember {
            value = KeptPerson(answer).name
        } else {
            value = answer
        }
        switch condition.comparison {
        case .isPresent: return true
        case .isOneOf: return condition.values.contains(value)
        case .isNoneOf: return !condition.values.contains(value)
        case .atLeast, .atMost:
            guard let number = Int64(value), let bound = condition.values.first.flatMap({ Int64($0) }) else {
                return false
            }
            return condition.comparison == .atLeast ? number >= bound : number <= bound
        }
    }

    /// Completed years (周岁) that an answer tells; nil if it tells none.
    static func age(of value: String, _ question: FormQuestion, _ context: FormContext) -> Int? {
        let birth: CivilDate? =
            switch question.kind {
            case .idNumber: IDNumber(stored: value).birthDate
            case .date: CivilDate(value)
            case .householdMember: KeptPerson(value).birthDate
            default: nil
            }
        return birth.map { $0.completedYears(on: context.today) }
    }

    private static func fails(
        _ rule: EligibilityRule, _ form: FormDefinition, _ findings: FormFindings, _ context: FormContext
    ) -> Bool {
        guard rule.when.allSatisfy({ holds($0, form, findings.values, context) }) else { return false }
        let asked: [FormCondition] = rule.needs.filter { findings.visible.contains($0.questionID) }
        // It held when these answers were handed in.
        let isNew: Bool = asked.contains { context.kept[$0.questionID] != findings.values[$0.questionID] }
        guard isNew || context.kept.isEmpty, !asked.isEmpty else { return false }
        // What is not answered yet may still turn out well.
        let failed: [FormCondition] = asked.filter {
            findings.values[$0.questionID] != nil && !holds($0, form, findings.values, context)
        }
        return rule.needsOne ? failed.count == asked.count : !failed.isEmpty
    }
}
