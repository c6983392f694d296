internal import Kernel
internal import Storage

/// One look at a resident's protected fields.
struct DataAccessRecord: Sendable, Equatable {
    let id: String
    let time: Instant
    /// Body and post of who looked: the resident is owed an answerable office, not a private name.
    let viewer: String
    let fields: [ProtectedResidentField]
    let purpose: String
    /// The case it was for; may be empty.
    let subject: String
}

/// Who looked at whose data, for the residents themselves.
package enum DataAccesses {
    /// Writes down that the member of staff of the unit looked at something of a resident that another module keeps.
    ///
    /// - Parameters:
    ///   - purpose: what was looked at, and what for.
    ///   - subject: what it belongs to, a resource name.
    /// - Throws: PERMISSION_DENIED if the caller is no member of staff.
    package static func record(
        _ unit: UnitOfWork, residentID: String, staff: StaffAccounts, purpose: String, subject: String
    ) throws {
        guard unit.principal.kind == .staff,
            let viewer = try staff.find(unit.connection, id: unit.principal.id)
        else { throw Refusal.permissionDenied() }
        let body: OrganizationRecord = try Organizations.get(unit.connection, viewer.organizationCode)
        try insert(
            unit, residentID: residentID, viewer: "\(body.name) \(viewer.post)", fields: [], purpose: purpose,
            subject: subject)
    }

    /// Writes a look into the list that the resident can read, in the transaction of the look itself.
    ///
    /// - Parameters:
    ///   - viewer: who looked, as an answerable office or role and without a whole private name.
    ///   - subject: what it was for; may be empty.
    package static func record(
        _ unit: UnitOfWork, residentID: String, viewer: String, fields: [ProtectedResidentField],
        purpose: String, subject: String
    ) throws {
        try insert(
            unit, residentID: residentID, viewer: viewer, fields: fields, purpose: purpose, subject: subject)
    }

    static func insert(
        _ unit: UnitOfWork, residentID: String, viewer: String, fields: [ProtectedResidentField],
        purpose: String,
        subject: String
    ) throws {
        try unit.connection.execute(
            """
            INSERT INTO platform_data_accesses (id, resident_id, time, staff_id, viewer, fields, purpose, subject)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            .text(unit.newID()), .text(residentID), SQLValue(unit.now), .text(unit.principal.id),
            .text(viewer),
            .text(fields.map(\.rawValue).joined(separator: ",")), .text(purpose), .text(subject))
    }

    /// Newest first, before an id.
    static func list(_ connection: any Connection, residentID: String, before: String?, limit: Int) throws
        -> [DataAccessRecord]
    {
        try connection.query(
            """
            SELECT id, time, viewer, fields, purpose, subject FROM platform_data_accesses
            WHERE resident_id = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3
            """,
            .text(residentID), .text(before ?? ""), SQLValue(limit)
        ) { row in
            DataAccessRecord(
                id: row.text(0), time: row.instant(1), viewer: row.text(2),
                fields: row.text(3).split(separator: ",").compactMap {
                    ProtectedResidentField(rawValue: String($0))
                },
                purpose: row.text(4), subject: row.text(5))
        }
    }
}
