internal import Foundation
internal import Kernel
internal import Platform
internal import Storage

/// Backups of the embedded store, in a folder of the data directory.
struct StoreSnapshots: Snapshots {
    let database: SQLiteDatabase
    let folder: String

    func create(at path: String, now: Instant) async throws -> BackupManifest {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return try await Backup.create(of: database, at: path, now: now)
    }

    func list() throws -> [(file: String, manifest: BackupManifest)] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".db") }
            .sorted()
            .map { file in (file, try BackupManifest.read(for: "\(folder)/\(file)")) }
    }
}
