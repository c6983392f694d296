/// A look into a database that a server may have open: read only, without its lock, on one snapshot.
package enum SQLiteSnapshot {
    /// Runs `body` on the database at `path` as it is at one moment. However long it takes, the server goes on; only its
    /// write-ahead log grows meanwhile.
    ///
    /// - Throws: what `body` throws; `StorageError.engine` if there is no database at `path` or it cannot be read.
    package static func read<T: Sendable>(
        _ path: String, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await onThread {
            let connection: SQLiteConnection = try SQLiteConnection(
                SQLiteConfiguration(path: path), .reader)
            try connection.runScript("BEGIN")
            // Closing the connection ends the transaction, which wrote nothing.
            return try body(connection)
        }
    }
}
