import CProtobufC
package import CWire
package import NIOCore

/// A message whose codec is protobuf-c. Generated types conform; the rest of the code sees `Message`.
///
/// `Layout` is the C struct that protoc-c made. protobuf-c turns wire bytes into it and back, and the generated
/// `init(c:)` and `store(in:)` copy between it and the Swift value. Both run inside one arena scope of the thread, so
/// that a message costs one set of bump allocations and no free.
package protocol CodedMessage: Message {
    associatedtype Layout

    /// Puts the struct to its defaults and names its descriptor.
    static func prepare(_ c: UnsafeMutablePointer<Layout>)
    /// Copies the struct into a value. Throws if a text is not UTF-8 or has a NUL in it.
    init(c: UnsafePointer<Layout>) throws(WireError)
    /// Prepares the struct and copies the value into it; what it points to lives in the arena.
    func store(in c: UnsafeMutablePointer<Layout>)
}

/// A generated enum. Numbers that this build does not know are kept.
package protocol WireEnum: Sendable, Hashable, CaseIterable {
    /// The value with this number in the schema.
    init(rawValue: Int32)
    /// The number in the schema.
    var rawValue: Int32 { get }
    /// The name in the schema, for example `CASE_STATE_REPORTED`; the number in digits if the name is not known.
    var protoName: String { get }
}

package enum WireLimits {
    /// How many bytes one decode may allocate, 32 MiB. A repeated message of two bytes on the wire takes some hundred in
    /// memory, so that the limit on the message's size alone would let a peer use a hundred times as much.
    package static let decodeAllocationBytes: Int = 32 * 1_024 * 1_024
}

// The generic parts are inlinable, so that each conforming type gets its own copy without type metadata at run time.
extension CodedMessage {
    @inlinable
    package init(wire: UnsafeRawBufferPointer) throws(WireError) {
        try self.init(wire: wire, allocationLimit: WireLimits.decodeAllocationBytes)
    }

    /// Decodes with a limit of its own on the memory that the decoder takes.
    @inlinable
    package init(wire: UnsafeRawBufferPointer, allocationLimit: Int) throws(WireError) {
        let scope: linli_arena_scope = Wire.begin(allocationLimit)
        defer { Wire.end(scope) }
        guard let model: UnsafeMutableRawPointer = Wire.tryToAllocate(MemoryLayout<Layout>.size) else {
            throw Wire.malformed(Self.protoName, allocationLimit)
        }
        Self.prepare(model.bindMemory(to: Layout.self, capacity: 1))
        guard let message: UnsafeMutableRawPointer = Wire.unpack(wire, like: model) else {
            throw Wire.malformed(Self.protoName, allocationLimit)
        }
        try self.init(c: UnsafePointer(message.assumingMemoryBound(to: Layout.self)))
    }

    @inlinable
    package func encode(into buffer: inout ByteBuffer) {
        let scope: linli_arena_scope = Wire.begin(Int.max)
        defer { Wire.end(scope) }
        let c: UnsafeMutablePointer<Layout> = Wire.allocate(Layout.self, 1)
        store(in: c)
        Wire.pack(UnsafeMutableRawPointer(c), into: &buffer)
    }
}

/// The steps of decoding and encoding that are the same for all messages. Every struct of protoc-c begins with a
/// `ProtobufCMessage`, which names its descriptor.
extension Wire {
    package static func begin(_ limit: Int) -> linli_arena_scope { linli_arena_begin(limit) }
    package static func end(_ scope: linli_arena_scope) { linli_arena_end(scope) }

    package static func tryToAllocate(_ count: Int) -> UnsafeMutableRawPointer? {
        linli_arena_allocate(count)
    }

    /// Decodes into a new struct of the type that `model` was prepared for; nil if the bytes are no such message.
    package static func unpack(
        _ wire: UnsafeRawBufferPointer, like model: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer? {
        let base: UnsafeMutablePointer<ProtobufCMessage> = model.assumingMemoryBound(
            to: ProtobufCMessage.self)
        let bytes: UnsafePointer<UInt8>? = wire.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return UnsafeMutableRawPointer(
            protobuf_c_message_unpack(base.pointee.descriptor, linli_arena_allocator(), wire.count, bytes))
    }

    package static func pack(_ message: UnsafeMutableRawPointer, into buffer: inout ByteBuffer) {
        let base: UnsafeMutablePointer<ProtobufCMessage> = message.assumingMemoryBound(
            to: ProtobufCMessage.self)
        let count: Int = protobuf_c_message_get_packed_size(base)
        guard count > 0 else { return }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
            (room: UnsafeMutableRawBufferPointer) in
            protobuf_c_message_pack(base, room.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    package static func malformed(_ message: String, _ limit: Int) -> WireError {
        WireError(
            reason:
                "\(message): the bytes are not a message of this type, or one that needs more than \(limit) bytes "
                + "of memory")
    }
}
