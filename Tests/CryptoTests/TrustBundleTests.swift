import Kernel
import Testing

@testable import Crypto

@Suite("Status lists and trust files") struct TrustBundleTests {
    @Test(arguments: [SignatureAlgorithm.ed25519, .sm2])
    func aListComesBackAsItWas(algorithm: SignatureAlgorithm) throws {
        let issuer: Issuer = try Issuer(algorithm)
        let list: StatusList = Issuer.list(sequence: 7, revoked: [0, 1, 7, 8, 131_071])
        let text: String = try list.signed(by: issuer.key)
        let read: StatusList = try StatusList(text, keys: [issuer.trusted])
        #expect(read == list)
        #expect(
            read.isRevoked(131_071) == true && read.isRevoked(2) == false && read.isRevoked(131_072) == nil)
        // 16 KiB of nearly nothing.
        #expect(text.utf8.count < 500)
    }

    @Test func aListOfSomebodyElseIsRefused() throws {
        let issuer: Issuer = try Issuer()
        let other: Issuer = try Issuer()
        let text: String = try Issuer.list().signed(by: other.key)
        #expect(throws: CryptoError.authenticationFailed) { try StatusList(text, keys: [issuer.trusted]) }
        let leaked: Issuer = try Issuer(other.key, revoke: Issuer.day(1))
        #expect(throws: CryptoError.authenticationFailed) { try StatusList(text, keys: [leaked.trusted]) }
        #expect(throws: Never.self) { try StatusList(text, keys: [issuer.trusted, other.trusted]) }
    }

    /// A bomb: a list that unpacks to more, or to less, than it says.
    @Test(arguments: [16_384 - 1, 16_384 + 1, 4_000_000, 0])
    func aListUnpacksToWhatItSays(count: Int) throws {
        let issuer: Issuer = try Issuer()
        var writer: CredentialWriter = CredentialWriter()
        writer.raw(issuer.trusted.id.bytes)
        writer.number(1, bytes: 8)
        writer.number(1, bytes: 5)
        writer.number(1, bytes: 5)
        writer.number(131_072, bytes: 4)
        writer.raw(try Deflate.pack(Array(repeating: 0, count: count)))
        let signature: [UInt8] = try issuer.key.sign(Array("linli status list 1\n".utf8) + writer.bytes)
        let text: String = "LS1.\(Base64URL.encode(writer.bytes)).\(Base64URL.encode(signature))"
        #expect(throws: CryptoError.malformed(what: "a packed status list")) {
            try StatusList(text, keys: [issuer.trusted])
        }
    }

    @Test func aFileComesBackAsItWas() throws {
        let first: Issuer = try Issuer()
        let second: Issuer = try Issuer(.sm2, retire: Issuer.day(2))
        let third: Issuer = try Issuer(.ed25519, retire: Issuer.day(1), revoke: Issuer.day(2))
        let bundle: TrustBundle = first.bundle(
            Issuer.list(revoked: [5]), others: [second.trusted, third.trusted])
        let file: TrustFile = try TrustFile(bundle, signedBy: [first.key, second.key])
        let read: TrustFile = try TrustFile(file.text)
        #expect(read.bundle.issuer == "晋城市一网通办")
        #expect(read.bundle.keys.map(\.id) == bundle.keys.map(\.id))
        #expect(read.bundle.keys[1].retireTime == Issuer.day(2))
        #expect(read.bundle.keys[2].revokeTime == Issuer.day(2))
        #expect(read.bundle.statusList == bundle.statusList)
        #expect(read.signers == [first.trusted.id, second.trusted.id])
        #expect(read.bundle.fingerprint == bundle.fingerprint && bundle.fingerprint.count == 29)
        let windows: String = file.text.replacing("\n", with: "\r\n")
        #expect(try TrustFile(windows).signers.count == 2)
    }

    /// Whoever changes a letter of the file spoils it.
    @Test func noLetterOfAFileCanBeChanged() throws {
        let issuer: Issuer = try Issuer()
        let bytes: [UInt8] = Array(try TrustFile(issuer.bundle(), signedBy: [issuer.key]).text.utf8)
        for index in bytes.indices {
            var changed: [UInt8] = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            guard changed != bytes else { continue }
            #expect(throws: CryptoError.self, "byte \(index)") {
                try TrustFile(String(decoding: changed, as: UTF8.self))
            }
        }
        for count in 0..<(bytes.count - 1) {
            #expect(throws: CryptoError.self, "\(count) bytes") {
                try TrustFile(String(decoding: bytes.prefix(count), as: UTF8.self))
            }
        }
    }

    @Test func aRevokedKeySignsNoFile() throws {
        let issuer: Issuer = try Issuer()
        let leaked: Issuer = try Issuer(revoke: Issuer.day(1))
        let bundle: TrustBundle = issuer.bundle(others: [leaked.trusted])
        // The list by the good key, the file by the leaked one.
        let good: TrustFile = try TrustFile(bundle, signedBy: [issuer.key])
        let body: Substring = good.text[..<(try #require(good.text.firstRange(of: "signed ")).lowerBound)]
        let signature: [UInt8] = try leaked.key.sign(Array("linli trust file 1\n".utf8) + Array(body.utf8))
        let text: String = body + "signed \(leaked.trusted.id) \(Base64URL.encode(signature))\n"
        #expect(throws: CryptoError.authenticationFailed) { try TrustFile(text) }
    }

    @Test func anOlderFileTakesNoNewerOnesPlace() throws {
        let issuer: Issuer = try Issuer()
        func file(_ sequence: UInt64, _ day: Int64) throws -> TrustFile {
            try TrustFile(
                issuer.bundle(Issuer.list(sequence: sequence, time: Issuer.day(day))), signedBy: [issuer.key])
        }
        let old: TrustFile = try file(3, 5)
        #expect(throws: Never.self) { try file(3, 5).checkReplaces(old) }
        #expect(throws: Never.self) { try file(3, 6).checkReplaces(old) }
        #expect(throws: Never.self) { try file(4, 5).checkReplaces(old) }
        #expect(throws: TrustBundle.UpdateProblem.older) { try file(3, 4).checkReplaces(old) }
        #expect(throws: TrustBundle.UpdateProblem.older) { try file(2, 9).checkReplaces(old) }
    }

    @Test func aChainOfKeysCarriesTrustAndALeakedOneDoesNot() throws {
        let first: Issuer = try Issuer()
        let second: Issuer = try Issuer()
        let thief: Issuer = try Issuer()
        let old: TrustFile = try TrustFile(first.bundle(), signedBy: [first.key])
        // A rotation: the new file is signed by the old key too.
        let rotated: TrustFile = try TrustFile(
            second.bundle(others: [first.trusted]), signedBy: [second.key, first.key])
        #expect(throws: Never.self) { try rotated.checkReplaces(old) }
        // Somebody else's keys, well signed by themselves.
        let foreign: TrustFile = try TrustFile(thief.bundle(), signedBy: [thief.key])
        #expect(throws: TrustBundle.UpdateProblem.notVouchedFor) { try foreign.checkReplaces(old) }
        // The file itself says that the old key is revoked: it vouches for nothing any more.
        let leaked: Issuer = try Issuer(first.key, revoke: Issuer.day(1))
        let afterLeak: TrustFile = try TrustFile(
            second.bundle(others: [leaked.trusted]), signedBy: [second.key])
        #expect(throws: TrustBundle.UpdateProblem.notVouchedFor) { try afterLeak.checkReplaces(old) }
        #expect(throws: Never.self) { try afterLeak.checkReplaces(rotated) }
    }

    @Test(arguments: [
        "", "\n", "linli-trust 1\n", "linli-trust 1\nissuer a\nlist x\nsigned a b\n", "key", "\u{0}\n\n\n\n",
    ])
    func whatIsNoTrustFileIsRefused(text: String) {
        #expect(throws: CryptoError.self) { try TrustFile(text) }
    }
}
