internal import Kernel

/// Makes the `google.rpc.Status` that goes with a refused call (AIP-193).
enum StatusDetails {
    /// The domain of all our reasons.
    static let domain: String = "linli"
    /// Larger details are cut down, since clients accept 8 KiB of trailers in all.
    static let maximumBytes: Int = 4_096

    static func code(of kind: Refusal.Kind) -> StatusCode {
        switch kind {
        case .invalidArgument: .invalidArgument
        case .notFound: .notFound
        case .alreadyExists: .alreadyExists
        case .permissionDenied: .permissionDenied
        case .failedPrecondition: .failedPrecondition
        case .aborted: .aborted
        case .resourceExhausted: .resourceExhausted
        case .unauthenticated: .unauthenticated
        case .unavailable: .unavailable
        case .internalError: .internalError
        case .outOfRange: .outOfRange
        case .unimplemented: .unimplemented
        case .deadlineExceeded: .deadlineExceeded
        }
    }

    /// The serialized status of a refusal with its texts in `language`.
    static func encode(_ refusal: Refusal, in language: Language) -> [UInt8] {
        let full: [UInt8] = encode(refusal, in: language, fields: true, metadata: true)
        if full.count <= maximumBytes { return full }
        let withoutFields: [UInt8] = encode(refusal, in: language, fields: false, metadata: true)
        if withoutFields.count <= maximumBytes { return withoutFields }
        return errorInfo(code: code(of: refusal.kind), message: "", reason: refusal.reason)
    }

    /// The serialized status of an error that has no more than a code and a reason.
    static func errorInfo(code: StatusCode, message: String, reason: String) -> [UInt8] {
        var status = ProtoWriter()
        status.varint(1, UInt64(code.rawValue))
        status.text(2, message)
        detail(&status, "google.rpc.ErrorInfo") {
            $0.text(1, reason)
            $0.text(2, domain)
        }
        return status.bytes
    }

    private static func encode(
        _ refusal: Refusal, in language: Language, fields: Bool, metadata: Bool
    ) -> [UInt8] {
        var status = ProtoWriter()
        status.varint(1, UInt64(code(of: refusal.kind).rawValue))
        status.text(2, refusal.en)
        detail(&status, "google.rpc.ErrorInfo") { info in
            info.text(1, refusal.reason)
            info.text(2, domain)
            for (key, value) in refusal.metadata.sorted(by: { $0.key < $1.key }) {
                info.message(3) {
                    $0.text(1, key)
                    $0.text(2, value)
                }
            }
        }
        if fields, !refusal.fields.isEmpty {
            detail(&status, "google.rpc.BadRequest") { request in
                for violation in refusal.fields {
                    request.message(1) {
                        $0.text(1, violation.field)
                        $0.text(2, violation.text(in: language))
                        $0.text(3, violation.reason)
                    }
                }
            }
        }
        detail(&status, "google.rpc.LocalizedMessage") {
            $0.text(1, language.tag)
            $0.text(2, refusal.text(in: language))
        }
        if case .resourceExhausted(let seconds) = refusal.kind {
            detail(&status, "google.rpc.RetryInfo") { retry in
                retry.message(1) { $0.varint(1, UInt64(max(seconds, 0))) }
            }
        }
        return status.bytes
    }

    private static func detail(_ status: inout ProtoWriter, _ type: String, _ build: (inout ProtoWriter) -> Void) {
        status.message(3) { any in
            any.text(1, "type.googleapis.com/\(type)")
            any.message(2, build)
        }
    }
}
