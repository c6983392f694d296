import CSQLite
import Kernel

/// One connection to a SQLite database, with its prepared statements. It lives and dies on one thread.
final class SQLiteConnection: Connection {
    enum Role {
        case writer, reader
        /// Reads a file that nobody changes and leaves nothing beside it.
        case immutable
    }

    let handle: OpaquePointer
    /// The first statement of the running write that failed. A write with one is undone, see `Database.write`.
    private(set) var firstFailure: StorageError?

    /// Asked while a statement runs, see `watch`.
    var mayGoOn: (() -> Bool)?
    /// Pages in the write-ahead log after the last commit of this connection.
    var logPages = 0

    private let role: Role
    private let statementsMax: Int
    private var statements: [String: SQLiteStatement] = [:]
    /// The store's own statements; they are few and stay.
    private var controls: [String: SQLiteStatement] = [:]
    private var uses: UInt64 = 0

    init(_ configuration: SQLiteConfiguration, _ role: Role) throws {
        // A connection is used by its own thread alone, so SQLite need not lock it.
        let access: Int32 =
            role == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        let uri: Int32 = role == .immutable ? SQLITE_OPEN_URI : 0
        var handle: OpaquePointer?
        let code: Int32 = sqlite3_open_v2(
            role == .immutable ? immutableURI(configuration.path) : configuration.path, &handle,
            access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | uri, configuration.fileLayer)
        guard let handle, code == SQLITE_OK else {
            sqlite3_close_v2(handle)
            let text = String(cString: sqlite3_errstr(code))
            throw StorageError.engine(
                EngineFailure(code: code, message: "cannot open \(configuration.path): \(text)", sql: ""))
        }
        self.handle = handle
        self.role = role
        statementsMax = configuration.limits.statementsMax
        sqlite3_busy_timeout(handle, Int32(configuration.limits.busyTimeoutMilliseconds))
        try expect(linli_sqlite3_never_checkpoint_on_close(handle))
        try expect(linli_sqlite3_strict_quotes(handle))
        try configure(configuration)
    }

    deinit {
        statements.removeAll()
        controls.removeAll()
        sqlite3_close_v2(handle)
    }

    private func configure(_ configuration: SQLiteConfiguration) throws {
        if role == .writer {
            // Automatic checkpoints swallow their errors, so the writer makes them itself.
            try runScript(
                """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = \(configuration.synchronous.rawValue);
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA journal_size_limit = \(configuration.limits.logBytesKept);
                PRAGMA foreign_keys = ON;
                """)
            countLogPages()
        } else {
            try runScript("PRAGMA query_only = ON;")
        }
        try runScript("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")
    }

    private func countLogPages() {
        // The hook runs on this connection's thread, inside the commit, and the connection outlives its handle.
        let context: UnsafeMutableRawPointer = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
                return SQLITE_OK
            }, context)
    }

    @discardableResult
    func execute(_ sql: String, values: [SQLValue]) throws -> Int {
        try withStatement(sql, values) { statement in
            while try statement.step() {}
            return statement.isReadOnly ? 0 : Int(sqlite3_changes64(handle))
        }
    }

    func query<T>(_ sql: String, values: [SQLValue], row: (Row) throws -> T) throws -> [T] {
        try withStatement(sql, values) { statement in
            var answer: [T] = []
            while try statement.step() { answer.append(try row(Row(statement))) }
            return answer
        }
    }

    func first<T>(_ sql: String, values: [SQLValue], row: (Row) throws -> T) throws -> T? {
        try withStatement(sql, values) { statement in
            guard try statement.step() else { return nil }
            let answer: T = try row(Row(statement))
            // A statement that writes and returns rows is through only after its last row.
            if !statement.isReadOnly { while try statement.step() {} }
            return answer
        }
    }

    private func withStatement<T>(
        _ sql: String, _ values: [SQLValue], _ body: (SQLiteStatement) throws -> T
    ) throws -> T {
        if let firstFailure { throw firstFailure }
        let statement: SQLiteStatement = try noted { try self.statement(sql) }
        statement.isInUse = true
        defer {
            statement.reset()
            statement.isInUse = false
        }
        return try noted {
            try statement.bind(values)
            return try body(statement)
        }
    }

    /// Keeps the engine's errors (not those of a row's closure) until the write ends.
    private func noted<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as StorageError {
            if firstFailure == nil { firstFailure = error }
            throw error
        }
    }

    func forgetFailure() { firstFailure = nil }

    private func statement(_ sql: String) throws -> SQLiteStatement {
        uses += 1
        if let cached = statements[sql], !cached.isInUse {
            cached.lastUse = uses
            return cached
        }
        precondition(!isTransactionControl(sql), "Transactions are the store's own: \(sql)")
        let statement = try SQLiteStatement(sql, self)
        precondition(
            role == .writer || statement.isReadOnly, "A statement that writes needs Database.write: \(sql)")
        statement.lastUse = uses
        if statements[sql] == nil {
            if statements.count >= statementsMax { dropOldest() }
            statements[sql] = statement
        }
        return statement
    }

    /// Runs a statement of the store's own, kept like any other.
    func control(_ sql: String) throws {
        let statement: SQLiteStatement
        if let cached = controls[sql] {
            statement = cached
        } else {
            statement = try SQLiteStatement(sql, self)
            controls[sql] = statement
        }
        defer { statement.reset() }
        while try statement.step() {}
    }

    /// How many statements are kept.
    var statementCount: Int { statements.count }

    private func dropOldest() {
        let oldest: (key: String, value: SQLiteStatement)? =
            statements.filter { !$0.value.isInUse }.min { $0.value.lastUse < $1.value.lastUse }
        if let oldest { statements[oldest.key] = nil }
    }

    /// The engine's last error as one of ours.
    func error(_ code: Int32, _ sql: String) -> StorageError {
        let extended: Int32 = code & 0xff == code ? sqlite3_extended_errcode(handle) : code
        return StorageError(extended, String(cString: sqlite3_errmsg(handle)), sql)
    }

    func expect(_ code: Int32, _ sql: String = "") throws(StorageError) {
        if code != SQLITE_OK { throw error(code, sql) }
    }
}

/// The file as a URI (RFC 8089) with SQLite's parameter for a file that nobody changes.
private func immutableURI(_ path: String) -> String {
    let escaped: String = path.utf8.map { byte in
        byte >= 0x80 || "%?#".utf8.contains(byte) ? "%" + Hex.encode([byte]) : String(UnicodeScalar(byte))
    }.joined()
    return "file:\(escaped)?immutable=1"
}

private let transactionWords: Set<String> = [
    "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM", "PRAGMA",
]

private func isTransactionControl(_ sql: String) -> Bool {
    let word: Substring = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }
    return transactionWords.contains(word.uppercased())
}
