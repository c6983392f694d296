import Kernel

/// One form out of those of several items: each question once, in the order of the items.
///
/// Two questions are one if they take the same answers and have the same id, or share what is known under one name. What
/// has the same id and takes other answers is asked under another id.
struct BundleForm: Sendable, Equatable {
    /// The questions as the bundle asks them.
    private(set) var questions: [FormQuestion] = []
    /// The rules of all items, each once.
    private(set) var eligibility: [EligibilityRule] = []
    /// For each item, under which id the bundle asks a question, where that is not the item's own.
    private(set) var aliases: [[String: String]] = []

    init(_ forms: [FormDefinition]) {
        for (part, form) in forms.enumerated() { add(form, part) }
        // What closes several forms, such as a declaration, closes the bundle too.
        let asked: [[String]] = forms.indices.map { part in
            forms[part].questions.map { self.asked($0.id, part) }
        }
        let closing: Set<String> = Set(
            questions.map(\.id).filter { id in
                let having: [[String]] = asked.filter { $0.contains(id) }
                return having.count > 1 && having.allSatisfy { $0.last == id }
            })
        questions =
            questions.filter { !closing.contains($0.id) } + questions.filter { closing.contains($0.id) }
    }

    /// The id under which the bundle asks what an item asks.
    func asked(_ question: String, _ part: Int) -> String { aliases[part][question] ?? question }

    /// Refuses what no part asks and what is answered twice; whether an answer is right, its part's form says.
    func checkQuestions(of answers: [String]) throws(Refusal) {
        var seen: Set<String> = []
        var findings: FormFindings = FormFindings()
        for id in answers {
            if !questions.contains(where: { $0.id == id }) {
                findings.problems.append(FormTexts.questionUnknown(id))
            } else if !seen.insert(id).inserted {
                findings.problems.append(FormTexts.answeredTwice(id))
            }
        }
        if let refusal = findings.refusal(FormDefinition(questions: questions)) { throw refusal }
    }

    private mutating func add(_ form: FormDefinition, _ part: Int) {
        aliases.append([:])
        for question in form.questions {
            var question: FormQuestion = question
            question.shownIf = question.shownIf.map { condition in
                var condition: FormCondition = condition
                condition.question =
                    (condition.isAge ? FormCondition.agePrefix : "") + asked(condition.questionID, part)
                return condition
            }
            if let index = questions.firstIndex(where: { Self.isOne($0, question) }) {
                if questions[index].id != question.id { aliases[part][question.id] = questions[index].id }
                // Whoever needs it has it.
                questions[index].optional = questions[index].optional && question.optional
                continue
            }
            if questions.contains(where: { $0.id == question.id }) {
                let other: String = "\(question.id)__\(part + 1)"
                aliases[part][question.id] = other
                question.id = other
            }
            questions.append(question)
        }
        for rule in form.eligibility
        where !eligibility.contains(where: { $0.id == rule.id && $0.text == rule.text }) {
            eligibility.append(rule)
        }
    }

    /// Whether one answer serves both. The earlier one has to be asked whenever the later is.
    private static func isOne(_ earlier: FormQuestion, _ later: FormQuestion) -> Bool {
        guard earlier.id == later.id || (!earlier.knownAs.isEmpty && earlier.knownAs == later.knownAs)
        else {
            return false
        }
        return earlier.kind == later.kind && earlier.bounds == later.bounds
            && earlier.earliest == later.earliest
            && earlier.latest == later.latest && earlier.contentTypes == later.contentTypes
            && earlier.choices.map(\.value) == later.choices.map(\.value)
            && (earlier.shownIf.isEmpty || earlier.shownIf == later.shownIf)
    }
}
