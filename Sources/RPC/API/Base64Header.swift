/// Base64 as gRPC uses it in `-bin` headers: written without padding, read with or without it.
enum Base64Header {
    private static let alphabet: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var table: [UInt8] = Array(repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = (pending << 8) | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int((pending >> bits) & 0x3F)])
            }
        }
        if bits > 0 { text.append(alphabet[Int((pending << (6 - bits)) & 0x3F)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil if a character is not of the alphabet, if the length is impossible, or if padding stands inside the text.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        var characters: Int = 0
        var padding: Int = 0
        for character in text {
            if character == 0x3D {
                padding += 1
                continue
            }
            let value: UInt8 = values[Int(character)]
            if value == 0xFF || padding > 0 { return nil }
            characters += 1
            pending = ((pending << 6) | UInt32(value)) & 0xFFFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8((pending >> bits) & 0xFF))
            }
        }
        return characters % 4 == 1 || padding > 2 ? nil : bytes
    }
}
