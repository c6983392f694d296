/// How a call failed, on either side. A handler may throw it to answer with exactly this status; a client call throws
/// it with what the server said, or with what went wrong on the way.
package struct RPCError: Error, Sendable, Equatable, CustomStringConvertible {
    package var code: StatusCode
    /// For developers and logs, in English. People are shown the localized message of `details`.
    package var message: String
    /// A serialized `google.rpc.Status` (the value of `grpc-status-details-bin`); empty if there is none.
    package var details: [UInt8]
    /// Trailing metadata that goes with the status.
    package var metadata: Metadata

    package init(code: StatusCode, message: String, details: [UInt8] = [], metadata: Metadata = Metadata()) {
        self.code = code
        self.message = message
        self.details = details
        self.metadata = metadata
    }

    package var description: String { "\(code.name): \(message)" }
}
