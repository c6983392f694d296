import Contract
import Kernel
import Platform

/// What a query asks for, whatever its source.
struct QueryQuestion: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case text
        case date
        case choice([DataSetChoice])
    }
    let id: String
    let prompt: BilingualText
    let label: BilingualText
    let kind: Kind
    let optional: Bool

    /// Characters of an answer.
    static let answerRule: TextRule = TextRule(1...60)

    /// The questions of a query item, in their order.
    static func of(_ source: QuerySource, code: String) -> [QueryQuestion] {
        switch source {
        case .none: return []
        case .connector(_, let item):
            return item.parameters.map { parameter in
                let label: BilingualText = BilingualText(zh: parameter.label, en: "")
                return QueryQuestion(
                    id: parameter.id, prompt: label, label: label, kind: .text, optional: parameter.optional)
            }
        case .dataSet(let set):
            guard let item: DataSetSchema.Item = set.schema.item(code) else { return [] }
            return set.schema.parameters(of: item).map { parameter in
                QueryQuestion(
                    id: parameter.id, prompt: parameter.prompt, label: parameter.label,
                    kind: kind(parameter, set), optional: parameter.optional)
            }
        }
    }

    private static func kind(_ parameter: DataSetSchema.Parameter, _ set: StoredDataSet) -> Kind {
        if parameter.chooses { return .choice(set.choices[parameter.id] ?? []) }
        let column: DataSetSchema.Column? = set.schema.column(parameter.columns[0])
        return parameter.match == .equals && column?.kind == .date ? .date : .text
    }

    /// The answers by question, each checked; every question that needs an answer has one.
    static func check(_ questions: [QueryQuestion], _ given: [OneStopV1.FormAnswer]) throws(Refusal)
        -> [String: String]
    {
        var answers: [String: String] = [:]
        for answer in given {
            guard let question: QueryQuestion = questions.first(where: { $0.id == answer.question }) else {
                throw QueryTexts.parameterUnknown(String(answer.question.prefix(64)))
            }
            guard answers[question.id] == nil else { throw QueryTexts.parameterTwice(question.id) }
            answers[question.id] = answer.value
        }
        var violations: [FieldViolation] = []
        for question in questions {
            let value: String = (answers.removeValue(forKey: question.id) ?? "").trimmed
            if value.isEmpty {
                if !question.optional {
                    violations.append(QueryTexts.parameterMissing(question.label, id: question.id))
                }
                continue
            }
            answers[question.id] = question.accepted(value)
            if answers[question.id] == nil {
                violations.append(QueryTexts.parameterWrong(question.label, id: question.id))
            }
        }
        guard violations.isEmpty else { throw .invalid(violations) }
        return answers
    }

    private func accepted(_ value: String) -> String? {
        switch kind {
        case .text:
            do throws(Refusal) { return try Self.answerRule.apply(value, field: id) } catch { return nil }
        case .date: return CivilDate(value) == nil ? nil : value
        case .choice(let choices): return choices.contains { $0.value == value } ? value : nil
        }
    }

    /// The question on the wire.
    var message: OneStopV1.FormQuestion {
        var message: OneStopV1.FormQuestion = OneStopV1.FormQuestion(
            id: id, prompt: .init(prompt), label: .init(label), optional: optional)
        switch kind {
        case .text:
            message.kind = .text
            message.minimum = Int64(Self.answerRule.length.lowerBound)
            message.maximum = Int64(Self.answerRule.length.upperBound)
        case .date: message.kind = .date
        case .choice(let choices):
            message.kind = .choice
            message.choices = choices.map { choice in
                .init(value: choice.value, label: .init(BilingualText(zh: choice.label, en: "")))
            }
        }
        return message
    }
}
