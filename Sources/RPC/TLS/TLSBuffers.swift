internal import COpenSSL
internal import NIOCore

/// The two ends that OpenSSL reads from and writes to: what has arrived from the socket and what is to go there.
///
/// A BIO of our own over these buffers saves the copies and the zeroing of OpenSSL's memory BIO.
final class TLSBuffers {
    /// Ciphertext that OpenSSL has not read yet.
    var input = ByteBuffer()
    /// Ciphertext for the socket.
    var output = ByteBuffer()

    /// Makes a BIO that uses these buffers, which must outlive it.
    func makeBIO() -> OpaquePointer? {
        guard let bio = BIO_new(Self.method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    /// Immutable once made, and OpenSSL only reads it: any thread may share it.
    private nonisolated(unsafe) static let method: OpaquePointer = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "linli buffers") else {
            fatalError("out of memory")
        }
        BIO_meth_set_read_ex(method) { bio, target, length, count in
            guard let buffers = TLSBuffers.of(bio), let target, let count else { return 0 }
            BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
            let size: Int = min(length, buffers.input.readableBytes)
            if size == 0 {
                BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
                return 0
            }
            buffers.input.withUnsafeReadableBytes { source in
                if let base = source.baseAddress {
                    UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: size)
                }
            }
            buffers.input.moveReaderIndex(forwardBy: size)
            count.pointee = size
            return 1
        }
        BIO_meth_set_write_ex(method) { bio, source, length, count in
            guard let buffers = TLSBuffers.of(bio), let source, let count else { return 0 }
            buffers.output.writeBytes(UnsafeRawBufferPointer(start: source, count: length))
            count.pointee = length
            return 1
        }
        BIO_meth_set_ctrl(method) { bio, command, _, _ in
            switch command {
            case BIO_CTRL_FLUSH: 1
            case BIO_CTRL_PENDING: TLSBuffers.of(bio)?.input.readableBytes ?? 0
            default: 0
            }
        }
        return method
    }()

    private static func of(_ bio: OpaquePointer?) -> TLSBuffers? {
        guard let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<TLSBuffers>.fromOpaque(data).takeUnretainedValue()
    }
}
