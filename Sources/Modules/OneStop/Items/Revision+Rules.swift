import Kernel
import Platform

/// What differs between two revisions of an item, for people.
struct RevisionDifference: Sendable, Equatable {
    let subject: BilingualText
    /// Empty if it is new.
    let old: String
    /// Empty if it was taken away.
    let new: String

    /// In the order of the item's fields; what people do not see is not compared.
    static func between(_ old: RevisedItem, _ new: RevisedItem, _ language: Language) -> [RevisionDifference]
    {
        zip(lines(old, language), lines(new, language)).flatMap { before, after in
            before.isList
                ? lists(before.subject, before.values, after.values)
                : before.values == after.values
                    ? []
                    : [
                        RevisionDifference(
                            subject: before.subject, old: before.values[0], new: after.values[0])
                    ]
        }
    }

    /// One difference for each element that came or went; what only moved is none.
    private static func lists(_ subject: BilingualText, _ old: [String], _ new: [String])
        -> [RevisionDifference]
    {
        let gone: [String] = old.filter { !new.contains($0) }
        let came: [String] = new.filter { !old.contains($0) }
        return gone.map { RevisionDifference(subject: subject, old: $0, new: "") }
            + came.map { RevisionDifference(subject: subject, old: "", new: $0) }
    }

    private struct Line {
        let subject: BilingualText
        let values: [String]
        let isList: Bool

        init(_ zh: String, _ en: String, _ value: String) {
            subject = BilingualText(zh: zh, en: en)
            values = [value]
            isList = false
        }

        init(_ zh: String, _ en: String, list: [String]) {
            subject = BilingualText(zh: zh, en: en)
            values = list
            isList = true
        }
    }

    private static func lines(_ item: RevisedItem, _ language: Language) -> [Line] {
        let content: ItemContent = item.content
        let definition: ItemDefinition = item.definition
        return [
            Line("名称", "name", content.name),
            Line("类型", "type", content.type),
            Line("部门", "department", content.department),
            Line("法定时限", "statutory limit", DefinitionTexts.limit(content.statutory, language)),
            Line("承诺时限", "promised limit", DefinitionTexts.limit(content.promised, language)),
            Line("说明", "note", content.note),
            Line("申请对象", "audience", DefinitionTexts.audience(definition.audience, language)),
            Line("受理条件", "conditions", list: definition.conditions.map { $0.text(in: language) }),
            Line(
                "材料", "materials", list: definition.materials.map { DefinitionTexts.material($0, language) }),
            Line("步骤", "steps", list: definition.steps.map { $0.text(in: language) }),
            Line("到现场次数", "visits in person", definition.visits.map(String.init) ?? ""),
            Line("收费", "fee", definition.fee),
            Line("收费项目", "fees", list: definition.fees.map { DefinitionTexts.fee($0) }),
            Line("地点", "place", definition.place.text(in: language)),
            Line("电话", "telephone", definition.phone),
            Line("办理结果", "result", definition.result),
            Line("行使层级", "level", definition.authorityLevel),
            Line("通办范围", "service area", definition.serviceArea),
            Line(
                "特别程序", "special procedures",
                list: definition.specialProcedures.map { DefinitionTexts.procedure($0, language) }),
            Line("依据", "legal basis", definition.legalBasis),
            Line(
                "身份核验", "identity check", DefinitionTexts.identityLevel(definition.identityLevel, language)),
        ]
    }
}
