internal import Kernel

/// What the RPC runtime itself refuses, before or beside any handler.
enum RuntimeRefusal {
    static func unknownMethod() -> Refusal {
        Refusal(
            kind: .unimplemented, reason: "METHOD_UNKNOWN", zh: "服务器不提供此功能，请升级客户端或核对方法名。",
            en: "This server has no such method. Check the name or update the client.")
    }
    static func headersTooLarge(limit: Int) -> Refusal {
        Refusal(
            kind: .resourceExhausted(retryAfterSeconds: 0), reason: "HEADERS_TOO_LARGE",
            zh: "请求头过大，请减少附带信息。", en: "The headers are larger than \(limit) bytes. Send less metadata.",
            metadata: ["limitBytes": String(limit)])
    }
    static func messageTooLarge(limit: Int) -> Refusal {
        Refusal(
            kind: .resourceExhausted(retryAfterSeconds: 0), reason: "MESSAGE_TOO_LARGE",
            zh: "请求内容过大，请分批发送。", en: "A message is larger than \(limit) bytes. Send it in parts.",
            metadata: ["limitBytes": String(limit)])
    }
    static func tooMuchBuffered(limit: Int) -> Refusal {
        Refusal(
            kind: .resourceExhausted(retryAfterSeconds: 1), reason: "TOO_MUCH_IN_FLIGHT",
            zh: "同时发送的内容过多，请稍后再试。",
            en:
                "More than \(limit) bytes of requests are in flight on this connection. Send fewer at a time.",
            metadata: ["limitBytes": String(limit)])
    }
    static func malformedMessage(_ reason: String) -> Refusal {
        Refusal(
            kind: .invalidArgument, reason: "MESSAGE_MALFORMED", zh: "请求内容无法识别，请升级客户端。",
            en: "The message cannot be decoded: \(reason)")
    }
    static func malformedTimeout() -> Refusal {
        Refusal(
            kind: .invalidArgument, reason: "TIMEOUT_MALFORMED", zh: "请求的时限格式不对，请升级客户端。",
            en: "The grpc-timeout header is malformed. Send up to eight digits and a unit.")
    }
    static func broken(_ what: String) -> Refusal {
        Refusal(
            kind: .internalError, reason: "STREAM_MALFORMED", zh: "请求格式不符合协议，请升级客户端。",
            en: "The request breaks the gRPC protocol: \(what)")
    }
    static func unknownEncoding() -> Refusal {
        Refusal(
            kind: .unimplemented, reason: "ENCODING_UNKNOWN", zh: "服务器不支持此压缩方式，请使用 gzip 或不压缩。",
            en: "The message encoding is not supported. Use gzip or identity.")
    }
    static let deadlineExceeded = Refusal(
        kind: .deadlineExceeded, reason: "DEADLINE_EXCEEDED", zh: "处理超时，请稍后再试。",
        en: "The call's time was over before it was done. Try again, or allow more time.")
    static let cancelled = Refusal(
        kind: .aborted, reason: "CANCELLED", zh: "操作已取消。", en: "The call was cancelled.")
    static let internalError = Refusal(
        kind: .internalError, reason: "INTERNAL", zh: "服务器内部出错，请稍后再试或联系管理员。",
        en: "The server has failed. Try again later, or tell its operator.")
    static let stopping = Refusal(
        kind: .unavailable, reason: "SERVER_STOPPING", zh: "服务器正在停止，请稍后再试。",
        en: "The server is stopping. Try again in a moment.")
}
