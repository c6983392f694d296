import Crypto
import Foundation
import Kernel
import Storage
import Testing

@testable import Platform

/// What somebody with the database file may do to the log, and what the check says to it.
@Suite("Check of the audit log")
struct AuditVerifierTests {
    @Test(
        "a log that nobody touched is whole, beside its open store and with an unsigned end",
        arguments: [0, 1, 256, 700])
    func whole(count: Int) async throws {
        try await AuditFile.run { file in
            try await file.append(count)
            try await file.sign()
            try await file.append(3)
            let report: AuditReport = try await file.verify()
            #expect(report.fault == nil)
            #expect(report.size == UInt64(count + 3))
            #expect(report.signedSize == UInt64(count))
            #expect(report.checkpoints == 1)
        }
    }

    @Test("an edited entry is found, whichever column it is", arguments: AuditFile.textColumns)
    func edited(column: String) async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.execute("UPDATE platform_audit_entries SET \(column) = 'other' WHERE position = 7")
            let fault: AuditFault? = try await file.verify().fault
            #expect(fault?.kind == .edited)
            #expect(fault?.entries == 7..<8)
        }
    }

    @Test("an edited time is found, to the millisecond")
    func editedTime() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.execute("UPDATE platform_audit_entries SET time = time + 1 WHERE position = 19")
            let fault: AuditFault? = try await file.verify().fault
            #expect(fault?.kind == .edited)
            #expect(fault?.entries == 19..<20)
        }
    }

    @Test("an entry edited together with its hash is found as rewritten, within its 256 entries")
    func editedWithHash() async throws {
        try await AuditFile.run { file in
            try await file.append(600)
            try await file.replace(300, action: "other")
            let fault: AuditFault? = try await file.verify().fault
            #expect(fault?.kind == .rewritten)
            #expect(fault?.entries == 256..<512)
        }
    }

    @Test("an entry that was taken out is missing, with or without renumbering the rest")
    func missing() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.execute("DELETE FROM platform_audit_entries WHERE position = 7")
            #expect(try await file.verify().fault?.kind == .missing)
            #expect(try await file.verify().fault?.entries == 7..<8)
            try await file.execute(
                "UPDATE platform_audit_entries SET position = position - 1 WHERE position > 7")
            #expect(try await file.verify().fault?.kind == .missing)
            #expect(try await file.verify().fault?.entries == 7..<8)
        }
    }

    @Test("swapped entries are reordered, with or without their hashes")
    func reordered() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            for sql in [
                "UPDATE platform_audit_entries SET position = -1 WHERE position = 4",
                "UPDATE platform_audit_entries SET position = 4 WHERE position = 9",
                "UPDATE platform_audit_entries SET position = 9 WHERE position = -1",
            ] { try await file.execute(sql) }
            let moved: AuditFault? = try await file.verify().fault
            #expect(moved?.kind == .reordered)
            #expect(moved?.entries == 4..<5)
        }
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.execute(
                """
                UPDATE platform_audit_entries SET subject = CASE position WHEN 4 THEN 'cases/9' ELSE 'cases/4' END
                WHERE position IN (4, 9)
                """)
            let moved: AuditFault? = try await file.verify().fault
            #expect(moved?.kind == .reordered)
            #expect(moved?.entries == 4..<5)
        }
    }

    @Test("a cut end is truncated, by the stored tree or by a signed checkpoint")
    func truncated() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.execute("DELETE FROM platform_audit_entries WHERE position >= 15")
            let byTree: AuditFault? = try await file.verify().fault
            #expect(byTree?.kind == .truncated)
            #expect(byTree?.entries == 15..<20)
        }
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.sign()
            try await file.rewrite(keeping: 15)
            let byCheckpoint: AuditFault? = try await file.verify().fault
            #expect(byCheckpoint?.kind == .truncated)
            #expect(byCheckpoint?.entries == 15..<20)
        }
    }

    @Test("an end cut with everything that speaks of it is found by a checkpoint that was kept elsewhere")
    func truncatedCleanly() async throws {
        try await AuditFile.run { file in
            try await file.append(300)
            let kept: KeptCheckpoint = try await file.keep()
            try await file.rewrite(keeping: 280)
            try await file.execute("DELETE FROM platform_audit_checkpoints")
            #expect(try await file.verify().fault == nil)
            let fault: AuditFault? = try await file.verify(kept: [kept]).fault
            #expect(fault?.kind == .truncated)
            #expect(fault?.entries == 280..<300)
        }
    }

    @Test(
        "a log written anew with good hashes contradicts its signed checkpoint, from the last one that fits")
    func rewritten() async throws {
        try await AuditFile.run { file in
            try await file.append(10)
            try await file.sign()
            try await file.append(10)
            try await file.sign()
            try await file.rewrite(keeping: 15)
            try await file.append(10, action: "other")
            let report: AuditReport = try await file.verify()
            #expect(report.fault?.kind == .rewritten)
            #expect(report.fault?.entries == 10..<20)
            #expect(report.signedSize == 10)
        }
    }

    @Test("a log written anew and signed with its own key contradicts a kept checkpoint")
    func rewrittenAndSigned() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            let kept: KeptCheckpoint = try await file.keep()
            try await file.rewrite(keeping: 15)
            try await file.execute("DELETE FROM platform_audit_checkpoints")
            try await file.append(10, action: "other")
            try await file.sign()
            #expect(try await file.verify().fault == nil)
            #expect(try await file.verify(kept: [kept]).fault?.kind == .rewritten)
        }
    }

    @Test("entries that the log did not write are rewritten")
    func added() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.execute("DELETE FROM platform_audit_tree")
            let fault: AuditFault? = try await file.verify().fault
            #expect(fault?.kind == .rewritten)
            #expect(fault?.entries == 0..<20)
        }
    }

    @Test("a checkpoint by another key, with another root or of another log is a bad signature")
    func badSignature() async throws {
        try await AuditFile.run { file in
            try await file.append(20)
            let other: NoteSigner = try NoteSigner(
                name: AuditFile.origin, key: SigningKey(generating: .ed25519))
            try await file.sign(other)
            #expect(try await file.verify().fault?.kind == .badSignature)
        }
        try await AuditFile.run { file in
            try await file.append(20)
            try await file.sign()
            try await file.execute("UPDATE platform_audit_checkpoints SET root = zeroblob(32)")
            #expect(try await file.verify().fault?.kind == .badSignature)
        }
        try await AuditFile.run { file in
            try await file.append(20)
            let kept: KeptCheckpoint = try await file.keep()
            #expect(throws: AuditFault.self) {
                try KeptCheckpoint(
                    note: kept.checkpoint.signed(by: file.signer), source: "file", origin: "another/audit",
                    keys: [file.signer.verifier])
            }
        }
    }
}

/// An audit log in a database file of its own, and the means to spoil it.
private struct AuditFile {
    static let origin: String = "linli.test/audit"
    static let textColumns: [String] = [
        "actor", "action", "subject", "outcome", "details", "peer", "leaf_hash",
    ]

    let path: String
    let database: SQLiteDatabase
    let signer: NoteSigner

    static func run(_ body: (AuditFile) async throws -> Void) async throws {
        let path: String = FileManager.default.temporaryDirectory
            .appending(path: "linli-audit-\(SecureRandom.token(bytes: 9)).sqlite").path()
        defer {
            for suffix in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
        }
        let file: AuditFile = AuditFile(
            path: path, database: try await SQLiteDatabase(path: path, migrations: Platform.migrations),
            signer: try NoteSigner(name: origin, key: SigningKey(generating: .ed25519)))
        do { try await body(file) } catch {
            await file.database.close()
            throw error
        }
        await file.database.close()
    }

    func append(_ count: Int, action: String = "case.accept") async throws {
        if count == 0 { return }
        try await database.write { connection in
            let first: UInt64 = try AuditLog.frontier(connection).size
            for index in first..<(first + UInt64(count)) {
                try AuditLog().append(
                    [AuditNote(action: action, subject: "cases/\(index)", details: ["note": "邻里"])],
                    actor: "staff/1", peer: "127.0.0.1", now: Instant(seconds: 1_780_000_000), connection)
            }
        }
    }

    func sign(_ other: NoteSigner? = nil) async throws {
        try await database.write { [signer] connection in
            _ = try AuditCheckpoints(signer: other ?? signer).newest(
                connection, now: Instant(seconds: 1_780_000_000))
        }
    }

    /// Signs, and keeps what was signed outside the log.
    func keep() async throws -> KeptCheckpoint {
        try await sign()
        let stored: StoredCheckpoint? = try await database.read { try AuditCheckpoints.newestSigned($0) }
        return try KeptCheckpoint(
            note: try #require(stored).note, source: "elsewhere", origin: AuditFile.origin,
            keys: [signer.verifier])
    }

    func execute(_ sql: String) async throws {
        let blob: String = sql.replacing("leaf_hash = 'other'", with: "leaf_hash = zeroblob(32)")
        try await database.write { try $0.execute(blob) }
    }

    /// Changes an entry and makes its leaf hash anew.
    func replace(_ index: Int64, action: String) async throws {
        try await database.write { connection in
            let old: AuditEntryRecord = try AuditLog.entries(connection, from: index, to: index + 1)[0]
            let new: AuditEntryRecord = AuditEntryRecord(
                index: index, time: old.time, actor: old.actor, action: action, subject: old.subject,
                outcome: old.outcome, details: old.details, peer: old.peer)
            try connection.execute(
                "UPDATE platform_audit_entries SET action = $1, leaf_hash = $2 WHERE position = $3",
                .text(action),
                .blob(new.leafHash), .integer(index))
        }
    }

    /// Cuts the end off and makes tree and nodes as if there had never been one.
    func rewrite(keeping count: Int64) async throws {
        try await database.write { connection in
            var frontier: MerkleFrontier = MerkleFrontier()
            for entry in try AuditLog.entries(connection, from: 0, to: count) {
                frontier.append(leafHash: entry.leafHash)
            }
            try connection.execute("DELETE FROM platform_audit_entries WHERE position >= $1", .integer(count))
            try connection.execute(
                "DELETE FROM platform_audit_nodes WHERE (position + 1) << level > $1", .integer(count))
            try connection.execute(
                "UPDATE platform_audit_tree SET size = $1, hashes = $2", .integer(count),
                .blob(frontier.hashes.flatMap { $0 }))
        }
    }

    /// Reads the file as the command does, beside the open store.
    func verify(kept: [KeptCheckpoint] = []) async throws -> AuditReport {
        let verifier: AuditVerifier = AuditVerifier(
            origin: AuditFile.origin, keys: [signer.verifier], kept: kept)
        return try await SQLiteSnapshot.read(path) { try verifier.verify($0) }
    }
}
