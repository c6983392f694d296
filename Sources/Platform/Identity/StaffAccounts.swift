internal import Crypto
package import Kernel
package import Storage

/// A member of staff.
package struct StaffRecord: Sendable, Equatable {
    package let id: String
    package let account: String
    package let fullName: String
    package let post: String
    package let organizationCode: String
    package let organizationPath: String
    package let disabled: Bool
    package let synthetic: Bool
    package let createTime: Instant
    package let version: Int64

    /// `staff/{id}`.
    package var name: String { "staff/\(id)" }
}

/// What is needed to make a member of staff.
package struct NewStaff: Sendable {
    package var id: String
    package var account: String
    package var fullName: String
    package var post: String
    package var organizationCode: String
    package var passwordHash: String
    package var totpSecret: [UInt8]
    package var synthetic: Bool

    package init(
        id: String, account: String, fullName: String, post: String, organizationCode: String,
        passwordHash: String, totpSecret: [UInt8], synthetic: Bool = false
    ) {
        self.id = id
        self.account = account
        self.fullName = fullName
        self.post = post
        self.organizationCode = organizationCode
        self.passwordHash = passwordHash
        self.totpSecret = totpSecret
        self.synthetic = synthetic
    }
}

/// A grant that is given or waits for a second person.
struct GrantRecord: Sendable, Equatable {
    let id: String
    let staffID: String
    let grant: Grant
    /// False while it waits.
    let isLive: Bool
    /// `staff/{id}` of who asked for it.
    let requester: String
}

/// The secrets that a sign-in is checked against.
struct StaffSecrets: Sendable {
    let passwordHash: String
    let totpSecret: [UInt8]
    let lastTOTPStep: Int64
}

/// The tables of staff and their grants.
package struct StaffAccounts: Sendable {
    /// Characters of an account name.
    static let accountLength: ClosedRange<Int> = 3...32
    /// Grants of one member of staff, waiting ones included.
    static let maximumGrants: Int = 50

    private static let columns: String = """
        id, account, full_name, post, organization_code, organization_path, disabled, synthetic, create_time, version
        """
    private static let grantColumns: String = """
        id, staff_id, role, scope_code, scope_path, department_code, expire_time, live, requester
        """
    private let keyring: Keyring

    package init(keyring: Keyring) { self.keyring = keyring }

    /// Makes an account; false if the name is taken.
    @discardableResult
    package func insert(_ unit: UnitOfWork, _ new: NewStaff) throws -> Bool {
        let organization: OrganizationRecord = try Organizations.get(unit.connection, new.organizationCode)
        return try unit.connection.execute(
            """
            INSERT INTO platform_staff (\(StaffAccounts.columns), password, totp_secret, totp_last_step, disable_reason)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 1, $9, $10, 0, '') ON CONFLICT DO NOTHING
            """,
            .text(new.id), .text(new.account), .text(new.fullName), .text(new.post), .text(organization.code),
            .text(organization.path), SQLValue(new.synthetic), SQLValue(unit.now), .text(new.passwordHash),
            .blob(try sealTOTP(new.totpSecret, id: new.id))) == 1
    }

    /// Gives a role in a place, or writes down that it was asked for.
    package func insertGrant(
        _ unit: UnitOfWork, staffID: String, role: Role, scope: OrganizationRecord,
        departmentCode: String? = nil,
        expireTime: Instant? = nil, live: Bool = true
    ) throws {
        try unit.connection.execute(
            """
            INSERT INTO platform_grants (\(StaffAccounts.grantColumns), create_time)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            .text(unit.newID()), .text(staffID), .text(role.rawValue), .text(scope.code), .text(scope.path),
            SQLValue(departmentCode), SQLValue(expireTime), SQLValue(live), .text(unit.principal.name),
            SQLValue(unit.now))
    }

    package func find(_ connection: any Connection, id: String) throws -> StaffRecord? {
        try connection.first(
            "SELECT \(StaffAccounts.columns) FROM platform_staff WHERE id = $1", .text(id),
            row: StaffAccounts.record)
    }

    package func find(_ connection: any Connection, account: String) throws -> StaffRecord? {
        try connection.first(
            "SELECT \(StaffAccounts.columns) FROM platform_staff WHERE account = $1", .text(account),
            row: StaffAccounts.record)
    }

    /// Staff employed within a scope, in order of account name.
    func list(
        _ connection: any Connection, scope: ScopeFilter, role: Role?, after: String?, limit: Int,
        now: Instant
    ) throws -> [StaffRecord] {
        let condition: (sql: String, values: [SQLValue]) = scope.sql(
            column: "organization_path", firstIndex: 5)
        return try connection.query(
            """
            SELECT \(StaffAccounts.columns) FROM platform_staff
            WHERE account > $1 AND ($2 = '' OR EXISTS (
                SELECT 1 FROM platform_grants WHERE staff_id = platform_staff.id AND role = $2 AND live = 1
                    AND (expire_time IS NULL OR expire_time > $3)))
                AND \(condition.sql) ORDER BY account LIMIT $4
            """,
            values: [.text(after ?? ""), .text(role?.rawValue ?? ""), SQLValue(now), SQLValue(limit)]
                + condition.values, row: StaffAccounts.record)
    }

    /// All grants of a member of staff that have not expired, in order of their making.
    func grants(_ connection: any Connection, staffID: String, now: Instant) throws -> [GrantRecord] {
        try connection.query(
            """
            SELECT \(StaffAccounts.grantColumns) FROM platform_grants
            WHERE staff_id = $1 AND (expire_time IS NULL OR expire_time > $2) ORDER BY id
            """,
            .text(staffID), SQLValue(now), row: StaffAccounts.grant)
    }

    /// Whether a member of staff holds one of these roles now, anywhere.
    package func holds(_ roles: [Role], _ connection: any Connection, staffID: String, now: Instant) throws
        -> Bool
    {
        try grants(connection, staffID: staffID, now: now).contains { record in
            record.isLive && roles.contains(record.grant.role)
        }
    }

    /// What a sign-in is checked against; nil for a closed account.
    func secrets(_ connection: any Connection, id: String) throws -> StaffSecrets? {
        let row: (hash: String, secret: [UInt8], step: Int64)? = try connection.first(
            "SELECT password, totp_secret, totp_last_step FROM platform_staff WHERE id = $1 AND disabled = 0",
            .text(id)
        ) { ($0.text(0), $0.blob(1), $0.integer(2)) }
        return try row.map { row in
            StaffSecrets(
                passwordHash: row.hash,
                totpSecret: try keyring.openBytes(row.secret, context: StaffAccounts.totpContext(id)),
                lastTOTPStep: row.step)
        }
    }

    /// Uses a TOTP step up; false if it or a later one was used before, or the account was closed meanwhile.
    func useTOTPStep(_ connection: any Connection, id: String, step: Int64) throws -> Bool {
        try connection.execute(
            """
            UPDATE platform_staff SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2 AND disabled = 0
            """,
            .text(id), .integer(step)) == 1
    }

    func setPasswordHash(_ connection: any Connection, id: String, _ hash: String) throws {
        try connection.execute(
            "UPDATE platform_staff SET password = $2, version = version + 1 WHERE id = $1", .text(id),
            .text(hash))
    }

    func setSecrets(_ connection: any Connection, id: String, passwordHash: String, totpSecret: [UInt8])
        throws
    {
        try connection.execute(
            """
            UPDATE platform_staff SET password = $2, totp_secret = $3, totp_last_step = 0, version = version + 1
            WHERE id = $1
            """,
            .text(id), .text(passwordHash), .blob(try sealTOTP(totpSecret, id: id)))
    }

    func disable(_ connection: any Connection, id: String, reason: String) throws {
        try connection.execute(
            "UPDATE platform_staff SET disabled = 1, disable_reason = $2, version = version + 1 WHERE id = $1",
            .text(id), .text(reason))
    }

    /// Moves the version after a change of grants; false if it is another one.
    func bump(_ connection: any Connection, id: String, version: Int64) throws -> Bool {
        try connection.execute(
            "UPDATE platform_staff SET version = version + 1 WHERE id = $1 AND version = $2", .text(id),
            .integer(version)) == 1
    }

    /// Makes a waiting grant live; false if it does not wait.
    func approveGrant(_ connection: any Connection, id: String) throws -> Bool {
        try connection.execute("UPDATE platform_grants SET live = 1 WHERE id = $1 AND live = 0", .text(id))
            == 1
    }

    func deleteGrant(_ connection: any Connection, id: String) throws {
        try connection.execute("DELETE FROM platform_grants WHERE id = $1", .text(id))
    }

    /// Whether there is an operator whose account is open.
    package func hasOperator(_ connection: any Connection) throws -> Bool {
        try count(connection, role: .operator) > 0
    }

    /// How many open accounts hold a live role.
    func count(_ connection: any Connection, role: Role) throws -> Int {
        try connection.first(
            """
            SELECT COUNT(DISTINCT staff_id) FROM platform_grants
            JOIN platform_staff ON platform_staff.id = staff_id
            WHERE role = $1 AND live = 1 AND disabled = 0
            """,
            .text(role.rawValue)
        ) { $0.int(0) } ?? 0
    }

    private func sealTOTP(_ secret: [UInt8], id: String) throws -> [UInt8] {
        try keyring.sealBytes(secret, context: StaffAccounts.totpContext(id))
    }

    static func totpContext(_ id: String) -> String { "platform_staff.totp_secret/\(id)" }

    private static func record(_ row: Row) -> StaffRecord {
        StaffRecord(
            id: row.text(0), account: row.text(1), fullName: row.text(2), post: row.text(3),
            organizationCode: row.text(4), organizationPath: row.text(5), disabled: row.bool(6),
            synthetic: row.bool(7), createTime: row.instant(8), version: row.integer(9))
    }

    private static func grant(_ row: Row) -> GrantRecord {
        GrantRecord(
            id: row.text(0), staffID: row.text(1),
            grant: Grant(
                role: Role(rawValue: row.text(2)), scopeCode: row.text(3), scopePath: row.text(4),
                departmentCode: row.textOrNil(5), expireTime: row.instantOrNil(6)),
            isLive: row.bool(7), requester: row.text(8))
    }
}
