import Kernel

/// The departments of a city (ops/data/departments/departments.yaml).
package struct DepartmentCatalogue: Sendable, Hashable {
    package let version: Int
    package let departments: [Department]

    package struct Department: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        package let group: String
    }

    /// The organisation code of a department: the code of its division and its id, such as `140581000000-housing`.
    package static func code(of department: String, in division: String) -> String {
        "\(division)-\(department)"
    }

    /// Reads and checks the document.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["id", "version", "departments"])
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        departments = (fields["departments"]?.entries() ?? []).map { id, node in
            let fields: DataFields = node.fields(required: ["zh", "en", "group"])
            return Department(
                id: id, title: fields.bilingual(maximum: 60), group: fields["group"]?.identifier() ?? "")
        }
        try document.finish()
    }
}

/// The labels that residents and households can carry (ops/data/labels/labels.yaml). There are no others.
package struct LabelCatalogue: Sendable, Hashable {
    package let version: Int
    package let labels: [Label]

    /// One label: what it rests on, who may read it, and how long it holds.
    package struct Label: Sendable, Hashable {
        package enum Readers: String, Sendable, Hashable, CaseIterable {
            /// Open to others with the holder's consent.
            case open = "A"
            /// Grid worker of that grid and everybody above.
            case grid = "B"
            /// A named role with a case and a reason; logged, and shown to the resident.
            case sensitive = "C"
        }
        package let id: String
        package let title: BilingualText
        package let readers: Readers
        /// The paper that it rests on.
        package let basis: BilingualText
        /// Id of the department that renews it.
        package let reviewer: String
        /// Months until it ends unless it is renewed.
        package let months: Int
    }

    /// A sensitive label never holds longer without a review.
    package static let maximumSensitiveMonths: Int = 12

    /// Reads and checks the document.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["id", "version", "labels"])
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        labels = (fields["labels"]?.entries() ?? []).map { id, node in
            let fields: DataFields = node.fields(required: [
                "zh", "en", "readers", "basis", "reviewer", "months",
            ])
            let readers: Label.Readers? = (fields["readers"]?.text(maximum: 1)).flatMap(Label.Readers.init)
            if readers == nil { node.report(zh: "readers应是A、B或C。", en: "readers has to be A, B or C.") }
            let months: Int = fields["months"]?.integer(in: 1...60) ?? 1
            if readers == .sensitive && months > LabelCatalogue.maximumSensitiveMonths {
                node.report(
                    zh: "C类标签最多\(LabelCatalogue.maximumSensitiveMonths)个月要复核。",
                    en:
                        "A label of class C is reviewed after \(LabelCatalogue.maximumSensitiveMonths) months at most."
                )
            }
            return Label(
                id: id, title: fields.bilingual(maximum: 60), readers: readers ?? .sensitive,
                basis: fields["basis"]?.bilingual() ?? BilingualText(zh: "", en: ""),
                reviewer: fields["reviewer"]?.identifier() ?? "", months: months)
        }
        try document.finish()
    }
}
