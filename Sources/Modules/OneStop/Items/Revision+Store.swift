import FoundationEssentials
import Kernel
import Platform
import Storage

/// SQL about revisions of items: one is active, one at most is a draft, all others are kept.
extension ItemStore {
    /// Items get revisions. What stood in the guides until now becomes the definition of each item with that code.
    static let revisionsSchema: String = """
        ALTER TABLE onestop_items ADD COLUMN department_id TEXT NOT NULL DEFAULT '';

        CREATE TABLE onestop_item_revisions (
            item_id TEXT NOT NULL REFERENCES onestop_items (id),
            revision INTEGER NOT NULL CHECK (revision >= 1),
            state INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
            name TEXT NOT NULL,
            kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
            type TEXT NOT NULL,
            department TEXT NOT NULL,
            department_id TEXT NOT NULL,
            promised_limit TEXT NOT NULL,
            statutory_limit TEXT NOT NULL,
            note TEXT NOT NULL,
            synonyms TEXT NOT NULL,
            source TEXT NOT NULL,
            definition TEXT NOT NULL,
            author TEXT NOT NULL,
            create_time INTEGER NOT NULL,
            publish_time INTEGER,
            PRIMARY KEY (item_id, revision),
            CHECK ((state = 1) = (publish_time IS NULL))
        ) STRICT;
        CREATE UNIQUE INDEX onestop_item_revisions_draft ON onestop_item_revisions (item_id) WHERE state = 1;
        CREATE UNIQUE INDEX onestop_item_revisions_active ON onestop_item_revisions (item_id) WHERE state = 2;

        INSERT INTO onestop_item_revisions (item_id, revision, state, name, kind, type, department, department_id,
            promised_limit, statutory_limit, note, synonyms, source, definition, author, create_time, publish_time)
        SELECT i.id, i.revision, 2, i.name, i.kind, i.type, i.department, '', i.promised_limit, i.statutory_limit,
            i.note, i.synonyms, i.source,
            CASE WHEN g.code IS NULL THEN '{}' ELSE
                '{"visits":' || coalesce(CAST(g.visits AS TEXT), 'null')
                || ',"fee":"' || replace(replace(g.fee, '\\', '\\\\'), '"', '\\"')
                || '","phone":"' || replace(replace(g.phone, '\\', '\\\\'), '"', '\\"')
                || '","source":"' || replace(replace(g.source, '\\', '\\\\'), '"', '\\"')
                || '","place":{"zh":"' || replace(replace(g.place_zh, '\\', '\\\\'), '"', '\\"')
                || '","en":"' || replace(replace(g.place_en, '\\', '\\\\'), '"', '\\"')
                || '"},"materials":' || g.materials || ',"steps":' || g.steps || '}' END,
            'system', i.update_time, i.update_time
        FROM onestop_items AS i LEFT JOIN onestop_guides AS g ON g.code = i.code;
        DROP TABLE onestop_guides;

        CREATE TABLE onestop_unfound_queries (
            id TEXT PRIMARY KEY NOT NULL,
            words TEXT NOT NULL UNIQUE,
            count INTEGER NOT NULL CHECK (count >= 1),
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            resolution TEXT NOT NULL
        ) STRICT;
        CREATE INDEX onestop_unfound_queries_count ON onestop_unfound_queries (count, id) WHERE resolution = '';
        INSERT INTO onestop_unfound_queries (id, words, count, first_time, last_time, resolution)
        SELECT 'u' || CAST(row_number() OVER (ORDER BY query) AS TEXT), query, count, first_time, last_time, ''
        FROM onestop_missed_searches;
        DROP TABLE onestop_missed_searches;
        """

    private static let revisionColumns: String =
        (["i.id", "i.code"] + contentColumns.map { "r.\($0)" } + [
            "r.revision", "coalesce(r.publish_time, r.create_time)", "i.retired", "r.definition", "r.state",
        ]).joined(separator: ", ")

    private static func revised(_ row: Row) throws -> RevisedItem {
        let next: Int = 2 + contentColumns.count
        let item: StoredItem = StoredItem(
            id: row.text(0), content: content(row, code: row.text(1), first: 2), revision: row.int(next),
            updateTime: row.instant(next + 1), retired: row.bool(next + 2))
        return RevisedItem(
            item: item, definition: try definition(row.text(next + 3)), state: state(row.int(next + 4)))
    }

    private static func state(_ value: Int) -> ItemRevisionState {
        guard let state: ItemRevisionState = ItemRevisionState(rawValue: value) else {
            preconditionFailure("the schema lets no other state in")
        }
        return state
    }

    private static func definition(_ text: String) throws -> ItemDefinition {
        // Most items of a catalogue have none; reading thousands of them should not cost a parse each.
        if text == "{}" { return ItemDefinition() }
        return try JSONDecoder().decode(ItemDefinition.self, from: Data(text.utf8))
    }

    /// An item as `revision` describes it, retired or not; or, with nil, an item that is not retired by its active one.
    static func find(_ connection: any Connection, id: String, revision: Int? = nil) throws -> RevisedItem? {
        if let revision {
            return try connection.first(
                """
                SELECT \(revisionColumns) FROM onestop_item_revisions AS r JOIN onestop_items AS i ON i.id = r.item_id
                WHERE r.item_id = $1 AND r.revision = $2
                """, .text(id), SQLValue(revision), row: revised)
        }
        return try connection.first(
            """
            SELECT \(revisionColumns) FROM onestop_item_revisions AS r JOIN onestop_items AS i ON i.id = r.item_id
            WHERE r.item_id = $1 AND r.state = 2 AND i.retired = 0
            """, .text(id), row: revised)
    }

    /// The draft of an item that is not retired.
    static func draft(_ connection: any Connection, id: String) throws -> RevisedItem? {
        try connection.first(
            """
            SELECT \(revisionColumns) FROM onestop_item_revisions AS r JOIN onestop_items AS i ON i.id = r.item_id
            WHERE r.item_id = $1 AND r.state = 1 AND i.retired = 0
            """, .text(id), row: revised)
    }

    /// Active revisions of items with this code that are not retired: mostly one, since a code may stand in several
    /// catalogues.
    ///
    /// - Parameter catalogue: only of this one; empty for all.
    static func active(_ connection: any Connection, code: String, catalogue: String) throws -> [RevisedItem]
    {
        try connection.query(
            """
            SELECT \(revisionColumns) FROM onestop_items AS i JOIN onestop_item_revisions AS r
                ON r.item_id = i.id AND r.state = 2
            WHERE i.code = $1 AND i.retired = 0 AND ($2 = '' OR i.catalogue = $2) ORDER BY i.id
            """, .text(code), .text(catalogue), row: revised)
    }

    /// Active revisions of all items that are not retired.
    static func allActive(_ connection: any Connection) throws -> [RevisedItem] {
        try connection.query(
            """
            SELECT \(revisionColumns) FROM onestop_items AS i JOIN onestop_item_revisions AS r
                ON r.item_id = i.id AND r.state = 2
            WHERE i.retired = 0 ORDER BY i.code, i.id
            """, row: revised)
    }

    /// Active revisions in order of code, after a (code, id) if one is given.
    static func list(
        _ connection: any Connection, kind: ItemKind?, department: String, after: [String]?, limit: Int
    ) throws -> [RevisedItem] {
        try connection.query(
            """
            SELECT \(revisionColumns) FROM onestop_items AS i JOIN onestop_item_revisions AS r
                ON r.item_id = i.id AND r.state = 2
            WHERE i.retired = 0 AND ($1 = 0 OR i.kind = $1) AND ($2 = '' OR i.department = $2)
              AND (i.code > $3 OR i.code = $3 AND i.id > $4)
            ORDER BY i.code, i.id LIMIT $5
            """,
            SQLValue(kind?.rawValue ?? 0), .text(department), .text(after?[0] ?? ""),
            .text(after?[1] ?? ""), SQLValue(limit), row: revised)
    }

    /// Newest first, those before a number if one is given.
    static func revisions(_ connection: any Connection, id: String, before: Int?, limit: Int) throws
        -> [ItemRevision]
    {
        try connection.query(
            """
            SELECT revision, state, create_time, publish_time, author FROM onestop_item_revisions
            WHERE item_id = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3
            """, .text(id), SQLValue(before ?? Int(Int32.max)), SQLValue(limit)
        ) { row in
            ItemRevision(
                revision: row.int(0), state: state(row.int(1)), createTime: row.instant(2),
                publishTime: row.instantOrNil(3), author: row.text(4))
        }
    }

    /// Makes what a catalogue says the item's next active revision; the definition stays as it is.
    ///
    /// A draft keeps its place behind the active one: its number, which nothing refers to, moves up.
    static func revise(_ item: StoredItem, definition: ItemDefinition, _ unit: UnitOfWork) throws {
        if item.revision > 1 {
            try unit.connection.execute(
                "UPDATE onestop_item_revisions SET state = 3 WHERE item_id = $1 AND state = 2", .text(item.id)
            )
            try unit.connection.execute(
                "UPDATE onestop_item_revisions SET revision = revision + 1 WHERE item_id = $1 AND state = 1",
                .text(item.id))
        }
        try insertRevision(item, definition, .active, unit)
    }

    /// Keeps a draft in place of the one that the item has.
    ///
    /// - Returns: its number.
    static func saveDraft(_ definition: ItemDefinition, of head: StoredItem, _ unit: UnitOfWork) throws -> Int
    {
        try discardDraft(of: head.id, unit.connection)
        var item: StoredItem = head
        item.revision += 1
        try insertRevision(item, definition, .draft, unit)
        return item.revision
    }

    /// Throws the draft of an item away; false if it has none.
    @discardableResult
    static func discardDraft(of id: String, _ connection: any Connection) throws -> Bool {
        try connection.execute(
            "DELETE FROM onestop_item_revisions WHERE item_id = $1 AND state = 1", .text(id)) == 1
    }

    /// Makes the draft active, with what the catalogue says by now.
    ///
    /// - Precondition: the item has a draft, whose number follows that of the head.
    static func publishDraft(of head: StoredItem, _ unit: UnitOfWork) throws {
        var item: StoredItem = head
        item.revision += 1
        item.updateTime = unit.now
        try unit.connection.execute(
            "UPDATE onestop_item_revisions SET state = 3 WHERE item_id = $1 AND state = 2", .text(item.id))
        let changes: String = contentColumns.enumerated().map { "\($1) = $\($0 + 4)" }.joined(separator: ", ")
        let count: Int = try unit.connection.execute(
            """
            UPDATE onestop_item_revisions SET state = 2, publish_time = $3, \(changes)
            WHERE item_id = $1 AND revision = $2 AND state = 1
            """,
            values: [.text(item.id), SQLValue(item.revision), SQLValue(unit.now)] + values(item.content))
        precondition(count == 1, "a draft stands directly behind the active revision")
        try update(item, unit.connection)
        try raiseGeneration(unit.connection)
    }

    private static func insertRevision(
        _ item: StoredItem, _ definition: ItemDefinition, _ state: ItemRevisionState, _ unit: UnitOfWork
    ) throws {
        let encoder: JSONEncoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text: String =
            definition == ItemDefinition()
            ? "{}" : String(decoding: try encoder.encode(definition), as: UTF8.self)
        let places: String = (1...(contentColumns.count + 7)).map { "$\($0)" }.joined(separator: ", ")
        try unit.connection.execute(
            """
            INSERT INTO onestop_item_revisions (item_id, revision, state, definition, author, create_time,
                publish_time, \(contentColumns.joined(separator: ", ")))
            VALUES (\(places))
            """,
            values: [
                .text(item.id), SQLValue(item.revision), SQLValue(state.rawValue), .text(text),
                .text(unit.principal.name), SQLValue(unit.now), state == .draft ? .null : SQLValue(unit.now),
            ] + values(item.content))
    }
}
