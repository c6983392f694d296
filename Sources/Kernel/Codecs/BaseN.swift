/// The encodings of RFC 4648 whose alphabets have 32 or 64 characters; each decoder accepts exactly what its encoder
/// makes, so that one value has one text.
struct BaseN: Sendable {
    let alphabet: [UInt8]
    /// 5 for base32, 6 for base64.
    let bits: Int
    let padded: Bool
    private let values: [UInt8]

    private static let noValue: UInt8 = 0xFF
    private static let pad: UInt8 = UInt8(ascii: "=")

    init(_ alphabet: String, bits: Int, padded: Bool) {
        self.alphabet = Array(alphabet.utf8)
        self.bits = bits
        self.padded = padded
        var values: [UInt8] = Array(repeating: BaseN.noValue, count: 256)
        for (value, character) in self.alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    /// Characters of a group: 8 for base32, 4 for base64.
    private var group: Int { bits == 5 ? 8 : 4 }

    func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var held: Int = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            held += 8
            while held >= bits {
                held -= bits
                text.append(alphabet[Int(buffer >> UInt32(held)) & (alphabet.count - 1)])
            }
        }
        if held > 0 { text.append(alphabet[Int(buffer << UInt32(bits - held)) & (alphabet.count - 1)]) }
        while padded, !text.count.isMultiple(of: group) { text.append(BaseN.pad) }
        return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: some StringProtocol) -> [UInt8]? {
        var characters: ArraySlice<UInt8> = Array(text.utf8)[...]
        if padded {
            guard characters.count.isMultiple(of: group) else { return nil }
            for _ in 0..<(group - 1) where characters.last == BaseN.pad { characters = characters.dropLast() }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count * bits / 8)
        var buffer: UInt32 = 0
        var held: Int = 0
        for character in characters {
            let value: UInt8 = values[Int(character)]
            guard value != BaseN.noValue else { return nil }
            buffer = buffer << UInt32(bits) | UInt32(value)
            held += bits
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(held)))
            }
        }
        // What is left over is less than a character's worth, and zero.
        guard held < bits, buffer & (1 << UInt32(held) - 1) == 0 else { return nil }
        return bytes
    }
}

/// Base64 with padding (RFC 4648 section 4). Strict: no line breaks, no other alphabet, no loose bits.
package enum Base64 {
    private static let codec: BaseN = BaseN(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6, padded: true)

    package static func encode(_ bytes: some Sequence<UInt8>) -> String { codec.encode(bytes) }
    /// Nil for anything that `encode` does not make.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { codec.decode(text) }
}

/// Base64 for URLs and file names, without padding (RFC 4648 section 5). Strict.
package enum Base64URL {
    private static let codec: BaseN = BaseN(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits: 6, padded: false)

    package static func encode(_ bytes: some Sequence<UInt8>) -> String { codec.encode(bytes) }
    /// Nil for anything that `encode` does not make.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { codec.decode(text) }
}

/// Base32 without padding (RFC 4648 section 6), as authenticator apps write their keys. Strict, capitals only.
package enum Base32 {
    private static let codec: BaseN = BaseN("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, padded: false)

    package static func encode(_ bytes: some Sequence<UInt8>) -> String { codec.encode(bytes) }
    /// Nil for anything that `encode` does not make.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? { codec.decode(text) }
}
