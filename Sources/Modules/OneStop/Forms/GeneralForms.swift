import Kernel
import Platform

/// Forms for items that have none of their own, by the item's type (ops/data/forms/general.yaml).
struct GeneralForms: Sendable, Equatable {
    /// Id of the one document of its kind.
    static let documentID: String = "general"

    let version: Int
    /// By the type of the item, such as 许可.
    let types: [String: FormDefinition]
    /// For all other types.
    let standard: FormDefinition

    func form(forType type: String) -> FormDefinition { types[type] ?? standard }

    static let reader: DocumentReader = DocumentReader(.forms) { yaml in
        let forms: GeneralForms = try GeneralForms(yaml: yaml)
        return CheckedDocument(id: documentID, version: forms.version, value: forms)
    }

    /// Reads and checks the document.
    ///
    /// - Throws: `DataFileError` with every problem.
    init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["id", "version", "standard"], optional: ["types"])
        if let node = fields["id"], node.identifier() != GeneralForms.documentID {
            node.report(
                zh: "id应是\(GeneralForms.documentID)。", en: "The id has to be \(GeneralForms.documentID).")
        }
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        standard = fields["standard"].map(FormDefinition.read) ?? FormDefinition()
        types = Dictionary(
            (fields["types"]?.entries() ?? []).map { ($0.key, FormDefinition.read($0.value)) },
            uniquingKeysWith: { first, _ in first })
        try document.finish()
    }
}
