/// Writes the binary forms of credentials and status lists: numbers big-endian, texts with their length before them.
struct CredentialWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ value: UInt64, bytes count: Int) {
        for shift in stride(from: 8 * (count - 1), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    mutating func raw(_ value: [UInt8]) { bytes += value }

    /// A text of at most 255 bytes.
    mutating func text(_ value: String) throws(CryptoError) {
        let utf8: [UInt8] = Array(value.utf8)
        guard utf8.count <= 255 else { throw .malformed(what: "a text over 255 bytes in a credential") }
        bytes.append(UInt8(utf8.count))
        bytes += utf8
    }
}

/// Reads them. Whatever comes from outside is bounded by the bytes that are there.
struct CredentialReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var remaining: [UInt8] { Array(rest) }

    mutating func raw(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard rest.count >= count else { throw .malformed(what: "a credential that ends too soon") }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func number(bytes count: Int) throws(CryptoError) -> UInt64 {
        try raw(count).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// UTF-8 without control characters: what is signed may be shown in a terminal, and a thief of a key writes what he
    /// likes.
    mutating func text() throws(CryptoError) -> String {
        let count: Int = Int(try number(bytes: 1))
        guard let text = String(validating: try raw(count), as: UTF8.self),
            text.unicodeScalars.allSatisfy({ CredentialReader.isPlain($0) })
        else { throw .malformed(what: "the text of a credential") }
        return text
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
