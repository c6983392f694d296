internal import Kernel

/// Makes the `google.rpc.Status` that goes with a refused call (AIP-193).
enum StatusDetails {
    /// The domain of all our reasons.
    static let domain: String = "linli"
    /// Larger details are cut down, since clients accept 8 KiB of trailers in all, and base64 adds a third.
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

    /// The serialized status of a refusal with its texts in `language`. What does not fit is left out: first the
    /// single fields, then all but the reason.
    static func encode(_ refusal: Refusal, in language: Language) -> [UInt8] {
        let info: GoogleProtobuf.AnyMessage = pack(
            GoogleRPC.ErrorInfo(reason: refusal.reason, domain: domain, metadata: refusal.metadata))
        var texts: [GoogleProtobuf.AnyMessage] = [
            pack(GoogleRPC.LocalizedMessage(locale: language.tag, message: refusal.text(in: language)))
        ]
        if case .resourceExhausted(let seconds) = refusal.kind {
            let delay = GoogleProtobuf.Duration(seconds: Int64(max(seconds, 0)))
            texts.append(pack(GoogleRPC.RetryInfo(retryDelay: delay)))
        }
        var fields: [GoogleProtobuf.AnyMessage] = []
        if !refusal.fields.isEmpty {
            let violations: [GoogleRPC.BadRequest.FieldViolation] = refusal.fields.map { field in
                GoogleRPC.BadRequest.FieldViolation(
                    field: field.field, description: field.text(in: language), reason: field.reason)
            }
            fields.append(pack(GoogleRPC.BadRequest(fieldViolations: violations)))
        }
        let number = Int32(code(of: refusal.kind).rawValue)
        for details in [[info] + fields + texts, [info] + texts] {
            let bytes: [UInt8] = GoogleRPC.Status(code: number, message: refusal.en, details: details)
                .encodedBytes()
            if bytes.count <= maximumBytes { return bytes }
        }
        return errorInfo(code: code(of: refusal.kind), reason: refusal.reason)
    }

    /// The serialized status of an error that has no more than a code and a reason.
    static func errorInfo(code: StatusCode, reason: String) -> [UInt8] {
        let info = GoogleRPC.ErrorInfo(reason: reason, domain: domain)
        return GoogleRPC.Status(code: Int32(code.rawValue), details: [pack(info)]).encodedBytes()
    }

    private static func pack<M: Message>(_ message: M) -> GoogleProtobuf.AnyMessage {
        GoogleProtobuf.AnyMessage(typeUrl: typePrefix + M.protoName, value: message.encodedBytes())
    }

    static let typePrefix: String = "type.googleapis.com/"
}

extension RPCError {
    /// The server's `google.rpc.Status`; nil if it sent none or one that cannot be read.
    package var status: GoogleRPC.Status? {
        if details.isEmpty { return nil }
        do { return try GoogleRPC.Status(wire: details) } catch { return nil }
    }

    /// The detail of one type, for example `error.detail(GoogleRPC.BadRequest.self)`.
    package func detail<M: Message>(_ type: M.Type) -> M? {
        let url: String = StatusDetails.typePrefix + M.protoName
        guard let packed = status?.details.first(where: { $0.typeUrl == url }) else { return nil }
        do { return try M(wire: packed.value) } catch { return nil }
    }

    /// For programs: the reason in UPPER_SNAKE_CASE; nil if the server gave none.
    package var reason: String? { detail(GoogleRPC.ErrorInfo.self)?.reason }

    /// For people: the server's text in the language that was asked for; nil if it gave none.
    package var localizedMessage: String? { detail(GoogleRPC.LocalizedMessage.self)?.message }
}
