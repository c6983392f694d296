import Contract
import Kernel
import Platform
import Storage

/// An answer that was checked, as an application keeps it.
struct ResolvedAnswer: Sendable, Equatable {
    var question: String
    var label: BilingualText
    var kind: FormQuestion.Kind
    /// As its kind writes it; personal data. Of somebody of a household it holds name and ID number (`KeptPerson`).
    var value: String
    var shown: BilingualText
    /// The same with personal parts covered.
    var masked: BilingualText
    /// Where it came from if it was taken over; nil if it was typed.
    var origin: BilingualText?
    /// `files/{id}` for a material; empty otherwise.
    var file: String
    /// Under which name other forms know it; empty if none does.
    var knownAs: String
}

/// The form of an item.
struct ItemForm: Sendable, Equatable {
    let form: FormDefinition
    /// Of the general forms that it is one of; nil for the item's own, which goes with the item's revision.
    let version: Int?

    var isGeneral: Bool { version != nil }
}

/// The desk for forms: gives them out with what is known, checks answers, and settles them for an application.
///
/// `person` is `residents/{id}` of whoever the application is for; the caller is whoever types.
struct FormDesk: Sendable {
    let platform: Platform
    /// Whether people and firms that cannot exist are let in.
    let synthetic: SyntheticData

    private var known: KnownAnswers { KnownAnswers(keyring: platform.keyring) }
    private var residents: Residents { Residents(keyring: platform.keyring) }
    private var households: Households { Households(keyring: platform.keyring) }

    // MARK: For applications

    /// The form by which one applies for an item: its own, or the general one of its type.
    ///
    /// - Parameter version: of the general forms, for an application that began with it; nil for the newest.
    /// - Throws: FAILED_PRECONDITION (`FORMS_MISSING`) if neither is there.
    func definition(for item: RevisedItem, version: Int? = nil) throws(Refusal) -> ItemForm {
        if let form = item.definition.form { return ItemForm(form: form, version: nil) }
        let id: String = GeneralForms.documentID
        let newest: (version: Int, value: GeneralForms)? = platform.documents.value(.forms, id: id)
        let pinned: GeneralForms? = version.flatMap { platform.documents.value(.forms, id: id, version: $0) }
        guard let newest else { throw FormTexts.formsMissing }
        return ItemForm(
            form: (pinned ?? newest.value).form(forType: item.content.type),
            version: pinned == nil ? newest.version : version)
    }

    /// The form with what is known of the person already.
    func form(for item: RevisedItem, person: String, _ context: ReadContext) throws
        -> OneStopV1.GetFormResponse
    {
        let itemForm: ItemForm = try definition(for: item)
        let form: FormDefinition = itemForm.form
        let offers: [String: KnownAnswer] = try offers(form, person, context)
        let places: FormContext = try self.context(
            form, offers.mapValues(\.value), kept: [:], person: person, context)
        return OneStopV1.GetFormResponse(
            form: form.message(of: item, general: itemForm.isGeneral, today: context.now.shanghaiDate),
            knownAnswers: form.questions.compactMap { question in
                offers[question.id].map { answer in
                    OneStopV1.KnownAnswer(
                        question: question.id,
                        shown: FormValues.shown(answer.value, question, places, masked: question.isMasked).zh,
                        origin: .init(answer.origin), value: question.isMasked ? "" : answer.value)
                }
            })
    }

    /// What is wrong with answers so far.
    func check(
        _ answers: [OneStopV1.FormAnswer], for item: RevisedItem, person: String, _ context: ReadContext
    ) throws -> FormFindings {
        try examine(answers, try definition(for: item).form, kept: [:], person: person, context).findings
    }

    /// The answers as an application keeps them, in the order of the form.
    ///
    /// - Parameter kept: values of an application that is supplemented, by question. What stays as it was handed in stays
    ///   good: a day that is over by now, a file that is attached, a person who is gone.
    /// - Throws: INVALID_ARGUMENT with every answer that is wrong or missing; FAILED_PRECONDITION (`NOT_ELIGIBLE`) with every
    ///   rule that fails.
    func resolve(
        _ answers: [OneStopV1.FormAnswer], by form: FormDefinition, person: String, kept: FormAnswers = [:],
        _ context: ReadContext
    ) throws -> [ResolvedAnswer] {
        let examined: Examined = try examine(answers, form, kept: kept, person: person, context)
        if let refusal = examined.findings.refusal(examined.form) { throw refusal }
        return examined.form.questions.compactMap { question in
            guard let value: String = examined.findings.values[question.id] else { return nil }
            let shown: BilingualText = FormValues.shown(value, question, examined.context, masked: false)
            return ResolvedAnswer(
                question: question.id, label: question.label, kind: question.kind, value: value, shown: shown,
                masked: question.isMasked
                    ? FormValues.shown(value, question, examined.context, masked: true) : shown,
                origin: examined.origins[question.id], file: question.kind == .file ? value : "",
                knownAs: question.knownAs)
        }
    }

    /// Keeps what other forms ask for too. What the account holds stays there alone.
    func remember(
        _ answers: [ResolvedAnswer], for item: RevisedItem, person: String, _ unit: UnitOfWork
    ) throws {
        let ofAccount: Set<String> = [KnownKeys.name, KnownKeys.idNumber, KnownKeys.phone]
        for answer in answers where !answer.knownAs.isEmpty && !ofAccount.contains(answer.knownAs) {
            // What was taken over and not typed keeps its origin and its age.
            guard answer.origin == nil else { continue }
            try known.keep(
                answer.value, as: answer.knownAs, kind: answer.kind, of: person, itemText: item.content.name,
                unit)
        }
    }

    // MARK: Known answers

    /// What is known, by question; only what would be taken as an answer now.
    private func offers(_ form: FormDefinition, _ person: String, _ context: ReadContext) throws
        -> [String: KnownAnswer]
    {
        guard form.questions.contains(where: { !$0.knownAs.isEmpty }) else { return [:] }
        var all: [String: KnownAnswer] = try known.all(of: person, now: context.now, context.connection)
        for (key, answer) in try household(person, context) { all[key] = answer }
        for (key, answer) in try account(person, context) { all[key] = answer }
        var found: [String: KnownAnswer] = [:]
        for question in form.questions {
            guard let answer = all[question.knownAs], answer.kind == question.kind else { continue }
            found[question.id] = answer
        }
        let checking: FormContext = try self.context(
            form, found.mapValues(\.value), kept: [:], person: person, context)
        return found.filter { id, answer in
            guard let question = form.question(id) else { return false }
            do throws(Refusal) {
                return try FormValues.checked(answer.value, question, checking) == answer.value
            } catch {
                return false
            }
        }
    }

    private func account(_ person: String, _ context: ReadContext) throws -> [String: KnownAnswer] {
        let fields: [(key: String, field: ProtectedResidentField, kind: FormQuestion.Kind)] = [
            (KnownKeys.name, .fullName, .name), (KnownKeys.phone, .phone, .phone),
            (KnownKeys.idNumber, .idNumber, .idNumber),
        ]
        var found: [String: KnownAnswer] = [:]
        for entry in fields {
            guard let value = try residents.reveal(context.connection, id: id(person), entry.field) else {
                continue
            }
            found[entry.key] = KnownAnswer(value: value, kind: entry.kind, origin: FormTexts.originAccount)
        }
        return found
    }

    /// Of the spouse, where the household has exactly one.
    private func household(_ person: String, _ context: ReadContext) throws -> [String: KnownAnswer] {
        let spouses: [HouseholdMember] = try households.members(
            context.connection, residentID: id(person)
        ).filter { $0.relation == .spouse }
        guard let spouse = spouses.first, spouses.count == 1 else { return [:] }
        return [
            KnownKeys.spouseName: KnownAnswer(
                value: spouse.fullName.text, kind: .name, origin: FormTexts.originHousehold),
            KnownKeys.spouseIDNumber: KnownAnswer(
                value: spouse.idNumber.text, kind: .idNumber, origin: FormTexts.originHousehold),
        ]
    }

    private func id(_ person: String) -> String { String(person.dropFirst("residents/".count)) }

    // MARK: Checking

    private struct Examined {
        let form: FormDefinition
        let findings: FormFindings
        let context: FormContext
        /// Of answers that were taken over, by question.
        let origins: [String: BilingualText]
    }

    private func examine(
        _ answers: [OneStopV1.FormAnswer], _ form: FormDefinition, kept: FormAnswers, person: String,
        _ context: ReadContext
    ) throws -> Examined {
        guard answers.count <= FormLimits.answers else { throw FormTexts.tooManyAnswers }
        let offers: [String: KnownAnswer] =
            answers.contains(where: \.fromKnown) ? try self.offers(form, person, context) : [:]
        var values: FormAnswers = [:]
        var origins: [String: BilingualText] = [:]
        var problems: [FormProblem] = []
        for answer in answers {
            if values[answer.question] != nil { problems.append(FormTexts.answeredTwice(answer.question)) }
            if answer.fromKnown {
                guard let offer = offers[answer.question] else {
                    problems.append(FormTexts.nothingKnown(answer.question))
                    continue
                }
                values[answer.question] = offer.value
                origins[answer.question] = offer.origin
            } else {
                values[answer.question] = answer.value
            }
        }
        let facts: FormContext = try self.context(form, values, kept: kept, person: person, context)
        var findings: FormFindings = FormRules.check(form, values, facts)
        findings.problems += problems
        findings.nextQuestion = findings.nextQuestion ?? problems.first?.question
        return Examined(form: form, findings: findings, context: facts, origins: origins)
    }

    /// What the rules have to know for these answers.
    private func context(
        _ form: FormDefinition, _ values: FormAnswers, kept: FormAnswers, person: String,
        _ context: ReadContext
    ) throws -> FormContext {
        var facts: FormContext = FormContext(
            today: context.now.shanghaiDate, synthetic: synthetic, kept: kept)
        let connection: any Connection = context.connection
        if form.questions.contains(where: { $0.kind == .householdMember }) {
            let own: FormPerson = FormPerson(
                name: FormPerson.selfName,
                fullName: try residents.reveal(connection, id: id(person), .fullName) ?? "",
                idNumber: try residents.reveal(connection, id: id(person), .idNumber))
            facts.people =
                [own]
                + (try households.members(connection, residentID: id(person)).map { member in
                    FormPerson(
                        name: member.name, fullName: member.fullName.text, idNumber: member.idNumber.text)
                })
        }
        for question in form.questions {
            guard let value = values[question.id], !value.isEmpty else { continue }
            if question.kind == .address { try addPlace(of: value, to: &facts, connection) }
            if question.kind == .file { try addFile(value, to: &facts, kept: kept[question.id], context) }
        }
        return facts
    }

    private func addPlace(of value: String, to facts: inout FormContext, _ connection: any Connection) throws
    {
        let name: String = FormValues.parts(ofAddress: value).place
        let code: String
        do throws(Refusal) {
            code = try ResourceName(parsing: name, FormValues.placeName).id
        } catch { return }
        if let place = try Organizations.find(connection, code) {
            facts.places[name] = FormPlace(pathText: place.pathText)
        }
    }

    private func addFile(_ name: String, to facts: inout FormContext, kept: String?, _ context: ReadContext)
        throws
    {
        do throws(Refusal) {
            _ = try ResourceName(parsing: name, FormValues.fileName)
        } catch { return }
        guard let file = try platform.files.upload(context.connection, name: name) else { return }
        let own: Bool = file.subject.isEmpty && file.owner == context.principal?.name
        if own || kept == name {
            facts.files[name] = FormFile(displayName: file.displayName, contentType: file.contentType)
        }
    }
}
