import Kernel
import Platform
import Storage

/// SQL about words that nobody found: the backlog of the catalogue's owner.
enum UnfoundStore {
    /// Different words that are kept; enough to learn from, and no way to fill the disk.
    static let wordsMax: Int = 10_000

    /// Counts words that found nothing. What was done about them stays: it may have been "we do not offer this".
    static func record(_ words: String, _ unit: UnitOfWork) throws {
        try unit.connection.execute(
            """
            INSERT INTO onestop_unfound_queries (id, words, count, first_time, last_time, resolution)
            SELECT $1, $2, 1, $3, $3, ''
            WHERE (SELECT count(*) FROM onestop_unfound_queries) < $4
               OR EXISTS (SELECT 1 FROM onestop_unfound_queries WHERE words = $2)
            ON CONFLICT (words) DO UPDATE SET count = onestop_unfound_queries.count + 1, last_time = $3
            """, .text(unit.newID()), .text(words), SQLValue(unit.now), SQLValue(wordsMax))
    }

    private static let columns: String = "id, words, count, first_time, last_time, resolution"

    private static func query(_ row: Row) -> UnfoundQuery {
        UnfoundQuery(
            id: row.text(0), words: row.text(1), count: row.int(2), firstTime: row.instant(3),
            lastTime: row.instant(4), resolution: row.text(5))
    }

    /// Most frequent first, after a (count, id) if one is given.
    static func list(
        _ connection: any Connection, resolved: Bool, after: (count: Int, id: String)?, limit: Int
    )
        throws -> [UnfoundQuery]
    {
        try connection.query(
            """
            SELECT \(columns) FROM onestop_unfound_queries
            WHERE ($1 = 1 OR resolution = '') AND (count < $2 OR count = $2 AND id < $3)
            ORDER BY count DESC, id DESC LIMIT $4
            """, SQLValue(resolved), SQLValue(after?.count ?? Int(Int32.max)), .text(after?.id ?? ""),
            SQLValue(limit), row: query)
    }

    static func find(_ connection: any Connection, id: String) throws -> UnfoundQuery? {
        try connection.first(
            "SELECT \(columns) FROM onestop_unfound_queries WHERE id = $1", .text(id), row: query)
    }

    static func resolve(_ id: String, _ resolution: String, _ connection: any Connection) throws {
        try connection.execute(
            "UPDATE onestop_unfound_queries SET resolution = $2 WHERE id = $1", .text(id), .text(resolution))
    }
}

/// Words that found nothing.
struct UnfoundQuery: Sendable, Equatable {
    let id: String
    /// As they were compared.
    let words: String
    let count: Int
    let firstTime: Instant
    let lastTime: Instant
    /// Empty while nobody did anything about them.
    var resolution: String
}
