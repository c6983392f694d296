internal import NIOCore

/// Cuts the bytes of a stream into gRPC messages: one flag byte, four bytes of length, then the message.
struct MessageAssembler {
    enum Failure: Error, Equatable {
        case tooLarge(declared: Int)
        case badFlag(UInt8)
    }

    static let prefixBytes: Int = 5

    private var bytes = ByteBuffer()
    /// How many bytes from the reader index on belong to whole messages.
    private var wholeBytes: Int = 0
    private(set) var wholeMessages: Int = 0

    var bufferedBytes: Int { bytes.readableBytes }
    var isEmpty: Bool { bytes.readableBytes == 0 }
    /// Whether bytes of an unfinished message are left.
    var hasPartialMessage: Bool { bytes.readableBytes > wholeBytes }

    /// Takes bytes from the wire. A message longer than `limit` is refused as soon as its length is known.
    mutating func append(_ chunk: UnsafeRawBufferPointer, limit: Int) throws(Failure) {
        bytes.writeBytes(chunk)
        while bytes.readableBytes - wholeBytes >= Self.prefixBytes {
            let start: Int = bytes.readerIndex + wholeBytes
            let flag: UInt8 = bytes.getInteger(at: start) ?? 0
            let length = Int(bytes.getInteger(at: start + 1, as: UInt32.self) ?? 0)
            if flag > 1 { throw .badFlag(flag) }
            if length > limit { throw .tooLarge(declared: length) }
            if bytes.readableBytes - wholeBytes - Self.prefixBytes < length { break }
            wholeBytes += Self.prefixBytes + length
            wholeMessages += 1
        }
    }

    /// Gives the next whole message to `body` and drops it. Nil if there is none.
    mutating func take<R>(_ body: (_ compressed: Bool, _ message: UnsafeRawBufferPointer) throws -> R)
        rethrows -> R?
    {
        guard wholeMessages > 0, let flag = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) else {
            return nil
        }
        let length = Int(bytes.getInteger(at: bytes.readerIndex + 1, as: UInt32.self) ?? 0)
        defer { drop(Self.prefixBytes + length) }
        return try bytes.withUnsafeReadableBytes { all in
            let message = UnsafeRawBufferPointer(
                rebasing: all[Self.prefixBytes..<(Self.prefixBytes + length)])
            return try body(flag == 1, message)
        }
    }

    private mutating func drop(_ count: Int) {
        bytes.moveReaderIndex(forwardBy: count)
        wholeBytes -= count
        wholeMessages -= 1
        if bytes.readableBytes == 0 {
            bytes.clear()
        } else if bytes.readerIndex > 65_536, bytes.readerIndex > bytes.readableBytes {
            bytes.discardReadBytes()
        }
    }

    /// Forgets everything, and keeps the memory for the next stream unless it is large.
    mutating func reset() {
        wholeBytes = 0
        wholeMessages = 0
        if bytes.capacity > 16_384 { bytes = ByteBuffer() } else { bytes.clear() }
    }
}

extension ByteBuffer {
    /// Appends a message with its gRPC prefix; returns the message's length.
    @discardableResult
    mutating func writeFramed<M: Message>(_ message: M) -> Int {
        let start: Int = writerIndex
        writeRepeatingByte(0, count: MessageAssembler.prefixBytes)
        message.encode(into: &self)
        let length: Int = writerIndex - start - MessageAssembler.prefixBytes
        setInteger(UInt32(truncatingIfNeeded: length), at: start + 1)
        return length
    }

    /// Appends bytes with a gRPC prefix.
    mutating func writeFramed(compressed: Bool, _ bytes: [UInt8]) {
        writeInteger(UInt8(compressed ? 1 : 0))
        writeInteger(UInt32(truncatingIfNeeded: bytes.count))
        writeBytes(bytes)
    }
}
