import Contract
import Crypto
import Foundation
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

@Suite("Certificates") struct CertificateTests {
    @Test func whatIsIssuedIsMaskedSignedAndTold() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            #expect(issued.title?.zh == "居住情况证明")
            #expect(issued.issuerText == "凤台社区居民委员会")
            #expect(issued.holderText == "王*明")
            #expect(
                issued.lines.map(\.value) == [
                    "王*明", "1405************18", "城区东街街道****", "2019年3月1日起", "子女入学",
                ])
            #expect(issued.state == .valid && issued.algorithm == .ed25519)
            let check = try await world.trust().bundle.check(issued.credential, at: world.clock.now())
            #expect(check.finding == .valid && check.credential?.number == issued.number)
            #expect(check.credential?.lines.map(\.value) == issued.lines.map(\.value))
            let told: Int? = try await world.platform.readAsSystem { context in
                try context.connection.first(
                    "SELECT count(*) FROM platform_messages WHERE recipient = 'residents/ada' AND subject = $1",
                    .text(issued.name)
                ) { $0.int(0) }
            }
            #expect(told == 1)
        }
    }

    /// Neither name, number, address nor the secret key stands anywhere in the store.
    @Test func nothingPersonalIsStoredInTheClear() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            let stored: [String] = try await world.platform.readAsSystem { context in
                try context.connection.query(
                    """
                    SELECT hex(lines) || hex(credential) FROM onestop_certificates
                    UNION ALL SELECT hex(private_key) FROM onestop_certificate_keys
                    UNION ALL SELECT hex(CAST(details AS BLOB)) FROM platform_audit_entries
                    """
                ) { $0.text(0) }
            }
            let clear: [String] = ["王小明", "140599199001010018", "东街街道", "PRIVATE", issued.credential]
            for part in clear {
                let hex: String = Hex.encode(Array(part.utf8)).uppercased()
                #expect(!stored.contains { $0.contains(hex) }, "\(part)")
            }
        }
    }

    @Test(arguments: [OneStopV1.SignatureAlgorithm.ed25519, .sm2])
    func bothAlgorithmsVerifyAtTheServerAndOffLine(algorithm: OneStopV1.SignatureAlgorithm) async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue(algorithm: algorithm)
            #expect(issued.algorithm == algorithm)
            let answer = try await world.verify(issued.credential)
            #expect(answer.result == .valid && answer.number == issued.number)
            #expect(answer.lines == issued.lines)
            let trust = try await world.trust()
            #expect(try trust.bundle.check(issued.credential, at: world.clock.now()).finding == .valid)
            #expect(issued.credential.utf8.count <= 800)
        }
    }

    @Test func aTypeThatNeedsItIsClearAndTheLookIsLogged() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue(
                "guardian", to: "residents/ada",
                ["ward": "王小小", "relation": "grandparent", "decided_on": "2026-11-01"])
            #expect(issued.lines.map(\.value).contains("王小明") && issued.lines.map(\.value).contains("王小小"))
            #expect(issued.lines[1].value == "1405************18")
            let looks: [String] = try await world.platform.readAsSystem { context in
                try context.connection.query(
                    "SELECT resident_id || ' ' || fields || ' ' || subject FROM platform_data_accesses"
                ) { $0.text(0) }
            }
            #expect(looks == ["ada full_name \(issued.name)"])
        }
    }

    @Test func whatADepartmentGrantedIsItsOwnThoughTheCounterTakesTheFee() async throws {
        try await CertificateWorld.run { world in
            let income: [String: String] = ["people": "3", "recognised_on": "2026-10-01"]
            func issue(_ department: String) async throws -> String {
                try await world.platform.perform(
                    world.call(CertificateWorld.clerk, "IssueCertificate"), action: "application.confirm_fee"
                ) { unit in
                    try world.book.issue(
                        type: "low_income", holder: "residents/ada", answers: income, application: "",
                        department: department, algorithm: .ed25519, unit
                    ).issuerText
                }
            }
            #expect(await certificateRefusal { _ = try await issue("") } == "ISSUER_LEVEL")
            let issuer: String = try await issue("140502000000D01")
            #expect(issuer == "城区民政局")
        }
    }

    @Test func onlyWhoServesTheHoldersHomeIssues() async throws {
        try await CertificateWorld.run { world in
            #expect(
                await certificateRefusal { try await world.issue(as: CertificateWorld.otherClerk) }
                    == "HOLDER_OUT_OF_SCOPE")
            #expect(
                await certificateRefusal { try await world.issue(as: CertificateWorld.keeper) }
                    == "HOLDER_OUT_OF_SCOPE")
            let income: [String: String] = ["people": "3", "recognised_on": "2026-10-01"]
            #expect(
                await certificateRefusal { try await world.issue("low_income", to: "residents/ada", income) }
                    == "ISSUER_LEVEL")
            #expect(
                await certificateRefusal { try await world.issue(as: CertificateWorld.officer) }
                    == "ISSUER_LEVEL")
            let issued = try await world.issue(
                "low_income", to: "residents/ada", income, as: CertificateWorld.officer)
            #expect(issued.issuerText == "城区民政局")
            #expect(
                await certificateRefusal { try await world.issue(to: "residents/bo") }
                    == "HOLDER_NOT_IDENTIFIED")
            #expect(
                await certificateRefusal { try await world.issue(to: "residents/none") } == "HOLDER_UNKNOWN")
            #expect(
                await certificateRefusal { try await world.issue("single") } == "CERTIFICATE_TYPE_UNKNOWN")
        }
    }

    @Test func answersAreCheckedAllAtOnce() async throws {
        try await CertificateWorld.run { world in
            do {
                try await world.issue(
                    "residence", to: "residents/ada", ["since": "2026-11-26", "purpose": "", "extra": "x"])
                Issue.record("it was issued")
            } catch let refusal as Refusal {
                #expect(
                    refusal.fields.map(\.field) == [
                        "answers.address", "answers.since", "answers.purpose", "answers.extra",
                    ])
            }
            let long: String = String(repeating: "很", count: 60)
            var answers: [String: String] = CertificateWorld.residenceAnswers
            answers["purpose"] = String(long.prefix(30))
            answers["address"] = long
            #expect(
                await certificateRefusal { try await world.issue("residence", to: "residents/ada", answers) }
                    == nil)
            answers["purpose"] = String(long.prefix(31))
            #expect(
                await certificateRefusal { try await world.issue("residence", to: "residents/ada", answers) }
                    == "ANSWER_INVALID")
            answers["purpose"] = "{name}{id_number}"
            #expect(
                try await world.issue("residence", to: "residents/ada", answers).lines.last?.value
                    == "{name}{id_number}")
        }
    }

    @Test func aRepeatGetsTheSameCertificate() async throws {
        try await CertificateWorld.run { world in
            let id: String = UUID().uuidString.lowercased()
            let first = try await world.issue(requestID: id)
            #expect(try await world.issue(requestID: id) == first)
            #expect(try await world.issue().number != first.number)
        }
    }

    @Test func holdersAndIssuersSeeItAndNobodyElse() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            func get(_ principal: Principal, _ name: String? = nil) async throws -> OneStopV1.Certificate {
                try await world.desk.getCertificate(
                    OneStopV1.GetCertificateRequest(name: name ?? issued.name), world.call(principal))
            }
            func list(_ principal: Principal) async throws -> [String] {
                try await world.desk.listCertificates(
                    OneStopV1.ListCertificatesRequest(), world.call(principal)
                ).certificates.map(\.name)
            }
            #expect(try await get(CertificateWorld.ada).holderText == "王小明")
            #expect(try await get(CertificateWorld.ada, issued.number.lowercased()).number == issued.number)
            #expect(try await get(CertificateWorld.clerk).holderText == "王*明")
            for other in [CertificateWorld.bo, CertificateWorld.otherClerk, CertificateWorld.officer] {
                #expect(await certificateRefusal { try await get(other) } == "CERTIFICATE_NOT_FOUND")
                #expect(
                    await certificateRefusal { try await world.pdf(issued.name, as: other) }
                        == "CERTIFICATE_NOT_FOUND")
                #expect(try await list(other).isEmpty)
            }
            #expect(
                await certificateRefusal {
                    try await world.revoke(issued.name, as: CertificateWorld.otherClerk)
                }
                    == "CERTIFICATE_NOT_FOUND")
            #expect(try await list(CertificateWorld.ada) == [issued.name])
            #expect(try await list(CertificateWorld.clerk) == [issued.name])
        }
    }

    @Test func revocationIsSeenAtOnceAndByTheNextTrustFile() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            let other = try await world.issue()
            let before: TrustFile = try await world.trust()
            world.clock.advance(seconds: 60)
            let revoked = try await world.revoke(issued.name)
            #expect(revoked.state == .revoked && revoked.revokeReason == "核实后情况不符")
            #expect(try await world.verify(issued.credential).result == .revoked)
            #expect(try await world.verify(other.credential).result == .valid)
            let after: TrustFile = try await world.trust()
            let now: Instant = world.clock.now()
            #expect(try after.bundle.check(issued.credential, at: now).finding == .revoked)
            #expect(try after.bundle.check(other.credential, at: now).finding == .valid)
            // An old file does not know it, and says when it is too old to be believed.
            #expect(try before.bundle.check(issued.credential, at: now).finding == .valid)
            let tomorrow: Instant = now.adding(days: 1)
            #expect(
                try before.bundle.check(issued.credential, at: tomorrow).warnings == [
                    .statusListStale(since: CertificateWorld.start.adding(days: 1))
                ])
            #expect(throws: Never.self) { try after.checkReplaces(before) }
            #expect(throws: TrustBundle.UpdateProblem.older) { try before.checkReplaces(after) }
            #expect(await certificateRefusal { try await world.revoke(issued.name) } == "CERTIFICATE_REVOKED")
        }
    }

    @Test func itEndsWithItsTime() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            world.clock.advance(seconds: 90 * 86_400)
            let answer = try await world.verify(issued.credential)
            #expect(answer.result == .expired && answer.number == issued.number)
        }
    }

    @Test func rotationKeepsWhatWasSigned() async throws {
        try await CertificateWorld.run { world in
            let old = try await world.issue()
            let before: TrustFile = try await world.trust()
            world.clock.advance(seconds: 60)
            let key = try await world.rotate()
            let new = try await world.issue()
            #expect(new.keyID == key.id && new.keyID != old.keyID)
            let after: TrustFile = try await world.trust()
            for certificate in [old, new] {
                #expect(try await world.verify(certificate.credential).result == .valid)
                #expect(
                    try after.bundle.check(certificate.credential, at: world.clock.now()).finding == .valid)
            }
            // Whoever trusts the old key takes the new file without asking.
            #expect(throws: Never.self) { try after.checkReplaces(before) }
            #expect(
                try before.bundle.check(new.credential, at: world.clock.now()).finding
                    == .unknownKey(.notInBundle))
        }
    }

    @Test func aLeakedKeyIsBelievedNothing() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            let key = try await world.revokeKey(issued.keyID.lowercased())
            #expect(key.revokeTime != nil)
            let answer = try await world.verify(issued.credential)
            #expect(answer.result == .unknownKey && answer.lines.isEmpty && answer.number.isEmpty)
            let new = try await world.issue()
            #expect(new.keyID != issued.keyID)
            #expect(try await world.verify(new.credential).result == .valid)
            let trust: TrustFile = try await world.trust()
            #expect(
                try trust.bundle.check(issued.credential, at: world.clock.now()).finding
                    == .unknownKey(.revoked))
            #expect(!trust.signers.map(\.description).contains(issued.keyID))
            #expect(
                await certificateRefusal { try await world.revokeKey(issued.keyID) }
                    == "CERTIFICATE_KEY_REVOKED")
            #expect(
                await certificateRefusal { try await world.revokeKey("AAAAAAAA") }
                    == "CERTIFICATE_KEY_NOT_FOUND")
        }
    }

    /// A thief has the key: off line it looks right, at the server it does not, and the audit log says which key leaked.
    @Test func aForgeryWithOurKeyIsFoundOnLine() async throws {
        try await CertificateWorld.run { world in
            let issued = try await world.issue()
            let secret: SigningKey = try await world.platform.readAsSystem { context in
                try world.book.keys.open(try #require(try world.book.keys.all(context.connection).first))
            }
            func forge(number: String, index: UInt32) throws -> String {
                try Credential(
                    type: "residence", number: number, title: "居住情况证明", issuer: "凤台社区居民委员会",
                    lines: [Credential.Line(label: "姓名", value: "李*四")], issueTime: world.clock.now(),
                    expireTime: world.clock.now().adding(days: 90), statusIndex: index
                ).signed(by: secret)
            }
            for text in [
                try forge(number: "ZM261125999990", index: 1), try forge(number: issued.number, index: 1),
            ] {
                let answer = try await world.verify(text)
                #expect(answer.result == .tampered && answer.lines.isEmpty)
            }
            let audited: Int? = try await world.platform.readAsSystem { context in
                try context.connection.first(
                    "SELECT count(*) FROM platform_audit_entries WHERE action = 'certificate.forged' AND subject = $1",
                    .text("certificateKeys/\(issued.keyID)")
                ) { $0.int(0) }
            }
            #expect(audited == 2)
        }
    }

    @Test func checksAreLimitedByAddress() async throws {
        try await CertificateWorld.run { world in
            func check(_ address: String) async -> String? {
                await certificateRefusal {
                    try await world.desk.verifyCertificate(
                        OneStopV1.VerifyCertificateRequest(credential: "x"), world.call(nil, address: address)
                    )
                }
            }
            for port in 1...CertificateRules.checksPerMinute {
                #expect(await check("10.1.1.1:\(port)") == nil)
            }
            #expect(await check("10.1.1.1:9") == "TOO_MANY_CHECKS")
            #expect(await check("10.1.1.2:9") == nil)
            world.clock.advance(seconds: 60)
            #expect(await check("10.1.1.1:9") == nil)
        }
    }

    @Test(arguments: ["", "LL1.", "LL1.AAAAAAAAAAAAAAAA.AAAAAAAA", String(repeating: "A", count: 100_000)])
    func whateverIsNoCredentialGetsAnAnswer(text: String) async throws {
        try await CertificateWorld.run { world in
            let result = try await world.verify(text).result
            #expect(result == .unreadable || result == .unknownKey)
        }
    }

    @Test func thePDFIsTheSameEachTimeAndItsCodeVerifies() async throws {
        try await CertificateWorld.run { world in
            for algorithm in [OneStopV1.SignatureAlgorithm.ed25519, .sm2] {
                let issued = try await world.issue(algorithm: algorithm)
                let pdf: [UInt8] = try await world.pdf(issued.name)
                #expect(try await world.pdf(issued.name, as: CertificateWorld.clerk) == pdf)
                let scanned: String = try scan(pdf)
                #expect(scanned == issued.credential + "\n")
                let check = try await world.trust().bundle.check(scanned, at: world.clock.now())
                #expect(check.finding == .valid)
            }
        }
    }

    private func scan(_ pdf: [UInt8]) throws -> String {
        let folder: String = NSTemporaryDirectory()
        let file: String = folder + "/certificate-" + UUID().uuidString
        defer { for end in [".pdf", ".png"] { try? FileManager.default.removeItem(atPath: file + end) } }
        try Data(pdf).write(to: URL(fileURLWithPath: file + ".pdf"))
        // 150 dots an inch: a cheap scanner.
        _ = try run("pdftoppm", ["-r", "150", "-png", "-singlefile", file + ".pdf", file])
        return try run("zbarimg", ["-q", "--raw", file + ".png"])
    }

    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/" + program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data: Data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
