package import Storage

extension CaseStore {
    /// The schema of this capability. Every row carries its path of organisations, so that the scope of a query is a
    /// range of an index, and so that a distributed store can place rows by it.
    package static let migrations: [Migration] = [
        Migration(module: "grassroots", number: 1, name: "cases and their timeline", sql: tables)
    ]

    private static let tables: String = """
        CREATE TABLE grassroots_case (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL CHECK (version >= 1),
            workflow_version INTEGER NOT NULL,
            state TEXT NOT NULL,
            state_since INTEGER NOT NULL,
            category TEXT NOT NULL,
            standard_code TEXT NOT NULL,
            description TEXT NOT NULL,
            grid_code TEXT NOT NULL,
            org_path TEXT NOT NULL,
            grid_text TEXT NOT NULL,
            place TEXT NOT NULL,
            latitude REAL,
            longitude REAL,
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            channel TEXT NOT NULL,
            reporter TEXT,
            reporter_contact BLOB,
            creator TEXT NOT NULL,
            assignee_code TEXT,
            assignee_text TEXT,
            assignee_path TEXT,
            main_case TEXT,
            facts TEXT NOT NULL,
            clock_start INTEGER,
            step_start INTEGER NOT NULL,
            extensions TEXT NOT NULL,
            due_time INTEGER,
            yellow_time INTEGER,
            red_time INTEGER,
            provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
            create_time INTEGER NOT NULL,
            update_time INTEGER NOT NULL,
            CHECK ((due_time IS NULL) = (red_time IS NULL) AND (due_time IS NULL) = (yellow_time IS NULL)),
            CHECK ((state = 'merged') = (main_case IS NOT NULL))
        ) STRICT;
        CREATE INDEX grassroots_case_by_place ON grassroots_case (org_path, id);
        CREATE INDEX grassroots_case_by_assignee ON grassroots_case (assignee_path, id)
            WHERE assignee_path IS NOT NULL;
        CREATE INDEX grassroots_case_by_department ON grassroots_case (assignee_code, id)
            WHERE assignee_code IS NOT NULL;
        CREATE INDEX grassroots_case_by_reporter ON grassroots_case (reporter, id) WHERE reporter IS NOT NULL;
        CREATE INDEX grassroots_case_by_main ON grassroots_case (main_case) WHERE main_case IS NOT NULL;
        CREATE INDEX grassroots_case_open ON grassroots_case (state, org_path)
            WHERE state NOT IN ('archived', 'declined', 'merged');

        CREATE TABLE grassroots_case_event (
            sequence INTEGER PRIMARY KEY,
            case_id INTEGER NOT NULL REFERENCES grassroots_case (id),
            action TEXT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            text_zh TEXT NOT NULL,
            text_en TEXT NOT NULL,
            note TEXT NOT NULL,
            note_public INTEGER NOT NULL CHECK (note_public IN (0, 1)),
            actor TEXT NOT NULL,
            actor_text TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX grassroots_case_event_by_case ON grassroots_case_event (case_id, sequence);

        CREATE TABLE grassroots_case_photo (
            case_id INTEGER NOT NULL REFERENCES grassroots_case (id),
            position INTEGER NOT NULL,
            file TEXT NOT NULL,
            event_sequence INTEGER NOT NULL REFERENCES grassroots_case_event (sequence),
            PRIMARY KEY (case_id, position)
        ) STRICT;

        CREATE TABLE grassroots_case_pause (
            case_id INTEGER NOT NULL REFERENCES grassroots_case (id),
            start_time INTEGER NOT NULL,
            end_time INTEGER,
            reason TEXT NOT NULL,
            evidence TEXT NOT NULL CHECK (evidence <> ''),
            resume_by INTEGER NOT NULL,
            PRIMARY KEY (case_id, start_time)
        ) STRICT;

        CREATE TABLE grassroots_case_worker (
            case_id INTEGER NOT NULL REFERENCES grassroots_case (id),
            staff TEXT NOT NULL,
            PRIMARY KEY (case_id, staff)
        ) STRICT;

        CREATE TABLE grassroots_case_serial (
            day TEXT NOT NULL PRIMARY KEY,
            last INTEGER NOT NULL
        ) STRICT;
        """
}
