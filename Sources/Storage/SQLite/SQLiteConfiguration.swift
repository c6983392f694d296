package import Logging

/// How a SQLite store is opened. The defaults are what a server runs with.
package struct SQLiteConfiguration: Sendable {
    /// When SQLite waits for the disk.
    package enum Synchronous: String, Sendable {
        /// At every commit. The only value under which an acknowledged write survives a power cut.
        case full = "FULL"
        /// At checkpoints only. For tests that show why it is not enough.
        case normal = "NORMAL"
        /// Never. For tests and for filling a database that nobody would miss.
        case off = "OFF"
    }

    /// The database file; `-wal`, `-shm` and `.lock` stand beside it.
    package var path: String
    package var synchronous: Synchronous = .full
    package var limits = SQLiteLimits()
    package var logger = Logger(label: "linli.storage")
    /// Which of SQLite's file layers to use; nil is the default one. Tests put a failing disk here.
    package var fileLayer: String?

    package init(path: String) { self.path = path }
}

/// What bounds a SQLite store.
package struct SQLiteLimits: Sendable, Equatable {
    /// Writes that one commit carries at most. A commit of 128 is 5 to 7 times as fast a row as 128 commits; more gains
    /// little and lets the first wait long.
    package var groupSizeMax = 128
    /// Writes that may wait; the next one is refused with `StorageError.overloaded`.
    package var waitingWritesMax = 4_096
    /// Reads that may wait; the next one is refused with `StorageError.overloaded`.
    package var waitingReadsMax = 4_096
    /// What a refused caller is told to wait.
    package var retryAfterSeconds = 1
    /// Threads that read, each with a connection of its own.
    package var readers = 4
    /// How long a read may compute; then it fails with `StorageError.readTooLong`. It would hold the log back, and one of
    /// the readers.
    package var readSecondsMax = 10
    /// Prepared statements that a connection keeps; the one not used for longest goes.
    package var statementsMax = 512
    /// How long a statement waits for another connection's lock, in milliseconds.
    package var busyTimeoutMilliseconds = 5_000
    /// Pages of 4 KiB in the write-ahead log at which it is copied into the database. 16,384 pages (64 MiB) give 2 to 5
    /// times the durable inserts of SQLite's own 1,000, for a pause of about 0.1 s.
    package var checkpointPages = 16_384
    /// Size in bytes to which the log is cut when it starts again after having grown beyond.
    package var logBytesKept = 128 << 20

    package init() {}
}
