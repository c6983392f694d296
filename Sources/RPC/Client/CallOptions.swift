/// What a client may choose for one call.
package struct CallOptions: Sendable {
    /// When to try again after UNAVAILABLE. Never past the call's deadline.
    package struct Retry: Sendable, Equatable {
        /// All attempts, the first included.
        package var maximumAttempts: Int
        /// The wait before the second attempt; each further wait doubles it. Every wait is drawn at random between
        /// half of this and the whole.
        package var firstBackoff: Duration
        package var maximumBackoff: Duration

        package init(maximumAttempts: Int, firstBackoff: Duration, maximumBackoff: Duration) {
            self.maximumAttempts = maximumAttempts
            self.firstBackoff = firstBackoff
            self.maximumBackoff = maximumBackoff
        }

        /// One attempt.
        package static let none = Retry(maximumAttempts: 1, firstBackoff: .zero, maximumBackoff: .zero)
        /// Six attempts within 1.25 to 2.5 seconds: the last comes after a channel's first wait, and finds a server that
        /// is back.
        package static let standard = Retry(
            maximumAttempts: 6, firstBackoff: .milliseconds(100), maximumBackoff: .seconds(1))
    }

    /// How long the call may take in all; nil uses the channel's default.
    package var timeout: Duration?
    /// Headers to send. Those that HTTP/2 and gRPC own are left out.
    package var metadata: Metadata
    package var retry: Retry
    /// Sends messages of more than a kilobyte as gzip, and asks for the same.
    package var compression: Bool

    package init(
        timeout: Duration? = nil, metadata: Metadata = Metadata(), retry: Retry = .none,
        compression: Bool = false
    ) {
        self.timeout = timeout
        self.metadata = metadata
        self.retry = retry
        self.compression = compression
    }
}
