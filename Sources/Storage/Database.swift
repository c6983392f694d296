/// A store with transactions: what modules see of it, whichever engine runs below.
///
/// Both bodies are synchronous, run on a thread of the store, and get a connection that is valid until they return. They
/// must neither block nor keep the connection. One SQL text serves all engines: placeholders are `$1`, `$2` …
package protocol Database: Sendable {
    /// Runs `body` on one snapshot: it sees every write acknowledged before, and none that is committed meanwhile.
    ///
    /// - Throws: what `body` throws; `CancellationError` if the task was cancelled before the body started;
    ///   `StorageError.overloaded`, `.failed` or `.closed` if the store did not take it.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs `body` as one transaction and returns once what it wrote survives a power cut.
    ///
    /// Writes run one after another. An error that the body throws undoes this write alone and is rethrown as it was. A
    /// statement that fails spoils its write even if the body catches the error (PostgreSQL knows no other way): use
    /// `ON CONFLICT` for what may happen.
    ///
    /// - Throws: what `body` throws; `CancellationError` if the task was cancelled before the body started;
    ///   `StorageError.overloaded` if too many writes wait, `.failed` if the store could not make it durable (it may or may
    ///   not be there after the store was reopened: ask by the request's id), `.closed` after `close`.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Whether the store still acknowledges writes.
    var health: StoreHealth { get }
}

/// What a store says of itself.
package enum StoreHealth: Sendable, Equatable {
    /// Reads and writes are taken.
    case serving
    /// The store did not get an answer that it can trust from the disk, and takes nothing more until it is reopened.
    case failed(reason: String)
    /// `close` was called.
    case closed
}

/// A transaction's view of the database. Valid inside the body that got it, on that body's thread.
package protocol Connection {
    /// Runs one statement without rows and returns how many rows it inserted, updated or deleted.
    ///
    /// - Parameter values: as many as the statement has placeholders; another count is our bug and traps.
    /// - Throws: `StorageError`.
    @discardableResult
    func execute(_ sql: String, values: [SQLValue]) throws -> Int

    /// Runs one statement and makes a value of each of its rows, in their order.
    func query<T>(_ sql: String, values: [SQLValue], row: (Row) throws -> T) throws -> [T]

    /// Runs one statement and makes a value of its first row; nil if there is none.
    func first<T>(_ sql: String, values: [SQLValue], row: (Row) throws -> T) throws -> T?
}

extension Connection {
    /// Runs one statement without rows and returns how many rows it inserted, updated or deleted.
    @discardableResult
    package func execute(_ sql: String, _ values: SQLValue...) throws -> Int {
        try execute(sql, values: values)
    }

    /// Runs one statement and makes a value of each of its rows, in their order.
    package func query<T>(_ sql: String, _ values: SQLValue..., row: (Row) throws -> T) throws -> [T] {
        try query(sql, values: values, row: row)
    }

    /// Runs one statement and makes a value of its first row; nil if there is none.
    package func first<T>(_ sql: String, _ values: SQLValue..., row: (Row) throws -> T) throws -> T? {
        try first(sql, values: values, row: row)
    }
}
