import Crypto
import Kernel
import Platform
import Storage

/// A signing key as it is kept.
struct CertificateKey: Sendable {
    let trusted: TrustedKey
    /// Sealed PKCS #8.
    fileprivate let sealed: [UInt8]

    var id: String { trusted.id.description }
    var algorithm: SignatureAlgorithm { trusted.key.algorithm }
    var signs: Bool { trusted.retireTime == nil && trusted.revokeTime == nil }
}

/// The keys that sign certificates: one of each algorithm signs at a time, made when it is first needed. The secret half is
/// sealed like a protected field, so that a copy of the store signs nothing.
struct CertificateKeyStore {
    static let schema: String = """
        CREATE TABLE onestop_certificate_keys (
            id TEXT PRIMARY KEY NOT NULL,
            algorithm INTEGER NOT NULL,
            public_key BLOB NOT NULL,
            private_key BLOB NOT NULL,
            create_time INTEGER NOT NULL,
            retire_time INTEGER,
            revoke_time INTEGER,
            revoke_reason TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX onestop_certificate_keys_signing ON onestop_certificate_keys (algorithm)
            WHERE retire_time IS NULL AND revoke_time IS NULL;
        """
    static let sealedColumns: SealedColumns = SealedColumns("onestop_certificate_keys", "private_key")

    let keyring: Keyring

    private static func context(_ id: String) -> String { "onestop_certificate_keys.private_key/\(id)" }

    /// All keys, oldest first.
    func all(_ connection: any Connection) throws -> [CertificateKey] {
        try connection.query(
            """
            SELECT public_key, private_key, create_time, retire_time, revoke_time FROM onestop_certificate_keys
            ORDER BY create_time, id
            """
        ) { row in
            CertificateKey(
                trusted: try TrustedKey(
                    key: try VerifyingKey(der: row.blob(0)), createTime: row.instant(2),
                    retireTime: row.instantOrNil(3), revokeTime: row.instantOrNil(4)),
                sealed: row.blob(1))
        }
    }

    /// The secret half.
    func open(_ key: CertificateKey) throws -> SigningKey {
        try SigningKey(pem: keyring.open(key.sealed, context: Self.context(key.id)))
    }

    /// The key that signs with this algorithm; made if there is none.
    func signing(_ algorithm: SignatureAlgorithm, _ unit: UnitOfWork) throws -> CertificateKey {
        if let key = try all(unit.connection).first(where: { $0.algorithm == algorithm && $0.signs }) {
            return key
        }
        return try make(algorithm, unit)
    }

    private func make(_ algorithm: SignatureAlgorithm, _ unit: UnitOfWork) throws -> CertificateKey {
        let secret: SigningKey = try SigningKey(generating: algorithm)
        let trusted: TrustedKey = try TrustedKey(key: secret.publicKey, createTime: unit.now)
        let id: String = trusted.id.description
        let sealed: [UInt8] = try keyring.seal(try secret.pem(), context: Self.context(id))
        try unit.connection.execute(
            """
            INSERT INTO onestop_certificate_keys (id, algorithm, public_key, private_key, create_time, retire_time,
                revoke_time, revoke_reason) VALUES ($1, $2, $3, $4, $5, NULL, NULL, '')
            """,
            .text(id), SQLValue(Int(algorithm.rawValue)), .blob(try secret.publicKey.der()), .blob(sealed),
            SQLValue(unit.now))
        unit.audit(
            action: "certificate.key.make", subject: "certificateKeys/\(id)",
            details: ["algorithm": "\(algorithm)"])
        return CertificateKey(trusted: trusted, sealed: sealed)
    }

    /// A new key; the one before signs nothing any more, and still verifies.
    func rotate(_ algorithm: SignatureAlgorithm, _ unit: UnitOfWork) throws -> CertificateKey {
        try unit.connection.execute(
            """
            UPDATE onestop_certificate_keys SET retire_time = $1
            WHERE algorithm = $2 AND retire_time IS NULL AND revoke_time IS NULL
            """,
            SQLValue(unit.now), SQLValue(Int(algorithm.rawValue)))
        return try make(algorithm, unit)
    }

    /// Nothing that it signed is believed any more.
    func revoke(_ key: CertificateKey, reason: String, _ unit: UnitOfWork) throws {
        try unit.connection.execute(
            """
            UPDATE onestop_certificate_keys SET revoke_time = $1, revoke_reason = $2
            WHERE id = $3 AND revoke_time IS NULL
            """,
            SQLValue(unit.now), .text(reason), .text(key.id))
    }
}
