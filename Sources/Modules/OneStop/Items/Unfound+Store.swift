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
}
