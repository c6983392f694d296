import Contract
import Kernel
import Platform
import Storage

// What is missing of an application 补正: asked for once, by the form that it began with.

extension FormDefinition {
    /// The questions that are asked again, and those that may follow from their answers and had none before.
    ///
    /// A condition on an answer that stays is decided here; one on an answer that is asked again is left in.
    ///
    /// - Parameter holds: whether a condition holds for the answers as they are.
    func askingAgain(
        _ asked: Set<String>, answered: Set<String>, holds: (FormCondition) -> Bool
    ) -> FormDefinition {
        var open: Set<String> = asked
        var again: FormDefinition = FormDefinition(intro: intro)
        for question in questions {
            var question: FormQuestion = question
            let following: [FormCondition] = question.shownIf.filter { open.contains($0.questionID) }
            if !asked.contains(question.id) {
                let staying: [FormCondition] = question.shownIf.filter { !open.contains($0.questionID) }
                guard !following.isEmpty, !answered.contains(question.id), staying.allSatisfy(holds) else {
                    continue
                }
                open.insert(question.id)
            }
            question.shownIf = following
            again.questions.append(question)
        }
        return again
    }
}

extension Applications {
    /// What an application was handed in with.
    private struct HandedIn {
        let item: RevisedItem
        let form: ItemForm
        let answers: [KeptAnswer]
        let values: FormAnswers
        let today: CivilDate
        let synthetic: SyntheticData

        func holds(_ condition: FormCondition) -> Bool {
            let context: FormContext = FormContext(today: today, synthetic: synthetic, kept: values)
            return FormRules.holds(condition, form.form, values, context)
        }

        func askingAgain(_ asked: Set<String>) -> FormDefinition {
            form.form.askingAgain(asked, answered: Set(values.keys), holds: holds)
        }
    }

    private func handedIn(_ record: ApplicationRecord, _ context: ReadContext) throws -> HandedIn {
        let item: RevisedItem = try item(of: record, context.connection)
        let answers: [KeptAnswer] = try store.answers(of: record, context.connection)
        return HandedIn(
            item: item, form: try forms.definition(for: item, version: record.formVersion), answers: answers,
            values: Dictionary(
                answers.map { ($0.question, $0.value) }, uniquingKeysWith: { first, _ in first }),
            today: context.now.shanghaiDate, synthetic: forms.synthetic)
    }

    /// 一次性告知: which questions are asked again, and everything else that is missing.
    ///
    /// - Throws: NOT_FOUND (`QUESTION_NOT_FOUND`) for a question that the form does not ask with these answers.
    func requestSupplement(
        of record: ApplicationRecord, questions: [String], points: [String], etag: String = "",
        _ unit: UnitOfWork
    ) throws -> ApplicationRecord {
        let changed: ApplicationRecord = try apply(
            .requestSupplement(questions: questions, points: points), to: record, etag: etag, unit)
        let before: HandedIn = try handedIn(record, unit.reading)
        let visible: [FormQuestion] = before.form.form.questions.filter { question in
            before.values[question.id] != nil || question.shownIf.allSatisfy(before.holds)
        }
        guard Set(visible.map(\.id)).isSuperset(of: questions) else { throw ApplicationTexts.questionUnknown }
        return changed
    }

    /// The form with which whoever applied answers again.
    ///
    /// - Throws: PERMISSION_DENIED for others; FAILED_PRECONDITION (`NOTHING_ASKED_AGAIN`).
    func supplementForm(of record: ApplicationRecord, _ context: ReadContext) throws
        -> OneStopV1.GetFormResponse
    {
        guard let principal = context.principal,
            try actor(principal, record, context).workflow.roles.contains(ApplicationActor.applicantRole)
        else { throw Refusal.permissionDenied() }
        guard record.state == .supplementRequested, let supplement = record.details.supplement else {
            throw ApplicationTexts.nothingAskedAgain
        }
        let before: HandedIn = try handedIn(record, context)
        let form: FormDefinition = before.askingAgain(Set(supplement.questions))
        return OneStopV1.GetFormResponse(
            form: form.message(of: before.item, general: before.form.isGeneral, today: before.today),
            applicantText: record.agent == nil ? "" : try applicantName(record, context.connection))
    }

    /// Replaces the answers that were asked for again and adds what follows from them. All others stay as they were.
    ///
    /// - Parameter note: what was said about it; stands in for answers, so that people can disagree.
    /// - Throws: INVALID_ARGUMENT (`SUPPLEMENT_EMPTY`) if questions were asked again and nothing is handed in: one is asked
    ///   once and answers once.
    func supplement(
        _ record: ApplicationRecord, with answers: [OneStopV1.FormAnswer], note: String, _ unit: UnitOfWork
    ) throws {
        guard !answers.isEmpty else {
            let asked: [String] = record.details.supplement?.questions ?? []
            guard asked.isEmpty || !note.isEmpty else { throw ApplicationTexts.supplementEmpty }
            return
        }
        let before: HandedIn = try handedIn(record, unit.reading)
        let again: FormDefinition = before.askingAgain(Set(record.details.supplement?.questions ?? []))
        guard Set(again.questions.map(\.id)).isSuperset(of: answers.map(\.question)) else {
            throw ApplicationTexts.notAskedAgain
        }
        let given: Set<String> = Set(answers.map(\.question))
        let staying: [OneStopV1.FormAnswer] = before.answers.filter { !given.contains($0.question) }.map {
            OneStopV1.FormAnswer(question: $0.question, value: $0.value)
        }
        let settled: [KeptAnswer] = try forms.settle(
            staying + answers, by: before.form.form, for: record.applicant, old: before.answers, unit.reading)
        let oldFiles: Set<String> = Set(before.answers.map(\.file))
        let newFiles: [String] = settled.map(\.file).filter { !$0.isEmpty && !oldFiles.contains($0) }
        try platform.files.attach(unit, names: newFiles, subject: record.name)
        try store.setAnswers(settled, of: record, unit.connection)
        // What was wrong must not be offered the next time.
        try forms.remember(
            settled.filter { given.contains($0.question) }, by: before.form.form, of: before.item,
            for: record.applicant, unit)
    }
}
