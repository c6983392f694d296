/// The `grpc-timeout` header: one to eight digits and a unit.
enum GRPCTimeout {
    /// Nanoseconds; nil if the text is malformed.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count >= 2, text.count <= 9 else { return nil }
        var value: Int64 = 0
        for byte in text.dropLast() {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        let unit: Int64
        switch text[text.count - 1] {
        case UInt8(ascii: "H"): unit = 3_600_000_000_000
        case UInt8(ascii: "M"): unit = 60_000_000_000
        case UInt8(ascii: "S"): unit = 1_000_000_000
        case UInt8(ascii: "m"): unit = 1_000_000
        case UInt8(ascii: "u"): unit = 1_000
        case UInt8(ascii: "n"): unit = 1
        default: return nil
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: unit)
        return overflow ? Int64.max : product
    }

    /// The shortest text that is not less than the duration.
    static func text(nanoseconds: Int64) -> String {
        let units: [(Int64, String)] = [
            (1, "n"), (1_000, "u"), (1_000_000, "m"), (1_000_000_000, "S"), (60_000_000_000, "M"),
        ]
        for (size, letter) in units {
            let value: Int64 = nanoseconds / size + (nanoseconds % size == 0 ? 0 : 1)
            if value <= 99_999_999 { return "\(max(value, 0))\(letter)" }
        }
        return "99999999H"
    }
}
