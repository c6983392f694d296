import Contract
import Kernel
import Platform

// Where applications and forms meet: answers that were checked by a form, as an application keeps them.

extension FormDesk {
    /// The answers as an application keeps them, in the order of the form.
    ///
    /// - Parameters:
    ///   - person: `residents/{id}` of whoever the application is for, never of whoever types.
    ///   - form: that the application began with.
    ///   - old: those of the application that is supplemented; empty for a new one.
    /// - Throws: INVALID_ARGUMENT with every problem; FAILED_PRECONDITION with every rule that fails.
    func settle(
        _ answers: [OneStopV1.FormAnswer], by form: FormDefinition, for person: String,
        old: [KeptAnswer] = [], _ context: ReadContext
    ) throws -> [KeptAnswer] {
        let oldValues: [(String, String)] = old.map { ($0.question, $0.value) }
        let resolved: [ResolvedAnswer] = try resolve(
            answers, by: form, person: person,
            kept: Dictionary(oldValues, uniquingKeysWith: { first, _ in first }), context)
        return resolved.map { answer in
            // An answer that was taken over and is not given anew keeps its origin.
            let before: KeptAnswer? = old.first {
                $0.question == answer.question && $0.value == answer.value
            }
            return KeptAnswer(
                question: answer.question, label: KeptText(answer.label), value: answer.value,
                shown: answer.shown.zh, masked: answer.masked.zh,
                origin: answer.origin.map { KeptText($0) } ?? before?.origin, file: answer.file,
                knownAs: answer.knownAs)
        }
    }

    /// Keeps what was answered, so that it is offered the next time and not asked twice.
    func remember(
        _ answers: [KeptAnswer], by form: FormDefinition, of item: RevisedItem, for person: String,
        _ unit: UnitOfWork
    ) throws {
        let resolved: [ResolvedAnswer] = answers.compactMap { answer in
            guard let question: FormQuestion = form.question(answer.question) else { return nil }
            return ResolvedAnswer(
                question: answer.question, label: question.label, kind: question.kind, value: answer.value,
                shown: BilingualText(zh: answer.shown, en: answer.shown),
                masked: BilingualText(zh: answer.masked, en: answer.masked),
                origin: answer.origin.map { BilingualText(zh: $0.zh, en: $0.en) }, file: answer.file,
                knownAs: answer.knownAs)
        }
        try remember(resolved, for: item, person: person, unit)
    }
}
