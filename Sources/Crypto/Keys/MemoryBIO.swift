internal import COpenSSL

/// A buffer that OpenSSL reads from or writes to; owns the BIO.
struct MemoryBIO: ~Copyable {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { BIO_free(pointer) }

    static func empty() throws(CryptoError) -> MemoryBIO {
        MemoryBIO(owning: try made(BIO_new(BIO_s_mem()), "BIO_new"))
    }

    static func reading(_ bytes: [UInt8]) throws(CryptoError) -> MemoryBIO {
        let memory: MemoryBIO = try empty()
        var written: Int = 0
        if !bytes.isEmpty {
            try check(BIO_write_ex(memory.pointer, bytes, bytes.count, &written), "BIO_write_ex")
        }
        return memory
    }

    /// Everything that was written and not read yet.
    borrowing func bytes() -> [UInt8] {
        var bytes: [UInt8] = Array(repeating: 0, count: BIO_ctrl_pending(pointer))
        var count: Int = 0
        guard BIO_read_ex(pointer, &bytes, bytes.count, &count) == 1 else { return [] }
        return Array(bytes.prefix(count))
    }

    borrowing func text() -> String { String(decoding: bytes(), as: UTF8.self) }
}
