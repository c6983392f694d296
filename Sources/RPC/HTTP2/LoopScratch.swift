/// Memory that all connections of one event loop take turns in using; nothing stays in it between two calls.
final class LoopScratch {
    /// The plaintext limit of a TLS record (RFC 8446 section 5.1).
    static let recordBytes: Int = 16_384

    /// Where a record is decrypted to.
    let plaintext: UnsafeMutableRawBufferPointer
    /// Where frames are gathered that go into one record.
    let frames: UnsafeMutableRawBufferPointer

    init() {
        plaintext = .allocate(byteCount: Self.recordBytes, alignment: 16)
        frames = .allocate(byteCount: Self.recordBytes, alignment: 16)
    }

    deinit {
        plaintext.deallocate()
        frames.deallocate()
    }
}
