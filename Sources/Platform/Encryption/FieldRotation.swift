internal import Kernel
internal import Storage

/// Encrypts again, with the current key, what older keys sealed: a few rows at a time, so that the writer stays free.
struct FieldRotation: Sendable {
    /// Rows of one batch.
    static let batchRows: Int = 100

    /// A table with sealed columns; contexts are `table.column/id`.
    struct Target: Sendable {
        let table: String
        let columns: [String]
    }
    static let targets: [Target] = [
        Target(
            table: "platform_residents",
            columns: ProtectedResidentField.allCases.map(\.rawValue)),
        Target(table: "platform_staff", columns: ["totp_secret"]),
    ]

    let platform: Platform

    /// Goes through all tables once; returns how many values were sealed again.
    func run() async throws -> Int {
        var changed: Int = 0
        for target in FieldRotation.targets {
            var after: String? = ""
            while let from = after {
                let keyring: Keyring = platform.keyring
                let batch: (last: String?, changed: Int) = try await platform.performAsSystem(
                    action: "keys.rotate"
                ) {
                    try FieldRotation.batch(target, after: from, keyring, $0.connection)
                }
                changed += batch.changed
                after = batch.last
            }
        }
        return changed
    }

    private static func batch(
        _ target: Target, after: String, _ keyring: Keyring, _ connection: any Connection
    ) throws
        -> (last: String?, changed: Int)
    {
        let rows: [(id: String, values: [[UInt8]?])] = try connection.query(
            """
            SELECT id, \(target.columns.joined(separator: ", ")) FROM \(target.table)
            WHERE id > $1 ORDER BY id LIMIT \(batchRows)
            """,
            .text(after)
        ) { row in (row.text(0), target.columns.indices.map { row.blobOrNil($0 + 1) }) }
        var changed: Int = 0
        for row in rows {
            for (column, sealed) in zip(target.columns, row.values) {
                guard let sealed, try keyring.isOutdated(sealed) else { continue }
                let context: String = "\(target.table).\(column)/\(row.id)"
                let plain: [UInt8] = try keyring.openBytes(sealed, context: context)
                try connection.execute(
                    "UPDATE \(target.table) SET \(column) = $2 WHERE id = $1", .text(row.id),
                    .blob(try keyring.sealBytes(plain, context: context)))
                changed += 1
            }
        }
        return (rows.count == batchRows ? rows.last?.id : nil, changed)
    }
}
