import Kernel
import Testing

@testable import Crypto

@Suite struct CertificateTests {
    private static let now: Instant = Instant(seconds: 1_777_593_600)

    @Test func aRootSignsItself() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "邻里根证书", now: Self.now)
        let root: Certificate = authority.certificate
        #expect(root.subjectCommonName == "邻里根证书" && root.issuerCommonName == "邻里根证书" && root.names.isEmpty)
        #expect(root.notBefore == Self.now.adding(seconds: -CertificateAuthority.slackSeconds))
        #expect(root.notAfter == Self.now.adding(days: CertificateAuthority.rootValidityDays))
        #expect(try root.isSigned(by: root) && root.isValid(at: Self.now))
        #expect(
            !root.isValid(at: root.notAfter.adding(seconds: 1))
                && !root.isValid(at: root.notBefore.adding(seconds: -1)))
    }

    @Test func serversHaveHostNamesAndAddresses() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        let issued: CertificateAuthority.Issued = try authority.issueServer(
            dns: ["localhost", "linli.example"], addresses: ["127.0.0.1", "::1"], now: Self.now,
            validityDays: 30)
        #expect(issued.certificate.names.dns == ["localhost", "linli.example"])
        #expect(issued.certificate.names.addresses == ["127.0.0.1", "0:0:0:0:0:0:0:1"])
        #expect(
            issued.certificate.notAfter == Self.now.adding(days: 30)
                && issued.certificate.issuerCommonName == "Root")
        #expect(try issued.certificate.isSigned(by: authority.certificate))
        let other: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        #expect(try !issued.certificate.isSigned(by: other.certificate))
    }

    @Test func clientsHaveAURI() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        let one: Certificate = try authority.issueClient(
            commonName: "kiosk 3", uri: "urn:linli:device:kiosk-3", now: Self.now
        ).certificate
        #expect(one.subjectCommonName == "kiosk 3" && one.names.uris == ["urn:linli:device:kiosk-3"])
        #expect(one.notAfter == Self.now.adding(days: CertificateAuthority.leafValidityDays))
        #expect(one.serialHex.count == 2 * CertificateAuthority.serialSize && one.fingerprint.count == 64)
        let two: Certificate = try authority.issueClient(
            commonName: "kiosk 3", uri: "urn:linli:device:kiosk-3", now: Self.now
        ).certificate
        #expect(one.serialHex != two.serialHex && one.fingerprint != two.fingerprint)
    }

    @Test func certificatesComeBackFromTheirTexts() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        let leaf: Certificate = try authority.issueServer(dns: ["localhost"], now: Self.now).certificate
        #expect(try Certificate(pem: leaf.pem) == leaf && Certificate(der: leaf.der) == leaf)
        #expect(
            try Certificate.all(pem: leaf.pem + authority.certificate.pem) == [leaf, authority.certificate])
        #expect(leaf.fingerprint == Hex.encode(SHA256.hash(leaf.der)))
        for bad in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            #expect(throws: CryptoError.self) { try Certificate(pem: bad) }
            #expect(throws: CryptoError.self) { try Certificate.all(pem: bad) }
        }
        for count in [0, 1, leaf.der.count - 1] {
            #expect(throws: CryptoError.self) { try Certificate(der: Array(leaf.der.prefix(count))) }
        }
    }

    @Test func anAuthorityComesBackFromItsFiles() throws {
        let first: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        let again: CertificateAuthority = try CertificateAuthority(
            certificatePEM: first.certificate.pem, keyPEM: first.keyPEM())
        let leaf: CertificateAuthority.Issued = try again.issueServer(dns: ["localhost"], now: Self.now)
        #expect(try leaf.certificate.isSigned(by: first.certificate))
        let other: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        #expect(throws: CryptoError.self) {
            try CertificateAuthority(certificatePEM: first.certificate.pem, keyPEM: other.keyPEM())
        }
        #expect(throws: CryptoError.self) {
            try CertificateAuthority(certificatePEM: leaf.certificate.pem, keyPEM: leaf.key.pem())
        }
    }

    @Test func ofARequestOnlyTheKeyIsTaken() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        let key: SigningKey = try SigningKey(generating: .ecdsaP256)
        let request: String = try CertificateRequest.make(commonName: "the mayor", key: key)
        let certificate: Certificate = try authority.issue(
            .client, requestPEM: request, commonName: "vendor 9",
            names: SubjectNames(uris: ["urn:linli:vendor:9"]),
            now: Self.now)
        #expect(
            certificate.subjectCommonName == "vendor 9" && certificate.names.uris == ["urn:linli:vendor:9"])
        #expect(try certificate.der.contains(subsequence: key.publicKey.der()))
    }

    @Test func requestsWithoutTheirKeyAreRefused() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        let issue = { (pem: String) throws(CryptoError) in
            try authority.issue(
                .client, requestPEM: pem, commonName: "v", names: SubjectNames(uris: ["urn:linli:vendor:9"]),
                now: Self.now)
        }
        let request: String = try CertificateRequest.make(
            commonName: "v", key: SigningKey(generating: .ecdsaP256))
        // The signature is at the end: change one of its bytes.
        let lines: [Substring] = request.split(separator: "\n")
        var der: [UInt8] = Base64.decode(lines.dropFirst().dropLast().joined()) ?? []
        der[der.count - 1] ^= 1
        let forged: String = ([lines[0]] + [Substring(Base64.encode(der))] + [lines[lines.count - 1]])
            .joined(separator: "\n")
        #expect(throws: CryptoError.authenticationFailed) { try issue(forged + "\n") }
        #expect(throws: CryptoError.self) { try issue("") }
        #expect(throws: Never.self) {
            try issue(request + String(repeating: " ", count: 16_384 - request.utf8.count))
        }
        #expect(throws: CryptoError.self) {
            try issue(request + String(repeating: " ", count: 16_385 - request.utf8.count))
        }
    }

    @Test func namesAreChecked() throws {
        let authority: CertificateAuthority = try CertificateAuthority(creatingRoot: "Root", now: Self.now)
        for uri in ["", "urn:a b", "urn:邻里", "urn:a\u{0}b", "urn:" + String(repeating: "a", count: 252)] {
            #expect(throws: CryptoError.self) {
                try authority.issueClient(commonName: "c", uri: uri, now: Self.now)
            }
        }
        let longest: String = "urn:" + String(repeating: "a", count: 251)
        #expect(throws: Never.self) {
            try authority.issueClient(commonName: "c", uri: longest, now: Self.now)
        }
        // A comma and a colon are part of the name and begin no other one.
        let tricky: Certificate = try authority.issueClient(
            commonName: "c", uri: "urn:linli:vendor:9,URI:urn:linli:vendor:1", now: Self.now
        ).certificate
        #expect(tricky.names.uris == ["urn:linli:vendor:9,URI:urn:linli:vendor:1"])
        #expect(throws: CryptoError.self) {
            try authority.issueServer(dns: [], addresses: ["1.2.3"], now: Self.now)
        }
        #expect(throws: CryptoError.self) { try authority.issueServer(dns: [], now: Self.now) }
        let many: [String] = (0...SubjectNames.maximumCount).map { "h\($0).example" }
        #expect(throws: CryptoError.self) { try authority.issueServer(dns: many, now: Self.now) }
        #expect(throws: Never.self) { try authority.issueServer(dns: Array(many.dropLast()), now: Self.now) }
        for name in ["", "a\nb", String(repeating: "a", count: 65)] {
            #expect(throws: CryptoError.self) { try CertificateAuthority(creatingRoot: name, now: Self.now) }
        }
        #expect(throws: CryptoError.self) {
            try authority.issueClient(commonName: "c", uri: "urn:x", now: Self.now, validityDays: 0)
        }
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence other: [UInt8]) -> Bool {
        indices.contains { start in self[start...].starts(with: other) }
    }
}
