import Kernel

/// A menu of a front end, as data.
package struct MenuDefinition: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let id: String
        /// Id of the entry above; empty at the top.
        package let parent: String
        package let label: BilingualText
        package let hint: BilingualText
        /// What choosing it does; empty for a submenu.
        package let action: String
        /// Other names of the entry itself.
        package let keywords: [String]
        /// Words for single things behind it; a front end passes them on to the action.
        package let topics: [String]
    }

    /// The front end: `chatbot` or `kiosk`.
    package let id: String
    package let hotline: String
    package let greeting: BilingualText
    package let entries: [Entry]

    package static let frontEnds: Set<String> = ["chatbot", "kiosk"]
    package static let entriesMax: Int = 500
    /// Menus below menus, counted from the top.
    package static let depthMax: Int = 5

    /// Reads and checks a menu, in the form of ops/data/menus.
    ///
    /// - Throws: `DataFileError` with every problem: ids twice, parents that are not there, entries that do nothing.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "hotline", "greeting", "entries"], optional: ["kind", "front_end", "version"])
        let id: String = fields["id"]?.identifier() ?? ""
        if !id.isEmpty, !MenuDefinition.frontEnds.contains(id) {
            fields["id"]?.report(zh: "id 只能是 chatbot 或 kiosk。", en: "The id must be chatbot or kiosk.")
        }
        var entries: [Entry] = []
        for node: DataNode in (fields["entries"]?.list() ?? []).prefix(MenuDefinition.entriesMax) {
            if let entry: Entry = MenuDefinition.entry(node, parent: "", depth: 1, into: &entries),
                entries.filter({ $0.id == entry.id }).count > 1
            {
                node.report(zh: "编号“\(entry.id)”重复了，请换一个。", en: "The id '\(entry.id)' is there twice.")
            }
        }
        let known: Set<String> = Set(entries.map(\.id))
        for entry: Entry in entries {
            if !entry.parent.isEmpty, !known.contains(entry.parent) {
                document.report(
                    line: nil, element: "entries.\(entry.id)", zh: "上级“\(entry.parent)”不存在。",
                    en: "There is no entry '\(entry.parent)' above it.")
            }
            if entry.action.isEmpty, !entries.contains(where: { $0.parent == entry.id }) {
                document.report(
                    line: nil, element: "entries.\(entry.id)", zh: "这一项没有 action，下面也没有别的项，选了什么也不会发生。",
                    en: "It has no action and nothing below it: choosing it would do nothing.")
            }
        }
        try document.finish()
        self.id = id
        hotline = fields["hotline"]?.text() ?? ""
        greeting = fields["greeting"]?.bilingual() ?? BilingualText(zh: "", en: "")
        self.entries = entries
    }

    @discardableResult
    private static func entry(
        _ node: DataNode, parent: String, depth: Int, into entries: inout [Entry]
    ) -> Entry? {
        guard depth <= depthMax, entries.count < entriesMax else {
            node.report(
                zh: "菜单最多 \(depthMax) 层、\(entriesMax) 项。",
                en: "A menu has at most \(depthMax) levels and \(entriesMax) entries.")
            return nil
        }
        let fields: DataFields = node.fields(
            required: ["id", "label"],
            optional: ["parent", "hint", "action", "keywords", "topics", "entries"])
        let entry: Entry = Entry(
            id: fields["id"]?.identifier() ?? "", parent: fields["parent"]?.identifier() ?? parent,
            label: fields["label"]?.bilingual() ?? BilingualText(zh: "", en: ""),
            hint: fields["hint"]?.bilingual() ?? BilingualText(zh: "", en: ""),
            action: fields["action"]?.text() ?? "", keywords: fields.texts("keywords"),
            topics: fields.texts("topics"))
        entries.append(entry)
        for child: DataNode in fields["entries"]?.list() ?? [] {
            Self.entry(child, parent: entry.id, depth: depth + 1, into: &entries)
        }
        return entry
    }
}
