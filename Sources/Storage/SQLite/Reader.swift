/// One of the threads that read.
struct Reader {
    let connection: SQLiteConnection
    let queue: WorkQueue
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
        do {
            try connection.control("BEGIN")
            _ = job.run(connection)
            if connection.isInTransaction { try connection.control("COMMIT") }
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
