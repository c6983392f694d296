import Contract
import Kernel
import Platform

extension FormDefinition {
    /// The form on the wire. Days that are counted from today are told as what they are today.
    func message(of item: RevisedItem, general: Bool, today: CivilDate) -> OneStopV1.Form {
        var message: OneStopV1.Form = OneStopV1.Form()
        message.item = item.name
        message.title = item.content.name
        message.revision = Int32(clamping: item.revision)
        message.intro = .init(intro)
        message.questions = questions.map { $0.message(today: today) }
        message.eligibility = eligibility.map(\.message)
        message.identityLevel = Int32(clamping: item.definition.identityLevel)
        message.general = general
        return message
    }
}

extension FormQuestion {
    func message(today: CivilDate) -> OneStopV1.FormQuestion {
        var message: OneStopV1.FormQuestion = OneStopV1.FormQuestion()
        message.id = id
        message.prompt = .init(prompt)
        message.why = .init(why)
        message.label = .init(label)
        message.kind = .init(rawValue: Int32(kind.rawValue))
        if kind.isBounded {
            message.minimum = bounds.lowerBound
            message.maximum = bounds.upperBound
        }
        message.earliestDate = earliest?.date(today: today).description ?? ""
        message.latestDate = latest?.date(today: today).description ?? ""
        message.choices = choices.map { OneStopV1.FormChoice(value: $0.value, label: .init($0.label)) }
        message.optional = optional
        message.shownIf = shownIf.map { condition in
            OneStopV1.FormCondition(
                question: condition.question, operator: .init(rawValue: Int32(condition.comparison.rawValue)),
                values: condition.values)
        }
        message.contentTypes = contentTypes
        message.material = material
        message.sensitive = isMasked
        return message
    }
}

extension EligibilityRule {
    var message: OneStopV1.EligibilityRule {
        OneStopV1.EligibilityRule(
            id: id, text: .init(text), advice: .init(advice), legalBasis: legalBasis)
    }
}

extension FormFindings {
    var message: OneStopV1.CheckAnswersResponse {
        OneStopV1.CheckAnswersResponse(
            problems: problems.map { problem in
                OneStopV1.AnswerProblem(
                    question: problem.question, text: .init(problem.text), reason: problem.reason)
            },
            failedRules: failedRules.map(\.message), nextQuestion: nextQuestion ?? "")
    }

    /// Why one cannot apply with these answers; nil if one can.
    ///
    /// INVALID_ARGUMENT with every answer that is wrong or missing; else FAILED_PRECONDITION with every rule that fails.
    func refusal(_ form: FormDefinition) -> Refusal? {
        let wrong: [FieldViolation] = problems.map { problem in
            FieldViolation(
                field: problem.question, reason: problem.reason, zh: problem.text.zh, en: problem.text.en)
        }
        let missing: [FieldViolation] = missing.compactMap { form.question($0).map(FormTexts.missing) }
        if !(wrong + missing).isEmpty { return .invalid(wrong + missing) }
        return failedRules.isEmpty ? nil : FormTexts.notEligible(failedRules)
    }
}
