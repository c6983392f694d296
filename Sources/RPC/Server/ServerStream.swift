internal import NIOCore

/// One call as its connection keeps it. Belongs to the event loop; tasks know it by its number only, so that an object
/// whose call is over can serve the next one.
final class ServerStream {
    enum HTTPMethod { case get, post, other }
    enum Encoding { case identity, gzip, unknown }

    var id: Int32 = 0

    // What the headers say.
    var method: RegisteredMethod?
    var httpMethod: HTTPMethod = .other
    var isHealthCheck = false
    var hasContentType = false
    var headerBytes: Int = 0
    var headers = RawHeaders()
    /// Nanoseconds that the client allows; nil if it does not say, -1 if it says it wrongly.
    var timeout: Int64?
    var requestEncoding: Encoding = .identity
    var acceptsGzip = false

    // The request's messages.
    var arrived = Deadline.distantFuture
    var deadline = Deadline.distantFuture
    var inbound = MessageAssembler()
    /// Bytes that flow control does not yet let the client replace.
    var unconsumed: Int = 0
    var requestBytes: Int = 0
    var requestEnded = false
    var requestFailure: CallStatus?
    var requestWaiter: StreamWaiter?

    // The answer's messages.
    var outbound = ByteBuffer()
    var responseBytes: Int = 0
    var headSent = false
    /// nghttp2 has been told that nothing is there for now.
    var isDeferred = false
    /// The status is decided; what the handler still says is for nobody.
    var isComplete = false
    /// The trailers to send after the last byte of `outbound`; nil means a plain OK.
    var trailers: HeaderBlock?
    /// The body of a plain HTTP answer ends without trailers.
    var isPlainHTTP = false
    var roomWaiter: StreamWaiter?
    /// A waiting writer goes on when no more than this is left to send.
    var roomMark: Int = 0

    var call: ServerCall?
    var task: Task<Void, Never>?

    /// Makes the object ready for another call; small buffers keep their memory.
    func reset() {
        id = 0
        method = nil
        httpMethod = .other
        isHealthCheck = false
        hasContentType = false
        headerBytes = 0
        headers = RawHeaders()
        timeout = nil
        requestEncoding = .identity
        acceptsGzip = false
        inbound.reset()
        unconsumed = 0
        requestBytes = 0
        requestEnded = false
        requestFailure = nil
        requestWaiter = nil
        if outbound.capacity > 16_384 { outbound = ByteBuffer() } else { outbound.clear() }
        responseBytes = 0
        headSent = false
        isDeferred = false
        isComplete = false
        trailers = nil
        isPlainHTTP = false
        roomWaiter = nil
        call = nil
        task = nil
    }
}
