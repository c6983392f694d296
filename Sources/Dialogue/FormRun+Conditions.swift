internal import Kernel

// Which questions a form asks, by the answers so far. The server decides by the same rules and has the last word.

extension FormRun {
    /// The questions that are asked, in order. An answer of a question that is not asked counts for nothing.
    var visible: [Int] {
        var asked: Set<String> = []
        return form.questions.indices.filter { index in
            let question = form.questions[index]
            guard
                demanded.contains(question.id)
                    || question.conditions.allSatisfy({ holds($0, asked: asked) })
            else { return false }
            asked.insert(question.id)
            return true
        }
    }

    func isVisible(_ question: Question) -> Bool {
        visible.contains { form.questions[$0].id == question.id }
    }

    private static let agePrefix = "age:"

    private func holds(_ condition: Question.Condition, asked: Set<String>) -> Bool {
        let isAge = condition.question.hasPrefix(Self.agePrefix)
        let id = isAge ? String(condition.question.dropFirst(Self.agePrefix.count)) : condition.question
        guard asked.contains(id), let answer = answers[id] else { return false }
        // An earlier form of this program asked for values that stand for "left out", too.
        if case .isOneOf = condition.comparison, !isAge { return condition.values.contains(answer.value) }
        guard answer.isPresent else { return false }
        let number: Int64? = isAge ? answer.age.map(Int64.init) : Int64(answer.value)
        let bound = condition.values.first.flatMap { Int64($0) }
        switch condition.comparison {
        case .isOneOf: return number.map { condition.values.contains(String($0)) } ?? false
        case .isNoneOf:
            guard isAge || !answer.value.isEmpty else { return false }
            return !condition.values.contains(isAge ? number.map { String($0) } ?? "" : answer.value)
        case .atLeast:
            guard let number, let bound else { return false }
            return number >= bound
        case .atMost:
            guard let number, let bound else { return false }
            return number <= bound
        case .isPresent: return true
        }
    }

    func nextUnanswered(from start: Int) -> Int? {
        visible.first { $0 >= start && answers[form.questions[$0].id] == nil }
    }

    /// The first question without an answer, its known answer first, or the summary.
    var cursorAfterAnswers: Cursor {
        guard let next = nextUnanswered(from: 0) else { return .summary }
        return form.questions[next].offer == nil ? .question(next) : .offer(next)
    }

    /// True once the person answered something that would be lost.
    var hasOwnAnswers: Bool { answers.keys.contains { !prefilled.contains($0) } }

    /// A danger was asked about and said to be there: the numbers to call were shown.
    var knowsDanger: Bool {
        answers.contains { $0.key.hasPrefix(Turn.dangerPrefix) && $0.value.value == "yes" }
    }

    var takesWordsNow: Bool {
        guard case .question(let index) = cursor else { return false }
        if case .address = form.questions[index].kind { return addressPlace != nil }
        return form.questions[index].takesWords
    }

    /// What is sent: the answers of the questions that are asked, without those that were left out.
    var submittedAnswers: [SubmittedAnswer] {
        visible.compactMap { index in
            let id = form.questions[index].id
            guard let answer = answers[id], answer.isPresent else { return nil }
            return SubmittedAnswer(
                question: id, value: answer.isFromKnown ? "" : answer.value, isFromKnown: answer.isFromKnown)
        }
    }
}

extension Masking {
    /// A personal answer for the summary.
    static func covered(_ text: String, as kind: Question.Kind) -> String {
        switch kind {
        case .name: name(text)
        case .bankAccount: account(text)
        case .phone: phone(text)
        case .idNumber: idNumber(text)
        default: text.count > 2 ? String(text.prefix(1)) + "***" : "***"
        }
    }
}
