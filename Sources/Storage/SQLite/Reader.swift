import Synchronization

/// One of the threads that read.
struct Reader {
    let connection: SQLiteConnection
    let queue: WorkQueue
    let secondsMax: Int
    /// Called with the reason when the disk can no longer be trusted.
    let onFailure: (StorageError) -> Void

    /// Works until the queue closes or the store fails.
    func run() {
        var jobs: [Job] = []
        while queue.wait(upTo: 1, into: &jobs) {
            for job in jobs { run(job) }
            jobs.removeAll(keepingCapacity: true)
        }
    }

    private func run(_ job: Job) {
        connection.forgetFailure()
        let end: ContinuousClock.Instant = .now + .seconds(secondsMax)
        connection.watch { !job.isCancelled.load(ordering: .relaxed) && ContinuousClock.now < end }
        do {
            try connection.control("BEGIN")
            _ = job.run(connection)
            connection.stopWatching()
            // Some errors end the transaction.
            if connection.isInTransaction { try connection.control("COMMIT") }
            if let failure = connection.firstFailure, failure.isInterruption {
                let isCancelled: Bool = job.isCancelled.load(ordering: .relaxed)
                job.fail(isCancelled ? CancellationError() : StorageError.readTooLong(seconds: secondsMax))
            }
        } catch {
            job.fail(error)
            report(error)
        }
        if let failure = connection.firstFailure { report(failure) }
        job.resume()
    }

    private func report(_ error: any Error) {
        if let error = error as? StorageError, error.isFatal { onFailure(error) }
    }
}
