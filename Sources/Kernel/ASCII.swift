/// Digits and their characters, without locale and without Foundation.
package enum ASCII {
    /// The value of a decimal digit; nil for other bytes.
    package static func digitValue(_ byte: UInt8) -> Int? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
    }

    /// The value of a hexadecimal digit of either case; nil for other bytes.
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lower-case hexadecimal digit for a value below 16.
    package static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// `value` in at least `width` decimal digits, filled with zeros on the left.
    package static func padded(_ value: Int, _ width: Int) -> String {
        let digits: String = String(value.magnitude)
        let zeros: String = String(repeating: "0", count: max(0, width - digits.utf8.count))
        return (value < 0 ? "-" : "") + zeros + digits
    }

    /// The number in a run of at most 18 decimal digits; nil if there is anything else, or nothing.
    package static func integer(_ digits: some Collection<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int = 0
        for byte in digits {
            guard let digit = digitValue(byte) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// What people and input methods type for ASCII: full-width forms (U+FF01…U+FF5E) and the ideographic space become
    /// their ASCII fellows; other characters stay.
    package static func narrowed(_ text: String) -> String {
        var result: String.UnicodeScalarView = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x3000: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether `text` consists of `range` characters, decimal digits only.
    package static func isDigits(_ text: String, count range: ClosedRange<Int>) -> Bool {
        range.contains(text.utf8.count) && text.utf8.allSatisfy { digitValue($0) != nil }
    }
}

extension StringProtocol {
    /// Without the white space at both ends (Unicode White_Space).
    package var trimmed: String {
        var part: SubSequence = self[...]
        while part.first?.isWhitespace == true { part = part.dropFirst() }
        while part.last?.isWhitespace == true { part = part.dropLast() }
        return String(part)
    }
}
