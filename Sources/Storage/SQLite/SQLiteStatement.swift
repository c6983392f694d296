import CSQLite

/// A prepared statement of one connection. One owner, one thread.
final class SQLiteStatement: RowSource {
    let sql: String
    let columnCount: Int
    let isReadOnly: Bool
    private(set) var isOnRow = false
    /// Taken out of the cache by a query that is not through yet; a second use of the same text gets a statement of its own.
    var isInUse = false
    /// The connection's count of uses at the last one, for the cache.
    var lastUse: UInt64 = 0

    private let handle: OpaquePointer
    private let parameterCount: Int
    private unowned let connection: SQLiteConnection

    init(_ sql: String, _ connection: SQLiteConnection) throws {
        var handle: OpaquePointer?
        var rest = false
        let text: String = numberedPlaceholders(sql)
        let code: Int32 = text.withCString { start in
            var tail: UnsafePointer<CChar>?
            let code: Int32 = sqlite3_prepare_v3(
                connection.handle, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
            if let tail { rest = !isBlank(tail) }
            return code
        }
        guard code == SQLITE_OK else { throw connection.error(code, sql) }
        guard let handle, !rest else { preconditionFailure("Not exactly one statement: \(sql)") }
        self.sql = sql
        self.handle = handle
        self.connection = connection
        columnCount = Int(sqlite3_column_count(handle))
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ values: [SQLValue]) throws {
        precondition(
            values.count == parameterCount,
            "\(values.count) values for \(parameterCount) placeholders: \(sql)")
        var index: Int32 = 0
        for value in values {
            index += 1
            let code: Int32 =
                switch value {
                case .null: sqlite3_bind_null(handle, index)
                case .integer(let number): sqlite3_bind_int64(handle, index, number)
                case .real(let number): sqlite3_bind_double(handle, index, number)
                case .text(let text): bind(text, index)
                case .blob(let bytes): bind(bytes, index)
                }
            guard code == SQLITE_OK else { throw connection.error(code, sql) }
        }
    }

    private func bind(_ text: String, _ index: Int32) -> Int32 {
        var text: String = text
        return text.withUTF8 { bytes in
            // An empty buffer has no address, and a null address would bind NULL.
            guard let start = bytes.baseAddress else { return sqlite3_bind_text(handle, index, "", 0, nil) }
            return sqlite3_bind_text64(
                handle, index, start, UInt64(bytes.count), copiedBySQLite, UInt8(SQLITE_UTF8))
        }
    }

    private func bind(_ bytes: [UInt8], _ index: Int32) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, bytes.count > 0 else {
                return sqlite3_bind_zeroblob(handle, index, 0)
            }
            return sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), copiedBySQLite)
        }
    }

    /// Goes to the next row; false after the last.
    func step() throws -> Bool {
        let code: Int32 = sqlite3_step(handle)
        isOnRow = code == SQLITE_ROW
        if isOnRow { return true }
        guard code == SQLITE_DONE else { throw connection.error(code, sql) }
        return false
    }

    /// Makes the statement ready for its next use and lets go of the row.
    func reset() {
        isOnRow = false
        // It repeats the error of the last step, which has been thrown already.
        _ = sqlite3_reset(handle)
    }

    func kind(_ column: Int) -> ColumnKind {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// SQLITE_TRANSIENT, a macro that Swift does not import: SQLite copies the value before the call returns.
private let copiedBySQLite: sqlite3_destructor_type = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// Whether nothing but white space and semicolons is left of a statement's text.
func isBlank(_ text: UnsafePointer<CChar>) -> Bool {
    var text: UnsafePointer<CChar> = text
    while text.pointee != 0 {
        guard " \n\t\r;".utf8.contains(UInt8(bitPattern: text.pointee)) else { return false }
        text += 1
    }
    return true
}
