package import Storage

extension Platform {
    /// The schema of Platform's own tables.
    package static let migrations: [Migration] = [
        Migration(module: "platform", number: 1, name: "requests, events, audit, organisations", sql: core),
        Migration(
            module: "platform", number: 2, name: "accounts, sessions, codes, certificates",
            sql: identitySchema),
        Migration(module: "platform", number: 3, name: "files", sql: Files.schema),
        Migration(module: "platform", number: 4, name: "documents", sql: DocumentStore.schema),
        Migration(module: "platform", number: 5, name: "messages", sql: Messages.schema),
        Migration(module: "platform", number: 6, name: "kiosks", sql: KioskStore.schema),
        Migration(module: "platform", number: 7, name: "households", sql: Households.schema),
        Migration(
            module: "platform", number: 8, name: "counts up the tree", sql: OrganizationCounts.schema),
        Migration(module: "platform", number: 9, name: "figures of places", sql: PlaceFigures.schema),
        Migration(module: "platform", number: 10, name: "boundaries by date", sql: Boundaries.schema),
    ]

    private static let core: String = """
        CREATE TABLE platform_requests (
            sequence INTEGER PRIMARY KEY,
            identity BLOB NOT NULL UNIQUE,
            fingerprint BLOB NOT NULL,
            answer BLOB NOT NULL,
            create_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE platform_events (
            sequence INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            type TEXT NOT NULL,
            subject TEXT NOT NULL,
            payload TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE platform_audit_entries (
            position INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            outcome TEXT NOT NULL,
            details TEXT NOT NULL,
            peer TEXT NOT NULL,
            leaf_hash BLOB NOT NULL
        ) STRICT;

        CREATE TABLE platform_audit_nodes (
            level INTEGER NOT NULL,
            position INTEGER NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (level, position)
        ) STRICT;

        CREATE TABLE platform_audit_tree (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            size INTEGER NOT NULL,
            hashes BLOB NOT NULL
        ) STRICT;

        CREATE TABLE platform_audit_checkpoints (
            size INTEGER PRIMARY KEY,
            root BLOB NOT NULL,
            note TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE platform_listener_cursors (
            listener TEXT PRIMARY KEY NOT NULL,
            sequence INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE platform_organizations (
            code TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 8),
            parent_code TEXT REFERENCES platform_organizations (code),
            path TEXT NOT NULL UNIQUE,
            path_text TEXT NOT NULL,
            child_count INTEGER NOT NULL,
            household_count INTEGER NOT NULL CHECK (household_count >= 0),
            resident_count INTEGER NOT NULL CHECK (resident_count >= 0),
            latitude REAL,
            longitude REAL,
            aliases TEXT NOT NULL,
            phone TEXT NOT NULL,
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_organizations_children
            ON platform_organizations (COALESCE(parent_code, ''), code);

        CREATE TABLE platform_organization_grams (
            gram TEXT NOT NULL,
            code TEXT NOT NULL REFERENCES platform_organizations (code),
            PRIMARY KEY (gram, code)
        ) STRICT;
        """
}
