import Kernel
import Storage

/// All SQL about documents. Versions are never changed and never removed: what began with one stays with it.
enum DocumentStore {
    static let schema: String = """
        CREATE TABLE platform_documents (
            sequence INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 1),
            yaml TEXT NOT NULL,
            create_time INTEGER NOT NULL,
            creator TEXT NOT NULL,
            UNIQUE (kind, id, version)
        ) STRICT;
        """

    private static let columns: String = "kind, id, version, yaml, create_time, creator"

    private static func record(_ row: Row) -> DocumentRecord {
        guard let kind: DocumentKind = DocumentKind(rawValue: row.text(0)) else {
            preconditionFailure("platform_documents.kind is \(row.text(0))")
        }
        return DocumentRecord(
            kind: kind, id: row.text(1), version: row.int(2), yaml: row.text(3), createTime: row.instant(4),
            creator: row.text(5))
    }

    static func all(_ connection: any Connection) throws -> [DocumentRecord] {
        try connection.query("SELECT \(columns) FROM platform_documents ORDER BY sequence", row: record)
    }

    static func newest(_ connection: any Connection, _ kind: DocumentKind, id: String) throws
        -> DocumentRecord?
    {
        try connection.first(
            "SELECT \(columns) FROM platform_documents WHERE kind = $1 AND id = $2 ORDER BY version DESC LIMIT 1",
            .text(kind.rawValue), .text(id), row: record)
    }

    static func find(_ connection: any Connection, _ kind: DocumentKind, id: String, version: Int) throws
        -> DocumentRecord?
    {
        try connection.first(
            "SELECT \(columns) FROM platform_documents WHERE kind = $1 AND id = $2 AND version = $3",
            .text(kind.rawValue), .text(id), SQLValue(version), row: record)
    }

    static func insert(_ record: DocumentRecord, _ connection: any Connection) throws {
        try connection.execute(
            "INSERT INTO platform_documents (\(columns)) VALUES ($1, $2, $3, $4, $5, $6)",
            .text(record.kind.rawValue), .text(record.id), SQLValue(record.version), .text(record.yaml),
            SQLValue(record.createTime), .text(record.creator))
    }

    /// Newest first, before a sequence if one is given.
    static func list(_ connection: any Connection, kind: DocumentKind?, before: Int64?, limit: Int) throws
        -> [(sequence: Int64, record: DocumentRecord)]
    {
        try connection.query(
            """
            SELECT \(columns), sequence FROM platform_documents
            WHERE ($1 = '' OR kind = $1) AND sequence < $2 ORDER BY sequence DESC LIMIT $3
            """,
            .text(kind?.rawValue ?? ""), .integer(before ?? .max), SQLValue(limit)
        ) { (sequence: $0.integer(6), record: record($0)) }
    }
}
