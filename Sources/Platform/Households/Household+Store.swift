internal import Kernel
package import Storage

/// All SQL about households. Names and ID numbers are sealed; a blind index finds the same person twice.
package struct Households: Sendable {
    static let schema: String = """
        CREATE TABLE platform_household_members (
            id TEXT PRIMARY KEY NOT NULL,
            resident_id TEXT NOT NULL REFERENCES platform_residents (id),
            full_name BLOB NOT NULL,
            id_number BLOB NOT NULL,
            id_number_index BLOB NOT NULL,
            relation INTEGER NOT NULL CHECK (relation BETWEEN 1 AND 7),
            create_time INTEGER NOT NULL,
            UNIQUE (resident_id, id_number_index)
        ) STRICT;
        """
    static let sealed: SealedColumns = SealedColumns("platform_household_members", "full_name", "id_number")

    private static let columns: String = "id, full_name, id_number, relation, create_time"
    private static let table: String = "platform_household_members"

    private let keyring: Keyring

    package init(keyring: Keyring) { self.keyring = keyring }

    /// The people of a household in the order in which they were added.
    package func members(_ connection: any Connection, residentID: String) throws -> [HouseholdMember] {
        try connection.query(
            "SELECT \(Households.columns) FROM \(Households.table) WHERE resident_id = $1 ORDER BY id",
            .text(residentID), row: sealed
        ).map(open)
    }

    func find(_ connection: any Connection, id: String, residentID: String) throws -> HouseholdMember? {
        try connection.first(
            "SELECT \(Households.columns) FROM \(Households.table) WHERE id = $1 AND resident_id = $2",
            .text(id), .text(residentID), row: sealed
        ).map(open)
    }

    /// Adds somebody; false, and nothing is added, if the ID number is in the household already.
    func insert(_ member: HouseholdMember, residentID: String, _ connection: any Connection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO \(Households.table) (\(Households.columns), resident_id, id_number_index)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
            """,
            .text(member.id), .blob(try seal(member.fullName.text, "full_name", member.id)),
            .blob(try seal(member.idNumber.text, "id_number", member.id)), SQLValue(member.relation.rawValue),
            SQLValue(member.createTime), .text(residentID),
            .blob(keyring.blindIndex(member.idNumber.text, field: "\(Households.table).id_number"))) == 1
    }

    func count(_ connection: any Connection, residentID: String) throws -> Int {
        try connection.first(
            "SELECT count(*) FROM \(Households.table) WHERE resident_id = $1", .text(residentID)
        ) { $0.int(0) } ?? 0
    }

    func remove(id: String, residentID: String, _ connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM \(Households.table) WHERE id = $1 AND resident_id = $2", .text(id), .text(residentID)
        )
    }

    private typealias SealedRow = (
        id: String, fullName: [UInt8], idNumber: [UInt8], relation: Int, createTime: Instant
    )

    private func sealed(_ row: Row) -> SealedRow {
        (row.text(0), row.blob(1), row.blob(2), row.int(3), row.instant(4))
    }

    private func open(_ row: SealedRow) throws -> HouseholdMember {
        guard let relation = HouseholdRelation(rawValue: row.relation) else {
            preconditionFailure("\(Households.table).relation is \(row.relation)")
        }
        return HouseholdMember(
            id: row.id, fullName: FullName(stored: try open(row.fullName, "full_name", row.id)),
            idNumber: IDNumber(stored: try open(row.idNumber, "id_number", row.id)), relation: relation,
            createTime: row.createTime)
    }

    private func seal(_ text: String, _ column: String, _ id: String) throws -> [UInt8] {
        try keyring.seal(text, context: "\(Households.table).\(column)/\(id)")
    }

    private func open(_ sealed: [UInt8], _ column: String, _ id: String) throws -> String {
        try keyring.open(sealed, context: "\(Households.table).\(column)/\(id)")
    }
}
