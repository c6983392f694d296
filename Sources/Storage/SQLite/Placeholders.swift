/// Writes `$1` as `?1`. SQLite takes `$1` for a name and numbers names by their first appearance, so that `$2 … $1` would
/// swap its values; `?1` is a number for it, as `$1` is for PostgreSQL. Quoted text and comments stay as they are.
func numberedPlaceholders(_ sql: String) -> String {
    let bytes: [UInt8] = Array(sql.utf8)
    guard bytes.contains(UInt8(ascii: "$")) else { return sql }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        let end: Int = endOfQuotedText(bytes, from: index)
        if end > index {
            output.append(contentsOf: bytes[index..<end])
            index = end
            continue
        }
        let isPlaceholder: Bool =
            bytes[index] == UInt8(ascii: "$") && index + 1 < bytes.count && isDigit(bytes[index + 1])
        output.append(isPlaceholder ? UInt8(ascii: "?") : bytes[index])
        index += 1
    }
    return String(decoding: output, as: UTF8.self)
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// The end of the literal, quoted name or comment that starts at `start`; `start` itself if none does. A doubled quote
/// inside a literal ends it and starts the next one, which comes to the same.
private func endOfQuotedText(_ bytes: [UInt8], from start: Int) -> Int {
    func after(_ closing: [UInt8], from first: Int) -> Int {
        var index = first
        while index < bytes.count {
            if bytes[index...].starts(with: closing) { return index + closing.count }
            index += 1
        }
        return bytes.count
    }
    let next: UInt8? = start + 1 < bytes.count ? bytes[start + 1] : nil
    switch (bytes[start], next) {
    case (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _), (UInt8(ascii: "`"), _):
        return after([bytes[start]], from: start + 1)
    case (UInt8(ascii: "["), _): return after([UInt8(ascii: "]")], from: start + 1)
    case (UInt8(ascii: "-"), UInt8(ascii: "-")): return after([UInt8(ascii: "\n")], from: start + 2)
    case (UInt8(ascii: "/"), UInt8(ascii: "*")):
        return after([UInt8(ascii: "*"), UInt8(ascii: "/")], from: start + 2)
    default: return start
    }
}
