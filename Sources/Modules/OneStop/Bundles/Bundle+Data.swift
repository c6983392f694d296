import Kernel
import Platform

/// One thing 一件事: several items at once, with one set of answers (ops/data/bundles).
struct BundleDefinition: Sendable, Equatable {
    /// An item of the bundle.
    struct Part: Sendable, Equatable, Codable {
        /// Id of the item.
        var item: String
        /// Items of the bundle that have to be granted first.
        var after: [String]
        /// May be left out.
        var isOptional: Bool
    }

    let id: String
    let version: Int
    let title: BilingualText
    let description: BilingualText
    /// In the order in which they are handled: nothing stands before what it waits for.
    let parts: [Part]

    static let partsMax: Int = 12

    /// Reads documents of ops/data/bundles.
    static let reader: DocumentReader = DocumentReader(.bundles) { yaml in
        let bundle: BundleDefinition = try BundleDefinition(yaml: yaml)
        return CheckedDocument(id: bundle.id, version: bundle.version, value: bundle)
    }

    /// Reads and checks the document.
    ///
    /// - Throws: `DataFileError` with every problem: an item twice, waiting for what is no part, for itself, in a circle, or
    ///   for what may be left out.
    init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: [
            "id", "version", "zh", "en", "description", "parts",
        ])
        id = fields["id"]?.identifier() ?? ""
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        title = fields.bilingual(maximum: 40)
        description = fields["description"]?.bilingual(maximum: 300) ?? BilingualText(zh: "", en: "")
        let nodes: [DataNode] = fields["parts"]?.list() ?? []
        let parts: [Part] = nodes.map(Self.part)
        if !(1...Self.partsMax).contains(parts.count) {
            root.report(
                zh: "一件事应有1至\(Self.partsMax)个事项。", en: "A bundle has 1 to \(Self.partsMax) parts.")
        }
        for (node, part) in zip(nodes, parts) { Self.check(part, among: parts, node) }
        self.parts = Self.ordered(parts)
        if self.parts.count < parts.count {
            let stuck: String = parts.map(\.item).filter { item in !self.parts.contains { $0.item == item } }
                .joined(separator: ", ")
            root.report(
                zh: "这些事项互相等待，谁也办不了：\(stuck)。请去掉其中一个after。",
                en: "These parts wait for each other: \(stuck). Take one 'after' away.")
        }
        try document.finish()
    }

    private static func part(_ node: DataNode) -> Part {
        let fields: DataFields = node.fields(required: ["item"], optional: ["after", "optional"])
        return Part(
            item: fields["item"]?.text(maximum: 63) ?? "", after: fields.texts("after"),
            isOptional: fields["optional"]?.flag() ?? false)
    }

    private static func check(_ part: Part, among parts: [Part], _ node: DataNode) {
        if parts.filter({ $0.item == part.item }).count > 1 {
            node.report(zh: "事项\(part.item)写了不止一次。", en: "The item \(part.item) is there more than once.")
        }
        for other in part.after {
            guard let needed = parts.first(where: { $0.item == other }) else {
                node.report(
                    zh: "after里的\(other)不是这件事的事项。", en: "'\(other)' in 'after' is no part of the bundle.")
                continue
            }
            if needed.isOptional && !part.isOptional {
                node.report(
                    zh: "\(part.item)不能等待可以不办的\(other)。",
                    en: "\(part.item) cannot wait for \(other), which may be left out.")
            }
        }
    }

    /// The parts so that nothing stands before what it waits for; those in a circle are missing.
    static func ordered(_ parts: [Part]) -> [Part] {
        let items: Set<String> = Set(parts.map(\.item))
        var ordered: [Part] = []
        var done: Set<String> = []
        var left: [Part] = parts
        while let next = left.firstIndex(where: { done.isSuperset(of: items.intersection($0.after)) }) {
            let part: Part = left.remove(at: next)
            ordered.append(part)
            done.insert(part.item)
        }
        return ordered
    }

    /// The parts that are applied for, with those that they need.
    ///
    /// - Parameter wanted: ids of optional items.
    /// - Throws: `BUNDLE_PART_UNKNOWN`, `BUNDLE_PART_NEEDED`.
    func chosen(_ wanted: Set<String>) throws(Refusal) -> [Part] {
        for item in wanted.sorted() where !parts.contains(where: { $0.item == item && $0.isOptional }) {
            throw BundleTexts.partUnknown(item)
        }
        let chosen: [Part] = parts.filter { !$0.isOptional || wanted.contains($0.item) }
        let items: Set<String> = Set(chosen.map(\.item))
        for part in chosen {
            if let missing = part.after.first(where: { !items.contains($0) }) {
                throw BundleTexts.partNeeded(missing, for: part.item)
            }
        }
        return chosen
    }
}
