internal import CNghttp2
internal import Kernel
internal import NIOCore

// From the first header of a stream to the decision what to do with it.
extension ServerConnection {
    func headersBegin(_ stream: Int32, _ category: nghttp2_headers_category) {
        // Trailers of a request say nothing that we want to know.
        guard category == NGHTTP2_HCAT_REQUEST else { return current = nil }
        let object: ServerStream = spare.popLast() ?? ServerStream()
        object.id = stream
        object.arrived = now
        object.roomMark = core.limits.responseBufferBytes / 2
        streams[stream] = object
        current = object
    }

    func headerArrived(
        _ id: Int32, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) {
        guard let stream = current, stream.id == id else { return }
        stream.headerBytes += name.count + value.count + 32
        if stream.headerBytes > core.limits.maximumHeaderBytes { return }
        switch name.count {
        case 5 where name.equals(":path"):
            stream.method = core.methods.find(value)
            if stream.method == nil { stream.isHealthCheck = value.equals("/healthz") }
        case 7 where name.equals(":method"):
            stream.httpMethod = value.equals("POST") ? .post : value.equals("GET") ? .get : .other
        case 2 where name.equals("te"): break
        case 12 where name.equals("content-type"): stream.hasContentType = Self.isGRPC(value)
        case 12 where name.equals("grpc-timeout"): stream.timeout = GRPCTimeout.parse(value) ?? -1
        case 13 where name.equals("grpc-encoding"):
            stream.requestEncoding =
                value.equals("identity") ? .identity : value.equals("gzip") ? .gzip : .unknown
        case 20 where name.equals("grpc-accept-encoding"): stream.acceptsGzip = value.containsToken("gzip")
        default:
            if name.first == UInt8(ascii: ":") { return }
            stream.headers.append(name, value)
        }
    }

    /// `application/grpc`, alone or followed by `+proto` or parameters; `application/grpc-web` is something else.
    private static func isGRPC(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        let prefix: Int = 16
        guard value.count >= prefix,
            UnsafeBufferPointer(rebasing: value[..<prefix]).equals("application/grpc")
        else {
            return false
        }
        if value.count == prefix { return true }
        let rest = UnsafeBufferPointer(rebasing: value[prefix...])
        return rest.equals("+proto") || rest[0] == UInt8(ascii: ";") || rest[0] == UInt8(ascii: " ")
    }

    /// All headers are here: refuse the stream, or make it a call.
    func headersComplete(_ stream: ServerStream) {
        let limits: ServerLimits = core.limits
        stream.deadline = stream.arrived.advanced(by: limits.defaultUnaryDeadline)
        if stream.headerBytes > limits.maximumHeaderBytes {
            return refuse(stream, RuntimeRefusal.headersTooLarge(limit: limits.maximumHeaderBytes))
        }
        if stream.isHealthCheck, stream.httpMethod != .other, !stream.hasContentType {
            return answerHealth(stream)
        }
        if stream.httpMethod != .post { return answerHTTP(stream, status: "405", body: "gRPC uses POST.\n") }
        if !stream.hasContentType {
            return answerHTTP(stream, status: "415", body: "The content type must be application/grpc.\n")
        }
        guard let method = stream.method else { return refuse(stream, RuntimeRefusal.unknownMethod()) }
        if stream.requestEncoding == .unknown { return refuse(stream, RuntimeRefusal.unknownEncoding()) }
        if stream.timeout == -1 { return refuse(stream, RuntimeRefusal.malformedTimeout()) }
        stream.deadline = stream.arrived.advanced(
            nanoseconds: allowedTime(stream.timeout, method.descriptor.kind))
        if stream.deadline <= now { return refuse(stream, RuntimeRefusal.deadlineExceeded) }
        watch(stream)
        if !method.descriptor.kind.hasOneRequest { ready.append(stream.id) }
    }

    private func allowedTime(_ asked: Int64?, _ kind: MethodKind) -> Int64 {
        let limits: ServerLimits = core.limits
        let isUnary: Bool = kind == .unary
        let usual: Duration = isUnary ? limits.defaultUnaryDeadline : limits.defaultStreamDeadline
        let most: Duration = isUnary ? limits.maximumUnaryDeadline : limits.maximumStreamDeadline
        return min(asked ?? usual.clampedNanoseconds, most.clampedNanoseconds)
    }

    /// Ends a call that no handler has seen.
    func refuse(_ stream: ServerStream, _ refusal: Refusal) {
        let language = Language(acceptLanguage: stream.headers.first("accept-language"))
        complete(stream, CallStatus(refusal: refusal, in: language))
    }
}

extension UnsafeBufferPointer where Element == UInt8 {
    /// Whether the bytes are those of a literal.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount
            && elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
    }

    /// Whether a comma-separated list holds a name.
    func containsToken(_ token: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: token.utf8Start, count: token.utf8CodeUnitCount)
        return split(separator: UInt8(ascii: ",")).contains { part in
            part.drop { $0 == 0x20 }.elementsEqual(wanted)
        }
    }
}
