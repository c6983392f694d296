import FoundationEssentials

/// What a backup says of itself, in a JSON file beside it. A file without one is no backup.
package struct BackupManifest: Sendable, Equatable, Codable {
    /// A migration that the saved database has.
    package struct Step: Sendable, Equatable, Codable {
        package let module: String
        package let number: Int
        package let name: String
        /// SHA-256 of its text, in hexadecimal.
        package let checksum: String
    }

    /// The form of this manifest.
    package static let currentFormat = 1

    package let format: Int
    /// When it was made, RFC 3339, UTC.
    package let createdAt: String
    /// Size of the database file.
    package let bytes: Int64
    /// SHA-256 of the database file, in hexadecimal.
    package let sha256: String
    /// The schema, in the order of modules and numbers.
    package let schema: [Step]

    static func path(of backup: String) -> String { backup + ".json" }

    /// The manifest beside a backup; `StorageError.backup` if there is none or it cannot be read.
    package static func read(for backup: String) throws -> BackupManifest {
        let path: String = Self.path(of: backup)
        guard Files.exists(path) else {
            throw StorageError.backup(
                reason: "\(backup) has no manifest \(path), so it is no complete backup.")
        }
        var text = Data()
        try Files.read(path) { text.append(contentsOf: $0) }
        do {
            let manifest: BackupManifest = try JSONDecoder().decode(BackupManifest.self, from: text)
            guard manifest.format == currentFormat else {
                throw StorageError.backup(reason: "\(path) has the unknown format \(manifest.format).")
            }
            return manifest
        } catch let error as DecodingError {
            throw StorageError.backup(reason: "\(path) is no manifest of a backup: \(error).")
        }
    }

    func write(for backup: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let text: Data = try encoder.encode(self)
        let path: String = Self.path(of: backup)
        try Files.write(path + ".partial") { put in try text.withUnsafeBytes { try put($0) } }
        try Files.rename(path + ".partial", to: path)
        try Files.syncFolder(of: path)
    }
}

extension BackupManifest.Step {
    init(_ applied: AppliedMigration) {
        self.init(
            module: applied.module, number: applied.number, name: applied.name, checksum: applied.checksum)
    }
}
