import Crypto
import Kernel
import Platform

/// Proves what was answered, without its content.
struct QueryReceipt: Sendable, Equatable {
    static let number: CheckedNumber.Kind = CheckedNumber.Kind(
        prefix: "CX", zh: "查询回执号", en: "receipt number")

    let number: String
    /// `items/{id}`.
    let item: String
    let itemText: String
    let sourceText: String
    let asOf: Instant
    let answerTime: Instant
    let requestHash: [UInt8]
    let answerHash: [UInt8]
    /// Signed note over all above.
    let signedText: String

    /// As people read and type it, `CX-260501-00012-7`.
    var spacedNumber: String { Self.spaced(number) }

    static func spaced(_ number: String) -> String {
        do {
            return try CheckedNumber(parsing: number, kind: Self.number).spaced
        } catch {
            preconditionFailure("only receipt numbers are stored")
        }
    }

    /// First line of the signed text: no note of another kind can pass for a receipt.
    static let signedHeading: String = "linli.query-receipt/v1"

    /// Makes and signs a receipt.
    init(
        number: String, item: StoredItem, content: QueryContent, answerTime: Instant, requestHash: [UInt8],
        answerHash: [UInt8], signer: NoteSigner
    ) throws(CryptoError) {
        self.number = number
        self.item = "items/\(item.id)"
        itemText = item.content.name
        sourceText = content.source.zh
        asOf = content.asOf
        self.answerTime = answerTime
        self.requestHash = requestHash
        self.answerHash = answerHash
        let lines: [String] = [
            Self.signedHeading, "number \(Self.spaced(number))", "item items/\(item.id)",
            "title \(item.content.name)",
            "source \(content.source.zh)", "as-of \(content.asOf.rfc3339)", "answered \(answerTime.rfc3339)",
            "request \(Hex.encode(requestHash))", "answer \(Hex.encode(answerHash))",
        ]
        signedText =
            try SignedNote(signing: lines.map { $0 + "\n" }.joined(), with: [signer]).description
    }

    /// From the store.
    init(
        number: String, item: String, itemText: String, sourceText: String, asOf: Instant,
        answerTime: Instant, requestHash: [UInt8], answerHash: [UInt8], signedText: String
    ) {
        self.number = number
        self.item = item
        self.itemText = itemText
        self.sourceText = sourceText
        self.asOf = asOf
        self.answerTime = answerTime
        self.requestHash = requestHash
        self.answerHash = answerHash
        self.signedText = signedText
    }
}

/// The hashes of a receipt. Receipts are open to everybody and many answers can be guessed, so both hashes begin with a
/// salt that only whoever asked has.
enum QueryHash {
    static let saltBytes: Int = 16

    /// SHA-256 over the salt and over each text with a zero byte behind it, which no text contains.
    private static func hash(_ salt: [UInt8], _ texts: [String]) -> [UInt8] {
        SHA256.hash(salt + texts.flatMap { Array($0.utf8) + [0] })
    }

    /// Over the item, the mandate, and parameters in order of their ids.
    static func request(_ salt: [UInt8], item: String, mandate: String, answers: [String: String])
        -> [UInt8]
    {
        let parameters: [String] = answers.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        return hash(salt, [item, mandate] + parameters)
    }

    /// Over the number of columns, their ids, all values row by row, `yes` or `no` for more, time, and source.
    static func answer(_ salt: [UInt8], _ content: QueryContent) -> [UInt8] {
        hash(
            salt,
            [String(content.columns.count)] + content.columns.map(\.id) + content.rows.flatMap { $0 }
                + [content.truncated ? "yes" : "no", content.asOf.rfc3339, content.source.zh])
    }
}
