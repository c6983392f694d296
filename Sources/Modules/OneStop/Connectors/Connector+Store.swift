import FoundationEssentials
import Kernel
import Platform
import Storage

/// All SQL about departments' systems.
enum ConnectorStore {
    static let schema: String = """
        CREATE TABLE onestop_query_connectors (
            id TEXT PRIMARY KEY NOT NULL,
            display_name TEXT NOT NULL,
            address TEXT NOT NULL,
            root_pem TEXT NOT NULL,
            timeout_milliseconds INTEGER NOT NULL,
            update_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE onestop_query_connector_items (
            code TEXT PRIMARY KEY NOT NULL,
            connector TEXT NOT NULL REFERENCES onestop_query_connectors (id),
            description TEXT NOT NULL
        ) STRICT;
        CREATE INDEX onestop_query_connector_items_connector ON onestop_query_connector_items (connector, code);
        """

    private static let columns: String =
        "id, display_name, address, root_pem, timeout_milliseconds, update_time"

    /// Puts a system in the place of the one with its id.
    static func replace(_ record: ConnectorRecord, _ connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM onestop_query_connector_items WHERE connector = $1", .text(record.id))
        try connection.execute(
            """
            INSERT INTO onestop_query_connectors (\(columns)) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET display_name = $2, address = $3, root_pem = $4,
                timeout_milliseconds = $5, update_time = $6
            """,
            .text(record.id), .text(record.displayName), .text(record.address.description),
            .text(record.rootPEM), SQLValue(record.timeoutMilliseconds), SQLValue(record.updateTime))
        for item in record.items {
            try connection.execute(
                "INSERT INTO onestop_query_connector_items (code, connector, description) VALUES ($1, $2, $3)",
                .text(item.code), .text(record.id),
                .text(String(decoding: try JSONEncoder().encode(item), as: UTF8.self)))
        }
    }

    static func remove(_ connection: any Connection, id: String) throws {
        try connection.execute("DELETE FROM onestop_query_connector_items WHERE connector = $1", .text(id))
        try connection.execute("DELETE FROM onestop_query_connectors WHERE id = $1", .text(id))
    }

    static func count(_ connection: any Connection) throws -> Int {
        try connection.first("SELECT count(*) FROM onestop_query_connectors") { $0.int(0) } ?? 0
    }

    static func find(_ connection: any Connection, id: String) throws -> ConnectorRecord? {
        try list(connection, condition: "id = $1", .text(id), limit: 1).first
    }

    /// The system that answers a query item, and how the department described the item.
    static func find(_ connection: any Connection, code: String) throws -> (ConnectorRecord, ConnectedItem)? {
        let id: String? = try connection.first(
            "SELECT connector FROM onestop_query_connector_items WHERE code = $1", .text(code)
        ) { $0.text(0) }
        guard let id, let record: ConnectorRecord = try find(connection, id: id),
            let item: ConnectedItem = record.items.first(where: { $0.code == code })
        else { return nil }
        return (record, item)
    }

    /// In order of id, after an id.
    static func list(_ connection: any Connection, after: String, limit: Int) throws -> [ConnectorRecord] {
        try list(connection, condition: "id > $1", .text(after), limit: limit)
    }

    private static func list(
        _ connection: any Connection, condition: String, _ value: SQLValue, limit: Int
    ) throws -> [ConnectorRecord] {
        let heads: [(id: String, name: String, address: String, root: String, timeout: Int, time: Instant)] =
            try connection.query(
                "SELECT \(columns) FROM onestop_query_connectors WHERE \(condition) ORDER BY id LIMIT $2",
                value,
                SQLValue(limit)
            ) { ($0.text(0), $0.text(1), $0.text(2), $0.text(3), $0.int(4), $0.instant(5)) }
        return try heads.map { head in
            guard let address: ConnectorAddress = ConnectorAddress(head.address) else {
                preconditionFailure("onestop_query_connectors has the address \(head.address)")
            }
            return ConnectorRecord(
                id: head.id, displayName: head.name, address: address, rootPEM: head.root,
                timeoutMilliseconds: head.timeout, updateTime: head.time,
                items: try items(connection, of: head.id))
        }
    }

    private static func items(_ connection: any Connection, of id: String) throws -> [ConnectedItem] {
        try connection.query(
            "SELECT description FROM onestop_query_connector_items WHERE connector = $1 ORDER BY code",
            .text(id)
        ) { try JSONDecoder().decode(ConnectedItem.self, from: Data($0.text(0).utf8)) }
    }
}
