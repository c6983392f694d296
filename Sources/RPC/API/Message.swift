package import NIOCore

/// A protobuf message as a Swift value. Generated types conform; nothing else has to know protobuf.
package protocol Message: Sendable, Equatable {
    /// The full name in the schema, for example `linli.platform.v1.Resident`.
    static var protoName: String { get }

    /// The message with every field at its default.
    init()

    /// Decodes the wire form (protobuf encoding, without a gRPC length prefix). The bytes are only read during the
    /// call. Text fields are checked for UTF-8 and for an embedded NUL.
    init(wire: UnsafeRawBufferPointer) throws(WireError)

    /// Appends the wire form to `buffer`, without a gRPC length prefix.
    func encode(into buffer: inout ByteBuffer)
}

extension Message {
    /// The wire form in an array of its own.
    package func encodedBytes() -> [UInt8] {
        var buffer = ByteBuffer()
        encode(into: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Decodes an array that holds exactly one message.
    package init(wire bytes: [UInt8]) throws(WireError) {
        let result: Result<Self, WireError> = bytes.withUnsafeBytes { raw in
            do throws(WireError) { return .success(try Self(wire: raw)) } catch { return .failure(error) }
        }
        self = try result.get()
    }
}

/// Bytes that are not the message they should be. The peer sees INVALID_ARGUMENT.
package struct WireError: Error, Sendable, Equatable {
    /// What was wrong, in English, naming the message type and, where known, the field.
    package var reason: String

    package init(reason: String) { self.reason = reason }
}
