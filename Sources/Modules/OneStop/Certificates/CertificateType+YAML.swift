import Kernel
import Platform

extension CertificateCatalogue {
    /// Reads ops/data/certificates: `types` and `refused`.
    static let reader: DocumentReader = DocumentReader(.certificates) { yaml in
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let isRefused: Bool = root.entries().contains { $0.key == "proofs" }
        return isRefused
            ? try RefusedProofs.read(root, document) : try CertificateCatalogue.read(root, document)
    }

    private static let levels: [String: OrganizationLevel] = [
        "community": .community, "town": .town, "county": .county, "department": .department,
        "prefecture": .prefecture,
    ]

    private static func read(_ root: DataNode, _ document: DataDocument) throws -> CheckedDocument {
        let fields: DataFields = root.fields(required: ["id", "version", "types"])
        let version: Int = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        if let id = fields["id"], id.identifier() != "types" {
            id.report(zh: "这里应当是types。", en: "This has to be types.")
        }
        var types: [CertificateType] = []
        for node in fields["types"]?.list() ?? [] {
            let type: CertificateType = read(node)
            if types.contains(where: { $0.id == type.id }) {
                node.report(zh: "编号“\(type.id)”重复。", en: "The id '\(type.id)' appears twice.")
            }
            types.append(type)
        }
        try document.finish()
        return CheckedDocument(
            id: "types", version: version, value: CertificateCatalogue(version: version, types: types))
    }

    private static func read(_ node: DataNode) -> CertificateType {
        let fields: DataFields = node.fields(
            required: [
                "id", "title", "description", "legal_basis", "issued_by", "validity_days", "questions",
                "lines",
                "statement",
            ],
            optional: ["words", "item", "clear"])
        let questions: [CertificateType.Question] = (fields["questions"]?.list() ?? []).map(question)
        let type: CertificateType = CertificateType(
            id: fields["id"]?.identifier() ?? "",
            title: fields["title"]?.bilingual(maximum: 60) ?? BilingualText(zh: "", en: ""),
            words: fields.texts("words", maximum: 20),
            description: fields["description"]?.bilingual() ?? BilingualText(zh: "", en: ""),
            legalBasis: fields["legal_basis"]?.text() ?? "",
            issuedBy: Set((fields["issued_by"]?.list() ?? []).compactMap(level)),
            validityDays: fields["validity_days"]?.integer(in: 1...3_650) ?? 1,
            item: fields["item"]?.text(maximum: 64) ?? "", questions: questions,
            lines: (fields["lines"]?.list() ?? []).map(line), clear: Set(fields.texts("clear", maximum: 64)),
            statement: fields["statement"]?.text(maximum: 300) ?? "")
        check(type, node)
        return type
    }

    private static func level(_ node: DataNode) -> OrganizationLevel? {
        let text: String = node.text(maximum: 20)
        guard let level = levels[text] else {
            let known: String = levels.keys.sorted().joined(separator: ", ")
            node.report(zh: "不认识的层级“\(text)”。可用：\(known)。", en: "Unknown level '\(text)'. Known: \(known).")
            return nil
        }
        return level
    }

    private static func question(_ node: DataNode) -> CertificateType.Question {
        let fields: DataFields = node.fields(
            required: ["id", "kind", "prompt", "label"],
            optional: ["minimum", "maximum", "choices", "personal"])
        let empty: BilingualText = BilingualText(zh: "", en: "")
        let personal: CertificateType.Personal? = fields["personal"].flatMap { node in
            let text: String = node.text(maximum: 20)
            let found: CertificateType.Personal? = CertificateType.Personal(rawValue: text)
            if found == nil {
                node.report(
                    zh: "personal应为name、id_number、phone或address。",
                    en: "personal is name, id_number, phone or address.")
            }
            return found
        }
        return CertificateType.Question(
            id: fields["id"]?.identifier() ?? "", prompt: fields["prompt"]?.bilingual(maximum: 60) ?? empty,
            label: fields["label"]?.bilingual(maximum: 40) ?? empty, kind: kind(fields), personal: personal)
    }

    private static func kind(_ fields: DataFields) -> CertificateType.QuestionKind {
        let kind: String = fields["kind"]?.text(maximum: 20) ?? ""
        switch kind {
        case "text": return .text(maximum: fields["maximum"]?.integer(in: 1...60) ?? 40)
        case "number":
            let minimum: Int = fields["minimum"]?.integer(in: 0...1_000_000) ?? 0
            let maximum: Int = fields["maximum"]?.integer(in: minimum...1_000_000_000) ?? 1_000_000
            return .number(minimum...maximum)
        case "date": return .date
        case "choice":
            let choices: [(value: String, label: BilingualText)] = (fields["choices"]?.entries() ?? []).map {
                (value: $0.key, label: $0.value.bilingual(maximum: 30))
            }
            if choices.isEmpty {
                fields["kind"]?.report(zh: "请写出choices。", en: "Write the choices.")
            }
            return .choice(choices)
        default:
            fields["kind"]?.report(
                zh: "kind应为text、number、date或choice。", en: "kind is text, number, date or choice.")
            return .date
        }
    }

    private static func line(_ node: DataNode) -> CertificateType.Line {
        let fields: DataFields = node.fields(required: ["label", "value"])
        return CertificateType.Line(
            label: fields["label"]?.text(maximum: 10) ?? "", value: fields["value"]?.text(maximum: 60) ?? "")
    }

    /// What stands on the paper has to come from somewhere, and what is asked has to stand on the paper.
    private static func check(_ type: CertificateType, _ node: DataNode) {
        let asked: Set<String> = Set(type.questions.map(\.id))
        let known: Set<String> = asked.union(CertificateType.holderFields.keys)
        for name in type.placeholders where !known.contains(name) {
            node.report(
                zh: "花括号里的“\(name)”既不是持证人的内容，也不是问题的编号。",
                en: "'{\(name)}' is neither of the holder nor the id of a question.")
        }
        for name in asked.subtracting(type.placeholders).sorted() {
            node.report(zh: "问了“\(name)”，纸上却没有用到。", en: "'\(name)' is asked and stands on no line.")
        }
        for name in type.clear.subtracting(known).sorted() {
            node.report(zh: "clear里的“\(name)”不存在。", en: "'\(name)' in clear does not exist.")
        }
        if type.lines.isEmpty || type.lines.count > 12 {
            node.report(zh: "应有1到12行。", en: "There have to be 1 to 12 lines.")
        }
        if type.issuedBy.isEmpty {
            node.report(zh: "请写明由哪一级出具。", en: "Say which level issues it.")
        }
        if type.statement.contains("{") {
            node.report(
                zh: "statement里不能有花括号：它不在二维码里，不能因人而异。",
                en: "A statement has no placeholders: it is not in the code, so it must be the same for all.")
        }
    }
}

extension RefusedProofs {
    /// Proofs of the first list; a list with fewer has lost some.
    static let count: Int = 20

    fileprivate static func read(_ root: DataNode, _ document: DataDocument) throws -> CheckedDocument {
        let fields: DataFields = root.fields(required: ["id", "version", "legal_basis", "proofs"])
        let version: Int = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        let basis: String = fields["legal_basis"]?.text() ?? ""
        if let id = fields["id"], id.identifier() != "refused" {
            id.report(zh: "这里应当是refused。", en: "This has to be refused.")
        }
        let nodes: [DataNode] = fields["proofs"]?.list() ?? []
        var proofs: [RefusedProof] = []
        for (index, node) in nodes.enumerated() {
            let entry: DataFields = node.fields(
                required: ["id", "title", "words", "instead"], optional: ["item"])
            let proof: RefusedProof = RefusedProof(
                id: entry["id"]?.identifier() ?? "",
                title: entry["title"]?.bilingual(maximum: 60) ?? BilingualText(zh: "", en: ""),
                words: entry.texts("words", maximum: 20),
                legalBasis: basis.replacing("{n}", with: String(index + 1)),
                instead: entry["instead"]?.bilingual() ?? BilingualText(zh: "", en: ""),
                item: entry["item"]?.text(maximum: 64) ?? "")
            if proofs.contains(where: { $0.id == proof.id }) {
                node.report(zh: "编号“\(proof.id)”重复。", en: "The id '\(proof.id)' appears twice.")
            }
            proofs.append(proof)
        }
        if proofs.count < count {
            root.report(
                zh: "清单第一批有\(count)项，这里只有\(proofs.count)项。",
                en: "The first list has \(count) proofs; here are \(proofs.count).")
        }
        try document.finish()
        return CheckedDocument(
            id: "refused", version: version, value: RefusedProofs(version: version, proofs: proofs))
    }
}
