import ArgumentParser
import Foundation
import Kernel

/// How results are written to standard output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
}

/// One value of a result.
enum Cell {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([String])

    /// As a person or a CSV reader sees it.
    var plain: String {
        switch self {
        case .text(let text): return text
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items): return items.joined(separator: "; ")
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): return .string(text)
        case .number(let number): return .number(number)
        case .flag(let flag): return .bool(flag)
        case .list(let items): return .array(items.map(JSONValue.string))
        }
    }
}

/// JSON with its keys in the order in which they were given, so that output is stable to compare.
indirect enum JSONValue {
    case string(String)
    case number(Int64)
    case bool(Bool)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    func text(indent: String = "") -> String {
        let inner: String = indent + "  "
        switch self {
        case .string(let text): return JSONValue.quoted(text)
        case .number(let number): return String(number)
        case .bool(let flag): return flag ? "true" : "false"
        case .array(let items):
            if items.isEmpty { return "[]" }
            let lines: [String] = items.map { inner + $0.text(indent: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let lines: [String] = members.map { member in
                inner + JSONValue.quoted(member.key) + ": " + member.value.text(indent: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    /// The same on one line.
    var line: String {
        switch self {
        case .array(let items): return "[" + items.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            return "{"
                + members.map { JSONValue.quoted($0.key) + ": " + $0.value.line }.joined(separator: ", ")
                + "}"
        default: return text()
        }
    }

    private static func quoted(_ text: String) -> String {
        var result: String = "\""
        for scalar: Unicode.Scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits: String = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// A column of a result: its stable key (JSON, CSV), its heading for people, and where its value comes from.
struct Column<Row> {
    let key: String
    let heading: String
    let cell: (Row) -> Cell

    init(_ key: String, _ heading: String, _ cell: @escaping (Row) -> Cell) {
        self.key = key
        self.heading = heading
        self.cell = cell
    }
    init(_ key: String, _ heading: String, _ text: @escaping (Row) -> String) {
        self.init(key, heading) { (row: Row) -> Cell in .text(text(row)) }
    }
}

/// Writes results in the format that was asked for. Data goes to standard output, talk to standard error.
struct Printer {
    let format: OutputFormat
    let language: Language

    func say(_ zh: String, _ en: String) {
        Printer.toStandardError(language == .english ? en : zh)
    }

    func list<Row>(_ rows: [Row], _ columns: [Column<Row>], empty: (zh: String, en: String)) {
        if rows.isEmpty, format == .table {
            say(empty.zh, empty.en)
        } else {
            print(text(of: rows, columns))
        }
    }

    func one<Row>(_ row: Row, _ columns: [Column<Row>]) {
        let text: String = text(of: row, columns)
        if !text.isEmpty { print(text) }
    }

    /// A list as it is written, without the last line end.
    func text<Row>(of rows: [Row], _ columns: [Column<Row>]) -> String {
        switch format {
        case .json: return JSONValue.array(rows.map { object($0, columns) }).text()
        case .csv:
            let lines: [String] = rows.map { row in csvLine(columns.map { $0.cell(row).plain }) }
            return ([csvLine(columns.map(\.key))] + lines).joined(separator: "\n")
        case .table:
            return table(
                rows.map { row in columns.map { $0.cell(row).plain } }, headings: columns.map(heading))
        }
    }

    /// One thing as it is written, without the last line end; in a table a line each, and none for what is empty.
    func text<Row>(of row: Row, _ columns: [Column<Row>]) -> String {
        switch format {
        case .json: return object(row, columns).text()
        case .csv: return text(of: [row], columns)
        case .table:
            let width: Int = columns.map { TextWidth.columns(of: heading($0)) }.max() ?? 0
            var lines: [String] = []
            for column: Column<Row> in columns {
                let value: String = column.cell(row).plain
                if value.isEmpty { continue }
                let parts: [Substring] = value.split(separator: "\n", omittingEmptySubsequences: false)
                for (index, part) in parts.enumerated() {
                    lines.append(TextWidth.padded(index == 0 ? heading(column) : "", to: width) + "  " + part)
                }
            }
            return lines.joined(separator: "\n")
        }
    }

    /// One row of a stream as it comes: a line each, also in JSON.
    func streamed<Row>(_ row: Row, _ columns: [Column<Row>]) {
        switch format {
        case .json: print(object(row, columns).line)
        case .csv: print(csvLine(columns.map { $0.cell(row).plain }))
        case .table: print(columns.map { $0.cell(row).plain }.filter { !$0.isEmpty }.joined(separator: "  "))
        }
        fflush(nil)
    }

    /// In English the key says it too.
    private func heading<Row>(_ column: Column<Row>) -> String {
        language == .english ? column.key.replacing("_", with: " ") : column.heading
    }

    private func object<Row>(_ row: Row, _ columns: [Column<Row>]) -> JSONValue {
        .object(columns.map { (key: $0.key, value: $0.cell(row).json) })
    }

    private func csvLine(_ cells: [String]) -> String { cells.map(csv).joined(separator: ",") }

    /// RFC 4180; a cell that a spreadsheet would run as a formula gets an apostrophe before it.
    private func csv(_ text: String) -> String {
        var value: String = text
        if let first: Character = value.first, "=+-@\t".contains(first), Int64(value) == nil {
            value = "'" + value
        }
        guard value.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }

    /// A table with headings of its own, such as the server's, whose cells are whole: nothing else shows the rest of them.
    func wholeTable(_ cells: [[String]], headings: [String]) -> String {
        table(cells, headings: headings, cellColumnsMax: .max)
    }

    private func table(
        _ cells: [[String]], headings: [String], cellColumnsMax: Int = Printer.cellColumnsMax
    ) -> String {
        let flat: [[String]] = cells.map { row in row.map { $0.replacing("\n", with: " ") } }
        var widths: [Int] = headings.map { TextWidth.columns(of: $0) }
        for row: [String] in flat {
            for (index, cell) in row.enumerated() {
                let whole: Int = TextWidth.columns(of: cell)
                widths[index] = max(
                    widths[index], Printer.isName(cell) ? whole : min(whole, cellColumnsMax))
            }
        }
        let lines: [String] = ([headings] + flat).map { row in
            let padded: [String] = row.enumerated().map { index, cell in
                let cut: String = TextWidth.truncated(cell, to: widths[index])
                return index == row.count - 1 ? cut : TextWidth.padded(cut, to: widths[index])
            }
            return padded.joined(separator: "  ")
        }
        return lines.joined(separator: "\n")
    }

    /// A table's cell is cut at this many terminal columns; `-o json` and `show` give the whole.
    static let cellColumnsMax: Int = 40

    /// An id, a code or a number: to be copied into the next command, so it is never cut.
    private static func isName(_ cell: String) -> Bool {
        cell.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    static func toStandardError(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
