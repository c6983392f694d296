package import Kernel
package import Storage

/// All SQL about kiosks and the sign-ins that wait at them.
package enum KioskStore {
    static let schema: String = """
        CREATE TABLE platform_kiosks (
            id TEXT PRIMARY KEY NOT NULL,
            display_name TEXT NOT NULL,
            place_code TEXT NOT NULL REFERENCES platform_organizations (code),
            place_path TEXT NOT NULL,
            hall TEXT NOT NULL,
            program_version TEXT NOT NULL,
            last_heartbeat INTEGER,
            receipt_printer INTEGER NOT NULL CHECK (receipt_printer BETWEEN 0 AND 4),
            paper INTEGER NOT NULL CHECK (paper BETWEEN 0 AND 4),
            document_printer INTEGER NOT NULL CHECK (document_printer BETWEEN 0 AND 4),
            card_reader INTEGER NOT NULL CHECK (card_reader BETWEEN 0 AND 4),
            lock_reason TEXT,
            create_time INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_kiosks_place ON platform_kiosks (place_path, id);

        CREATE TABLE platform_qr_sign_ins (
            secret_hash BLOB PRIMARY KEY NOT NULL,
            code TEXT NOT NULL UNIQUE,
            kiosk_id TEXT NOT NULL REFERENCES platform_kiosks (id),
            resident_id TEXT REFERENCES platform_residents (id),
            expire_time INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX platform_qr_sign_ins_kiosk ON platform_qr_sign_ins (kiosk_id, expire_time);

        ALTER TABLE platform_sessions ADD COLUMN level_limit INTEGER NOT NULL DEFAULT 3
            CHECK (level_limit BETWEEN 1 AND 3);
        """

    private static let columns: String = """
        id, display_name, place_code, place_path, hall, program_version, last_heartbeat, receipt_printer, paper,
        document_printer, card_reader, lock_reason, version
        """

    package static func find(_ connection: any Connection, id: String) throws -> KioskRecord? {
        try connection.first(
            "SELECT \(columns) FROM platform_kiosks WHERE id = $1", .text(id), row: record)
    }

    /// Hall of a device; nil if the device is no kiosk or stands alone.
    package static func hall(_ connection: any Connection, device: String) throws -> String? {
        try find(connection, id: device).flatMap { $0.hall.isEmpty ? nil : $0.hall }
    }

    /// In order of id, after an id, within a scope.
    static func list(_ connection: any Connection, scope: ScopeFilter, after: String, limit: Int) throws
        -> [KioskRecord]
    {
        let condition: (sql: String, values: [SQLValue]) = scope.sql(column: "place_path", firstIndex: 3)
        return try connection.query(
            """
            SELECT \(columns) FROM platform_kiosks WHERE id > $1 AND \(condition.sql) ORDER BY id LIMIT $2
            """,
            values: [.text(after), SQLValue(limit)] + condition.values, row: record)
    }

    /// Says where a kiosk stands, for the first time or anew.
    package static func register(_ connection: any Connection, _ kiosk: KioskRecord, now: Instant) throws {
        try connection.execute(
            """
            INSERT INTO platform_kiosks (id, display_name, place_code, place_path, hall, program_version,
                receipt_printer, paper, document_printer, card_reader, create_time, version)
            VALUES ($1, $2, $3, $4, $5, '', 0, 0, 0, 0, $6, 1)
            ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name,
                place_code = excluded.place_code, place_path = excluded.place_path, hall = excluded.hall,
                version = platform_kiosks.version + 1
            """,
            .text(kiosk.id), .text(kiosk.displayName), .text(kiosk.placeCode), .text(kiosk.placePath),
            .text(kiosk.hall), SQLValue(now))
    }

    static func beat(
        _ connection: any Connection, id: String, version: String, _ parts: KioskParts, now: Instant
    ) throws {
        try connection.execute(
            """
            UPDATE platform_kiosks SET program_version = $2, last_heartbeat = $3, receipt_printer = $4, paper = $5,
                document_printer = $6, card_reader = $7
            WHERE id = $1
            """,
            .text(id), .text(version), SQLValue(now), SQLValue(parts.receiptPrinter.rawValue),
            SQLValue(parts.paper.rawValue), SQLValue(parts.documentPrinter.rawValue),
            SQLValue(parts.cardReader.rawValue))
    }

    /// Locks a kiosk, or unlocks it with a nil reason; false if its version is another one.
    static func setLock(_ connection: any Connection, id: String, reason: String?, version: Int64) throws
        -> Bool
    {
        try connection.execute(
            """
            UPDATE platform_kiosks SET lock_reason = $2, version = version + 1 WHERE id = $1 AND version = $3
            """,
            .text(id), SQLValue(reason), .integer(version)) == 1
    }

    private static func record(_ row: Row) -> KioskRecord {
        var kiosk: KioskRecord = KioskRecord(
            id: row.text(0), displayName: row.text(1), placeCode: row.text(2), placePath: row.text(3),
            hall: row.text(4))
        kiosk.programVersion = row.text(5)
        kiosk.lastHeartbeat = row.instantOrNil(6)
        kiosk.parts.receiptPrinter = part(row.int(7))
        kiosk.parts.paper = part(row.int(8))
        kiosk.parts.documentPrinter = part(row.int(9))
        kiosk.parts.cardReader = part(row.int(10))
        kiosk.lockReason = row.textOrNil(11)
        kiosk.version = row.integer(12)
        return kiosk
    }

    private static func part(_ number: Int) -> KioskPart {
        guard let part: KioskPart = KioskPart(rawValue: number) else {
            preconditionFailure("platform_kiosks has the part state \(number)")
        }
        return part
    }
}

/// A sign-in by QR code that waits for somebody to confirm it.
struct QRSignIn: Sendable, Equatable {
    let kioskID: String
    /// Nil until somebody has confirmed.
    let residentID: String?
    let expireTime: Instant
}

extension KioskStore {
    /// Keeps a new code; the kiosk's oldest ones go if there are too many. False if the code is in use just now.
    static func beginQR(
        _ connection: any Connection, code: String, secretHash: [UInt8], kiosk: String, expireTime: Instant
    ) throws -> Bool {
        try connection.execute(
            """
            DELETE FROM platform_qr_sign_ins WHERE kiosk_id = $1 AND secret_hash IN (
                SELECT secret_hash FROM platform_qr_sign_ins WHERE kiosk_id = $1
                ORDER BY expire_time DESC LIMIT 1000 OFFSET \(KioskLimits.qrPerKiosk - 1))
            """, .text(kiosk))
        return try connection.execute(
            """
            INSERT INTO platform_qr_sign_ins (secret_hash, code, kiosk_id, expire_time) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """,
            .blob(secretHash), .text(code), .text(kiosk), SQLValue(expireTime)) == 1
    }

    static func qr(_ connection: any Connection, secretHash: [UInt8]) throws -> QRSignIn? {
        try connection.first(
            """
            SELECT kiosk_id, resident_id, expire_time FROM platform_qr_sign_ins WHERE secret_hash = $1
            """, .blob(secretHash), row: qrRecord)
    }

    /// The one with this code that still waits.
    static func waitingQR(_ connection: any Connection, code: String, now: Instant) throws -> QRSignIn? {
        try connection.first(
            """
            SELECT kiosk_id, resident_id, expire_time FROM platform_qr_sign_ins
            WHERE code = $1 AND resident_id IS NULL AND expire_time > $2
            """, .text(code), SQLValue(now), row: qrRecord)
    }

    /// False if somebody else was faster, or the time is over.
    static func confirmQR(_ connection: any Connection, code: String, resident: String, now: Instant) throws
        -> Bool
    {
        try connection.execute(
            """
            UPDATE platform_qr_sign_ins SET resident_id = $2
            WHERE code = $1 AND resident_id IS NULL AND expire_time > $3
            """, .text(code), .text(resident), SQLValue(now)) == 1
    }

    /// Uses a confirmed sign-in up; false if it was used before.
    static func endQR(_ connection: any Connection, secretHash: [UInt8]) throws -> Bool {
        try connection.execute(
            "DELETE FROM platform_qr_sign_ins WHERE secret_hash = $1", .blob(secretHash)) == 1
    }

    static func sweepQR(_ connection: any Connection, now: Instant) throws {
        try connection.execute("DELETE FROM platform_qr_sign_ins WHERE expire_time <= $1", SQLValue(now))
    }

    private static func qrRecord(_ row: Row) -> QRSignIn {
        QRSignIn(kioskID: row.text(0), residentID: row.textOrNil(1), expireTime: row.instant(2))
    }
}
