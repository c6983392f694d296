import Kernel

/// A table in a TSV file: a line of column names, then a line for each row.
package struct TabTable: Sendable {
    package struct Row: Sendable {
        /// Line in the file, counted from 1.
        package let line: Int
        let values: [String: String]

        /// The value in a column; empty if it is empty or there is no such column.
        package subscript(column: String) -> String { values[column] ?? "" }
        /// Several values, separated by `;`.
        package func list(_ column: String) -> [String] {
            self[column].split(separator: ";").map(String.init)
        }
    }

    package let columns: [String]
    package let rows: [Row]

    /// Reads a table that has at least the `required` columns, and as many values in each row as columns.
    ///
    /// - Throws: `DataFileError` with each wrong line.
    package init(tsv: String, required: [String]) throws(DataFileError) {
        let lines: [Substring] = tsv.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.last == "\r" ? $0.dropLast() : $0 }
        let columns: [String] = (lines.first ?? "").split(separator: "\t", omittingEmptySubsequences: false)
            .map(String.init)
        var problems: [DataProblem] = []
        for column in required where !columns.contains(column) {
            problems.append(
                DataProblem(line: 1, element: column, zh: "缺少这一列。", en: "This column is missing."))
        }
        var rows: [Row] = []
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let values: [String] = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init)
            guard values.count == columns.count else {
                problems.append(
                    DataProblem(
                        line: index + 1, element: "", zh: "应有\(columns.count)列，实有\(values.count)列。",
                        en: "There have to be \(columns.count) columns; there are \(values.count)."))
                continue
            }
            rows.append(
                Row(line: index + 1, values: Dictionary(zip(columns, values)) { first, _ in first }))
        }
        guard problems.isEmpty else {
            throw DataFileError(problems: Array(problems.prefix(DataDocument.maximumProblems)))
        }
        self.columns = columns
        self.rows = rows
    }
}
