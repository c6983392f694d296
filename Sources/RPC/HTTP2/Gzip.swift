internal import CZlib

/// The gzip message encoding (RFC 1952) over zlib.
enum Gzip {
    enum Failure: Error, Equatable {
        case damaged
        /// The message would be longer than allowed when unpacked.
        case tooLarge
    }

    /// Shorter messages are not worth it: gzip's own frame costs 18 bytes, and a packet carries 1,400.
    static let worthwhileBytes: Int = 1_024
    private static let gzipWindowBits: Int32 = 15 + 16
    private static let chunkBytes: Int = 16_384

    /// Packs at the fastest level; nil if zlib cannot get memory.
    static func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(&stream, 1, Z_DEFLATED, gzipWindowBits, 8, Z_DEFAULT_STRATEGY, zlibVersion(), size)
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(bound)
            _ = deflate(&stream, Z_FINISH)
            count = bound - Int(stream.avail_out)
        }
    }

    /// Unpacks one gzip member. Never makes more than `limit` bytes, however small the input is.
    static func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        guard
            inflateInit2_(&stream, gzipWindowBits, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw .damaged }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(bytes.count)
        var output: [UInt8] = []
        while true {
            var result: Int32 = Z_OK
            let part = [UInt8](unsafeUninitializedCapacity: chunkBytes) { target, count in
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(chunkBytes)
                result = inflate(&stream, Z_NO_FLUSH)
                count = chunkBytes - Int(stream.avail_out)
            }
            if output.count + part.count > limit { throw .tooLarge }
            output.append(contentsOf: part)
            if result == Z_STREAM_END { return output }
            if result != Z_OK || part.isEmpty { throw .damaged }
        }
    }
}
