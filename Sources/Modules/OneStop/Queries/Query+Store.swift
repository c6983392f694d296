import Kernel
import Platform
import Storage

/// All SQL about receipts, and what is found by a query item's code.
enum QueryStore {
    static let schema: String = """
        CREATE TABLE onestop_query_receipts (
            number TEXT PRIMARY KEY NOT NULL,
            item TEXT NOT NULL,
            item_text TEXT NOT NULL,
            source_text TEXT NOT NULL,
            as_of_time INTEGER NOT NULL,
            answer_time INTEGER NOT NULL,
            request_hash TEXT NOT NULL,
            answer_hash TEXT NOT NULL,
            signed_text TEXT NOT NULL
        ) STRICT;

        CREATE TABLE onestop_query_counters (
            day TEXT PRIMARY KEY NOT NULL,
            last INTEGER NOT NULL
        ) STRICT;
        """

    /// The next receipt number of the day.
    static func nextNumber(_ unit: UnitOfWork) throws -> String {
        let day: CivilDate = unit.now.shanghaiDate
        let last: Int =
            try unit.connection.first(
                """
                INSERT INTO onestop_query_counters (day, last) VALUES ($1, 1)
                ON CONFLICT (day) DO UPDATE SET last = onestop_query_counters.last + 1 RETURNING last
                """, .text(day.description)
            ) { $0.int(0) } ?? 1
        return CheckedNumber(kind: QueryReceipt.number, date: day, sequence: last).description
    }

    static func insert(_ receipt: QueryReceipt, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO onestop_query_receipts (number, item, item_text, source_text, as_of_time, answer_time,
                request_hash, answer_hash, signed_text)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            .text(receipt.number), .text(receipt.item), .text(receipt.itemText), .text(receipt.sourceText),
            SQLValue(receipt.asOf), SQLValue(receipt.answerTime), .text(Hex.encode(receipt.requestHash)),
            .text(Hex.encode(receipt.answerHash)), .text(receipt.signedText))
    }

    static func receipt(_ connection: any Connection, number: String) throws -> QueryReceipt? {
        try connection.first(
            """
            SELECT number, item, item_text, source_text, as_of_time, answer_time, request_hash, answer_hash,
                signed_text
            FROM onestop_query_receipts WHERE number = $1
            """, .text(number)
        ) { row in
            guard let request: [UInt8] = Hex.decode(row.text(6)),
                let answer: [UInt8] = Hex.decode(row.text(7))
            else { preconditionFailure("a receipt's hashes are hexadecimal") }
            return QueryReceipt(
                number: row.text(0), item: row.text(1), itemText: row.text(2), sourceText: row.text(3),
                asOf: row.instant(4), answerTime: row.instant(5), requestHash: request, answerHash: answer,
                signedText: row.text(8))
        }
    }

    /// Where the answers of a query item come from: a department's own system before its data set, which is older.
    static func source(_ connection: any Connection, code: String) throws -> QuerySource {
        if let found: (ConnectorRecord, ConnectedItem) = try ConnectorStore.find(connection, code: code) {
            return .connector(found.0, found.1)
        }
        return try DataSetStore.find(connection, code: code).map { .dataSet($0) } ?? .none
    }
}
