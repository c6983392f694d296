import CSQLite

// What the store itself does with a connection: transactions, checkpoints, scripts.
extension SQLiteConnection {
    enum Checkpoint: Int32 {
        /// Copies what no reader holds back, waits for nobody.
        case passive = 0
        /// Waits for the readers, copies everything and empties the log.
        case truncate = 3
    }

    /// Runs statements that have no parameters and whose rows do not matter.
    func runScript(_ sql: String) throws { try expect(sqlite3_exec(handle, sql, nil, nil, nil), sql) }

    /// Whether a transaction is open. Some errors (a full disk, `OR ROLLBACK`) end it behind our back.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Foreign keys whose check was put off to the commit and that do not hold.
    var openForeignKeys: Bool {
        var current: Int32 = 0
        var highest: Int32 = 0
        let code: Int32 = sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return code == SQLITE_OK && current != 0
    }

    /// Rows of a statement that only the store may run, such as a PRAGMA.
    func rows<T>(_ sql: String, row: (Row) throws -> T) throws -> [T] {
        let statement = try SQLiteStatement(sql, self)
        defer { statement.reset() }
        var answer: [T] = []
        while try statement.step() { answer.append(try row(Row(statement))) }
        return answer
    }

    /// Lets `mayGoOn` end the running statement (with SQLITE_INTERRUPT) every so often, some tenths of a millisecond.
    func watch(_ mayGoOn: @escaping () -> Bool) {
        self.mayGoOn = mayGoOn
        // The handler runs on this connection's thread, inside a step, and the connection outlives its handle.
        let context: UnsafeMutableRawPointer = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(
            handle, 10_000,
            { context in
                guard let context else { return 0 }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue()
                return connection.mayGoOn?() == false ? 1 : 0
            }, context)
    }

    func stopWatching() {
        sqlite3_progress_handler(handle, 0, nil, nil)
        mayGoOn = nil
    }

    /// Copies the log into the database and returns how many pages are left in it to be copied.
    func checkpoint(_ mode: Checkpoint) throws(StorageError) -> Int {
        var inLog: Int32 = 0
        var copied: Int32 = 0
        let code: Int32 = sqlite3_wal_checkpoint_v2(handle, nil, mode.rawValue, &inLog, &copied)
        if code == SQLITE_BUSY { return Int(inLog - copied) }
        try expect(code)
        return Int(inLog - copied)
    }
}

extension StorageError {
    /// Sorts an extended result code of SQLite. https://sqlite.org/rescode.html
    init(_ code: Int32, _ message: String, _ sql: String) {
        switch code & 0xff {
        case SQLITE_CONSTRAINT:
            let detail: String = message.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? message
            self = .constraint(
                ConstraintViolation(kind: ConstraintViolation.Kind(code), detail: detail, code: code))
        case SQLITE_FULL: self = .diskFull
        default: self = .engine(EngineFailure(code: code, message: message, sql: sql))
        }
    }

    /// Whether a statement was stopped on purpose.
    var isInterruption: Bool {
        if case .engine(let failure) = self { failure.code & 0xff == SQLITE_INTERRUPT } else { false }
    }

    /// Whether the disk or the file can no longer be trusted after this error.
    var isFatal: Bool {
        switch self {
        case .failed: true
        case .engine(let failure):
            [SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN].contains(failure.code & 0xff)
        default: false
        }
    }
}

extension ConstraintViolation.Kind {
    /// The extended codes are macros that Swift does not import.
    fileprivate init(_ code: Int32) {
        self =
            switch code >> 8 {
            case 1: .check  // SQLITE_CONSTRAINT_CHECK
            case 3: .foreignKey  // SQLITE_CONSTRAINT_FOREIGNKEY
            case 5: .notNull  // SQLITE_CONSTRAINT_NOTNULL
            case 6, 10: .primaryKey  // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID
            case 8: .unique  // SQLITE_CONSTRAINT_UNIQUE
            case 12: .dataType  // SQLITE_CONSTRAINT_DATATYPE
            default: .other
            }
    }
}
