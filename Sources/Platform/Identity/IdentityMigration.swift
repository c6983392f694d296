extension Platform {
    /// The tables of accounts, sessions, codes and certificates.
    static let identitySchema: String = """
        CREATE TABLE platform_residents (
            id TEXT PRIMARY KEY NOT NULL,
            full_name BLOB NOT NULL,
            phone BLOB NOT NULL,
            phone_index BLOB NOT NULL UNIQUE,
            id_number BLOB,
            id_number_index BLOB UNIQUE,
            masked_name TEXT NOT NULL,
            masked_phone TEXT NOT NULL,
            masked_id_number TEXT NOT NULL,
            password TEXT,
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
            home_code TEXT REFERENCES platform_organizations (code),
            home_path TEXT NOT NULL,
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            create_time INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_residents_home ON platform_residents (home_path, id);

        CREATE TABLE platform_staff (
            id TEXT PRIMARY KEY NOT NULL,
            account TEXT NOT NULL UNIQUE,
            full_name TEXT NOT NULL,
            post TEXT NOT NULL,
            organization_code TEXT NOT NULL REFERENCES platform_organizations (code),
            organization_path TEXT NOT NULL,
            password TEXT NOT NULL,
            totp_secret BLOB NOT NULL,
            totp_last_step INTEGER NOT NULL,
            disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
            disable_reason TEXT NOT NULL,
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            create_time INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE platform_grants (
            id TEXT PRIMARY KEY NOT NULL,
            staff_id TEXT NOT NULL REFERENCES platform_staff (id),
            role TEXT NOT NULL,
            scope_code TEXT NOT NULL REFERENCES platform_organizations (code),
            scope_path TEXT NOT NULL,
            department_code TEXT REFERENCES platform_organizations (code),
            expire_time INTEGER,
            live INTEGER NOT NULL CHECK (live IN (0, 1)),
            requester TEXT NOT NULL,
            create_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_grants_staff ON platform_grants (staff_id, id);

        CREATE TABLE platform_sessions (
            token_hash BLOB PRIMARY KEY NOT NULL,
            id TEXT NOT NULL UNIQUE,
            principal_kind TEXT NOT NULL CHECK (principal_kind IN ('resident', 'staff')),
            principal_id TEXT NOT NULL,
            device_id TEXT,
            peer_address TEXT NOT NULL,
            create_time INTEGER NOT NULL,
            expire_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_sessions_principal ON platform_sessions (principal_id, principal_kind, id);

        CREATE TABLE platform_codes (
            phone_index BLOB NOT NULL,
            purpose INTEGER NOT NULL CHECK (purpose BETWEEN 1 AND 3),
            place BLOB NOT NULL,
            code_hash BLOB NOT NULL,
            tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
            expire_time INTEGER NOT NULL,
            PRIMARY KEY (phone_index, purpose, place)
        ) STRICT;

        CREATE TABLE platform_known_places (
            account BLOB NOT NULL,
            place BLOB NOT NULL,
            last_time INTEGER NOT NULL,
            PRIMARY KEY (account, place)
        ) STRICT;

        CREATE TABLE platform_certificates (
            serial TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('device', 'vendor')),
            subject_id TEXT NOT NULL,
            display_name TEXT NOT NULL,
            not_before INTEGER NOT NULL,
            not_after INTEGER NOT NULL,
            revoke_time INTEGER,
            revoke_reason TEXT NOT NULL
        ) STRICT;

        CREATE TABLE platform_data_accesses (
            id TEXT PRIMARY KEY NOT NULL,
            resident_id TEXT NOT NULL REFERENCES platform_residents (id),
            time INTEGER NOT NULL,
            staff_id TEXT NOT NULL,
            viewer TEXT NOT NULL,
            fields TEXT NOT NULL,
            purpose TEXT NOT NULL,
            subject TEXT NOT NULL
        ) STRICT;
        CREATE INDEX platform_data_accesses_resident ON platform_data_accesses (resident_id, id);
        """
}
