package import Kernel
package import RPC

/// A failed call, said for people: what happened and what to do next.
package struct Explanation: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        /// Path in proto names.
        package var field: String
        package var text: String
    }

    package var code: StatusCode
    /// UPPER_SNAKE; empty if the server gave none.
    package var reason: String
    /// In the caller's language.
    package var text: String
    package var fields: [Field]
    /// Seconds to wait before the next try; nil if the server named none.
    package var retryAfterSeconds: Int?
    package var metadata: [String: String]
    /// Code and message as the call gave them, for a log or a report of the fault.
    package var technical: String

    /// True if the same request may succeed later without a change.
    package var isTemporary: Bool {
        code == .unavailable || code == .resourceExhausted || code == .deadlineExceeded
    }

    /// What `error` means, in `language`. The server's own words come first; where it has none, the code speaks.
    package init(_ error: any Error, in language: Language) {
        let error = error as? RPCError ?? RPCError(code: .unknown, message: "\(error)")
        code = error.code
        technical = error.description
        reason = ""
        text = ""
        fields = []
        metadata = [:]
        read(error.details)
        if text.isEmpty { text = Self.text(of: error.code, message: error.message)[language] }
        if code == .resourceExhausted, let seconds = retryAfterSeconds, !text.contains("\(seconds)") {
            text += language == .chinese ? "请 \(seconds) 秒后再试。" : " Try again in \(seconds) seconds."
        }
    }

    private mutating func read(_ details: [UInt8]) {
        guard let status = Self.decoded(GoogleRPC.Status.self, details) else { return }
        for detail in status.details {
            switch detail.typeUrl.split(separator: "/").last ?? "" {
            case "google.rpc.ErrorInfo":
                guard let info = Self.decoded(GoogleRPC.ErrorInfo.self, detail.value) else { continue }
                reason = info.reason
                metadata = info.metadata
            case "google.rpc.LocalizedMessage":
                text = Self.decoded(GoogleRPC.LocalizedMessage.self, detail.value)?.message ?? ""
            case "google.rpc.BadRequest":
                let violations = Self.decoded(GoogleRPC.BadRequest.self, detail.value)?.fieldViolations ?? []
                fields = violations.map { Field(field: $0.field, text: $0.description) }
            case "google.rpc.RetryInfo":
                let delay = Self.decoded(GoogleRPC.RetryInfo.self, detail.value)?.retryDelay
                retryAfterSeconds = delay.map { Int($0.seconds) + ($0.nanos > 0 ? 1 : 0) }
            default: continue
            }
        }
    }

    /// Details that cannot be read are as good as none: the code still speaks.
    private static func decoded<M: Message>(_ type: M.Type, _ bytes: [UInt8]) -> M? {
        guard !bytes.isEmpty else { return nil }
        do { return try M(wire: bytes) } catch { return nil }
    }

    private struct Pair {
        var zh: String
        var en: String
        subscript(_ language: Language) -> String { language == .chinese ? zh : en }
    }

    private static func text(of code: StatusCode, message: String) -> Pair {
        switch code {
        case .unavailable:
            Pair(
                zh: "现在连不上服务器，请检查网络，稍后再试。",
                en: "The server cannot be reached. Check the network and try again.")
        case .deadlineExceeded:
            Pair(zh: "等得太久，没有收到回答，请再试一次。", en: "No answer came in time. Please try again.")
        case .unauthenticated: Pair(zh: "请先登录。", en: "Please sign in first.")
        case .permissionDenied: Pair(zh: "您没有办这件事的权限。", en: "You may not do this.")
        case .notFound: Pair(zh: "没有找到，请核对编号。", en: "Not found. Please check the number.")
        case .resourceExhausted:
            Pair(zh: "现在办的人太多，请稍等再试。", en: "Too many requests at the moment. Please wait and try again.")
        case .unimplemented: Pair(zh: "服务器还不支持这件事。", en: "The server does not offer this yet.")
        case .cancelled: Pair(zh: "已经取消。", en: "Cancelled.")
        case .invalidArgument, .failedPrecondition, .outOfRange, .alreadyExists, .aborted:
            Pair(zh: "服务器没有接受：\(message)", en: "The server refused: \(message)")
        default: Pair(zh: "系统出错了，请稍后再试。还是不行，请打 12345。", en: "Something went wrong. Try again later.")
        }
    }
}
