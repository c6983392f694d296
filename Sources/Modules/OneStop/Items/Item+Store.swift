import FoundationEssentials
import Kernel
import Platform
import Storage

/// All SQL about items: their contents, their words, their guides, and what nobody found.
enum ItemStore {
    static let schema: String = """
        CREATE TABLE onestop_items (
            id TEXT PRIMARY KEY NOT NULL,
            catalogue TEXT NOT NULL,
            code TEXT NOT NULL,
            name TEXT NOT NULL,
            kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
            type TEXT NOT NULL,
            department TEXT NOT NULL,
            promised_limit TEXT NOT NULL,
            statutory_limit TEXT NOT NULL,
            note TEXT NOT NULL,
            synonyms TEXT NOT NULL,
            source TEXT NOT NULL,
            revision INTEGER NOT NULL CHECK (revision >= 1),
            update_time INTEGER NOT NULL,
            retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
            UNIQUE (catalogue, code)
        ) STRICT;
        CREATE INDEX onestop_items_code ON onestop_items (code, id) WHERE retired = 0;

        CREATE TABLE onestop_item_words (
            word TEXT NOT NULL,
            item_id TEXT NOT NULL REFERENCES onestop_items (id),
            weight INTEGER NOT NULL CHECK (weight > 0),
            PRIMARY KEY (word, item_id)
        ) STRICT;
        CREATE INDEX onestop_item_words_item ON onestop_item_words (item_id, word);

        CREATE TABLE onestop_guides (
            code TEXT PRIMARY KEY NOT NULL,
            visits INTEGER,
            fee TEXT NOT NULL,
            phone TEXT NOT NULL,
            place_zh TEXT NOT NULL,
            place_en TEXT NOT NULL,
            source TEXT NOT NULL,
            materials TEXT NOT NULL,
            steps TEXT NOT NULL
        ) STRICT;

        CREATE TABLE onestop_missed_searches (
            query TEXT PRIMARY KEY NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 1),
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL
        ) STRICT;
        """

    private static let columns: String = """
        id, code, name, kind, type, department, promised_limit, statutory_limit, note, synonyms, source, revision,
        update_time, retired
        """
    private static let separator: Character = "\n"
    /// Different questions without an answer that are kept; enough to learn from, and no way to fill the disk.
    static let missedSearchesMax: Int = 10_000

    private static func item(_ row: Row) -> StoredItem {
        guard let kind: ItemKind = ItemKind(rawValue: row.int(3)) else {
            preconditionFailure("the schema lets no other kind in")
        }
        return StoredItem(
            id: row.text(0),
            content: ItemContent(
                code: row.text(1), name: row.text(2), kind: kind, type: row.text(4), department: row.text(5),
                promised: ItemLimit(stored: row.text(6)), statutory: ItemLimit(stored: row.text(7)),
                note: row.text(8), synonyms: row.text(9).split(separator: separator).map(String.init),
                source: row.text(10)),
            revision: row.int(11), updateTime: row.instant(12), retired: row.bool(13))
    }

    // MARK: Items

    static func isEmpty(_ connection: any Connection) throws -> Bool {
        try connection.first("SELECT 1 FROM onestop_items LIMIT 1") { _ in false } ?? true
    }

    /// All of a catalogue, the retired ones too.
    static func all(_ connection: any Connection, catalogue: String) throws -> [StoredItem] {
        try connection.query(
            "SELECT \(columns) FROM onestop_items WHERE catalogue = $1 ORDER BY code", .text(catalogue),
            row: item)
    }

    /// An item that is not retired.
    static func find(_ connection: any Connection, id: String) throws -> StoredItem? {
        try connection.first(
            "SELECT \(columns) FROM onestop_items WHERE id = $1 AND retired = 0", .text(id), row: item)
    }

    /// The id of a new item: its code where that can be one, so that names are readable; else a new id.
    static func newID(for code: String, _ unit: UnitOfWork) throws -> String {
        guard ResourceName.isID(code) else { return unit.newID() }
        let taken: Bool? = try unit.connection.first(
            "SELECT 1 FROM onestop_items WHERE id = $1", .text(code)
        ) { _ in true }
        return taken == true ? unit.newID() : code
    }

    static func insert(_ item: StoredItem, catalogue: String, _ connection: any Connection) throws {
        let content: ItemContent = item.content
        try connection.execute(
            """
            INSERT INTO onestop_items (\(columns), catalogue)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            .text(item.id), .text(content.code), .text(content.name), SQLValue(content.kind.rawValue),
            .text(content.type), .text(content.department), .text(content.promised.stored),
            .text(content.statutory.stored), .text(content.note),
            .text(content.synonyms.joined(separator: String(separator))), .text(content.source),
            SQLValue(item.revision), SQLValue(item.updateTime), SQLValue(item.retired), .text(catalogue))
    }

    static func update(_ item: StoredItem, _ connection: any Connection) throws {
        let content: ItemContent = item.content
        try connection.execute(
            """
            UPDATE onestop_items SET name = $2, kind = $3, type = $4, department = $5, promised_limit = $6,
                statutory_limit = $7, note = $8, synonyms = $9, source = $10, revision = $11, update_time = $12,
                retired = $13
            WHERE id = $1
            """,
            .text(item.id), .text(content.name), SQLValue(content.kind.rawValue), .text(content.type),
            .text(content.department), .text(content.promised.stored), .text(content.statutory.stored),
            .text(content.note), .text(content.synonyms.joined(separator: String(separator))),
            .text(content.source), SQLValue(item.revision), SQLValue(item.updateTime), SQLValue(item.retired))
    }

    /// Replaces the words of an item; without words, nobody finds it.
    static func setWords(_ words: [String: Int], of id: String, _ connection: any Connection) throws {
        try connection.execute("DELETE FROM onestop_item_words WHERE item_id = $1", .text(id))
        for (word, weight) in words.sorted(by: { $0.key < $1.key }) {
            try connection.execute(
                "INSERT INTO onestop_item_words (word, item_id, weight) VALUES ($1, $2, $3)", .text(word),
                .text(id), SQLValue(weight))
        }
    }

    /// In order of code, after a (code, id) if one is given.
    static func list(
        _ connection: any Connection, kind: ItemKind?, department: String, after: [String]?, limit: Int
    ) throws -> [StoredItem] {
        try connection.query(
            """
            SELECT \(columns) FROM onestop_items
            WHERE retired = 0 AND ($1 = 0 OR kind = $1) AND ($2 = '' OR department = $2)
              AND (code > $3 OR code = $3 AND id > $4)
            ORDER BY code, id LIMIT $5
            """,
            SQLValue(kind?.rawValue ?? 0), .text(department), .text(after?[0] ?? ""),
            .text(after?[1] ?? ""), SQLValue(limit), row: item)
    }

    static func count(_ connection: any Connection, kind: ItemKind?, department: String) throws -> Int {
        try connection.first(
            """
            SELECT count(*) FROM onestop_items
            WHERE retired = 0 AND ($1 = 0 OR kind = $1) AND ($2 = '' OR department = $2)
            """, SQLValue(kind?.rawValue ?? 0), .text(department)
        ) { $0.int(0) } ?? 0
    }

    // MARK: Search

    /// Items that have some of the words, those with the weightiest first; with the words that they have.
    static func candidates(_ connection: any Connection, words: [String], kind: ItemKind?) throws
        -> [(item: StoredItem, words: Set<String>)]
    {
        let places: String = words.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
        let rows: [(String, String)] = try connection.query(
            """
            WITH best AS (
                SELECT w.item_id AS id, sum(w.weight) AS weight FROM onestop_item_words AS w
                JOIN onestop_items AS i ON i.id = w.item_id
                WHERE w.word IN (\(places)) AND i.retired = 0 AND ($1 = 0 OR i.kind = $1)
                GROUP BY w.item_id ORDER BY sum(w.weight) DESC, w.item_id LIMIT $2)
            SELECT best.id, w.word FROM best JOIN onestop_item_words AS w ON w.item_id = best.id
            WHERE w.word IN (\(places)) ORDER BY best.id
            """,
            values: [SQLValue(kind?.rawValue ?? 0), SQLValue(ItemRanking.candidatesMax)]
                + words.map { .text($0) }
        ) { ($0.text(0), $0.text(1)) }
        let byItem: [String: Set<String>] = Dictionary(grouping: rows, by: \.0).mapValues {
            Set($0.map(\.1))
        }
        return try byItem.sorted { $0.key < $1.key }.compactMap { id, words in
            try find(connection, id: id).map { ($0, words) }
        }
    }

    /// Remembers a question that found nothing, so that synonyms can be added.
    static func recordMissed(_ query: String, _ unit: UnitOfWork) throws {
        try unit.connection.execute(
            """
            INSERT INTO onestop_missed_searches (query, count, first_time, last_time)
            SELECT $1, 1, $2, $2
            WHERE (SELECT count(*) FROM onestop_missed_searches) < $3
               OR EXISTS (SELECT 1 FROM onestop_missed_searches WHERE query = $1)
            ON CONFLICT (query) DO UPDATE SET count = onestop_missed_searches.count + 1, last_time = $2
            """, .text(query), SQLValue(unit.now), SQLValue(missedSearchesMax))
    }

    // MARK: Guides

    static func guide(_ connection: any Connection, code: String) throws -> ItemGuide? {
        try connection.first(
            """
            SELECT visits, fee, phone, place_zh, place_en, source, materials, steps FROM onestop_guides
            WHERE code = $1
            """, .text(code)
        ) { row in
            ItemGuide(
                code: code, visits: row.intOrNil(0), fee: row.text(1), phone: row.text(2),
                place: BilingualText(zh: row.text(3), en: row.text(4)), source: row.text(5),
                materials: try JSONDecoder().decode(
                    [ItemGuide.Material].self, from: Data(row.text(6).utf8)),
                steps: try JSONDecoder().decode([BilingualText].self, from: Data(row.text(7).utf8)))
        }
    }

    static func setGuide(_ guide: ItemGuide, _ connection: any Connection) throws {
        let materials: Data = try JSONEncoder().encode(guide.materials)
        let steps: Data = try JSONEncoder().encode(guide.steps)
        try connection.execute(
            """
            INSERT INTO onestop_guides (code, visits, fee, phone, place_zh, place_en, source, materials, steps)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (code) DO UPDATE SET visits = $2, fee = $3, phone = $4, place_zh = $5, place_en = $6,
                source = $7, materials = $8, steps = $9
            """,
            .text(guide.code), SQLValue(guide.visits), .text(guide.fee), .text(guide.phone),
            .text(guide.place.zh), .text(guide.place.en), .text(guide.source),
            .text(String(decoding: materials, as: UTF8.self)), .text(String(decoding: steps, as: UTF8.self)))
    }
}
