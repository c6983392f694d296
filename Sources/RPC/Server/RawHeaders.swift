/// The headers of a request as they came: one block of bytes, made into `Metadata` only if somebody asks.
struct RawHeaders: Sendable {
    /// For each field: two bytes of name length, four of value length, name, value.
    private var bytes: [UInt8] = []

    private static let prefixBytes: Int = 6

    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        if bytes.isEmpty { bytes.reserveCapacity(192) }
        bytes.append(UInt8(truncatingIfNeeded: name.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: name.count))
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value.count).bigEndian) {
            bytes.append(contentsOf: $0)
        }
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
    }

    /// The headers as metadata; bytes that are not UTF-8 are replaced.
    var metadata: Metadata {
        var metadata = Metadata()
        forEach { name, value in
            metadata.addReceived(
                key: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
        }
        return metadata
    }

    /// The first value of a header, without making metadata of the others.
    func first(_ wanted: StaticString) -> String? {
        var found: String?
        let wanted = UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount)
        forEach { name, value in
            if found == nil, name.elementsEqual(wanted) { found = String(decoding: value, as: UTF8.self) }
        }
        return found
    }

    private func forEach(_ body: (_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Void) {
        var index: Int = 0
        while index + Self.prefixBytes <= bytes.count {
            let nameLength: Int = Int(bytes[index]) << 8 | Int(bytes[index + 1])
            let valueLength: Int = bytes[(index + 2)..<(index + 6)].reduce(0) { $0 << 8 | Int($1) }
            let name: Int = index + Self.prefixBytes
            let value: Int = name + nameLength
            index = value + valueLength
            body(bytes[name..<value], bytes[value..<index])
        }
    }
}
