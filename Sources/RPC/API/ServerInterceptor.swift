/// Work that is done around every call: who are you, may you, did you ask before.
package protocol ServerInterceptor: Sendable {
    /// Runs before the handler, in the order of registration. What it throws (`RPCError`, `Refusal`) is the answer to
    /// the call, and the handler does not run.
    func begin(_ call: ServerCall) async throws

    /// Runs when the call is over, in reverse order, for each interceptor whose `begin` has returned. It runs on the
    /// connection's event loop and must not block.
    func end(_ call: ServerCall, _ outcome: CallOutcome)
}

extension ServerInterceptor {
    package func end(_ call: ServerCall, _ outcome: CallOutcome) {}
}

/// How a call ended.
package struct CallOutcome: Sendable {
    package let code: StatusCode
    /// The status message; empty for OK.
    package let message: String
    /// From the arrival of the request's headers to the decision about the status.
    package let duration: Duration
    /// Message bytes before decompression, without prefixes.
    package let requestBytes: Int
    package let responseBytes: Int
}

/// A name for a value that interceptors attach to a call, for example the signed-in person.
package protocol CallValueKey {
    associatedtype Value: Sendable
    static var defaultValue: Value { get }
}
