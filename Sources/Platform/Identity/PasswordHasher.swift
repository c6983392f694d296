package import Crypto
internal import Glibc
internal import Kernel
internal import NIOPosix
internal import Synchronization

/// Computes and checks password hashes on threads of its own, off the event loops, with a bounded queue.
///
/// A hash takes tens of milliseconds of CPU by design, so a storm of sign-ins is the first overload. The threads have a
/// lower priority than the rest, and what does not fit the queue is refused at once: those who are signed in notice
/// nothing.
package final class PasswordHasher: Sendable {
    private let pool: NIOThreadPool
    private let inFlight: Atomic<Int> = Atomic(0)
    private let capacity: Int
    /// What is verified against when there is no account: the same work.
    private let dummy: String

    package init(
        threads: Int = IdentityLimits.passwordThreads, queue: Int = IdentityLimits.passwordQueue
    ) throws {
        capacity = threads + queue
        dummy = try Argon2id.hash(Password(parsing: SecureRandom.token()))
        pool = NIOThreadPool(numberOfThreads: threads)
        pool.start()
    }

    /// The hash to store.
    package func hash(_ password: Password) async throws -> String {
        try await run { try Argon2id.hash(password) }
    }

    /// Whether a password is right. Without a stored hash the answer is no, after the same work.
    func verify(_ password: Password, against stored: String?) async throws -> Bool {
        let phc: String = stored ?? dummy
        let isRight: Bool = try await run { try Argon2id.verify(password, against: phc) }
        return isRight && stored != nil
    }

    /// Hashes that are computed or wait, for metrics.
    package var depth: Int { inFlight.load(ordering: .relaxed) }

    /// Finishes what runs and ends the threads.
    package func shutdown() async throws { try await pool.shutdownGracefully() }

    private func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        let (before, _) = inFlight.add(1, ordering: .relaxed)
        defer { inFlight.subtract(1, ordering: .relaxed) }
        guard before < capacity else {
            throw Refusal.exhausted(
                retryAfterSeconds: IdentityLimits.passwordRetrySeconds, reason: "SIGN_IN_BUSY",
                zh: "登录的人较多，请稍后再试。", en: "Many people are signing in. Try again in a few seconds.")
        }
        return try await pool.runIfActive {
            // On Linux this is the nice value of the calling thread alone; without the right to it, nothing is lost.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, PasswordHasher.niceValue)
            return try work()
        }
    }

    /// How far the threads stand back (0 to 19).
    private static let niceValue: Int32 = 10
}
