import Logging

/// The one thread that writes: takes what waits as a group, gives each write a savepoint, commits once, tells them all.
struct Writer {
    let connection: SQLiteConnection
    let queue: WorkQueue
    let limits: SQLiteLimits
    /// Called with the reason when the disk can no longer be trusted.
    let onFailure: (StorageError) -> Void

    /// Pages in the log at which the next checkpoint is tried.
    private var checkpointAt: Int

    init(
        _ connection: SQLiteConnection, _ queue: WorkQueue, _ limits: SQLiteLimits,
        onFailure: @escaping (StorageError) -> Void
    ) {
        self.connection = connection
        self.queue = queue
        self.limits = limits
        self.onFailure = onFailure
        checkpointAt = limits.checkpointPages
    }

    /// Works until the queue closes or the store fails. Returns whether it may be trusted.
    mutating func run() -> Bool {
        var jobs: [Job] = []
        while queue.wait(upTo: limits.groupSizeMax, into: &jobs) {
            while !jobs.isEmpty {
                if let failure = commitGroup(&jobs) ?? checkpointIfDue() {
                    onFailure(failure)
                    finish(&jobs, count: jobs.count, failing: failure.asFailed)
                    return false
                }
            }
        }
        return true
    }

    /// Commits a group made of `jobs` and of what arrives while they run, and removes from `jobs` what was answered.
    /// Returns the error after which the store must stop.
    private mutating func commitGroup(_ jobs: inout [Job]) -> StorageError? {
        var done = 0
        do {
            try connection.control("BEGIN IMMEDIATE")
            repeat {
                while done < jobs.count {
                    done += 1
                    try run(jobs[done - 1])
                }
                // Whoever came meanwhile still gets on: a group of one would cost the others a whole sync.
                if done < limits.groupSizeMax { queue.take(upTo: limits.groupSizeMax - done, into: &jobs) }
            } while done < jobs.count
            try connection.control("COMMIT")
            finish(&jobs, count: done, failing: nil)
            return nil
        } catch {
            return undo(&jobs, done, error)
        }
    }

    /// Runs one write in its savepoint. Throws only if the group's transaction is lost.
    private func run(_ job: Job) throws {
        connection.forgetFailure()
        try connection.control("SAVEPOINT one_write")
        var succeeded: Bool = job.run(connection)
        if succeeded, let failure = connection.firstFailure {
            job.fail(failure)
            succeeded = false
        }
        if succeeded && connection.openForeignKeys {
            // The commit would find it too, but would then fail everybody's writes.
            job.fail(StorageError.openForeignKey)
            succeeded = false
        }
        if let failure = connection.firstFailure, failure.isFatal { throw failure }
        guard connection.isInTransaction else {
            throw connection.firstFailure ?? StorageError.groupUndone(reason: "a statement rolled back")
        }
        if !succeeded { try connection.control("ROLLBACK TO one_write") }
        try connection.control("RELEASE one_write")
    }

    /// Undoes the group. Its members failed, also those with an error of their own: that one may rest on what another
    /// member wrote. Nothing may be said of a commit that failed in the disk: it may or may not be there afterwards.
    private func undo(_ jobs: inout [Job], _ count: Int, _ error: any Error) -> StorageError? {
        let cause: StorageError = error as? StorageError ?? .groupUndone(reason: "\(error)")
        var fatal: StorageError? = cause.isFatal ? cause : nil
        if fatal == nil && connection.isInTransaction {
            do { try connection.control("ROLLBACK") } catch { fatal = cause }
        }
        if let fatal {
            finish(&jobs, count: count, failing: fatal.asFailed)
            return fatal
        }
        finish(&jobs, count: count, failing: count == 1 ? cause : cause.asGroupUndone)
        return nil
    }

    private func finish(_ jobs: inout [Job], count: Int, failing error: StorageError?) {
        connection.forgetFailure()
        for job in jobs[..<count] {
            if let error { job.fail(error) }
            job.resume()
        }
        if count == jobs.count { jobs.removeAll(keepingCapacity: true) } else { jobs.removeFirst(count) }
    }

    /// Copies the log into the database once it is long enough. Readers may hold the rest back; then it is tried again
    /// when the log has grown by a quarter more.
    private mutating func checkpointIfDue() -> StorageError? {
        guard connection.logPages >= checkpointAt else {
            if connection.logPages < limits.checkpointPages { checkpointAt = limits.checkpointPages }
            return nil
        }
        do {
            let left: Int = try connection.checkpoint(.passive)
            checkpointAt =
                left == 0 ? limits.checkpointPages : connection.logPages + limits.checkpointPages / 4
            if left == 0 { connection.logPages = 0 }
            return nil
        } catch {
            return error as? StorageError ?? .failed(reason: "\(error)")
        }
    }
}

extension StorageError {
    var asFailed: StorageError {
        if case .failed = self { self } else { .failed(reason: description) }
    }

    fileprivate var asGroupUndone: StorageError {
        if case .diskFull = self { self } else { .groupUndone(reason: description) }
    }

    fileprivate static var openForeignKey: StorageError {
        .constraint(
            ConstraintViolation(kind: .foreignKey, detail: "FOREIGN KEY constraint failed", code: 787))
    }
}
