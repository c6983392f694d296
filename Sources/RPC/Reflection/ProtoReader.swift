/// Reads the fields of a protobuf message one after another, for descriptors, which have no generated types here.
struct ProtoReader {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field; nil at the end and at the first byte that is no protobuf.
    mutating func next() -> (field: Int, value: Value)? {
        guard let tag = varint() else { return nil }
        let field = Int(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: return varint().map { (field, .number($0)) }
        case 1: return take(8).map { (field, .bytes($0)) }
        case 2:
            guard let length = varint(), length <= UInt64(rest.count) else { return nil }
            return take(Int(length)).map { (field, .bytes($0)) }
        case 5: return take(4).map { (field, .bytes($0)) }
        default: return nil
        }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64, let byte = rest.popFirst() {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    /// The length-delimited fields of one number.
    static func all(_ field: Int, in bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var reader = ProtoReader(bytes)
        var found: [ArraySlice<UInt8>] = []
        while let next = reader.next() {
            if next.field == field, case .bytes(let bytes) = next.value { found.append(bytes) }
        }
        return found
    }

    static func text(_ field: Int, in bytes: ArraySlice<UInt8>) -> String {
        all(field, in: bytes).last.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
