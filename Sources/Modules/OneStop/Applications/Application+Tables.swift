import Platform

extension ApplicationStore {
    /// Every row carries the path of its place and the code of its department, so that the scope of a query is a range of
    /// an index.
    static let schema: String = """
        CREATE TABLE onestop_applications (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL CHECK (version >= 1),
            workflow_version INTEGER NOT NULL,
            state TEXT NOT NULL,
            state_since INTEGER NOT NULL,
            item_id TEXT NOT NULL REFERENCES onestop_items (id),
            item_revision INTEGER NOT NULL,
            item_text TEXT NOT NULL,
            promised_limit TEXT NOT NULL,
            statutory_limit TEXT NOT NULL,
            department_code TEXT NOT NULL,
            department_path TEXT NOT NULL,
            department_text TEXT NOT NULL,
            place_path TEXT NOT NULL,
            applicant TEXT NOT NULL,
            applicant_text TEXT NOT NULL,
            agent TEXT,
            agent_text TEXT NOT NULL,
            mandate TEXT NOT NULL,
            facts TEXT NOT NULL,
            details TEXT NOT NULL,
            clock_start INTEGER,
            step_start INTEGER NOT NULL,
            due_time INTEGER,
            yellow_time INTEGER,
            red_time INTEGER,
            fee_number TEXT UNIQUE,
            fee_fen INTEGER NOT NULL CHECK (fee_fen >= 0),
            fee_paid_time INTEGER,
            certificate TEXT NOT NULL,
            bundle_case TEXT NOT NULL,
            ticket TEXT NOT NULL,
            answers BLOB NOT NULL,
            answers_hash BLOB NOT NULL,
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            create_time INTEGER NOT NULL,
            update_time INTEGER NOT NULL,
            CHECK ((due_time IS NULL) = (red_time IS NULL) AND (due_time IS NULL) = (yellow_time IS NULL))
        ) STRICT;
        CREATE INDEX onestop_applications_applicant ON onestop_applications (applicant, id);
        CREATE INDEX onestop_applications_agent ON onestop_applications (agent, id) WHERE agent IS NOT NULL;
        CREATE INDEX onestop_applications_department ON onestop_applications (department_code, id);
        CREATE INDEX onestop_applications_place ON onestop_applications (place_path, id);
        CREATE INDEX onestop_applications_hash ON onestop_applications (answers_hash, create_time);
        CREATE INDEX onestop_applications_open ON onestop_applications (state, due_time)
            WHERE state NOT IN ('archived', 'rejected', 'withdrawn');
        CREATE INDEX onestop_applications_bundle ON onestop_applications (bundle_case) WHERE bundle_case <> '';

        CREATE TABLE onestop_application_events (
            sequence INTEGER PRIMARY KEY,
            application_id INTEGER NOT NULL REFERENCES onestop_applications (id),
            action TEXT NOT NULL,
            text_zh TEXT NOT NULL,
            text_en TEXT NOT NULL,
            note TEXT NOT NULL,
            actor TEXT NOT NULL,
            device TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX onestop_application_events_application
            ON onestop_application_events (application_id, sequence);

        CREATE TABLE onestop_application_counters (
            kind TEXT NOT NULL,
            day TEXT NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (kind, day)
        ) STRICT;
        """
    /// Empty where the item's revision has the form, and for what was handed in before forms were kept: that is checked by
    /// the newest general form.
    static let formVersionSchema: String = "ALTER TABLE onestop_applications ADD COLUMN form_version INTEGER;"
    static let sealedColumns: SealedColumns = SealedColumns("onestop_applications", key: "number", "answers")
}
