/// Headers or trailers of a call: an ordered list of lower-case keys and values; a key may occur more than once.
///
/// Values are printable ASCII. Anything else belongs under a key that ends in `-bin`, whose value travels as base64.
package struct Metadata: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package struct Entry: Sendable, Equatable {
        /// Lower case; `0-9 a-z _ - .` only.
        package let key: String
        /// As it is on the wire: base64 if the key ends in `-bin`.
        package let value: String
    }

    package private(set) var entries: [Entry]

    package init() { entries = [] }

    /// Makes metadata of text pairs in their order.
    package init(_ pairs: KeyValuePairs<String, String>) {
        entries = []
        for (key, value) in pairs { add(value, for: key) }
    }

    package init(dictionaryLiteral pairs: (String, String)...) {
        entries = []
        for (key, value) in pairs { add(value, for: key) }
    }

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// The first value of a key; keys are compared in lower case.
    package subscript(key: String) -> String? {
        let wanted: String = key.lowercased()
        return entries.first { $0.key == wanted }?.value
    }

    /// All values of a key in order.
    package func values(for key: String) -> [String] {
        let wanted: String = key.lowercased()
        return entries.filter { $0.key == wanted }.map(\.value)
    }

    /// The first value of a `-bin` key as bytes; nil if the key is absent or the value is not base64.
    package func binary(_ key: String) -> [UInt8]? {
        guard let text = self[key] else { return nil }
        return Base64Header.decode(text.utf8)
    }

    /// Appends a text value. Characters outside printable ASCII cannot travel in a header and become `?`; use
    /// `addBinary` for other text.
    package mutating func add(_ value: String, for key: String) {
        let lower: String = key.lowercased()
        precondition(Self.isLegal(key: lower), "illegal metadata key \(key)")
        let legal: Bool = value.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E }
        let text: String =
            legal ? value : String(value.map { $0.isASCII && $0 >= " " && $0 <= "~" ? $0 : "?" })
        entries.append(Entry(key: lower, value: text))
    }

    /// Appends bytes under a key, which must end in `-bin`.
    package mutating func addBinary(_ value: [UInt8], for key: String) {
        let lower: String = key.lowercased()
        precondition(
            Self.isLegal(key: lower) && lower.hasSuffix("-bin"), "illegal binary metadata key \(key)")
        entries.append(Entry(key: lower, value: Base64Header.encode(value)))
    }

    package mutating func removeAll(_ key: String) {
        let lower: String = key.lowercased()
        entries.removeAll { $0.key == lower }
    }

    package mutating func append(_ other: Metadata) { entries.append(contentsOf: other.entries) }

    /// Takes a header as it came from the wire, where HTTP/2 has already checked it.
    mutating func addReceived(key: String, value: String) { entries.append(Entry(key: key, value: value)) }

    private static func isLegal(key: String) -> Bool {
        !key.isEmpty
            && key.utf8.allSatisfy { byte in
                (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D
                    || byte == 0x5F
                    || byte == 0x2E
            }
    }

    /// Whether HTTP/2 or gRPC itself owns this name, so that neither side's application may send it.
    static func isReserved(_ key: String) -> Bool {
        key.hasPrefix("grpc-") || key.hasPrefix(":") || key == "content-type" || key == "te"
            || key == "connection" || key == "transfer-encoding" || key == "host" || key == "upgrade"
    }
}
