internal import Crypto
internal import Kernel
internal import Storage

/// A session as it is stored. The token is not: only its SHA-256 is, which finds it and is of no use to a thief.
struct SessionRecord: Sendable, Equatable {
    let id: String
    let principalKind: PrincipalKind
    let principalID: String
    /// The kiosk that it was begun at; it is no good elsewhere.
    let deviceID: String?
    let peerAddress: String
    let createTime: Instant
    let expireTime: Instant
    /// The session gives no higher identity level than this, whatever its owner's is.
    var levelLimit: IdentityLevel = .counter

    /// `sessions/{id}`.
    var name: String { "sessions/\(id)" }
    var policy: SessionPolicy {
        deviceID != nil ? .kiosk : principalKind == .staff ? .staff : .resident
    }
}

/// A session that has just begun.
struct NewSession: Sendable {
    let record: SessionRecord
    /// 256 random bits in base64url; shown once.
    let token: String
}

/// The sessions' table.
enum Sessions {
    private static let columns: String = """
        id, principal_kind, principal_id, device_id, peer_address, create_time, expire_time, level_limit
        """

    /// Begins a session; the oldest one of the account ends if there are too many.
    static func begin(
        _ unit: UnitOfWork, kind: PrincipalKind, id: String, deviceID: String?, peerAddress: String,
        levelLimit: IdentityLevel = .counter
    ) throws -> NewSession {
        let token: String = SecureRandom.token()
        var record: SessionRecord = SessionRecord(
            id: unit.newID(), principalKind: kind, principalID: id, deviceID: deviceID,
            peerAddress: peerAddress,
            createTime: unit.now, expireTime: unit.now)
        record = SessionRecord(
            id: record.id, principalKind: kind, principalID: id, deviceID: deviceID, peerAddress: peerAddress,
            createTime: unit.now, expireTime: unit.now.adding(seconds: record.policy.idleSeconds),
            levelLimit: levelLimit)
        try unit.connection.execute(
            """
            INSERT INTO platform_sessions (token_hash, \(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            .blob(SHA256.hash(token)), .text(record.id), .text(kind.rawValue), .text(id), SQLValue(deviceID),
            .text(peerAddress), SQLValue(record.createTime), SQLValue(record.expireTime),
            SQLValue(levelLimit.rawValue))
        try unit.connection.execute(
            """
            DELETE FROM platform_sessions WHERE principal_kind = $1 AND principal_id = $2 AND id IN (
                SELECT id FROM platform_sessions WHERE principal_kind = $1 AND principal_id = $2
                ORDER BY id DESC LIMIT 1000 OFFSET \(IdentityLimits.sessionsPerAccount))
            """,
            .text(kind.rawValue), .text(id))
        return NewSession(record: record, token: token)
    }

    /// The live session of a token; nil if there is none.
    static func find(_ connection: any Connection, token: String, now: Instant) throws -> SessionRecord? {
        try connection.first(
            "SELECT \(columns) FROM platform_sessions WHERE token_hash = $1 AND expire_time > $2",
            .blob(SHA256.hash(token)), SQLValue(now), row: record)
    }

    /// Live sessions of an account, newest first, before an id.
    static func list(
        _ connection: any Connection, kind: PrincipalKind, id: String, before: String?, limit: Int,
        now: Instant
    ) throws -> [SessionRecord] {
        try connection.query(
            """
            SELECT \(columns) FROM platform_sessions
            WHERE principal_kind = $1 AND principal_id = $2 AND expire_time > $3 AND ($4 = '' OR id < $4)
            ORDER BY id DESC LIMIT $5
            """,
            .text(kind.rawValue), .text(id), SQLValue(now), .text(before ?? ""), SQLValue(limit), row: record)
    }

    /// Ends one session.
    static func end(_ connection: any Connection, id: String) throws {
        try connection.execute("DELETE FROM platform_sessions WHERE id = $1", .text(id))
    }

    /// Ends the sessions of an account, all or all but one; returns how many.
    @discardableResult
    static func endAll(
        _ connection: any Connection, kind: PrincipalKind, id: String, except kept: String? = nil
    )
        throws -> Int
    {
        try connection.execute(
            "DELETE FROM platform_sessions WHERE principal_kind = $1 AND principal_id = $2 AND id <> $3",
            .text(kind.rawValue), .text(id), .text(kept ?? ""))
    }

    /// Ends the sessions that were begun at a device; returns how many.
    static func endAll(_ connection: any Connection, device: String) throws -> Int {
        try connection.execute("DELETE FROM platform_sessions WHERE device_id = $1", .text(device))
    }

    /// Moves the end of a session that was used, but never beyond its lifetime.
    static func touch(_ connection: any Connection, _ record: SessionRecord, usedAt: Instant) throws {
        let limit: Instant = record.createTime.adding(seconds: record.policy.lifetimeSeconds)
        let end: Instant = min(limit, usedAt.adding(seconds: record.policy.idleSeconds))
        try connection.execute(
            "UPDATE platform_sessions SET expire_time = $2 WHERE id = $1 AND expire_time < $2",
            .text(record.id), SQLValue(end))
    }

    /// Removes sessions that have ended by themselves.
    static func sweep(_ connection: any Connection, now: Instant) throws {
        try connection.execute("DELETE FROM platform_sessions WHERE expire_time <= $1", SQLValue(now))
    }

    private static func record(_ row: Row) -> SessionRecord {
        guard let kind = PrincipalKind(rawValue: row.text(1)) else {
            preconditionFailure("platform_sessions.principal_kind is \(row.text(1))")
        }
        guard let levelLimit = IdentityLevel(rawValue: row.int(7)) else {
            preconditionFailure("platform_sessions.level_limit is \(row.int(7))")
        }
        return SessionRecord(
            id: row.text(0), principalKind: kind, principalID: row.text(2), deviceID: row.textOrNil(3),
            peerAddress: row.text(4), createTime: row.instant(5), expireTime: row.instant(6),
            levelLimit: levelLimit)
    }
}
