internal import CNghttp2

/// Header fields that are put together for one submission to nghttp2, which copies them.
///
/// Names and values that never change are taken from `StaticHeaders` and are not copied by anybody.
struct HeaderBlock {
    private struct Span {
        var name: Int
        var nameLength: Int
        var valueLength: Int
    }
    private var bytes: [UInt8] = []
    private var spans: [Span] = []

    mutating func add(_ name: String, _ value: String) {
        let start: Int = bytes.count
        bytes.append(contentsOf: name.utf8)
        let nameLength: Int = bytes.count - start
        bytes.append(contentsOf: value.utf8)
        spans.append(Span(name: start, nameLength: nameLength, valueLength: bytes.count - start - nameLength))
    }

    /// Adds an application's metadata without what HTTP/2 and gRPC own.
    mutating func add(_ metadata: Metadata) {
        for entry in metadata.entries where !Metadata.isReserved(entry.key) { add(entry.key, entry.value) }
    }

    /// Calls `body` with `prefix` followed by the fields of this block.
    func withFields<R>(
        after prefix: [nghttp2_nv] = [], _ body: (UnsafePointer<nghttp2_nv>?, Int) throws -> R
    ) rethrows -> R {
        var bytes: [UInt8] = bytes
        return try bytes.withUnsafeMutableBufferPointer { memory in
            var fields: [nghttp2_nv] = prefix
            fields.reserveCapacity(prefix.count + spans.count)
            if let base = memory.baseAddress {
                for span in spans {
                    let name: UnsafeMutablePointer<UInt8> = base + span.name
                    fields.append(
                        nghttp2_nv(
                            name: name, value: name + span.nameLength, namelen: span.nameLength,
                            valuelen: span.valueLength, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
                }
            }
            return try fields.withUnsafeBufferPointer { try body($0.baseAddress, $0.count) }
        }
    }
}

/// Fields that every call sends. Their memory is made once and never freed or changed.
enum StaticHeaders {
    /// The head of every gRPC answer: `:status 200` and the content type.
    nonisolated(unsafe) static let responseHead: UnsafeBufferPointer<nghttp2_nv> = fields(
        (":status", "200"), ("content-type", "application/grpc"))
    nonisolated(unsafe) static let statusOK: UnsafeBufferPointer<nghttp2_nv> = fields(("grpc-status", "0"))
    nonisolated(unsafe) static let encodingGzip: UnsafeBufferPointer<nghttp2_nv> = fields(
        ("grpc-encoding", "gzip"))
    nonisolated(unsafe) static let acceptEncoding: UnsafeBufferPointer<nghttp2_nv> = fields(
        ("grpc-accept-encoding", "identity,gzip"))
    /// The first half of a request's pseudo-headers, which come before all others (RFC 9113 section 8.3).
    nonisolated(unsafe) static let requestHead: UnsafeBufferPointer<nghttp2_nv> = fields(
        (":method", "POST"), (":scheme", "https"))

    private static func fields(_ pairs: (String, String)...) -> UnsafeBufferPointer<nghttp2_nv> {
        let memory = UnsafeMutableBufferPointer<nghttp2_nv>.allocate(capacity: pairs.count)
        let flags: UInt32 = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
        for (index, (name, value)) in pairs.enumerated() {
            let field = nghttp2_nv(
                name: copy(name), value: copy(value), namelen: name.utf8.count, valuelen: value.utf8.count,
                flags: UInt8(flags))
            memory.initializeElement(at: index, to: field)
        }
        return UnsafeBufferPointer(memory)
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<UInt8> {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count + 1)
        for (index, byte) in text.utf8.enumerated() { memory.initializeElement(at: index, to: byte) }
        memory.initializeElement(at: text.utf8.count, to: 0)
        guard let base = memory.baseAddress else { fatalError("out of memory") }
        return base
    }
}
