import Crypto
import Kernel
import Platform
import Storage

/// All SQL about certificates. What stands on the paper and its credential are sealed; keys are in `CertificateKeyStore`.
struct CertificateStore {
    static let schema: String = """
        CREATE TABLE onestop_certificates (
            number TEXT PRIMARY KEY NOT NULL,
            type TEXT NOT NULL,
            types_version INTEGER NOT NULL,
            title_zh TEXT NOT NULL,
            title_en TEXT NOT NULL,
            holder TEXT NOT NULL,
            holder_text TEXT NOT NULL,
            issuer_text TEXT NOT NULL,
            issuer_path TEXT NOT NULL,
            department_code TEXT,
            lines BLOB NOT NULL,
            issue_time INTEGER NOT NULL,
            expire_time INTEGER NOT NULL,
            revoke_time INTEGER,
            revoke_reason TEXT NOT NULL,
            key_id TEXT NOT NULL REFERENCES onestop_certificate_keys (id),
            algorithm INTEGER NOT NULL,
            status_index INTEGER NOT NULL UNIQUE,
            credential BLOB NOT NULL,
            application TEXT NOT NULL,
            synthetic INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX onestop_certificates_holder ON onestop_certificates (holder, number);
        CREATE INDEX onestop_certificates_issuer ON onestop_certificates (issuer_path, number);
        CREATE INDEX onestop_certificates_revoked ON onestop_certificates (status_index)
            WHERE revoke_time IS NOT NULL;

        CREATE TABLE onestop_certificate_counters (
            day TEXT PRIMARY KEY NOT NULL,
            last INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE onestop_certificate_status (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            sequence INTEGER NOT NULL
        ) STRICT;
        INSERT INTO onestop_certificate_status (id, sequence) VALUES (1, 1);
        """
    static let sealedColumns: SealedColumns = SealedColumns(
        "onestop_certificates", key: "number", "lines", "credential")

    private static let columns: String = """
        number, type, types_version, title_zh, title_en, holder, holder_text, issuer_text, issuer_path, department_code,
        lines, issue_time, expire_time, revoke_time, revoke_reason, key_id, algorithm, status_index, credential,
        application, synthetic, version
        """

    let keyring: Keyring

    private static func context(_ column: String, _ number: String) -> String {
        "onestop_certificates.\(column)/\(number)"
    }

    private func certificate(_ row: Row) throws -> Certificate {
        let number: String = row.text(0)
        guard let algorithm = SignatureAlgorithm(rawValue: UInt8(clamping: row.int(16))) else {
            preconditionFailure("onestop_certificates.algorithm is \(row.int(16))")
        }
        return Certificate(
            number: number, type: row.text(1), typesVersion: row.int(2),
            title: BilingualText(zh: row.text(3), en: row.text(4)), holder: row.text(5),
            holderText: row.text(6), issuerText: row.text(7), issuerPath: row.text(8),
            departmentCode: row.textOrNil(9),
            lines: Self.lines(try keyring.open(row.blob(10), context: Self.context("lines", number))),
            issueTime: row.instant(11), expireTime: row.instant(12), revokeTime: row.instantOrNil(13),
            revokeReason: row.text(14), keyID: row.text(15), algorithm: algorithm,
            statusIndex: UInt32(clamping: row.int(17)),
            credential: try keyring.open(row.blob(18), context: Self.context("credential", number)),
            application: row.text(19), synthetic: row.bool(20), version: row.integer(21))
    }

    /// A line each, label and value apart by a tab: neither can hold one.
    private static func text(_ lines: [Credential.Line]) -> String {
        lines.map { "\($0.label)\t\($0.value)" }.joined(separator: "\n")
    }

    private static func lines(_ text: String) -> [Credential.Line] {
        text.split(separator: "\n").map { line in
            let parts: [Substring] = line.split(
                separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            return Credential.Line(label: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
    }

    func nextNumber(_ unit: UnitOfWork) throws -> String {
        let day: CivilDate = unit.now.shanghaiDate
        let last: Int =
            try unit.connection.first(
                """
                INSERT INTO onestop_certificate_counters (day, last) VALUES ($1, 1)
                ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last
                """, .text(day.description)
            ) { $0.int(0) } ?? 1
        return CheckedNumber(kind: Certificate.kind, date: day, sequence: last).description
    }

    /// A place in the status list that is free, and that nobody can guess.
    func freeIndex(_ unit: UnitOfWork) throws -> UInt32 {
        let capacity: Int = CertificateRules.capacity(for: try count(unit.connection) + 1)
        while true {
            let index: UInt32 = UInt32(unit.environment.random.integer(in: 0..<capacity))
            let isTaken: Bool =
                try unit.connection.first(
                    "SELECT 1 FROM onestop_certificates WHERE status_index = $1", SQLValue(Int(index))
                ) { _ in true } ?? false
            if !isTaken { return index }
        }
    }

    func count(_ connection: any Connection) throws -> Int {
        try connection.first("SELECT count(*) FROM onestop_certificates") { $0.int(0) } ?? 0
    }

    func insert(_ certificate: Certificate, _ unit: UnitOfWork) throws {
        let number: String = certificate.number
        let lines: [UInt8] = try keyring.seal(
            Self.text(certificate.lines), context: Self.context("lines", number))
        let credential: [UInt8] = try keyring.seal(
            certificate.credential, context: Self.context("credential", number))
        try unit.connection.execute(
            """
            INSERT INTO onestop_certificates (\(Self.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                $12, $13, NULL, '', $14, $15, $16, $17, $18, $19, 1)
            """,
            .text(number), .text(certificate.type), SQLValue(certificate.typesVersion),
            .text(certificate.title.zh), .text(certificate.title.en), .text(certificate.holder),
            .text(certificate.holderText), .text(certificate.issuerText), .text(certificate.issuerPath),
            SQLValue(certificate.departmentCode), .blob(lines), SQLValue(certificate.issueTime),
            SQLValue(certificate.expireTime), .text(certificate.keyID),
            SQLValue(Int(certificate.algorithm.rawValue)), SQLValue(Int(certificate.statusIndex)),
            .blob(credential), .text(certificate.application), SQLValue(certificate.synthetic))
    }

    func find(_ connection: any Connection, number: String) throws -> Certificate? {
        try connection.first(
            "SELECT \(Self.columns) FROM onestop_certificates WHERE number = $1", .text(number),
            row: certificate)
    }

    /// Revokes it, guarded by the version that was read.
    func revoke(_ certificate: Certificate, reason: String, _ unit: UnitOfWork) throws {
        let changed: Int = try unit.connection.execute(
            """
            UPDATE onestop_certificates SET revoke_time = $1, revoke_reason = $2, version = version + 1
            WHERE number = $3 AND version = $4
            """,
            SQLValue(unit.now), .text(reason), .text(certificate.number), .integer(certificate.version))
        guard changed == 1 else { throw Refusal.conflict() }
        try raiseSequence(unit)
    }

    /// Newest first, before a number.
    func list(_ connection: any Connection, holder: String, before: String?, limit: Int) throws
        -> [Certificate]
    {
        try connection.query(
            """
            SELECT \(Self.columns) FROM onestop_certificates WHERE holder = $1 AND ($2 = '' OR number < $2)
            ORDER BY number DESC LIMIT $3
            """,
            .text(holder), .text(before ?? ""), SQLValue(limit), row: certificate)
    }

    /// Those that were issued within a scope.
    func list(_ connection: any Connection, scope: ScopeFilter, before: String?, limit: Int) throws
        -> [Certificate]
    {
        let condition: (sql: String, values: [SQLValue]) = scope.sql(
            column: "issuer_path", departmentColumn: "department_code", firstIndex: 3)
        return try connection.query(
            """
            SELECT \(Self.columns) FROM onestop_certificates WHERE ($1 = '' OR number < $1) AND \(condition.sql)
            ORDER BY number DESC LIMIT $2
            """,
            values: [.text(before ?? ""), SQLValue(limit)] + condition.values, row: certificate)
    }

    // MARK: the status list

    /// Counts up with each revocation, of a certificate or of a key.
    func raiseSequence(_ unit: UnitOfWork) throws {
        try unit.connection.execute("UPDATE onestop_certificate_status SET sequence = sequence + 1")
    }

    func sequence(_ connection: any Connection) throws -> UInt64 {
        UInt64(
            try connection.first("SELECT sequence FROM onestop_certificate_status") { $0.integer(0) } ?? 1)
    }

    func revokedIndexes(_ connection: any Connection) throws -> [UInt32] {
        try connection.query(
            "SELECT status_index FROM onestop_certificates WHERE revoke_time IS NOT NULL ORDER BY status_index"
        ) { UInt32(clamping: $0.int(0)) }
    }
}
