private import FoundationEssentials

/// Flat JSON objects of texts, always written the same way: keys in order of their UTF-8 bytes, no white space, only the
/// escapes that RFC 8259 demands. Hashes are made over it.
package enum CanonicalJSON {
    /// The object as a text.
    package static func object(_ values: [String: String]) -> String {
        let keys: [String] = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let members: [String] = keys.map { "\(string($0)):\(string(values[$0] ?? ""))" }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A text in quotation marks.
    package static func string(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20: bytes += Array("\\u00".utf8) + hex(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads what `object` wrote. Other text is damaged data of ours and throws.
    static func parse(_ text: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    private static func hex(_ byte: UInt8) -> [UInt8] {
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
