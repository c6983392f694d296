package import Kernel
import Yams

/// A YAML file of ours while it is read: it checks as it goes and gathers every problem with its line.
///
/// Reading never stops at the first problem: a wrong value is noted and replaced by an empty one, and `finish()` throws
/// all that was found. Keys that nobody asked for are problems too, because they are mostly spelling mistakes.
package final class DataDocument {
    /// A file longer than this is refused before it is parsed (the RPC's own limit is 1 MiB).
    package static let maximumBytes: Int = 1_048_576
    /// So many problems are told at most; a file with more is mended in several rounds.
    package static let maximumProblems: Int = 100

    private(set) var problems: [DataProblem] = []
    /// Things that are allowed but look wrong.
    private(set) var warnings: [DataProblem] = []

    /// Parses `yaml` and hands out its root, which has to be a mapping.
    ///
    /// - Throws: `DataFileError` if it is too long, no YAML, has a key twice or holds no mapping.
    package static func open(_ yaml: String) throws(DataFileError) -> (document: DataDocument, root: DataNode)
    {
        guard yaml.utf8.count <= maximumBytes else {
            throw DataFileError(problems: [
                DataProblem(
                    line: nil, element: "", zh: "文件超过\(maximumBytes)字节，请拆分后再导入。",
                    en: "The file is longer than \(maximumBytes) bytes. Split it.")
            ])
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch {
            throw DataFileError(problems: [syntaxProblem(error)])
        }
        let document = DataDocument()
        guard let node, case .mapping = node else {
            throw DataFileError(problems: [
                DataProblem(
                    line: 1, element: "", zh: "文件是空的，或不是“键: 值”的形式。",
                    en: "The file is empty or is no mapping of keys to values.")
            ])
        }
        return (document, DataNode(node: node, path: "", document: document))
    }

    /// Notes a problem at `node`.
    package func report(_ node: DataNode, zh: String, en: String) {
        add(DataProblem(line: node.line, element: node.path, zh: zh, en: en))
    }

    /// Notes a problem that belongs to `element` and was found at `line`.
    package func report(line: Int?, element: String, zh: String, en: String) {
        add(DataProblem(line: line, element: element, zh: zh, en: en))
    }

    /// Notes something that is allowed but looks wrong.
    package func warn(line: Int?, element: String, zh: String, en: String) {
        guard warnings.count < DataDocument.maximumProblems else { return }
        warnings.append(DataProblem(line: line, element: element, zh: zh, en: en))
    }

    package var hasProblems: Bool { !problems.isEmpty }

    /// Throws all problems that were found, in order of their lines, and otherwise gives the warnings.
    @discardableResult
    package func finish() throws(DataFileError) -> [DataProblem] {
        guard problems.isEmpty else {
            throw DataFileError(problems: problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        return warnings
    }

    private func add(_ problem: DataProblem) {
        guard problems.count < DataDocument.maximumProblems else { return }
        problems.append(problem)
    }

    private static func syntaxProblem(_ error: any Error) -> DataProblem {
        guard let error = error as? YamlError else {
            return DataProblem(
                line: nil, element: "", zh: "不是有效的YAML：\(error)", en: "Not valid YAML: \(error)")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return DataProblem(
                line: mark.line, element: "", zh: "不是有效的YAML（\(problem)），请检查缩进和引号。",
                en: "Not valid YAML (\(problem)). Check indentation and quotes.")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys: String = duplicates.joined(separator: ", ")
            return DataProblem(
                line: context.mark.line, element: keys, zh: "同一层里重复出现，请只保留一个。",
                en: "The key appears twice on the same level. Keep one.")
        default:
            return DataProblem(
                line: nil, element: "", zh: "不是有效的YAML，请以UTF-8保存。", en: "Not valid YAML. Save it as UTF-8.")
        }
    }
}

/// One element of a file that is being read, with the path and line by which its problems are told.
package struct DataNode {
    let node: Node
    package let path: String
    let document: DataDocument

    /// Line in the file, counted from 1.
    package var line: Int? { node.mark?.line }

    /// Notes a problem at this element.
    package func report(zh: String, en: String) { document.report(self, zh: zh, en: en) }

    /// The fields of a mapping. Missing `required` keys and keys that are in neither set are problems.
    package func fields(required: [String], optional: [String] = []) -> DataFields {
        let found: [(key: String, value: DataNode)] = entries()
        let known: Set<String> = Set(required).union(optional)
        for entry in found where !known.contains(entry.key) {
            let allowed: String = (required + optional).joined(separator: ", ")
            entry.value.report(
                zh: "不认识的键“\(entry.key)”。可用的键：\(allowed)。",
                en: "Unknown key '\(entry.key)'. Known keys: \(allowed).")
        }
        for key in required where !found.contains(where: { $0.key == key }) {
            report(zh: "缺少“\(key)”，请补上。", en: "'\(key)' is missing. Add it.")
        }
        return DataFields(
            owner: self,
            values: Dictionary(found.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The entries of a mapping in the order of the file, for mappings whose keys are names.
    package func entries() -> [(key: String, value: DataNode)] {
        guard case .mapping(let mapping) = node else {
            report(zh: "这里应当是“键: 值”。", en: "A mapping of keys to values belongs here.")
            return []
        }
        return mapping.map { key, value in
            let name: String = key.scalar?.string ?? ""
            return (name, child(value, name))
        }
    }

    /// The elements of a list. A single value counts as a list of one.
    package func list() -> [DataNode] {
        switch node {
        case .sequence(let sequence):
            return sequence.enumerated().map { child($0.element, "[\($0.offset)]") }
        case .scalar: return [self]
        case .mapping, .alias:
            report(zh: "这里应当是列表。", en: "A list belongs here.")
            return []
        }
    }

    /// The elements of a list of short texts.
    package func texts(maximum: Int = 100) -> [String] { list().map { $0.text(maximum: maximum) } }

    package var isMapping: Bool {
        if case .mapping = node { true } else { false }
    }

    /// A text of 1 to `maximum` characters; empty if it is none, which is a problem.
    package func text(maximum: Int = 200) -> String {
        guard case .scalar(let scalar) = node else {
            report(zh: "这里应当是一段文字。", en: "A text belongs here.")
            return ""
        }
        let text: String = scalar.string
        guard !text.isEmpty, text.count <= maximum else {
            report(zh: "文字应为1至\(maximum)个字。", en: "The text must have 1 to \(maximum) characters.")
            return ""
        }
        return text
    }

    /// An id: 1 to 64 of a-z, 0-9 and underscore, beginning with a letter.
    package func identifier() -> String {
        let text: String = text(maximum: 64)
        guard text.isEmpty || DataNode.isIdentifier(text) else {
            report(
                zh: "“\(text)”不能作编号：只用小写字母、数字和下划线，以字母开头。",
                en: "'\(text)' is no id: use a-z, 0-9 and underscore, beginning with a letter.")
            return ""
        }
        return text
    }

    /// A whole number within `range`; the lower end of the range if it is none, which is a problem.
    package func integer(in range: ClosedRange<Int>) -> Int {
        guard case .scalar(let scalar) = node, let value = Int(scalar.string), range.contains(value) else {
            report(
                zh: "这里应当是\(range.lowerBound)到\(range.upperBound)的整数。",
                en: "A whole number from \(range.lowerBound) to \(range.upperBound) belongs here.")
            return range.lowerBound
        }
        return value
    }

    /// A decimal number within `range`; the lower end of the range if it is none, which is a problem.
    package func decimal(in range: ClosedRange<Double>) -> Double {
        guard case .scalar(let scalar) = node, let value = Double(scalar.string), range.contains(value) else {
            report(
                zh: "这里应当是\(range.lowerBound)到\(range.upperBound)的数。",
                en: "A number from \(range.lowerBound) to \(range.upperBound) belongs here.")
            return range.lowerBound
        }
        return value
    }

    /// `true` or `false`.
    package func flag() -> Bool {
        guard case .scalar(let scalar) = node, scalar.string == "true" || scalar.string == "false" else {
            report(zh: "这里应当是true或false。", en: "true or false belongs here.")
            return false
        }
        return scalar.string == "true"
    }

    /// A date such as `2026-10-01`; nil if it is none, which is a problem.
    package func date() -> CivilDate? {
        guard case .scalar(let scalar) = node, let date = CivilDate(scalar.string) else {
            report(zh: "这里应当是日期，写作2026-10-01。", en: "A date such as 2026-10-01 belongs here.")
            return nil
        }
        return date
    }

    /// Both languages of a text: a mapping with `zh` and `en`, or Chinese alone as a plain text.
    package func bilingual(maximum: Int = 300) -> BilingualText {
        guard isMapping else { return BilingualText(zh: text(maximum: maximum), en: "") }
        let fields: DataFields = fields(required: ["zh"], optional: ["en"])
        return BilingualText(
            zh: fields["zh"]?.text(maximum: maximum) ?? "", en: fields["en"]?.text(maximum: maximum) ?? "")
    }

    package static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        }
    }

    private func child(_ node: Node, _ name: String) -> DataNode {
        let separator: String = path.isEmpty || name.hasPrefix("[") ? "" : "."
        return DataNode(node: node, path: path + separator + name, document: document)
    }
}

/// The fields of a mapping whose keys were checked.
package struct DataFields {
    let owner: DataNode
    let values: [String: DataNode]

    package subscript(key: String) -> DataNode? { values[key] }

    /// The `zh` and `en` fields as one text. Both are needed for whatever people read.
    package func bilingual(maximum: Int = 300) -> BilingualText {
        BilingualText(
            zh: values["zh"]?.text(maximum: maximum) ?? "", en: values["en"]?.text(maximum: maximum) ?? "")
    }

    /// The texts of an optional list field.
    package func texts(_ key: String, maximum: Int = 100) -> [String] {
        values[key]?.texts(maximum: maximum) ?? []
    }
}
