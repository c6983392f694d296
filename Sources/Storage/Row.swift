package import Kernel

/// One row of an answer, valid inside the closure that got it. Columns count from 0.
///
/// The schema is strict and ours, so a NULL where none is expected, another type or a column that is not there is our bug
/// and traps with a sentence that names the column and the statement.
package struct Row {
    let source: any RowSource

    init(_ source: any RowSource) { self.source = source }

    /// How many columns the row has.
    package var count: Int { source.columnCount }

    /// Whether the column is NULL.
    package func isNull(_ column: Int) -> Bool { kind(column) == .null }

    package func text(_ column: Int) -> String {
        expect(.text, column)
        return source.text(column)
    }
    package func integer(_ column: Int) -> Int64 {
        expect(.integer, column)
        return source.integer(column)
    }
    package func int(_ column: Int) -> Int { Int(integer(column)) }
    package func real(_ column: Int) -> Double {
        expect(.real, column)
        return source.real(column)
    }
    package func blob(_ column: Int) -> [UInt8] {
        expect(.blob, column)
        return source.blob(column)
    }
    package func instant(_ column: Int) -> Instant { Instant(milliseconds: integer(column)) }
    /// A flag, stored as 0 or 1; anything else traps.
    package func bool(_ column: Int) -> Bool {
        let value: Int64 = integer(column)
        precondition(value == 0 || value == 1, "Column \(column) is no flag: \(value) in \(source.sql)")
        return value == 1
    }

    package func textOrNil(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    package func integerOrNil(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    package func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    package func realOrNil(_ column: Int) -> Double? { isNull(column) ? nil : real(column) }
    package func blobOrNil(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
    package func instantOrNil(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }
    package func boolOrNil(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }

    /// The column as it is stored, for code that copies any table.
    package func value(_ column: Int) -> SQLValue {
        switch kind(column) {
        case .null: .null
        case .integer: .integer(source.integer(column))
        case .real: .real(source.real(column))
        case .text: .text(source.text(column))
        case .blob: .blob(source.blob(column))
        }
    }

    private func kind(_ column: Int) -> ColumnKind {
        precondition(source.isOnRow, "A row was used after its closure returned: \(source.sql)")
        precondition(
            column >= 0 && column < source.columnCount, "The answer has no column \(column): \(source.sql)")
        return source.kind(column)
    }

    private func expect(_ wanted: ColumnKind, _ column: Int) {
        let found: ColumnKind = kind(column)
        precondition(found == wanted, "Column \(column) is \(found), not \(wanted): \(source.sql)")
    }
}

/// What an engine knows of the row that it stands on.
protocol RowSource: AnyObject {
    var sql: String { get }
    var isOnRow: Bool { get }
    var columnCount: Int { get }
    func kind(_ column: Int) -> ColumnKind
    func text(_ column: Int) -> String
    func integer(_ column: Int) -> Int64
    func real(_ column: Int) -> Double
    func blob(_ column: Int) -> [UInt8]
}

enum ColumnKind {
    case null, integer, real, text, blob
}
