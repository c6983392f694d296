package import Kernel
package import Storage

/// A client certificate that this server has issued, by its serial number.
package struct CertificateRecord: Sendable, Equatable {
    /// Serial number in lower-case hexadecimal without leading zeros.
    package let serial: String
    /// `.device` or `.vendor`.
    package let kind: PrincipalKind
    /// Id of the device or vendor.
    package let subjectID: String
    package let displayName: String
    package let notBefore: Instant
    package let notAfter: Instant
    /// Nil if it is good.
    package let revokeTime: Instant?
    package let revokeReason: String

    package init(
        serial: String, kind: PrincipalKind, subjectID: String, displayName: String, notBefore: Instant,
        notAfter: Instant, revokeTime: Instant? = nil, revokeReason: String = ""
    ) {
        self.serial = serial
        self.kind = kind
        self.subjectID = subjectID
        self.displayName = displayName
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.revokeTime = revokeTime
        self.revokeReason = revokeReason
    }

    /// Whether a call may be made with it at this time.
    package func isGood(at now: Instant) -> Bool { revokeTime == nil && notBefore <= now && now < notAfter }
}

/// The register of issued client certificates. A certificate that is not in it opens nothing, whoever signed it.
package enum Certificates {
    package static let columns: String = """
        serial, kind, subject_id, display_name, not_before, not_after, revoke_time, revoke_reason
        """

    package static func find(_ connection: any Connection, serial: String) throws -> CertificateRecord? {
        try connection.first(
            "SELECT \(columns) FROM platform_certificates WHERE serial = $1", .text(serial), row: record)
    }

    package static func insert(_ connection: any Connection, _ record: CertificateRecord) throws {
        try connection.execute(
            "INSERT INTO platform_certificates (\(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            .text(record.serial), .text(record.kind.rawValue), .text(record.subjectID),
            .text(record.displayName),
            SQLValue(record.notBefore), SQLValue(record.notAfter), SQLValue(record.revokeTime),
            .text(record.revokeReason))
    }

    /// Revokes a certificate; false if it is not there or was revoked before.
    package static func revoke(_ connection: any Connection, serial: String, reason: String, now: Instant)
        throws
        -> Bool
    {
        try connection.execute(
            """
            UPDATE platform_certificates SET revoke_time = $2, revoke_reason = $3
            WHERE serial = $1 AND revoke_time IS NULL
            """,
            .text(serial), SQLValue(now), .text(reason)) == 1
    }

    /// Newest first, after a place in that order if one is given; all, or those of `devices/{id}` or `vendors/{id}`.
    static func list(
        _ connection: any Connection, subject: String, after: (milliseconds: Int64, serial: String)?,
        limit: Int
    ) throws -> [CertificateRecord] {
        try connection.query(
            """
            SELECT \(columns) FROM platform_certificates
            WHERE ($1 = '' OR kind || 's/' || subject_id = $1) AND (not_before, serial) < ($2, $3)
            ORDER BY not_before DESC, serial DESC LIMIT $4
            """,
            .text(subject), .integer(after?.milliseconds ?? .max), .text(after?.serial ?? ""),
            SQLValue(limit),
            row: record)
    }

    package static func record(_ row: Row) -> CertificateRecord {
        guard let kind = PrincipalKind(rawValue: row.text(1)) else {
            preconditionFailure("platform_certificates.kind is \(row.text(1))")
        }
        return CertificateRecord(
            serial: row.text(0), kind: kind, subjectID: row.text(2), displayName: row.text(3),
            notBefore: row.instant(4), notAfter: row.instant(5), revokeTime: row.instantOrNil(6),
            revokeReason: row.text(7))
    }
}
