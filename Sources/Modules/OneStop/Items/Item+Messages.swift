import Contract
import Kernel
import Platform

extension StoredItem {
    /// The item as a list shows it: what its catalogue says.
    func message() -> OneStopV1.Item {
        OneStopV1.Item(
            name: "items/\(id)", code: content.code, displayName: content.name,
            kind: .init(rawValue: Int32(content.kind.rawValue)), type: content.type,
            department: content.department,
            statutoryLimit: content.statutory.timeLimit?.wire,
            promisedLimit: content.promised.timeLimit?.wire,
            immediate: content.promised == .immediate, visits: -1, synonyms: content.synonyms,
            source: content.source, revision: Int32(clamping: revision), updateTime: .init(updateTime))
    }
}

extension RevisedItem {
    /// The item as people see it, with its guide.
    func message(_ language: Language) -> OneStopV1.Item {
        var message: OneStopV1.Item = item.message()
        message.visits = definition.visits.map { Int32(clamping: $0) } ?? -1
        message.materials = definition.materials.map { material in
            OneStopV1.Material(
                label: material.label, source: material.source, required: material.required, form: material.form,
                copies: Int32(clamping: material.copies), note: material.note)
        }
        if !content.note.isEmpty { message.steps.append(.init(ItemTexts.note(content.note))) }
        message.steps += definition.steps.map { .init($0) }
        message.fee = definition.fee
        message.fees = definition.fees.map { .init(label: $0.label, amountFen: $0.amountFen, note: $0.note) }
        message.place = definition.place.text(in: language)
        message.phone = definition.phone
        message.audience = .init(rawValue: Int32(definition.audience?.rawValue ?? 0))
        message.authorityLevel = definition.authorityLevel
        message.serviceArea = definition.serviceArea
        message.result = definition.result
        message.specialProcedures = definition.specialProcedures.map { procedure in
            OneStopV1.SpecialProcedure(
                kind: .init(rawValue: Int32(procedure.kind.rawValue)), label: .init(procedure.label),
                limit: procedure.limit?.wire)
        }
        message.legalBasis = definition.legalBasis
        message.conditions = definition.conditions.map { .init($0) }
        message.acceptsApplications = acceptsApplications
        return message
    }
}
