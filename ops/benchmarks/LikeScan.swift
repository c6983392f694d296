import CSQLite

/// The yardstick: SQLite looks through all names for the words as they are written, from memory and nothing else.
final class LikeScan {
    private var handle: OpaquePointer?
    private var select: OpaquePointer?

    struct Failure: Error {
        let message: String
    }

    init(_ names: [String]) throws {
        try expect(sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil))
        try expect(
            sqlite3_exec(handle, "CREATE TABLE items (name TEXT NOT NULL) STRICT; BEGIN", nil, nil, nil))
        let insert: OpaquePointer? = try prepare("INSERT INTO items (name) VALUES (?)")
        defer { sqlite3_finalize(insert) }
        for name in names {
            bind(name, insert)
            try expect(sqlite3_step(insert), SQLITE_DONE)
            sqlite3_reset(insert)
        }
        try expect(sqlite3_exec(handle, "COMMIT", nil, nil, nil))
        select = try prepare(
            "SELECT name FROM items WHERE name LIKE '%' || ? || '%' ORDER BY length(name), name LIMIT ?")
    }

    deinit {
        sqlite3_finalize(select)
        sqlite3_close(handle)
    }

    /// Names that contain the words, the shortest first.
    func find(_ words: String, limit: Int) throws -> [String] {
        defer { sqlite3_reset(select) }
        bind(words, select)
        try expect(sqlite3_bind_int64(select, 2, Int64(limit)))
        var names: [String] = []
        while sqlite3_step(select) == SQLITE_ROW {
            names.append(String(cString: sqlite3_column_text(select, 0)))
        }
        return names
    }

    private func bind(_ text: String, _ statement: OpaquePointer?) {
        // SQLITE_TRANSIENT: SQLite copies the text, which ends with the call.
        sqlite3_bind_text(
            statement, 1, text, -1,
            unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self))
    }

    private func prepare(_ sql: String) throws -> OpaquePointer? {
        var statement: OpaquePointer?
        try expect(
            sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        return statement
    }

    private func expect(_ code: Int32, _ expected: Int32 = SQLITE_OK) throws {
        guard code == expected else { throw Failure(message: String(cString: sqlite3_errmsg(handle))) }
    }
}
