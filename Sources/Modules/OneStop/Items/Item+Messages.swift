import Contract
import Kernel
import Platform
import Storage

extension RevisedItem {
    /// The item as lists show it, without its guide.
    ///
    /// - Parameter connection: where to look for the source of a query item's answers.
    func summary(_ connection: any Connection) throws -> OneStopV1.Item {
        OneStopV1.Item(
            name: name, code: content.code, displayName: content.name,
            kind: .init(rawValue: Int32(content.kind.rawValue)), type: content.type,
            department: content.department,
            statutoryLimit: content.statutory.timeLimit?.wire,
            promisedLimit: content.promised.timeLimit?.wire,
            immediate: content.promised == .immediate,
            visits: definition.visits.map { Int32(clamping: $0) } ?? -1,
            synonyms: content.synonyms, source: content.source, revision: Int32(clamping: revision),
            updateTime: .init(item.updateTime),
            audience: .init(rawValue: Int32(definition.audience?.rawValue ?? 0)),
            authorityLevel: definition.authorityLevel, serviceArea: definition.serviceArea,
            result: definition.result, acceptsApplications: acceptsApplications,
            hasOwnForm: definition.form != nil,
            querySourceState: content.kind == .query
                ? try QueryStore.source(connection, code: content.code).state : .unspecified)
    }

    /// The item as people see it, with its guide.
    func message(_ language: Language, _ connection: any Connection) throws -> OneStopV1.Item {
        var message: OneStopV1.Item = try summary(connection)
        let code: ItemCode = ItemCode(content.code)
        message.parsedCode = OneStopV1.ItemCode(
            scheme: code.scheme.rawValue,
            parts: code.parts.map { .init(label: .init($0.label), value: $0.value) })
        message.hasDraft = try ItemStore.draft(connection, id: item.id) != nil
        message.materials = definition.materials.map { material in
            OneStopV1.Material(
                label: material.label, source: material.source, required: material.required,
                form: material.form,
                copies: Int32(clamping: material.copies), note: material.note)
        }
        if !content.note.isEmpty { message.steps.append(.init(ItemTexts.note(content.note))) }
        message.steps += definition.steps.map { .init($0) }
        message.fee = definition.fee
        message.fees = definition.fees.map { .init(label: $0.label, amountFen: $0.amountFen, note: $0.note) }
        message.place = definition.place.text(in: language)
        message.phone = definition.phone
        message.specialProcedures = definition.specialProcedures.map { procedure in
            OneStopV1.SpecialProcedure(
                kind: .init(rawValue: Int32(procedure.kind.rawValue)), label: .init(procedure.label),
                limit: procedure.limit?.wire)
        }
        message.legalBasis = definition.legalBasis
        message.conditions = definition.conditions.map { .init($0) }
        return message
    }
}
