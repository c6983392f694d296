internal import CNghttp2

/// What a call's end means that carries no gRPC status of its own (gRPC's http-grpc-status-mapping document and the
/// section on errors of its protocol document).
enum StatusMapping {
    static func code(httpStatus: String) -> StatusCode {
        switch httpStatus {
        case "400": .internalError
        case "401": .unauthenticated
        case "403": .permissionDenied
        case "404": .unimplemented
        case "429", "502", "503", "504": .unavailable
        default: .unknown
        }
    }

    static func code(resetCode: UInt32) -> StatusCode {
        switch resetCode {
        case NGHTTP2_REFUSED_STREAM.rawValue: .unavailable
        case NGHTTP2_CANCEL.rawValue: .cancelled
        case NGHTTP2_ENHANCE_YOUR_CALM.rawValue: .resourceExhausted
        case NGHTTP2_INADEQUATE_SECURITY.rawValue: .permissionDenied
        default: .internalError
        }
    }

    /// The status in trailers: nil if there is none. A number that we do not know means UNKNOWN.
    static func status(in trailers: Metadata) -> Result<Void, RPCError>? {
        guard let text = trailers["grpc-status"] else { return nil }
        let code: StatusCode = UInt8(text).flatMap(StatusCode.init(rawValue:)) ?? .unknown
        if code == .ok { return .success(()) }
        return .failure(
            RPCError(
                code: code, message: PercentEncoding.decode(trailers["grpc-message"] ?? ""),
                details: trailers.binary("grpc-status-details-bin") ?? [], metadata: trailers.application))
    }
}

extension Metadata {
    /// What the peer's application has set.
    var application: Metadata {
        var metadata = Metadata()
        for entry in entries where !Self.isReserved(entry.key) {
            metadata.addReceived(key: entry.key, value: entry.value)
        }
        return metadata
    }
}
