import Contract
import Crypto
package import Kernel
import Logging
import RPC
package import Storage

/// Copies the running store to a file. The composition root knows which engine it is.
package protocol Snapshots: Sendable {
    /// Folder for backups, on the server's machine.
    var folder: String { get }
    /// Writes a snapshot with its manifest; both are on the disk when it returns.
    func create(at path: String, now: Instant) async throws -> BackupManifest
    /// Snapshots in the folder: file name and manifest.
    func list() throws -> [(file: String, manifest: BackupManifest)]
}

/// `BackupService`: snapshots while the server runs.
struct BackupDesk: PlatformV1.BackupService {
    private typealias Methods = PlatformV1.BackupServiceMethods

    let platform: Platform
    let snapshots: any Snapshots

    static let access: [AccessRule] = [
        AccessRule(Methods.createBackup, .staff(.operator)),
        AccessRule(Methods.listBackups, .staff(.operator, .auditor)),
    ]

    func createBackup(_ request: PlatformV1.CreateBackupRequest, _ call: ServerCall) async throws
        -> PlatformV1.Backup
    {
        guard let id: ID = ID(request.requestID) else {
            throw Refusal.invalid(
                field: "request_id", reason: "REQUEST_ID_INVALID", zh: "请求编号应为 UUID，请重新提交。",
                en: "The request id must be a UUID. Make a new one and send the request again.")
        }
        // The name carries the request: a repeat finds the file of the first time instead of making another.
        let suffix: String = "-\(id).db"
        let backup: PlatformV1.Backup
        if let made = try snapshots.list().first(where: { $0.file.hasSuffix(suffix) }) {
            backup = message(made.file, made.manifest)
        } else {
            let now: Instant = platform.environment.now()
            let time: CivilTime = now.shanghai
            let clock: String = time.clockText.replacing(":", with: "")
            let file: String = "linli-\(time.date.description.replacing("-", with: ""))-\(clock)\(suffix)"
            do {
                backup = message(
                    file, try await snapshots.create(at: "\(snapshots.folder)/\(file)", now: now))
            } catch let error as StorageError {
                platform.logger.error("a backup failed", metadata: ["error": "\(error)"])
                throw Refusal.unavailable(reason: "BACKUP_FAILED")
            }
        }
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "backup.create"
        ) { unit in
            unit.audit(subject: backup.name, details: ["bytes": String(backup.sizeBytes)])
            return backup
        }
    }

    func listBackups(_ request: PlatformV1.ListBackupsRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListBackupsResponse
    {
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [])
        var all: [(file: String, manifest: BackupManifest)] = try snapshots.list().sorted {
            $0.file > $1.file
        }
        if let last: String = paging.after?[0] { all.removeAll { $0.file >= last } }
        let page = paging.cut(Array(all.prefix(paging.limit))) { [$0.file] }
        return PlatformV1.ListBackupsResponse(
            backups: page.rows.map { message($0.file, $0.manifest) }, nextPageToken: page.nextPageToken)
    }

    private func message(_ file: String, _ manifest: BackupManifest) -> PlatformV1.Backup {
        PlatformV1.Backup(
            name: "backups/\(file.dropLast(".db".count))", path: "\(snapshots.folder)/\(file)",
            sizeBytes: manifest.bytes, sha256: Hex.decode(manifest.sha256) ?? [],
            createTime: Instant(rfc3339: manifest.createdAt).map { .init($0) })
    }
}
