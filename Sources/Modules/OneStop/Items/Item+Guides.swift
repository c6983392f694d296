import Platform

extension ItemGuide {
    private static let visitsRange: ClosedRange<Int> = 0...20

    /// Reads the guides of ops/data/items/guides.yaml.
    ///
    /// - Throws: `DataFileError` with each wrong element.
    static func read(yaml: String) throws(DataFileError) -> [ItemGuide] {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["id", "version", "guides"])
        _ = fields["id"]?.identifier()
        _ = fields["version"]?.integer(in: 1...1_000_000)
        let guides: [ItemGuide] = (fields["guides"]?.entries() ?? []).map(guide)
        try document.finish()
        return guides
    }

    private static func guide(_ code: String, _ node: DataNode) -> ItemGuide {
        let fields: DataFields = node.fields(
            required: ["materials", "steps"], optional: ["visits", "fee", "phone", "place", "source"])
        var guide: ItemGuide = ItemGuide(code: code)
        guide.visits = fields["visits"]?.integer(in: visitsRange)
        guide.fee = fields["fee"]?.text() ?? ""
        guide.phone = fields["phone"]?.text(maximum: 40) ?? ""
        guide.place = fields["place"]?.bilingual() ?? guide.place
        guide.source = fields["source"]?.text() ?? ""
        guide.materials = (fields["materials"]?.list() ?? []).map { node in
            let fields: DataFields = node.fields(required: ["label"], optional: ["source", "required"])
            return Material(
                label: fields["label"]?.text() ?? "", source: fields["source"]?.text() ?? "",
                required: fields["required"]?.flag() ?? true)
        }
        guide.steps = (fields["steps"]?.list() ?? []).map { $0.bilingual() }
        return guide
    }
}
