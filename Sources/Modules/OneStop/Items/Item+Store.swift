import Kernel
import Platform
import Storage

/// SQL about items: what their catalogues say.
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

    /// Of a content, in the order in which `content` reads them.
    static let contentColumns: [String] = [
        "name", "kind", "type", "department", "department_id", "promised_limit", "statutory_limit", "note",
        "synonyms", "source",
    ]
    private static let columns: String =
        "id, code, \(contentColumns.joined(separator: ", ")), revision, update_time, retired"
    private static let separator: Character = "\n"
    /// The content in the columns from `first` on.
    static func content(_ row: Row, code: String, first: Int) -> ItemContent {
        guard let kind: ItemKind = ItemKind(rawValue: row.int(first + 1)) else {
            preconditionFailure("the schema lets no other kind in")
        }
        return ItemContent(
            code: code, name: row.text(first), kind: kind, type: row.text(first + 2),
            department: row.text(first + 3), departmentID: row.text(first + 4),
            promised: ItemLimit(stored: row.text(first + 5)),
            statutory: ItemLimit(stored: row.text(first + 6)), note: row.text(first + 7),
            synonyms: row.text(first + 8).split(separator: separator).map(String.init),
            source: row.text(first + 9))
    }

    /// The values of `contentColumns`.
    static func values(_ content: ItemContent) -> [SQLValue] {
        [
            .text(content.name), SQLValue(content.kind.rawValue), .text(content.type),
            .text(content.department), .text(content.departmentID), .text(content.promised.stored),
            .text(content.statutory.stored), .text(content.note),
            .text(content.synonyms.joined(separator: String(separator))), .text(content.source),
        ]
    }

    private static func item(_ row: Row) -> StoredItem {
        let next: Int = 2 + contentColumns.count
        return StoredItem(
            id: row.text(0), content: content(row, code: row.text(1), first: 2), revision: row.int(next),
            updateTime: row.instant(next + 1), retired: row.bool(next + 2))
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

    /// An item that is not retired, without its definition.
    static func head(_ connection: any Connection, id: String) throws -> StoredItem? {
        try connection.first(
            "SELECT \(columns) FROM onestop_items WHERE id = $1 AND retired = 0", .text(id), row: item)
    }

    /// The query item with this code, if it is not retired; the first, where several catalogues have one.
    static func query(_ connection: any Connection, code: String) throws -> StoredItem? {
        try connection.first(
            """
            SELECT \(columns) FROM onestop_items WHERE code = $1 AND kind = $2 AND retired = 0
            ORDER BY id LIMIT 1
            """, .text(code), SQLValue(ItemKind.query.rawValue), row: item)
    }

    /// The id of a new item: its code where that can be one, so that names are readable; else a new id.
    static func newID(for code: String, _ unit: UnitOfWork) throws -> String {
        guard ResourceName.isID(code) else { return unit.newID() }
        let taken: Bool? = try unit.connection.first(
            "SELECT 1 FROM onestop_items WHERE id = $1", .text(code)
        ) { _ in true }
        return taken == true ? unit.newID() : code
    }

    /// Inserts the head of an item; its first revision is for `insertRevision`.
    static func insert(_ item: StoredItem, catalogue: String, _ connection: any Connection) throws {
        let places: String = (1...(contentColumns.count + 6)).map { "$\($0)" }.joined(separator: ", ")
        try connection.execute(
            "INSERT INTO onestop_items (\(columns), catalogue) VALUES (\(places))",
            values: [.text(item.id), .text(item.content.code)] + values(item.content) + [
                SQLValue(item.revision), SQLValue(item.updateTime), SQLValue(item.retired), .text(catalogue),
            ])
    }

    /// Writes the head of an item: what its active revision says, and whether it is retired.
    static func update(_ item: StoredItem, _ connection: any Connection) throws {
        let changes: String = contentColumns.enumerated().map { "\($1) = $\($0 + 5)" }.joined(separator: ", ")
        try connection.execute(
            "UPDATE onestop_items SET revision = $2, update_time = $3, retired = $4, \(changes) WHERE id = $1",
            values: [
                .text(item.id), SQLValue(item.revision), SQLValue(item.updateTime), SQLValue(item.retired),
            ] + values(item.content))
    }

    static func count(_ connection: any Connection, kind: ItemKind?, department: String) throws -> Int {
        try connection.first(
            """
            SELECT count(*) FROM onestop_items
            WHERE retired = 0 AND ($1 = 0 OR kind = $1) AND ($2 = '' OR department = $2)
            """, SQLValue(kind?.rawValue ?? 0), .text(department)
        ) { $0.int(0) } ?? 0
    }

    // MARK: Generations

    /// Searches read the index in memory: the words of the catalogue need no table any more, only to know of changes.
    static let generationSchema: String = """
        DROP TABLE onestop_item_words;
        CREATE TABLE onestop_catalogue_generation (
            id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
            generation INTEGER NOT NULL
        ) STRICT;
        INSERT INTO onestop_catalogue_generation (id, generation) VALUES (1, 1);
        """

    /// Rises with each change of what searches find.
    static func generation(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT generation FROM onestop_catalogue_generation") { $0.integer(0) } ?? 0
    }

    /// To be called in the transaction of each such change.
    static func raiseGeneration(_ connection: any Connection) throws {
        try connection.execute("UPDATE onestop_catalogue_generation SET generation = generation + 1")
    }
}
