internal import Kernel
internal import Storage

/// Columns of a table that hold sealed values. Each module declares its own, so that a new key reaches all of them.
package struct SealedColumns: Sendable, Hashable {
    /// What a value's context names, besides table and column.
    package enum Binding: Sendable, Hashable {
        /// The row's key: `table.column/key`. A value does not open in another row.
        case row
        /// Nothing more: `table.column`.
        case column
    }

    package let table: String
    /// A column with a unique value for each row, a text or an integer.
    package let key: String
    package let columns: [String]
    package let binding: Binding
    /// Rows that one transaction seals again: fewer where values are large.
    package let batchRows: Int

    package init(
        _ table: String, key: String = "id", _ columns: String..., binding: Binding = .row,
        batchRows: Int = SealedColumns.standardBatchRows
    ) {
        self.table = table
        self.key = key
        self.columns = columns
        self.binding = binding
        self.batchRows = batchRows
    }

    package static let standardBatchRows: Int = 100

    /// Those of Platform's own tables. Answers that are kept for repeats are not among them: they are gone in a day.
    package static let ofPlatform: [SealedColumns] = [
        SealedColumns("platform_residents", "full_name", "phone", "id_number"),
        SealedColumns("platform_staff", "totp_secret"),
        Households.sealed,
        SealedColumns("platform_file_contents", key: "file_id", "content", batchRows: 5),
    ]
}

/// Encrypts again, with the current key, what older keys sealed: a few rows at a time, so that the writer stays free.
struct FieldRotation: Sendable {
    let platform: Platform
    let targets: [SealedColumns]

    /// Goes through all tables once; returns how many values were sealed again.
    func run() async throws -> Int {
        var changed: Int = 0
        for target in targets {
            var position: SQLValue?
            repeat {
                let keyring: Keyring = platform.keyring
                let after: SQLValue? = position
                let batch: (last: SQLValue?, changed: Int) = try await platform.performAsSystem(
                    action: "keys.rotate"
                ) {
                    try FieldRotation.batch(target, after: after, keyring, $0.connection)
                }
                changed += batch.changed
                position = batch.last
            } while position != nil
        }
        return changed
    }

    private static func batch(
        _ target: SealedColumns, after: SQLValue?, _ keyring: Keyring, _ connection: any Connection
    ) throws -> (last: SQLValue?, changed: Int) {
        let rows: [(key: SQLValue, text: String, values: [[UInt8]?])] = try connection.query(
            """
            SELECT \(target.key), \(target.columns.joined(separator: ", ")) FROM \(target.table)
            \(after == nil ? "" : "WHERE \(target.key) > $1") ORDER BY \(target.key) LIMIT \(target.batchRows)
            """,
            values: after.map { [$0] } ?? []
        ) { row in
            let key: SQLValue = row.value(0)
            return (key, FieldRotation.text(key), target.columns.indices.map { row.blobOrNil($0 + 1) })
        }
        var changed: Int = 0
        for row in rows {
            for (column, sealed) in zip(target.columns, row.values) {
                guard let sealed, try keyring.isOutdated(sealed) else { continue }
                let place: String = "\(target.table).\(column)"
                let context: String = target.binding == .row ? "\(place)/\(row.text)" : place
                let plain: [UInt8] = try keyring.openBytes(sealed, context: context)
                try connection.execute(
                    "UPDATE \(target.table) SET \(column) = $2 WHERE \(target.key) = $1", row.key,
                    .blob(try keyring.sealBytes(plain, context: context)))
                changed += 1
            }
        }
        return (rows.count == target.batchRows ? rows.last?.key : nil, changed)
    }

    private static func text(_ key: SQLValue) -> String {
        switch key {
        case .text(let text): text
        case .integer(let number): String(number)
        case .null, .real, .blob: preconditionFailure("a key is a text or an integer")
        }
    }
}
