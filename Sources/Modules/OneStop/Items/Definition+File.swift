import Kernel
import Platform

/// Definitions that were read from a YAML file (ops/data/items/README.md describes its words).
struct DefinitionFile: Sendable {
    struct Entry: Sendable {
        let code: String
        /// Where it begins in the file.
        let line: Int?
        let content: Content

        /// The definition of an item that had none.
        var definition: ItemDefinition { content.applied(to: ItemDefinition()) }
    }
    /// What an entry says of its item.
    enum Content: Sendable {
        /// All but the form, which stays as it is unless the definition has one.
        case definition(ItemDefinition)
        /// The form, and nothing else.
        case form(FormDefinition)

        /// The definition of an item that has `active` now.
        func applied(to active: ItemDefinition) -> ItemDefinition {
            switch self {
            case .definition(var definition):
                definition.form = definition.form ?? active.form
                return definition
            case .form(let form):
                var definition: ItemDefinition = active
                definition.form = form
                return definition
            }
        }
    }
    /// Only items of this catalogue; empty for all.
    let catalogue: String
    let entries: [Entry]
    /// Things that are allowed but look wrong.
    let warnings: [DataProblem]

    /// Reads and checks a file. Codes are held against the store later.
    ///
    /// - Throws: `DataFileError` with each wrong element.
    init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "version"], optional: ["catalogue", "definitions", "forms"])
        _ = fields["id"]?.identifier()
        _ = fields["version"]?.integer(in: 1...1_000_000)
        catalogue = fields["catalogue"]?.text() ?? ""
        let definitions: [Entry] = (fields["definitions"]?.entries() ?? []).map { code, node in
            Entry(code: code, line: node.line, content: .definition(ItemDefinition.read(node)))
        }
        let forms: [Entry] = (fields["forms"]?.entries() ?? []).map { code, node in
            Entry(code: code, line: node.line, content: .form(FormDefinition.read(node)))
        }
        if (fields["definitions"] == nil) == (fields["forms"] == nil) {
            root.report(
                zh: "一个文件写definitions（办事指南）或forms（表单），只写一种。",
                en: "A file has definitions or forms, and not both.")
        }
        entries = definitions + forms
        warnings = try document.finish()
    }
}

extension ItemDefinition {
    private static let visitsRange: ClosedRange<Int> = 0...20
    private static let copiesRange: ClosedRange<Int> = 0...50
    /// One million yuan.
    private static let feeRange: ClosedRange<Int> = 0...100_000_000

    /// Reads a definition; problems are noted at the node.
    static func read(_ node: DataNode) -> ItemDefinition {
        let fields: DataFields = node.fields(
            required: ["source"],
            optional: [
                "materials", "steps", "visits", "fee", "fees", "place", "phone", "audience", "level", "area",
                "result",
                "special", "basis", "conditions", "identity", "two_people", "certificate", "department",
                "applies", "form",
            ])
        var definition: ItemDefinition = ItemDefinition()
        definition.readGuide(fields)
        definition.audience = fields["audience"].flatMap {
            choice($0, ["person": .person, "organization": .organization, "both": .both])
        }
        definition.authorityLevel = fields["level"]?.text(maximum: 20) ?? ""
        definition.serviceArea = fields["area"]?.text(maximum: 60) ?? ""
        definition.result = fields["result"]?.text(maximum: 100) ?? ""
        definition.legalBasis = fields["basis"]?.text(maximum: 500) ?? ""
        definition.conditions = (fields["conditions"]?.list() ?? []).map { $0.bilingual() }
        definition.specialProcedures = (fields["special"]?.list() ?? []).compactMap(specialProcedure)
        definition.identityLevel =
            fields["identity"]?.integer(in: identityLevels) ?? definition.identityLevel
        definition.decidesInTwo = fields["two_people"]?.flag() ?? definition.decidesInTwo
        definition.certificateType = fields["certificate"]?.identifier()
        definition.departmentID = fields["department"]?.identifier() ?? ""
        definition.form = fields["form"].map(FormDefinition.read)
        definition.acceptsApplications = fields["applies"]?.flag() ?? definition.acceptsApplications
        return definition
    }

    private mutating func readGuide(_ fields: DataFields) {
        visits = fields["visits"]?.integer(in: ItemDefinition.visitsRange)
        fee = fields["fee"]?.text() ?? ""
        fees = (fields["fees"]?.list() ?? []).map { node in
            let fields: DataFields = node.fields(required: ["label"], optional: ["fen", "note"])
            if fields["fen"] == nil && fields["note"] == nil {
                node.report(
                    zh: "收多少？请写fen（分，2000就是20元）；不固定的，用note写怎么算。",
                    en: "How much? Write fen (2000 is 20 yuan), or how it is computed as note.")
            }
            return Fee(
                label: fields["label"]?.text(maximum: 100) ?? "",
                amountFen: Int64(fields["fen"]?.integer(in: ItemDefinition.feeRange) ?? 0),
                note: fields["note"]?.text() ?? "")
        }
        phone = fields["phone"]?.text(maximum: 40) ?? ""
        place = fields["place"]?.bilingual() ?? place
        source = fields["source"]?.text() ?? ""
        materials = (fields["materials"]?.list() ?? []).map(ItemDefinition.material)
        steps = (fields["steps"]?.list() ?? []).map { $0.bilingual() }
    }

    private static func material(_ node: DataNode) -> Material {
        let fields: DataFields = node.fields(
            required: ["label"], optional: ["source", "required", "form", "copies", "note"])
        return Material(
            label: fields["label"]?.text() ?? "", source: fields["source"]?.text() ?? "",
            required: fields["required"]?.flag() ?? true, form: fields["form"]?.text(maximum: 40) ?? "",
            copies: fields["copies"]?.integer(in: copiesRange) ?? 0, note: fields["note"]?.text() ?? "")
    }

    private static func specialProcedure(_ node: DataNode) -> SpecialProcedure? {
        let fields: DataFields = node.fields(required: ["kind", "label"], optional: ["limit"])
        let kind: SpecialProcedure.Kind? = fields["kind"].flatMap {
            choice(
                $0,
                [
                    "hearing": .hearing, "expert_review": .expertReview, "exam": .exam,
                    "inspection": .inspection, "publication": .publication,
                ])
        }
        guard let kind else { return nil }
        return SpecialProcedure(
            kind: kind, label: fields["label"]?.bilingual() ?? BilingualText(zh: "", en: ""),
            limit: fields["limit"].flatMap(limit))
    }

    /// A number of days, as catalogues write it.
    private static func limit(_ node: DataNode) -> TimeLimit? {
        let text: String = node.text(maximum: 20)
        if text.isEmpty { return nil }
        guard case .within(let limit) = ItemLimit(text) else {
            node.report(
                zh: "“\(text)”不是时限。写作20工作日、30自然日；不知道的，不写这一行。",
                en: "'\(text)' is no limit. Write 20工作日 or 30自然日; leave the line out if it is not known.")
            return nil
        }
        return limit
    }

    private static func choice<T>(_ node: DataNode, _ values: [String: T]) -> T? {
        let text: String = node.text(maximum: 40)
        if text.isEmpty { return nil }
        if let value: T = values[text] { return value }
        let known: String = values.keys.sorted().joined(separator: ", ")
        node.report(zh: "不认识“\(text)”。可以写：\(known)。", en: "'\(text)' is not known. Write one of: \(known).")
        return nil
    }
}
