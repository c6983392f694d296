internal import Kernel

/// The end of a call as it goes on the wire.
struct CallStatus {
    var code: StatusCode
    var message: String
    var details: [UInt8]
    var metadata: Metadata

    static let ok = CallStatus(code: .ok, message: "", details: [], metadata: Metadata())
    /// Longer messages are cut: trailers have to stay small.
    static let maximumMessageBytes: Int = 1_024

    private init(code: StatusCode, message: String, details: [UInt8], metadata: Metadata) {
        self.code = code
        self.message = message
        self.details = details
        self.metadata = metadata
    }

    /// The answer to what a handler or an interceptor has thrown. Texts of errors that are not made for the peer do
    /// not reach it.
    init(thrown error: any Error, in language: Language) {
        switch error {
        case let refusal as Refusal: self.init(refusal: refusal, in: language)
        case let error as RPCError:
            let details: [UInt8] =
                error.details.isEmpty
                ? StatusDetails.errorInfo(code: error.code, reason: error.code.name)
                : error.details
            // A handler that throws has failed, whatever code it names.
            self.init(
                code: error.code == .ok ? .unknown : error.code, message: error.message, details: details,
                metadata: error.metadata)
        case let error as WireError:
            self.init(refusal: RuntimeRefusal.malformedMessage(error.reason), in: language)
        case is CancellationError:
            self.init(refusal: RuntimeRefusal.cancelled, in: language, code: .cancelled)
        default: self.init(refusal: RuntimeRefusal.internalError, in: language)
        }
    }

    init(refusal: Refusal, in language: Language, code: StatusCode? = nil) {
        self.init(
            code: code ?? StatusDetails.code(of: refusal.kind), message: refusal.en,
            details: StatusDetails.encode(refusal, in: language), metadata: Metadata())
    }

    /// Whether the error was not foreseen, so that operators should look at it.
    static func isUnforeseen(_ error: any Error) -> Bool {
        !(error is Refusal || error is RPCError || error is WireError || error is CancellationError)
    }

    /// The trailers of this status.
    var trailers: HeaderBlock {
        var block = HeaderBlock()
        block.add("grpc-status", String(code.rawValue))
        if !message.isEmpty {
            let cut: String = String(decoding: message.utf8.prefix(Self.maximumMessageBytes), as: UTF8.self)
            block.add("grpc-message", PercentEncoding.encode(cut))
        }
        if !details.isEmpty { block.add("grpc-status-details-bin", Base64Header.encode(details)) }
        block.add(metadata)
        return block
    }
}
