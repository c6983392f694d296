/// Writes the few protobuf fields of which status details consist.
struct ProtoWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ field: Int, _ value: UInt64) {
        if value == 0 { return }
        raw(UInt64(field) << 3)
        raw(value)
    }

    mutating func text(_ field: Int, _ value: String) {
        if !value.isEmpty { data(field, Array(value.utf8)) }
    }

    mutating func message(_ field: Int, _ build: (inout ProtoWriter) -> Void) {
        var inner = ProtoWriter()
        build(&inner)
        data(field, inner.bytes)
    }

    mutating func data(_ field: Int, _ value: [UInt8]) {
        raw(UInt64(field) << 3 | 2)
        raw(UInt64(value.count))
        bytes += value
    }

    private mutating func raw(_ value: UInt64) {
        var value: UInt64 = value
        while value >= 0x80 {
            bytes.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}
