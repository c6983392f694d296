import Kernel
import Platform

/// A catalogue that was read from a file, with what looked wrong.
struct ItemFile: Sendable {
    let items: [ItemContent]
    /// Things that do not stop the import.
    let warnings: [DataProblem]

    /// Longer files are refused before they are read.
    static let bytesMax: Int = 2 * 1_024 * 1_024
    static let itemsMax: Int = 20_000
    static let synonymsMax: Int = 20

    static let codeRule: TextRule = TextRule(1...128)
    static let nameRule: TextRule = TextRule(1...200)
    static let departmentRule: TextRule = TextRule(1...100)
    static let departmentIDRule: TextRule = TextRule(0...64)
    static let typeRule: TextRule = TextRule(0...50)
    static let noteRule: TextRule = TextRule(0...500)
    static let synonymRule: TextRule = TextRule(1...40)
    static let sourceRule: TextRule = TextRule(0...100)

    /// Columns by the names that catalogues give them.
    enum Column: Hashable, CaseIterable {
        case code, name, kind, type, department, departmentID, promised, statutory, note, synonyms, source

        var names: [String] {
            switch self {
            case .code: ["code", "itemcode", "事项编码", "实施编码", "编码"]
            case .name: ["name", "事项名称", "名称"]
            case .kind: ["kind", "类别"]
            case .type: ["type", "tasktype", "事项类型", "类型"]
            case .department: ["department", "dept", "部门", "实施主体"]
            case .departmentID: ["department_id", "部门编号"]
            case .promised: ["limit", "promised_limit", "承诺时限", "承诺办结时限"]
            case .statutory: ["statutory_limit", "法定时限", "法定办结时限"]
            case .note: ["note", "备注", "说明"]
            case .synonyms: ["synonyms", "别名", "俗称"]
            case .source: ["source", "来源"]
            }
        }
        static let needed: [Column] = [.code, .name, .department]
    }

    /// Reads a CSV or TSV file with a header line.
    ///
    /// - Parameter kind: of all items, where the file has no such column.
    /// - Throws: `DataFileError` with each wrong line.
    init(_ text: String, kind: ItemKind?) throws(DataFileError) {
        guard text.utf8.count <= ItemFile.bytesMax else {
            throw DataFileError(problems: [ItemTexts.tooLong])
        }
        let table: SeparatedValues = try SeparatedValues(text)
        guard let header: SeparatedValues.Record = table.records.first else {
            throw DataFileError(problems: [ItemTexts.empty])
        }
        guard table.records.count <= ItemFile.itemsMax + 1 else {
            throw DataFileError(problems: [ItemTexts.tooMany])
        }
        var reader: ItemReader = try ItemReader(header: header, kind: kind)
        for record: SeparatedValues.Record in table.records.dropFirst() { reader.read(record) }
        guard reader.problems.isEmpty else {
            throw DataFileError(problems: reader.problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }.shown)
        }
        items = reader.items
        warnings = (reader.warnings + reader.doubts).sorted { ($0.line ?? 0) < ($1.line ?? 0) }.shown
    }
}

/// Turns records into items and gathers what is wrong with them.
private struct ItemReader {
    var items: [ItemContent] = []
    var problems: [DataProblem] = []
    var warnings: [DataProblem] = []
    private let columns: [ItemFile.Column: Int]
    private let width: Int
    private let kind: ItemKind?
    /// Lines by what is doubtful in their codes: one body stands in the codes of many items.
    private var doubtful: [BilingualText: [Int]] = [:]
    /// Lines by code: a code stands for one item.
    private var lines: [String: Int] = [:]

    init(header: SeparatedValues.Record, kind: ItemKind?) throws(DataFileError) {
        var columns: [ItemFile.Column: Int] = [:]
        var problems: [DataProblem] = []
        for (index, field) in header.fields.enumerated() {
            let name: String = field.trimmed.lowercased()
            let column: ItemFile.Column? = ItemFile.Column.allCases.first { $0.names.contains(name) }
            guard let column else {
                warnings.append(ItemTexts.columnUnused(field, line: header.line))
                continue
            }
            if columns.updateValue(index, forKey: column) != nil {
                problems.append(ItemTexts.columnTwice(field, line: header.line))
            }
        }
        for column in ItemFile.Column.needed where columns[column] == nil {
            problems.append(ItemTexts.columnMissing(column.names, line: header.line))
        }
        if columns[.kind] == nil && kind == nil { problems.append(ItemTexts.kindMissing(line: header.line)) }
        guard problems.isEmpty else { throw DataFileError(problems: problems) }
        self.columns = columns
        self.kind = kind
        width = header.fields.count
    }

    mutating func read(_ record: SeparatedValues.Record) {
        guard record.fields.count == width else {
            problems.append(ItemTexts.width(record.fields.count, expected: width, line: record.line))
            return
        }
        let kindText: String = value(.kind, record).trimmed
        let kind: ItemKind? = kindText.isEmpty ? kind : ItemKind(named: kindText)
        if kind == nil { problems.append(ItemTexts.kindUnknown(kindText, line: record.line)) }
        var item: ItemContent = ItemContent(
            code: text(.code, ItemFile.codeRule, record), name: text(.name, ItemFile.nameRule, record),
            kind: kind ?? .handling, type: text(.type, ItemFile.typeRule, record),
            department: text(.department, ItemFile.departmentRule, record),
            departmentID: text(.departmentID, ItemFile.departmentIDRule, record),
            note: text(.note, ItemFile.noteRule, record), source: text(.source, ItemFile.sourceRule, record))
        item.promised = limit(.promised, record, &item.note)
        item.statutory = limit(.statutory, record, &item.note)
        item.synonyms = synonyms(record)
        if let first: Int = lines.updateValue(record.line, forKey: item.code), !item.code.isEmpty {
            problems.append(ItemTexts.codeTwice(item.code, first: first, line: record.line))
        }
        if let doubt: BilingualText = ItemCode(item.code).warning {
            doubtful[doubt, default: []].append(record.line)
        }
        items.append(item)
    }

    /// What is doubtful in codes, each once.
    var doubts: [DataProblem] { doubtful.map { ItemTexts.codesDoubtful($0, lines: $1) } }

    private func value(_ column: ItemFile.Column, _ record: SeparatedValues.Record) -> String {
        columns[column].map { record.fields[$0] } ?? ""
    }

    private mutating func text(
        _ column: ItemFile.Column, _ rule: TextRule, _ record: SeparatedValues.Record
    ) -> String {
        // Catalogues wrap names over lines and indent them; that is layout and not part of the name.
        let words: [Substring] = value(column, record).split(whereSeparator: \.isNewline)
        let raw: String = words.joined(separator: " ")
        do {
            return try rule.apply(raw, field: column.names[0])
        } catch {
            problems.append(
                DataProblem(line: record.line, element: column.names[0], zh: error.zh, en: error.en))
            return ""
        }
    }

    /// A limit that is no number of days stays unknown, and its words stay in the note.
    private mutating func limit(
        _ column: ItemFile.Column, _ record: SeparatedValues.Record, _ note: inout String
    ) -> ItemLimit {
        let raw: String = value(column, record).trimmed
        if let limit: ItemLimit = ItemLimit(raw) { return limit }
        warnings.append(ItemTexts.limitUnknown(raw, line: record.line))
        let joined: String = note.isEmpty ? raw : "\(note)；\(raw)"
        if joined.unicodeScalars.count <= ItemFile.noteRule.length.upperBound { note = joined }
        return .unknown
    }

    private mutating func synonyms(_ record: SeparatedValues.Record) -> [String] {
        let parts: [String] = value(.synonyms, record)
            .split { $0 == ";" || $0 == "；" || $0 == "、" }.map { String($0).trimmed }
            .filter { !$0.isEmpty }
        if parts.count > ItemFile.synonymsMax {
            problems.append(ItemTexts.tooManySynonyms(line: record.line))
        }
        return parts.compactMap { part in
            do throws(Refusal) {
                return try ItemFile.synonymRule.apply(part, field: "synonyms")
            } catch {
                problems.append(
                    DataProblem(line: record.line, element: "synonyms", zh: error.zh, en: error.en))
                return nil
            }
        }
    }
}

/// What an import would do to what the store has of the catalogue.
struct ItemPlan: Sendable, Equatable {
    struct Change: Sendable, Equatable {
        let old: StoredItem
        let new: ItemContent
    }

    var created: [ItemContent] = []
    var updated: [Change] = []
    var unchanged: Int = 0
    var retired: [StoredItem] = []

    init(existing: [StoredItem], file: [ItemContent]) {
        var byCode: [String: StoredItem] = [:]
        for item: StoredItem in existing { byCode[item.content.code] = item }
        for content: ItemContent in file {
            guard let old: StoredItem = byCode.removeValue(forKey: content.code) else {
                created.append(content)
                continue
            }
            if old.content == content && !old.retired {
                unchanged += 1
            } else {
                updated.append(Change(old: old, new: content))
            }
        }
        retired = byCode.values.filter { !$0.retired }.sorted { $0.content.code < $1.content.code }
    }
}
