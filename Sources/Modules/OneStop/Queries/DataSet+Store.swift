import FoundationEssentials
import Kernel
import Platform
import Storage

/// All SQL about data sets and their rows.
struct DataSetStore {
    static let schema: String = """
        CREATE TABLE onestop_query_sets (
            id TEXT PRIMARY KEY NOT NULL,
            schema TEXT NOT NULL,
            choices TEXT NOT NULL,
            row_count INTEGER NOT NULL CHECK (row_count >= 0),
            as_of_time INTEGER NOT NULL,
            import_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE onestop_query_set_items (
            code TEXT PRIMARY KEY NOT NULL,
            data_set TEXT NOT NULL REFERENCES onestop_query_sets (id)
        ) STRICT;
        CREATE INDEX onestop_query_set_items_set ON onestop_query_set_items (data_set);

        CREATE TABLE onestop_query_rows (
            id TEXT PRIMARY KEY NOT NULL,
            data_set TEXT NOT NULL REFERENCES onestop_query_sets (id),
            number INTEGER NOT NULL,
            items INTEGER NOT NULL,
            subject BLOB,
            match1 TEXT NOT NULL,
            match2 TEXT NOT NULL,
            match3 TEXT NOT NULL,
            match4 TEXT NOT NULL,
            plain TEXT,
            sealed BLOB,
            CHECK ((plain IS NULL) <> (sealed IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX onestop_query_rows_number ON onestop_query_rows (data_set, number);
        CREATE INDEX onestop_query_rows_subject ON onestop_query_rows (data_set, subject, number)
            WHERE subject IS NOT NULL;
        """
    static let sealed: SealedColumns = SealedColumns("onestop_query_rows", "sealed")

    let keyring: Keyring

    /// A row as it is written.
    struct PreparedRow: Sendable {
        let id: String
        let number: Int
        /// One bit for each item of the schema that the row belongs to.
        let items: Int
        let subject: [UInt8]?
        let matches: [String]
        let plain: String?
        let sealed: [UInt8]?
    }

    /// Blind index of whom a row is about.
    func subjectIndex(_ idNumber: String) -> [UInt8] {
        keyring.blindIndex(idNumber, field: "onestop_query_rows.subject")
    }

    /// A row ready to be written; sealing takes time and is done before the transaction begins.
    func prepare(_ values: [String], number: Int, items: Int, matches: [String], schema: DataSetSchema) throws
        -> PreparedRow
    {
        let id: String = "\(schema.id)/\(number)"
        var shown: [String] = []
        var subject: [UInt8]?
        for (column, value) in zip(schema.columns, values) {
            if column.id == schema.subject { subject = subjectIndex(value) }
            if !column.hidden && column.id != schema.subject { shown.append(value) }
        }
        let text: String = String(decoding: try JSONEncoder().encode(shown), as: UTF8.self)
        let filled: [String] =
            matches + Array(repeating: "", count: DataSetSchema.parametersMax - matches.count)
        return PreparedRow(
            id: id, number: number, items: items, subject: subject, matches: filled,
            plain: schema.isSealed ? nil : text,
            sealed: schema.isSealed
                ? try keyring.seal(text, context: "onestop_query_rows.sealed/\(id)") : nil)
    }

    /// Puts a set in the place of the one with its id, which is then gone.
    func replace(_ set: StoredDataSet, rows: [PreparedRow], _ connection: any Connection) throws {
        let id: SQLValue = .text(set.schema.id)
        try connection.execute("DELETE FROM onestop_query_rows WHERE data_set = $1", id)
        try connection.execute("DELETE FROM onestop_query_set_items WHERE data_set = $1", id)
        try connection.execute(
            """
            INSERT INTO onestop_query_sets (id, schema, choices, row_count, as_of_time, import_time)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET schema = $2, choices = $3, row_count = $4, as_of_time = $5,
                import_time = $6
            """, id, .text(String(decoding: try JSONEncoder().encode(set.schema), as: UTF8.self)),
            .text(String(decoding: try JSONEncoder().encode(set.choices), as: UTF8.self)),
            SQLValue(rows.count), SQLValue(set.asOf), SQLValue(set.importTime))
        for item in set.schema.items {
            try connection.execute(
                "INSERT INTO onestop_query_set_items (code, data_set) VALUES ($1, $2)", .text(item.code), id)
        }
        for row in rows {
            try connection.execute(
                """
                INSERT INTO onestop_query_rows (id, data_set, number, items, subject, match1, match2, match3,
                    match4, plain, sealed)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """,
                .text(row.id), id, SQLValue(row.number), SQLValue(row.items), SQLValue(row.subject),
                .text(row.matches[0]), .text(row.matches[1]), .text(row.matches[2]), .text(row.matches[3]),
                SQLValue(row.plain), SQLValue(row.sealed))
        }
    }

    private static let columns: String = "id, schema, choices, row_count, as_of_time, import_time"

    private static func set(_ row: Row) throws -> StoredDataSet {
        StoredDataSet(
            schema: try JSONDecoder().decode(DataSetSchema.self, from: Data(row.text(1).utf8)),
            rows: row.int(3), asOf: row.instant(4), importTime: row.instant(5),
            choices: try JSONDecoder().decode([String: [DataSetChoice]].self, from: Data(row.text(2).utf8)))
    }

    /// The set that answers a query item; nil if none does.
    static func find(_ connection: any Connection, code: String) throws -> StoredDataSet? {
        try connection.first(
            """
            SELECT \(columns) FROM onestop_query_sets
            WHERE id = (SELECT data_set FROM onestop_query_set_items WHERE code = $1)
            """, .text(code), row: set)
    }

    static func find(_ connection: any Connection, id: String) throws -> StoredDataSet? {
        try connection.first(
            "SELECT \(columns) FROM onestop_query_sets WHERE id = $1", .text(id), row: set)
    }

    /// In order of id, after an id.
    static func list(_ connection: any Connection, after: String, limit: Int) throws -> [StoredDataSet] {
        try connection.query(
            "SELECT \(columns) FROM onestop_query_sets WHERE id > $1 ORDER BY id LIMIT $2", .text(after),
            SQLValue(limit), row: set)
    }

    /// Sets that answer codes, by code.
    static func owners(_ connection: any Connection, of codes: [String]) throws -> [String: String] {
        var owners: [String: String] = [:]
        for code in codes {
            owners[code] = try connection.first(
                "SELECT data_set FROM onestop_query_set_items WHERE code = $1", .text(code)
            ) { $0.text(0) }
        }
        return owners
    }

    /// Rows of an item that the answers choose, in the order of the file, at most `limit`.
    ///
    /// - Parameters:
    ///   - subject: ID number of whom they are about; nil for public sets.
    ///   - answers: by parameter, checked before; what is missing chooses nothing.
    func rows(
        _ connection: any Connection, of set: StoredDataSet, item: DataSetSchema.Item, subject: String?,
        answers: [String: String], limit: Int
    ) throws -> [[String]] {
        var conditions: [String] = ["data_set = $1", "(items & $2) <> 0"]
        let bit: Int = set.schema.items.firstIndex(of: item) ?? 0
        var values: [SQLValue] = [.text(set.schema.id), SQLValue(1 << bit)]
        func bind(_ value: SQLValue) -> String {
            values.append(value)
            return "$\(values.count)"
        }
        if let subject { conditions.append("subject = \(bind(.blob(subjectIndex(subject))))") }
        for (index, parameter) in set.schema.parameters.enumerated() {
            guard item.parameters.contains(parameter.id), let answer: String = answers[parameter.id],
                !answer.isEmpty
            else { continue }
            let column: String = "match\(index + 1)"
            switch parameter.match {
            case .equals:
                conditions.append("\(column) = \(bind(.text(DataSetMatching.normalized(answer))))")
            case .words:
                for word in DataSetMatching.words(answer) {
                    let pattern: String = "%\(DataSetMatching.escaped(word))%"
                    conditions.append("\(column) LIKE \(bind(.text(pattern))) ESCAPE '\\'")
                }
            case .place:
                let place: String = bind(.text(DataSetMatching.reach(ofPlace: answer)))
                conditions.append(
                    """
                    (substr(\(column), 1, length(\(place))) = \(place)
                        OR substr(\(place), 1, length(\(column))) = \(column))
                    """)
            }
        }
        return try connection.query(
            """
            SELECT id, plain, sealed FROM onestop_query_rows WHERE \(conditions.joined(separator: " AND "))
            ORDER BY number LIMIT \(bind(SQLValue(limit)))
            """, values: values
        ) { row in
            let text: String =
                try row.textOrNil(1)
                ?? keyring.open(row.blob(2), context: "onestop_query_rows.sealed/\(row.text(0))")
            return try JSONDecoder().decode([String].self, from: Data(text.utf8))
        }
    }
}
