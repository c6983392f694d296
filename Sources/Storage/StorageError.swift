/// Why the store did not do what it was asked.
package enum StorageError: Error, Sendable, Equatable {
    /// A constraint of the schema refused a row. Services map the ones that a caller can cause.
    case constraint(ConstraintViolation)
    /// Too many reads or writes wait already. Nothing was done; try again after that time.
    case overloaded(retryAfterSeconds: Int)
    /// The store stopped acknowledging because the disk gave no answer to be trusted; it must be reopened.
    case failed(reason: String)
    /// The store is closed.
    case closed
    /// The write was undone, through no fault of its own, because the transaction that it shared was undone.
    case groupUndone(reason: String)
    /// A read computed for longer than it may, and was stopped.
    case readTooLong(seconds: Int)
    /// The disk is full. The write was undone and the store goes on.
    case diskFull
    /// Another process, or another store in this one, has the database open.
    case inUse(path: String)
    /// The migrations of this release and those of the database do not fit together.
    case migration(reason: String)
    /// A backup could not be made, is not sound, or must not be restored.
    case backup(reason: String)
    /// Anything else that the engine said.
    case engine(EngineFailure)

    /// Whether this is a violation of a constraint of that kind.
    package func isViolation(of kind: ConstraintViolation.Kind) -> Bool {
        if case .constraint(let violation) = self { violation.kind == kind } else { false }
    }
}

/// Which constraint refused a row.
package struct ConstraintViolation: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case unique, primaryKey, foreignKey, check, notNull, dataType, other
    }
    /// A second row with the same key is `unique` for a unique index and `primaryKey` for the primary key.
    package let kind: Kind
    /// What the engine says of it: `table.column, table.column` for unique and notNull, the constraint's name for check.
    package let detail: String
    /// SQLite's extended result code.
    package let code: Int32

    /// Whether the row's key is there already, as primary key or in a unique index.
    package var isDuplicate: Bool { kind == .unique || kind == .primaryKey }
}

/// An error of the engine that has no case of its own.
package struct EngineFailure: Sendable, Equatable {
    /// SQLite's extended result code.
    package let code: Int32
    package let message: String
    /// The statement, without values; empty if there was none.
    package let sql: String
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .constraint(let violation):
            "a constraint refused the row (\(violation.kind): \(violation.detail))"
        case .overloaded(let seconds): "too much waits for the store; try again in \(seconds) s"
        case .failed(let reason): "the store failed and must be reopened: \(reason)"
        case .closed: "the store is closed"
        case .groupUndone(let reason): "the write was undone with others: \(reason)"
        case .readTooLong(let seconds): "the read took longer than \(seconds) s"
        case .diskFull: "the disk is full"
        case .inUse(let path): "\(path) is open in another process; stop it first"
        case .migration(let reason): reason
        case .backup(let reason): reason
        case .engine(let failure): "\(failure.message) (\(failure.code)) in \(failure.sql)"
        }
    }
}
