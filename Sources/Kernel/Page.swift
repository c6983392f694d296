/// How many results a page has (AIP-158).
package struct PageSize: Sendable, Hashable {
    package let count: Int

    /// What somebody gets who asks for no size.
    package static let standard: Int = 20
    /// What somebody gets who asks for more.
    package static let maximum: Int = 100

    /// The size for a request's `page_size`: 0 means `standard`, more than `maximum` means `maximum`, a negative one is
    /// refused.
    package init(requested: Int32, field: String = "page_size") throws(Refusal) {
        guard requested >= 0 else {
            throw .invalid(
                field: field, reason: "PAGE_SIZE_NEGATIVE", zh: "每页数量不能是负数。",
                en: "The page size must not be negative.")
        }
        count = requested == 0 ? PageSize.standard : min(Int(requested), PageSize.maximum)
    }
}

/// Where the next page begins: the sort key of the last result, and which query it belongs to (AIP-158).
///
/// Opaque to callers, but no secret and no authority: the next query is checked and scoped as the first one was.
package struct PageToken: Sendable, Hashable {
    /// The values of the sort columns of the last result.
    package let keys: [String]
    /// Of everything that must stay the same from page to page: parent, filter, order.
    private let queryHash: UInt64

    /// The number of characters of a token.
    package static let maximumLength: Int = 1_024
    /// The number of bytes of the keys, each counted with one more for its length.
    package static let maximumKeyBytes: Int = 750
    private static let version: UInt8 = 1

    /// The place after the result with `keys` in the query described by `query`, which names all that must stay the same:
    /// parent, filter, order, but not the page size.
    ///
    /// - Precondition: the keys have at most `maximumKeyBytes` of UTF-8 together, and each at most 255.
    package init(keys: [String], query: [String]) {
        precondition(
            keys.reduce(0) { $0 + $1.utf8.count + 1 } <= PageToken.maximumKeyBytes
                && keys.allSatisfy { $0.utf8.count <= 255 }, "short sort keys")
        self.keys = keys
        queryHash = PageToken.hash(query)
    }

    /// The token of a request with `keyCount` keys; nil for the first page (an empty text). Refused if it is damaged, has
    /// another number of keys, or if the query was changed since. The keys may be indexed up to that number: a token is input.
    package static func parse(
        _ text: String, keyCount: Int = 1, query: [String], field: String = "page_token"
    )
        throws(Refusal) -> PageToken?
    {
        if text.isEmpty { return nil }
        guard text.utf8.count <= maximumLength, let bytes = Base64URL.decode(text),
            let token = PageToken(bytes: bytes), token.keys.count == keyCount
        else {
            throw .invalid(
                field: field, reason: "PAGE_TOKEN_INVALID", zh: "翻页标记无效，请从第一页开始。",
                en: "The page token is not valid. Begin with the first page.")
        }
        guard token.queryHash == hash(query) else {
            throw .invalid(
                field: field, reason: "PAGE_TOKEN_QUERY_CHANGED", zh: "查询条件已改变，请从第一页开始。",
                en: "The query has changed since this page token was made. Begin with the first page.")
        }
        return token
    }

    /// The text for `next_page_token`.
    package var text: String {
        var bytes: [UInt8] = [PageToken.version]
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: queryHash >> UInt64(shift)))
        }
        for key in keys {
            bytes.append(UInt8(key.utf8.count))
            bytes.append(contentsOf: key.utf8)
        }
        return Base64URL.encode(bytes)
    }

    private init?(bytes: [UInt8]) {
        guard bytes.count >= 9, bytes[0] == PageToken.version else { return nil }
        queryHash = bytes[1..<9].reduce(0) { $0 << 8 | UInt64($1) }
        var keys: [String] = []
        var rest: ArraySlice<UInt8> = bytes[9...]
        while let length = rest.popFirst() {
            guard rest.count >= Int(length),
                let key = String(validating: rest.prefix(Int(length)), as: UTF8.self)
            else { return nil }
            keys.append(key)
            rest = rest.dropFirst(Int(length))
        }
        self.keys = keys
    }

    /// FNV-1a over the parts and their lengths: the same on every machine and in every run, unlike `Hasher`.
    private static func hash(_ parts: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for part in parts {
            for shift in stride(from: 24, through: 0, by: -8) {
                mix(UInt8(truncatingIfNeeded: part.utf8.count >> shift))
            }
            part.utf8.forEach(mix)
        }
        return hash
    }
}
