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

    /// Works until the queue closes or the store fails. Returns whether the disk may still be trusted.
    mutating func run() -> Bool {
        var jobs: [Job] = []
        do {
            while queue.wait(upTo: limits.groupSizeMax, into: &jobs) {
                while !jobs.isEmpty {
                    try commitGroup(&jobs)
                    try checkpointIfDue()
                }
            }
            return true
        } catch {
            // Nobody may see an error of a store that still calls itself well.
            onFailure(error)
            finish(&jobs, count: jobs.count, failing: error.asFailed)
            return false
        }
    }

    /// Commits a group made of `jobs` and of what arrives while they run, and removes from `jobs` what was answered.
    /// Throws only what the store must stop after; what is left in `jobs` is unanswered then.
    private func commitGroup(_ jobs: inout [Job]) throws(StorageError) {
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
        } catch {
            // If not even the transaction could start, nobody in the group gets any further.
            if done == 0 { done = jobs.count }
            let cause: StorageError = error as? StorageError ?? .groupUndone(reason: "\(error)")
            try undo(after: cause)
            return finish(&jobs, count: done, failing: done == 1 ? cause : cause.asGroupUndone)
        }
        finish(&jobs, count: done, failing: nil)
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

    /// Undoes the group, if the disk may still be trusted. Its members failed, also those with an error of their own: that
    /// one may rest on what another member wrote. Of a commit that failed in the disk, nothing can be said: it may or may
    /// not be there after reopening.
    private func undo(after cause: StorageError) throws(StorageError) {
        if cause.isFatal { throw cause }
        guard connection.isInTransaction else { return }
        do { try connection.control("ROLLBACK") } catch { throw cause }
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
    private mutating func checkpointIfDue() throws(StorageError) {
        guard connection.logPages >= checkpointAt else {
            if connection.logPages < limits.checkpointPages { checkpointAt = limits.checkpointPages }
            return
        }
        let left: Int = try connection.checkpoint(.passive)
        checkpointAt = left == 0 ? limits.checkpointPages : connection.logPages + limits.checkpointPages / 4
        if left == 0 { connection.logPages = 0 }
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
