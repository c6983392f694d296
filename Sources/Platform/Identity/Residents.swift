internal import Crypto
package import Kernel
package import Storage

/// A resident's account, as much of it as needs no key.
package struct ResidentRecord: Sendable, Equatable {
    package let id: String
    package let maskedName: String
    package let maskedPhone: String
    /// Empty before level 2.
    package let maskedIDNumber: String
    package let level: IdentityLevel
    /// Code of the organisation where the resident lives.
    package let homeCode: String?
    package let synthetic: Bool
    package let createTime: Instant
    package let version: Int64

    /// `residents/{id}`.
    package var name: String { "residents/\(id)" }
}

/// What is needed to make a resident's account.
package struct NewResident: Sendable {
    package var id: String
    package var phone: PhoneNumber
    package var fullName: FullName
    /// PHC string of `PasswordHasher`; nil for accounts that nobody signs in to.
    package var passwordHash: String?
    package var level: IdentityLevel
    package var idNumber: IDNumber?
    package var homeCode: String?
    package var synthetic: Bool

    package init(
        id: String, phone: PhoneNumber, fullName: FullName, passwordHash: String?,
        level: IdentityLevel = .phone, idNumber: IDNumber? = nil, homeCode: String? = nil,
        synthetic: Bool = false
    ) {
        self.id = id
        self.phone = phone
        self.fullName = fullName
        self.passwordHash = passwordHash
        self.level = level
        self.idNumber = idNumber
        self.homeCode = homeCode
        self.synthetic = synthetic
    }
}

/// A protected field of a resident.
package enum ProtectedResidentField: String, Sendable, Hashable, CaseIterable {
    case fullName = "full_name"
    case phone
    case idNumber = "id_number"

    var context: String { "platform_residents.\(rawValue)" }
}

/// The residents' table. Name, phone and ID number are encrypted; phone and ID number have blind indexes; masked forms
/// stand beside them, so that lists need no key.
package struct Residents: Sendable {
    private static let columns: String = """
        id, masked_name, masked_phone, masked_id_number, level, home_code, synthetic, create_time, version
        """
    private let keyring: Keyring

    package init(keyring: Keyring) { self.keyring = keyring }

    /// The blind index of a phone.
    func phoneIndex(_ phone: PhoneNumber) -> [UInt8] {
        keyring.blindIndex(phone.text, field: ProtectedResidentField.phone.context)
    }

    private func idNumberIndex(_ number: IDNumber) -> [UInt8] {
        keyring.blindIndex(number.text, field: ProtectedResidentField.idNumber.context)
    }

    /// Makes an account. False, and nothing is made, if the phone or the ID number has one already.
    @discardableResult
    package func insert(_ unit: UnitOfWork, _ new: NewResident) throws -> Bool {
        let homePath: String = try new.homeCode.map { try Organizations.get(unit.connection, $0).path } ?? ""
        let sealedID: [UInt8]? = try new.idNumber.map { try seal($0.text, .idNumber, id: new.id) }
        let inserted: Int = try unit.connection.execute(
            """
            INSERT INTO platform_residents (\(Residents.columns), home_path, full_name, phone, phone_index,
                id_number, id_number_index, password)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $15)
            ON CONFLICT DO NOTHING
            """,
            .text(new.id), .text(new.fullName.masked), .text(new.phone.masked),
            .text(new.idNumber?.masked ?? ""), SQLValue(new.level.rawValue), SQLValue(new.homeCode),
            SQLValue(new.synthetic), SQLValue(unit.now), .text(homePath),
            .blob(try seal(new.fullName.text, .fullName, id: new.id)),
            .blob(try seal(new.phone.text, .phone, id: new.id)), .blob(phoneIndex(new.phone)),
            SQLValue(sealedID), SQLValue(new.idNumber.map(idNumberIndex)), SQLValue(new.passwordHash))
        return inserted == 1
    }

    package func find(_ connection: any Connection, id: String) throws -> ResidentRecord? {
        try connection.first(
            "SELECT \(Residents.columns) FROM platform_residents WHERE id = $1", .text(id),
            row: Residents.record)
    }

    /// The resident with this phone.
    package func find(_ connection: any Connection, phone: PhoneNumber) throws -> ResidentRecord? {
        try connection.first(
            "SELECT \(Residents.columns) FROM platform_residents WHERE phone_index = $1",
            .blob(phoneIndex(phone)), row: Residents.record)
    }

    /// The resident with this ID number.
    func find(_ connection: any Connection, idNumber: IDNumber) throws -> ResidentRecord? {
        try connection.first(
            "SELECT \(Residents.columns) FROM platform_residents WHERE id_number_index = $1",
            .blob(idNumberIndex(idNumber)), row: Residents.record)
    }

    /// Residents that live within a scope, newest first, before an id.
    func list(_ connection: any Connection, scope: ScopeFilter, before: String?, limit: Int) throws
        -> [ResidentRecord]
    {
        let condition: (sql: String, values: [SQLValue]) = scope.sql(column: "home_path", firstIndex: 3)
        return try connection.query(
            """
            SELECT \(Residents.columns) FROM platform_residents
            WHERE ($1 = '' OR id < $1) AND \(condition.sql) ORDER BY id DESC LIMIT $2
            """,
            values: [.text(before ?? ""), SQLValue(limit)] + condition.values, row: Residents.record)
    }

    /// The path of the place where a resident lives; empty if it is not known.
    func homePath(_ connection: any Connection, id: String) throws -> String {
        try connection.first("SELECT home_path FROM platform_residents WHERE id = $1", .text(id)) {
            $0.text(0)
        }
            ?? ""
    }

    /// A protected field in the clear; nil if it is not known. Whoever shows it to another person writes it down first
    /// (`DataAccesses`).
    package func reveal(_ connection: any Connection, id: String, _ field: ProtectedResidentField) throws
        -> String?
    {
        let sealed: [UInt8]?? = try connection.first(
            "SELECT \(field.rawValue) FROM platform_residents WHERE id = $1", .text(id)
        ) { $0.blobOrNil(0) }
        guard let sealed = sealed ?? nil else { return nil }
        return try keyring.open(sealed, context: "\(field.context)/\(id)")
    }

    /// The stored password hash.
    func passwordHash(_ connection: any Connection, id: String) throws -> String? {
        try connection.first("SELECT password FROM platform_residents WHERE id = $1", .text(id)) {
            $0.textOrNil(0)
        } ?? nil
    }

    func setPasswordHash(_ connection: any Connection, id: String, _ hash: String) throws {
        try connection.execute(
            "UPDATE platform_residents SET password = $2, version = version + 1 WHERE id = $1", .text(id),
            .text(hash))
    }

    /// Keeps a verified ID number and raises the level to 2; false if the number belongs to another account.
    func setIDNumber(_ connection: any Connection, id: String, _ number: IDNumber) throws -> Bool {
        let updated: Int = try connection.execute(
            """
            UPDATE platform_residents SET id_number = $2, id_number_index = $3, masked_id_number = $4,
                level = CASE WHEN level < 2 THEN 2 ELSE level END, version = version + 1
            WHERE id = $1 AND NOT EXISTS (
                SELECT 1 FROM platform_residents WHERE id_number_index = $3 AND id <> $1)
            """,
            .text(id), .blob(try seal(number.text, .idNumber, id: id)), .blob(idNumberIndex(number)),
            .text(number.masked))
        return updated == 1
    }

    /// Raises the level; false if the row's version is another one.
    func setLevel(_ connection: any Connection, id: String, _ level: IdentityLevel, version: Int64) throws
        -> Bool
    {
        try connection.execute(
            "UPDATE platform_residents SET level = $3, version = version + 1 WHERE id = $1 AND version = $2",
            .text(id), .integer(version), SQLValue(level.rawValue)) == 1
    }

    private func seal(_ text: String, _ field: ProtectedResidentField, id: String) throws -> [UInt8] {
        try keyring.seal(text, context: "\(field.context)/\(id)")
    }

    private static func record(_ row: Row) -> ResidentRecord {
        guard let level = IdentityLevel(rawValue: row.int(4)) else {
            preconditionFailure("platform_residents.level is \(row.int(4))")
        }
        return ResidentRecord(
            id: row.text(0), maskedName: row.text(1), maskedPhone: row.text(2), maskedIDNumber: row.text(3),
            level: level, homeCode: row.textOrNil(5), synthetic: row.bool(6), createTime: row.instant(7),
            version: row.integer(8))
    }
}
