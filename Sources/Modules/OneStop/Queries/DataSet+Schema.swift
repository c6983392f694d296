import Kernel
import Platform

extension DataSetSchema {
    /// Reads and checks a schema.
    ///
    /// - Throws: `DataFileError` with each wrong element.
    init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "version", "items", "source", "columns"],
            optional: ["notice", "parameters", "subject", "identity_level", "synthetic"])
        let columns: [Column] = (fields["columns"]?.entries() ?? []).map(Self.column)
        let parameters: [Parameter] = (fields["parameters"]?.entries() ?? []).map(Self.parameter)
        self.init(
            id: fields["id"]?.identifier() ?? "", version: fields["version"]?.integer(in: 1...1_000_000) ?? 1,
            source: fields["source"]?.bilingual(maximum: 100) ?? Self.nothing,
            notice: fields["notice"]?.bilingual(maximum: 500) ?? Self.nothing,
            items: (fields["items"]?.entries() ?? []).map { Self.item($0, all: parameters.map(\.id)) },
            columns: columns, parameters: parameters, subject: fields["subject"]?.identifier(),
            identityLevel: fields["identity_level"]?.integer(in: 0...3) ?? 0,
            synthetic: fields["synthetic"]?.flag() ?? false)
        checkCounts(root)
        checkColumns(fields["columns"] ?? root, subject: fields["subject"])
        for (id, node) in fields["parameters"]?.entries() ?? [] { check(parameter: id, node) }
        for (code, node) in fields["items"]?.entries() ?? [] { check(item: code, node) }
        try document.finish()
    }

    private static let nothing: BilingualText = BilingualText(zh: "", en: "")

    private static func column(_ entry: (key: String, value: DataNode)) -> Column {
        identifier(entry)
        let fields: DataFields = entry.value.fields(
            required: ["zh"], optional: ["en", "kind", "personal", "mask", "optional", "hidden"])
        return Column(
            id: entry.key, label: label(fields), kind: choice(fields["kind"]) ?? .text,
            personal: fields["personal"]?.flag() ?? false, mask: choice(fields["mask"]),
            optional: fields["optional"]?.flag() ?? false, hidden: fields["hidden"]?.flag() ?? false)
    }

    private static func parameter(_ entry: (key: String, value: DataNode)) -> Parameter {
        identifier(entry)
        let fields: DataFields = entry.value.fields(
            required: ["prompt", "zh", "match"], optional: ["en", "columns", "optional", "choose"])
        let match: Match = choice(fields["match"]) ?? .equals
        return Parameter(
            id: entry.key, prompt: fields["prompt"]?.bilingual(maximum: 100) ?? nothing,
            label: label(fields), match: match, columns: fields["columns"]?.texts(maximum: 64) ?? [entry.key],
            optional: fields["optional"]?.flag() ?? false,
            chooses: fields["choose"]?.flag() ?? (match == .place))
    }

    private static func item(_ entry: (key: String, value: DataNode), all: [String]) -> Item {
        let fields: DataFields = entry.value.fields(required: [], optional: ["only", "parameters"])
        let only: [(key: String, value: DataNode)] = fields["only"]?.entries() ?? []
        return Item(
            code: entry.key,
            only: Dictionary(only.map { ($0.key, $0.value.text(maximum: 100)) }) { first, _ in first },
            parameters: fields["parameters"]?.texts(maximum: 64) ?? all)
    }

    private static func label(_ fields: DataFields) -> BilingualText {
        BilingualText(zh: fields["zh"]?.text(maximum: 60) ?? "", en: fields["en"]?.text(maximum: 60) ?? "")
    }

    private static func identifier(_ entry: (key: String, value: DataNode)) {
        guard !DataNode.isIdentifier(entry.key) else { return }
        entry.value.report(
            zh: "“\(entry.key)”不能作编号：只用小写字母、数字和下划线，以字母开头。",
            en: "'\(entry.key)' is no id: use a-z, 0-9 and underscore, beginning with a letter.")
    }

    private static func choice<T: RawRepresentable & CaseIterable>(_ node: DataNode?) -> T?
    where T.RawValue == String {
        guard let node else { return nil }
        let text: String = node.text(maximum: 40)
        if text.isEmpty { return nil }
        guard let value: T = T(rawValue: text) else {
            let known: String = T.allCases.map(\.rawValue).joined(separator: ", ")
            node.report(zh: "“\(text)”不是可用的词，可用：\(known)。", en: "'\(text)' is none of: \(known).")
            return nil
        }
        return value
    }

    // MARK: What has to fit together

    private func checkCounts(_ root: DataNode) {
        let counts: [(name: String, count: Int, range: ClosedRange<Int>)] = [
            ("items", items.count, 1...Self.itemsMax), ("columns", columns.count, 1...Self.columnsMax),
            ("parameters", parameters.count, 0...Self.parametersMax),
        ]
        for (name, count, range) in counts where !range.contains(count) {
            root.report(
                zh: "\(name)应有\(range.lowerBound)至\(range.upperBound)个，实有\(count)个。",
                en: "There must be \(range.lowerBound) to \(range.upperBound) \(name); there are \(count).")
        }
    }

    private func checkColumns(_ node: DataNode, subject subjectNode: DataNode?) {
        if let subject, column(subject)?.kind != .idNumber {
            (subjectNode ?? node).report(
                zh: "subject应是一个kind为id_number的列。", en: "subject must be a column of kind id_number.")
        }
        for column in columns where column.kind == .idNumber && column.id != subject && column.mask == nil {
            node.report(
                zh: "列“\(column.id)”有身份证号码，应写明mask，或作为subject。",
                en: "The column '\(column.id)' has ID numbers: give it a mask, or make it the subject.")
        }
        if shown.isEmpty { node.report(zh: "至少要有一列给人看。", en: "At least one column must be shown.") }
    }

    private func check(parameter id: String, _ node: DataNode) {
        guard let parameter: Parameter = parameters.first(where: { $0.id == id }) else { return }
        if parameter.columns.isEmpty || (parameter.match != .words && parameter.columns.count != 1) {
            node.report(
                zh: "match为equals或place时对应一列，为words时对应一列或几列。",
                en: "equals and place compare one column, words one or several.")
        }
        for name in parameter.columns {
            guard let column: Column = column(name) else {
                node.report(zh: "没有“\(name)”这一列。", en: "There is no column '\(name)'.")
                continue
            }
            // The compared form is not encrypted.
            if column.personal || column.id == subject || column.mask != nil {
                node.report(
                    zh: "“\(name)”是个人信息，不能用来选择。", en: "'\(name)' is personal and cannot choose rows.")
            }
            if (parameter.match == .place) != (column.kind == .place) {
                node.report(
                    zh: "match为place时，列的kind也应为place，反之亦然。",
                    en: "A parameter with match place compares a column of kind place, and no other does.")
            }
        }
        if parameter.chooses && parameter.match == .words {
            node.report(zh: "words不能与choose同用。", en: "words cannot be used with choose.")
        }
    }

    private func check(item code: String, _ node: DataNode) {
        guard let item: Item = item(code) else { return }
        for name in item.parameters where !parameters.contains(where: { $0.id == name }) {
            node.report(zh: "没有“\(name)”这个参数。", en: "There is no parameter '\(name)'.")
        }
        for name in item.only.keys.sorted() where column(name) == nil {
            node.report(zh: "没有“\(name)”这一列。", en: "There is no column '\(name)'.")
        }
    }
}
