import Contract
import Crypto
import Foundation
import Kernel
import Platform
import Storage
import Testing

@testable import linlid

/// A new key has to reach every sealed value: the next table that somebody adds, too.
@Suite struct KeyRotationTests {
    /// Columns of bytes that hold nothing sealed: hashes, signatures, blind indexes.
    private static let open: Set<String> = [
        "platform_audit_checkpoints.root", "platform_audit_entries.leaf_hash", "platform_audit_nodes.hash",
        "platform_audit_tree.hashes", "platform_codes.code_hash", "platform_codes.phone_index",
        "platform_codes.place", "platform_files.sha256", "platform_known_places.account",
        "platform_known_places.place", "platform_qr_sign_ins.secret_hash", "platform_requests.fingerprint",
        "platform_requests.identity", "platform_residents.id_number_index", "platform_residents.phone_index",
        "platform_sessions.token_hash", "community_redemptions.code_index", "onestop_hall_tickets.claim_hash",
        "onestop_certificate_keys.public_key", "onestop_applications.answers_hash",
        "platform_household_members.id_number_index",
        "onestop_query_rows.subject",
    ]
    /// Sealed, and gone within a day.
    private static let shortLived: Set<String> = ["platform_requests.answer"]

    @Test func everyColumnOfBytesIsDeclaredSealedOrOpen() async throws {
        try await TestServer.run { test in
            let stored: Set<String> = try await test.server.platform.readAsSystem { context in
                try KeyRotationTests.byteColumns(context.connection)
            }
            let sealed: Set<String> = Set(
                Composition.sealedColumns.flatMap { target in
                    target.columns.map { "\(target.table).\($0)" }
                })
            let known: Set<String> = sealed.union(KeyRotationTests.open).union(KeyRotationTests.shortLived)
            #expect(stored.subtracting(known) == [], "say of each new column whether it is sealed")
            #expect(known.subtracting(stored) == [], "columns that are gone")
        }
    }

    @Test func afterARotationAndARestartNothingIsLeftUnderTheOldKey() async throws {
        let path: String = FileManager.default.temporaryDirectory
            .appending(path: "linli-rotation-\(SecureRandom.token(bytes: 9))").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let phone: String = "10000000077"
        try await TestServer.run(at: path) { test in _ = try await test.register(phone) }
        let id: UInt32 = try MasterKeys.addFieldKey(try DataDirectory.open(path))
        #expect(id == 2)
        try await TestServer.run(at: path) { test in
            // The server does it by itself, soon after its start.
            while try await test.server.platform.readAsSystem({ context in
                try KeyRotationTests.sealedUnderKey(1, context.connection)
            }) > 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
            // The old sign-in still works: what was sealed again opens.
            test.clock.advance(seconds: 61)
            let code: String = try await test.newCode(phone, .signIn, count: 2)
            let session = try await test.identity.signInResident(
                .init(phone: phone, code: code, password: "correct horse"))
            #expect(session.me?.displayName == "张晓明")
        }
    }

    /// Columns of type BLOB, as `table.column`.
    private static func byteColumns(_ connection: any Connection) throws -> Set<String> {
        let tables: [String] = try connection.query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '*_*' AND name NOT GLOB 'sqlite_*'"
        ) { $0.text(0) }
        var found: Set<String> = []
        for table in tables {
            let columns: [String] = try connection.query(
                "SELECT name FROM pragma_table_info('\(table)') WHERE type = 'BLOB'"
            ) { $0.text(0) }
            found.formUnion(columns.map { "\(table).\($0)" })
        }
        return found
    }

    /// How many sealed values have this key id in their head (bytes 2 to 5 of the envelope).
    private static func sealedUnderKey(_ id: Int, _ connection: any Connection) throws -> Int {
        try Composition.sealedColumns.reduce(0) { sum, target in
            try target.columns.reduce(sum) { sum, column in
                let count: Int? = try connection.first(
                    """
                    SELECT count(*) FROM \(target.table)
                    WHERE \(column) IS NOT NULL AND hex(substr(\(column), 2, 4)) = '\(ASCII.padded(id, 8))'
                    """
                ) { $0.int(0) }
                return sum + (count ?? 0)
            }
        }
    }
}
