import CSQLite
import Storage

/// The yardstick: libsqlite3 called directly from one thread, with the same settings for durability and nothing of ours.
struct RawInserts {
    private let path: String

    init(_ path: String) { self.path = path }

    /// Rows a second, with a commit after every `rowsACommit` of them.
    func rate(_ cases: ArraySlice<BenchCase>, rowsACommit: Int) throws -> Double {
        let raw = try RawConnection(path)
        // Built before the clock starts: the loop is to do nothing but bind, step and commit.
        let rows: [RawRow] = cases.map { RawRow($0) }
        defer { for row in rows { row.text.deallocate() } }
        let begun: ContinuousClock.Instant = .now
        var index: Int = 0
        while index < rows.count {
            try raw.execute("BEGIN")
            let end: Int = min(index + rowsACommit, rows.count)
            while index < end {
                try raw.insert(rows[index])
                index += 1
            }
            try raw.execute("COMMIT")
        }
        return Double(rows.count) / (begun.duration(to: .now) / .seconds(1))
    }
}

/// A row whose texts lie ready in memory, so that SQLite can take them where they are.
private struct RawRow {
    enum Value {
        case integer(Int64)
        case real(Double)
        case text(offset: Int, count: Int)
    }
    var values: [Value] = []
    let text: UnsafeMutableBufferPointer<CChar>

    init(_ row: BenchCase) {
        var bytes: [CChar] = []
        for value in row.values {
            switch value {
            case .integer(let number): values.append(.integer(number))
            case .real(let number): values.append(.real(number))
            case .text(let text):
                values.append(.text(offset: bytes.count, count: text.utf8.count))
                bytes += text.utf8.map { CChar(bitPattern: $0) }
            case .null, .blob: preconditionFailure("The rows of the benchmark have neither NULL nor blobs")
            }
        }
        text = .allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
    }
}

private final class RawConnection {
    private var handle: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]
    private var inserting: OpaquePointer?

    init(_ path: String) throws {
        try expect(
            sqlite3_open_v2(
                path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil))
        let pages: Int = SQLiteLimits().checkpointPages
        try expect(
            sqlite3_exec(
                handle,
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = \(pages);
                PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
                """ + BenchCase.migration.sql, nil, nil, nil))
        inserting = try prepare(BenchCase.insert.replacing("$", with: "?"))
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_finalize(inserting)
        sqlite3_close(handle)
    }

    private func expect(_ code: Int32, _ expected: Int32 = SQLITE_OK) throws {
        guard code == expected else {
            throw RawError(message: String(cString: sqlite3_errmsg(handle)))
        }
    }

    private func prepare(_ sql: String) throws -> OpaquePointer? {
        var statement: OpaquePointer?
        try expect(
            sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        return statement
    }

    func execute(_ sql: String) throws {
        if statements[sql] == nil { statements[sql] = try prepare(sql) }
        try expect(sqlite3_step(statements[sql]), SQLITE_DONE)
        sqlite3_reset(statements[sql])
    }

    func insert(_ row: RawRow) throws {
        var column: Int32 = 0
        for value in row.values {
            column += 1
            switch value {
            case .integer(let number): sqlite3_bind_int64(inserting, column, number)
            case .real(let number): sqlite3_bind_double(inserting, column, number)
            case .text(let offset, let count):
                // No destructor: the text stays where it is until the row is written.
                sqlite3_bind_text(
                    inserting, column, row.text.baseAddress?.advanced(by: offset), Int32(count), nil)
            }
        }
        try expect(sqlite3_step(inserting), SQLITE_DONE)
        sqlite3_reset(inserting)
    }
}

private struct RawError: Error {
    let message: String
}
