import Crypto
import Foundation
import Kernel
import Storage
import Testing

@testable import Platform
@testable import linlid

/// `linlid audit verify` on a data directory that a server holds.
@Suite("linlid audit verify")
struct AuditCheckTests {
    @Test(
        "works beside whoever holds the directory, remembers what it saw, and compares with it the next time")
    func remembers() async throws {
        try await AuditedDirectory.run { audited in
            try await audited.append(5)
            let first: AuditCheck.Result = try await audited.check()
            #expect(first.fault == nil)
            #expect(first.text.contains("first check"))
            #expect(first.text.contains("good: 1 checkpoints, 5 of 5 entries"))
            try await audited.append(3)
            let second: AuditCheck.Result = try await audited.check()
            #expect(second.fault == nil)
            #expect(second.text.contains("consistent   size 5"))
            let names: [String] = try FileManager.default.contentsOfDirectory(atPath: audited.stateFolder)
            #expect(names.count == 1)
            let attributes = try FileManager.default.attributesOfItem(
                atPath: audited.stateFolder + "/" + (names.first ?? ""))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("a cut that leaves no trace in the store is found by memory, again and again")
    func cut() async throws {
        try await AuditedDirectory.run { audited in
            try await audited.append(5)
            _ = try await audited.check()
            try await audited.empty()
            try await audited.append(3)
            for _ in 1...2 {
                let result: AuditCheck.Result = try await audited.check()
                #expect(result.fault?.kind == .truncated)
                #expect(result.fault?.entries == 3..<5)
                #expect(result.text.contains("截断 truncated"))
            }
            try await audited.append(9)
            #expect(try await audited.check().fault?.kind == .rewritten)
        }
    }

    @Test("another key than last time is a bad signature, also when the log was signed anew with it")
    func otherKey() async throws {
        try await AuditedDirectory.run { audited in
            try await audited.append(5)
            _ = try await audited.check()
            let key: SigningKey = try SigningKey(generating: .ed25519)
            try SecretFile.write(
                Array(key.pem().utf8), to: audited.directory.keysPath + "/audit-signing.pem", replacing: true)
            #expect(try await audited.check().fault?.kind == .badSignature)
        }
    }

    @Test("a checkpoint and a key that were kept elsewhere are used; those of another log are not")
    func keptElsewhere() async throws {
        try await AuditedDirectory.run { audited in
            try await audited.append(5)
            let file: String = audited.folder + "/kept.checkpoint"
            try await audited.note().write(toFile: file, atomically: true, encoding: .utf8)
            let key: String = try audited.signer.verifier.text()
            let good: AuditCheck.Result = try await audited.check(key: key, checkpoint: file)
            #expect(good.fault == nil)
            #expect(good.text.contains("size 5, \(file)"))

            let other: NoteSigner = try NoteSigner(
                name: audited.signer.name, key: SigningKey(generating: .ed25519))
            try Checkpoint(origin: other.name, size: 5, root: MerkleTree.emptyRoot).signed(by: other)
                .write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await audited.check(checkpoint: file).fault?.kind == .badSignature)
        }
    }
}

/// A data directory that is held as a running server holds it.
private struct AuditedDirectory {
    let folder: String
    let directory: DataDirectory
    let database: SQLiteDatabase
    let signer: NoteSigner
    var stateFolder: String { folder + "/state" }

    static func run(_ body: (AuditedDirectory) async throws -> Void) async throws {
        let folder: String = FileManager.default.temporaryDirectory
            .appending(path: "linli-check-\(SecureRandom.token(bytes: 9))").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory: DataDirectory = try DataDirectory.open(folder + "/data")
        let origin: String = try await ServerSettings.auditOrigin(in: directory)
        let audited: AuditedDirectory = AuditedDirectory(
            folder: folder, directory: directory,
            database: try await SQLiteDatabase(path: directory.databasePath, migrations: Platform.migrations),
            signer: try MasterKeys.open(directory, auditOrigin: origin).auditSigner)
        do { try await body(audited) } catch {
            await audited.database.close()
            throw error
        }
        await audited.database.close()
    }

    func check(key: String? = nil, checkpoint: String? = nil) async throws -> AuditCheck.Result {
        let check: AuditCheck = try await AuditCheck(
            directory: DataDirectory.look(into: folder + "/data"), verifierKey: key, stateFolder: stateFolder)
        return try await check.run(checkpointFile: checkpoint)
    }

    /// Appends entries and signs the log.
    func append(_ count: Int) async throws {
        let now: Instant = Instant(seconds: 1_780_000_000)
        try await database.write { [signer] connection in
            let notes: [AuditNote] = (0..<count).map {
                AuditNote(action: "case.accept", subject: "cases/\($0)", details: [:])
            }
            try AuditLog().append(notes, actor: "staff/1", peer: "", now: now, connection)
            _ = try AuditCheckpoints(signer: signer).newest(connection, now: now)
        }
    }

    /// The newest signed checkpoint, as an auditor keeps it.
    func note() async throws -> String {
        let stored: StoredCheckpoint? = try await database.read { try AuditCheckpoints.newestSigned($0) }
        return try #require(stored).note
    }

    /// Takes everything out of the log, as if it had never been there.
    func empty() async throws {
        try await database.write { connection in
            for table in ["entries", "nodes", "tree", "checkpoints"] {
                try connection.execute("DELETE FROM platform_audit_\(table)")
            }
        }
    }
}
