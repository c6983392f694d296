import CNghttp2
import COpenSSL
import Glibc
import Testing

@testable import RPC

/// An HTTP/2 client that sends what a test tells it to, right or wrong: a blocking TLS socket and frames by hand.
final class RawClient {
    struct Frame: Equatable {
        var type: UInt8
        var flags: UInt8
        var stream: UInt32
        var payload: [UInt8]

        /// The error code of RST_STREAM or GOAWAY.
        var errorCode: UInt32? {
            let start: Int = type == 3 ? 0 : 4
            guard type == 3 || type == 7, payload.count >= start + 4 else { return nil }
            return payload[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }
    enum Failure: Error { case socket(String) }

    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    /// A wait that never comes true fails after so long.
    static let patienceSeconds: Int = 10

    private let descriptor: Int32
    private var ssl: OpaquePointer?
    private let context: OpaquePointer?
    private var received: [UInt8] = []
    private var inflater: OpaquePointer?

    /// Connects; with TLS and the HTTP/2 preface unless the test wants to stop before.
    init(port: Int, tls: Bool = true, preface: Bool = true, alpn: String = "h2") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        context = SSL_CTX_new(TLS_client_method())
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result: Int32 = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.socket("connect") }
        nghttp2_hd_inflate_new(&inflater)
        guard tls else { return }
        ssl = SSL_new(context)
        SSL_set_fd(ssl, descriptor)
        let offered: [UInt8] = [UInt8(alpn.utf8.count)] + Array(alpn.utf8)
        SSL_set_alpn_protos(ssl, offered, UInt32(offered.count))
        guard SSL_connect(ssl) == 1 else { throw Failure.socket("handshake") }
        if preface {
            try send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
            try send(type: Self.settings)
        }
    }

    deinit {
        if let ssl { SSL_free(ssl) }
        SSL_CTX_free(context)
        nghttp2_hd_inflate_del(inflater)
        close(descriptor)
    }

    // MARK: Sending

    func send(_ bytes: [UInt8]) throws {
        signal(SIGPIPE, SIG_IGN)
        guard SSL_write(ssl, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            throw Failure.socket("write")
        }
    }

    static func frame(
        type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []
    ) -> [UInt8] {
        let length: Int = payload.count
        return [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags]
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) } + payload
    }

    func send(type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) throws {
        try send(Self.frame(type: type, flags: flags, stream: stream, payload))
    }

    /// Header fields as HPACK literals without indexing and without Huffman coding.
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { name, value in [0] + string(name) + string(value) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let count: Int = text.utf8.count
        if count < 127 { return [UInt8(count)] + Array(text.utf8) }
        var rest: Int = count - 127
        var prefix: [UInt8] = [127]
        while rest >= 128 {
            prefix.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return prefix + [UInt8(rest)] + Array(text.utf8)
    }

    static func request(
        _ path: String = "/linli.test.Echo/Say", method: String = "POST",
        type: String? = "application/grpc", more: [(String, String)] = []
    ) -> [UInt8] {
        var fields: [(String, String)] = [
            (":method", method), (":scheme", "https"), (":path", path), (":authority", "localhost"),
        ]
        if let type { fields.append(("content-type", type)) }
        return block(fields + more)
    }

    /// A gRPC message with its prefix.
    static func message(_ bytes: [UInt8], flag: UInt8 = 0, length: Int? = nil) -> [UInt8] {
        let count: Int = length ?? bytes.count
        return [flag] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
    }

    /// Sends a whole unary request.
    func call(_ stream: UInt32, headers: [UInt8] = RawClient.request(), body: [UInt8] = RawClient.message([]))
        throws
    {
        try send(type: Self.headers, flags: 4, stream: stream, headers)
        var rest: ArraySlice<UInt8> = body[...]
        repeat {
            let part: ArraySlice<UInt8> = rest.prefix(16_384)
            rest = rest.dropFirst(part.count)
            try send(type: 0, flags: rest.isEmpty ? 1 : 0, stream: stream, Array(part))
        } while !rest.isEmpty
    }

    // MARK: Receiving

    /// The next frame; nil when the server has closed the connection.
    func next() throws -> Frame? {
        while true {
            if received.count >= 9 {
                let length: Int = received[0..<3].reduce(0) { $0 << 8 | Int($1) }
                if received.count >= 9 + length {
                    let frame = Frame(
                        type: received[3], flags: received[4],
                        stream: received[5..<9].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF,
                        payload: Array(received[9..<(9 + length)]))
                    received.removeFirst(9 + length)
                    return frame
                }
            }
            var buffer: [UInt8] = Array(repeating: 0, count: 16_384)
            errno = 0
            let count: Int32 = SSL_read(ssl, &buffer, Int32(buffer.count))
            if count <= 0 {
                if errno == EAGAIN { throw Failure.socket("nothing came") }
                return nil
            }
            received += buffer.prefix(Int(count))
        }
    }

    /// Reads until a frame fits; nil if the connection ends before.
    func wait(for isWanted: (Frame) -> Bool) throws -> Frame? {
        while let frame = try next() {
            if isWanted(frame) { return frame }
        }
        return nil
    }

    /// The error code of the GOAWAY with which the server ends the connection; nil if it sends none.
    func goAwayCode() throws -> UInt32? { try wait { $0.type == Self.goAway }?.errorCode }

    /// All header fields of a stream, trailers included, up to its end.
    func answer(_ stream: UInt32) throws -> [String: String] {
        var fields: [String: String] = [:]
        while let frame = try next() {
            if frame.type == Self.headers {
                let block: [String: String] = inflate(frame.payload)
                if frame.stream == stream { fields.merge(block) { $1 } }
            }
            let ends: Bool = frame.type <= 1 && frame.flags & 1 == 1 || frame.type == Self.reset
            if frame.stream == stream, ends {
                if frame.type == Self.reset { fields["reset"] = frame.errorCode.map(String.init) }
                return fields
            }
        }
        fields["closed"] = "yes"
        return fields
    }

    private func inflate(_ block: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        var block: [UInt8] = block
        block.withUnsafeMutableBufferPointer { bytes in
            guard var position = bytes.baseAddress else { return }
            var left: Int = bytes.count
            while true {
                var field = nghttp2_nv()
                var flags: Int32 = 0
                let used: Int = nghttp2_hd_inflate_hd2(inflater, &field, &flags, position, left, 1)
                if used < 0 { return }
                position += used
                left -= used
                if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                    let name = String(
                        decoding: UnsafeBufferPointer(start: field.name, count: field.namelen), as: UTF8.self)
                    let value = String(
                        decoding: UnsafeBufferPointer(start: field.value, count: field.valuelen),
                        as: UTF8.self)
                    fields[name] = value
                }
                if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 {
                    nghttp2_hd_inflate_end_headers(inflater)
                    return
                }
                if left == 0, flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) == 0 { return }
            }
        }
        return fields
    }
}
