import Contract
import Crypto
import Kernel
import Platform
import RPC
import Testing

@testable import linlid

@Suite struct AuditTests {
    @Test func theLogProvesWhatItHolds() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let audit: PlatformV1.AuditServiceClient = .init(channel: test.channel)
            let early: PlatformV1.Checkpoint = try await audit.getCheckpoint(.init(), options: op.options)
            for number in 1...300 { _ = try await test.note(number) }
            let late: PlatformV1.Checkpoint = try await audit.getCheckpoint(.init(), options: op.options)
            let verifier: NoteVerifier = try NoteVerifier(parsing: late.verifierKey)
            let signed: Checkpoint = try Checkpoint(
                verifying: late.note, origin: "linli.local/audit", keys: [verifier])
            #expect(signed.size == UInt64(late.size))
            #expect(signed.root == late.rootHash)
            #expect(late.size == early.size + 300)

            for index in [0, early.size, 255, 256, late.size - 1] {
                let proof: PlatformV1.InclusionProof = try await audit.proveInclusion(
                    .init(index: index, treeSize: late.size), options: op.options)
                #expect(
                    MerkleTree.verifyInclusion(
                        leafHash: proof.leafHash, index: UInt64(index), size: UInt64(late.size),
                        proof: proof.hashes, root: late.rootHash))
                #expect(proof.checkpoint?.note == late.note)
            }
            let consistency: PlatformV1.ConsistencyProof = try await audit.proveConsistency(
                .init(oldSize: early.size, newSize: late.size), options: op.options)
            #expect(
                MerkleTree.verifyConsistency(
                    oldSize: UInt64(early.size), oldRoot: early.rootHash, size: UInt64(late.size),
                    root: late.rootHash, proof: consistency.hashes))
        }
    }

    @Test func readingTheLogIsAnEntry() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (auditor, _) = try await test.newStaff("auditor.one", roles: ["auditor"], by: op)
            let audit: PlatformV1.AuditServiceClient = .init(channel: test.channel)
            let none: RPCError = try await refusal {
                try await audit.listAuditEntries(.init(), options: auditor.options)
            }
            #expect(none.code == .invalidArgument, "without a purpose nobody reads")
            let page: PlatformV1.ListAuditEntriesResponse = try await audit.listAuditEntries(
                .init(pageSize: 500, purpose: "季度检查"), options: auditor.options)
            let last = try #require(page.entries.last)
            #expect(last.action == "audit.read")
            #expect(last.actor == auditor.me?.name)
            #expect(last.detailsJson.contains("季度检查"))
            #expect(page.entries.map(\.index) == Array(0..<Int64(page.entries.count)))
            #expect(page.entries.contains { $0.action == "staff.create" && $0.actor == "system" })
            let one: PlatformV1.ListAuditEntriesResponse = try await audit.listAuditEntries(
                .init(actor: "system", pageSize: 1, purpose: "季度检查"), options: auditor.options)
            #expect(one.entries.count == 1)
        }
    }
}

extension TestServer {
    /// Writes one entry into the audit log.
    func note(_ number: Int) async throws {
        try await server.platform.performAsSystem(action: "test.note") { unit in
            unit.audit(subject: "notes/\(number)")
        }
    }
}
