import Kernel
import Platform

/// The rows of a data set as its file has them: each value checked by the kind of its column, places still as words.
struct DataSetFile: Sendable, Equatable {
    struct Row: Sendable, Equatable {
        let line: Int
        /// In the order of the schema's columns.
        let values: [String]
    }
    let rows: [Row]
    /// Things that do not stop the import.
    let warnings: [DataProblem]

    /// Longer files are refused before they are read (the contract's limit).
    static let bytesMax: Int = 3 * 1_024 * 1_024
    static let rowsMax: Int = 20_000
    static let valueRule: TextRule = TextRule(0...200)

    /// Reads a CSV file whose header line names the schema's columns, in any order.
    ///
    /// - Throws: `DataFileError` with each wrong line.
    init(_ text: String, schema: DataSetSchema, today: CivilDate, synthetic: SyntheticData)
        throws(DataFileError)
    {
        guard text.utf8.count <= DataSetFile.bytesMax else {
            throw DataFileError(problems: [QueryTexts.fileTooLong])
        }
        let table: SeparatedValues = try SeparatedValues(text)
        guard let header: SeparatedValues.Record = table.records.first else {
            throw DataFileError(problems: [ItemTexts.empty])
        }
        guard table.records.count <= DataSetFile.rowsMax + 1 else {
            throw DataFileError(problems: [QueryTexts.tooManyRows])
        }
        var reader: DataSetReader = try DataSetReader(
            header: header, schema: schema, today: today, synthetic: synthetic)
        for record: SeparatedValues.Record in table.records.dropFirst() { reader.read(record) }
        guard reader.problems.isEmpty else {
            throw DataFileError(problems: reader.problems.shown)
        }
        rows = reader.rows
        warnings = reader.warnings.shown
    }
}

/// Checks record after record.
private struct DataSetReader {
    var rows: [DataSetFile.Row] = []
    var problems: [DataProblem] = []
    var warnings: [DataProblem] = []
    private let schema: DataSetSchema
    /// Where each column of the schema stands in the file.
    private let places: [Int]
    private let width: Int
    private let today: CivilDate
    private let synthetic: SyntheticData

    init(
        header: SeparatedValues.Record, schema: DataSetSchema, today: CivilDate, synthetic: SyntheticData
    ) throws(DataFileError) {
        var found: [String: Int] = [:]
        var problems: [DataProblem] = []
        for (index, field) in header.fields.enumerated() {
            let name: String = field.trimmed.lowercased()
            // People write what they read; programs write ids.
            guard let column = schema.columns.first(where: { $0.id == name || $0.label.zh == field.trimmed })
            else {
                warnings.append(ItemTexts.columnUnused(field, line: header.line))
                continue
            }
            if found.updateValue(index, forKey: column.id) != nil {
                problems.append(ItemTexts.columnTwice(field, line: header.line))
            }
        }
        for column in schema.columns where found[column.id] == nil {
            problems.append(ItemTexts.columnMissing([column.id, column.label.zh], line: header.line))
        }
        guard problems.isEmpty else { throw DataFileError(problems: problems) }
        places = schema.columns.map { found[$0.id] ?? 0 }
        width = header.fields.count
        self.schema = schema
        self.today = today
        self.synthetic = synthetic
    }

    mutating func read(_ record: SeparatedValues.Record) {
        guard record.fields.count == width else {
            problems.append(ItemTexts.width(record.fields.count, expected: width, line: record.line))
            return
        }
        var values: [String] = []
        for (column, place) in zip(schema.columns, places) {
            do throws(Refusal) {
                values.append(try value(record.fields[place], column))
            } catch {
                problems.append(
                    DataProblem(line: record.line, element: column.id, zh: error.zh, en: error.en))
            }
        }
        if values.count == schema.columns.count {
            rows.append(DataSetFile.Row(line: record.line, values: values))
        }
    }

    /// The value as it is kept: checked and, where it is masked, shortened for good.
    private func value(_ raw: String, _ column: DataSetSchema.Column) throws(Refusal) -> String {
        let text: String = try DataSetFile.valueRule.apply(raw, field: column.id)
        guard !text.isEmpty else {
            if column.optional { return "" }
            throw QueryTexts.valueMissing(column)
        }
        switch column.kind {
        case .text, .place: break
        case .number:
            guard text.utf8.count <= 20, Double(text)?.isFinite == true else {
                throw QueryTexts.valueWrong(column, zh: "应是数字，如 12 或 3.5", en: "a number such as 12 or 3.5")
            }
        case .money:
            let fen: Fen = try Fen(parsing: text, field: column.id)
            return column.mask?.apply(fen.description) ?? fen.description
        case .date:
            guard CivilDate(text) != nil else {
                throw QueryTexts.valueWrong(
                    column, zh: "应是日期，如 2026-03-01", en: "a date such as 2026-03-01")
            }
        case .phone:
            guard text.utf8.count <= 40, text.contains(where: \.isNumber) else {
                throw QueryTexts.valueWrong(column, zh: "应是电话号码", en: "a telephone number")
            }
        case .idNumber:
            let number: IDNumber = try IDNumber(
                parsing: text, today: today, synthetic: synthetic, field: column.id)
            // Rows that name nobody real belong only to a set that says so.
            guard number.isSynthetic == schema.synthetic || synthetic == .refused else {
                throw QueryTexts.valueWrong(
                    column, zh: "与synthetic不符：演示数据只能有演示号码", en: "a number that fits the schema's synthetic")
            }
            if column.id == schema.subject { return number.text }
            return (column.mask ?? .idNumber).apply(number.text)
        }
        return column.mask?.apply(text) ?? text
    }
}

/// What is compared when a parameter chooses rows.
enum DataSetMatching {
    /// Full-width forms, case and white space do not matter.
    static func normalized(_ text: String) -> String {
        ASCII.narrowed(text).lowercased().filter { !$0.isWhitespace }
    }

    /// The words of a question; a row has to have all of them.
    static func words(_ text: String) -> [String] {
        ASCII.narrowed(text).lowercased().split { $0.isWhitespace || $0 == "," || $0 == "，" || $0 == "、" }
            .map(String.init)
    }

    /// A word for LIKE, without its wildcards, with the escape sign `\`.
    static func escaped(_ word: String) -> String {
        String(word.flatMap { "%_\\".contains($0) ? ["\\", $0] : [$0] })
    }

    /// The digits of a division's code that say how far it reaches: `140502000000` is the county `140502`.
    static func reach(ofPlace code: String) -> String {
        let digits: String = String(code.prefix(12))
        for length in [2, 4, 6, 9] where digits.dropFirst(length).allSatisfy({ $0 == "0" }) {
            return String(digits.prefix(length))
        }
        return digits
    }
}
