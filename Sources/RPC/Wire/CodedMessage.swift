import CProtobufC
import CWire
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

extension CodedMessage {
    package init(wire: UnsafeRawBufferPointer) throws(WireError) {
        try self.init(wire: wire, allocationLimit: WireLimits.decodeAllocationBytes)
    }

    /// Decodes with a limit of its own on the memory that the decoder takes.
    package init(wire: UnsafeRawBufferPointer, allocationLimit: Int) throws(WireError) {
        let scope: linli_arena_scope = linli_arena_begin(allocationLimit)
        defer { linli_arena_end(scope) }
        guard let c: UnsafeMutablePointer<Layout> = Self.unpack(wire) else {
            throw WireError(
                reason:
                    "\(Self.protoName): the bytes are not a message of this type, or one that needs more than "
                    + "\(allocationLimit) bytes of memory")
        }
        try self.init(c: UnsafePointer(c))
    }

    private static func unpack(_ wire: UnsafeRawBufferPointer) -> UnsafeMutablePointer<Layout>? {
        guard let memory: UnsafeMutableRawPointer = linli_arena_allocate(MemoryLayout<Layout>.size) else {
            return nil
        }
        let model: UnsafeMutablePointer<Layout> = memory.bindMemory(to: Layout.self, capacity: 1)
        prepare(model)
        // Every struct of protoc-c begins with a ProtobufCMessage.
        let base: UnsafeMutablePointer<ProtobufCMessage> = memory.assumingMemoryBound(
            to: ProtobufCMessage.self)
        let bytes: UnsafePointer<UInt8>? = wire.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let message: UnsafeMutablePointer<ProtobufCMessage>? = protobuf_c_message_unpack(
            base.pointee.descriptor, linli_arena_allocator(), wire.count, bytes)
        guard let message else { return nil }
        return UnsafeMutableRawPointer(message).assumingMemoryBound(to: Layout.self)
    }

    package func encode(into buffer: inout ByteBuffer) {
        let scope: linli_arena_scope = linli_arena_begin(Int.max)
        defer { linli_arena_end(scope) }
        let c: UnsafeMutablePointer<Layout> = Wire.allocate(Layout.self, 1)
        store(in: c)
        let base: UnsafeMutablePointer<ProtobufCMessage> = UnsafeMutableRawPointer(c).assumingMemoryBound(
            to: ProtobufCMessage.self)
        let count: Int = protobuf_c_message_get_packed_size(base)
        guard count > 0 else { return }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
            (room: UnsafeMutableRawBufferPointer) in
            protobuf_c_message_pack(base, room.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }
}
