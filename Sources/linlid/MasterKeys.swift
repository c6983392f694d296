internal import Crypto
internal import Glibc
internal import Kernel
internal import Platform

/// The server's own secrets, one file each (mode 0600), made at the first start.
struct MasterKeys: Sendable {
    let keyring: Keyring
    let auditSigner: NoteSigner

    static func open(_ directory: DataDirectory, auditOrigin: String) throws -> MasterKeys {
        let fields: [UInt32: SymmetricKey] = try fieldKeys(directory)
        let index: SymmetricKey = try key(directory.keysPath + "/blind-index.key")
        guard let current = fields.keys.max() else { throw CryptoError.malformed(what: "no field key") }
        let keyring: Keyring = try Keyring(keys: fields, currentKeyID: current, indexKey: index)
        let path: String = auditSigningPath(directory)
        if access(path, F_OK) != 0 {
            let key: SigningKey = try SigningKey(generating: .ed25519)
            try SecretFile.write(Array(key.pem().utf8), to: path)
        }
        let signing: SigningKey = try SigningKey(pem: SecretFile.readText(path))
        return MasterKeys(keyring: keyring, auditSigner: try NoteSigner(name: auditOrigin, key: signing))
    }

    /// What checks the audit log's checkpoints, by the key in the directory, which must be there.
    static func auditVerifier(_ directory: DataDirectory, origin: String) throws(CryptoError) -> NoteVerifier
    {
        let key: SigningKey = try SigningKey(pem: SecretFile.readText(auditSigningPath(directory)))
        return try NoteSigner(name: origin, key: key).verifier
    }

    private static func auditSigningPath(_ directory: DataDirectory) -> String {
        directory.keysPath + "/audit-signing.pem"
    }

    /// Adds a field key, which is the current one from the next start on; returns its id.
    static func addFieldKey(_ directory: DataDirectory) throws -> UInt32 {
        let keys: [UInt32: SymmetricKey] = try fieldKeys(directory)
        let id: UInt32 = (keys.keys.max() ?? 0) + 1
        try write(keys.merging([id: .random()]) { old, _ in old }, directory, replacing: true)
        return id
    }

    private static func fieldKeysPath(_ directory: DataDirectory) -> String {
        directory.keysPath + "/field-encryption.keys"
    }

    /// One line a key: its number and 64 hexadecimal digits.
    private static func fieldKeys(_ directory: DataDirectory) throws -> [UInt32: SymmetricKey] {
        let path: String = fieldKeysPath(directory)
        if access(path, F_OK) != 0 { try write([1: .random()], directory, replacing: false) }
        var keys: [UInt32: SymmetricKey] = [:]
        for line in try SecretFile.readText(path).split(separator: "\n") {
            let parts: [Substring] = line.split(separator: " ")
            guard parts.count == 2, let id = UInt32(parts[0]), let bytes = Hex.decode(parts[1]) else {
                throw CryptoError.malformed(what: "a line of \(path)")
            }
            keys[id] = try SymmetricKey(bytes)
        }
        return keys
    }

    private static func write(_ keys: [UInt32: SymmetricKey], _ directory: DataDirectory, replacing: Bool)
        throws
    {
        let lines: [String] = keys.sorted { $0.key < $1.key }.map {
            "\($0.key) \(Hex.encode($0.value.exportBytes()))\n"
        }
        try SecretFile.write(
            Array(lines.joined().utf8), to: fieldKeysPath(directory), replacing: replacing)
    }

    private static func key(_ path: String) throws -> SymmetricKey {
        if access(path, F_OK) != 0 {
            try SecretFile.write(Array(Hex.encode(SymmetricKey.random().exportBytes()).utf8), to: path)
        }
        guard let bytes = Hex.decode(try SecretFile.readText(path).trimmed) else {
            throw CryptoError.malformed(what: path)
        }
        return try SymmetricKey(bytes)
    }
}
