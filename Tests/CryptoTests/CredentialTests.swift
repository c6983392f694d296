import Kernel
import Testing

@testable import Crypto

/// One issuer with a key, as the tests need it.
struct Issuer {
    static let start: Instant = Instant(milliseconds: 1_795_600_000_000)
    let key: SigningKey
    let trusted: TrustedKey

    init(_ algorithm: SignatureAlgorithm = .ed25519, retire: Instant? = nil, revoke: Instant? = nil) throws {
        try self.init(SigningKey(generating: algorithm), retire: retire, revoke: revoke)
    }

    init(_ key: SigningKey, retire: Instant? = nil, revoke: Instant? = nil) throws {
        self.key = key
        trusted = try TrustedKey(
            key: key.publicKey, createTime: Issuer.start, retireTime: retire, revokeTime: revoke)
    }

    static func list(sequence: UInt64 = 1, time: Instant = day(1), revoked: [UInt32] = []) -> StatusList {
        StatusList(sequence: sequence, time: time, nextUpdate: time.adding(days: 1), revoked: revoked)
    }

    static func day(_ number: Int64) -> Instant { start.adding(days: number) }

    func bundle(_ list: StatusList = list(), others: [TrustedKey] = []) -> TrustBundle {
        TrustBundle(issuer: "晋城市一网通办", keys: [trusted] + others, statusList: list)
    }

    static let credential: Credential = Credential(
        type: "residence", number: "ZM261125000017", title: "居住情况证明", issuer: "凤城县东城街道朝阳社区居民委员会",
        lines: [
            Credential.Line(label: "姓名", value: "王*明"), Credential.Line(label: "住址", value: "朝阳社区****"),
        ],
        issueTime: start.adding(seconds: 60), expireTime: day(90), statusIndex: 4_711)
}

@Suite("Credentials") struct CredentialTests {
    @Test(arguments: [SignatureAlgorithm.ed25519, .sm2])
    func whatWasSignedIsRead(algorithm: SignatureAlgorithm) throws {
        let issuer: Issuer = try Issuer(algorithm)
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let check: CredentialCheck = try issuer.bundle().check(text, at: Issuer.day(1))
        #expect(check.finding == .valid)
        #expect(check.credential == Issuer.credential)
        #expect(check.warnings.isEmpty)
        #expect(text.utf8.count <= 600)
        // The alphanumeric mode of QR codes.
        #expect(text.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) || $0 == 46 })
    }

    @Test func scannersMayTypeSmallLettersAndLineEnds() throws {
        let issuer: Issuer = try Issuer()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let scanned: String = " " + text.lowercased().prefix(100) + "\r\n" + text.dropFirst(100) + "\n"
        #expect(try issuer.bundle().check(scanned, at: Issuer.day(1)).finding == .valid)
    }

    @Test func timeRunsOutToTheSecond() throws {
        let issuer: Issuer = try Issuer()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let end: Instant = Issuer.credential.expireTime
        let before = try issuer.bundle().check(text, at: end.adding(milliseconds: -1))
        let after = try issuer.bundle().check(text, at: end)
        #expect(before.finding == .valid)
        #expect(after.finding == .expired && after.credential == Issuer.credential)
        // The list is of day 1, and good for a day.
        #expect(after.warnings == [.statusListStale(since: Issuer.day(2))])
        #expect(try issuer.bundle().check(text, at: Issuer.day(2)).warnings.isEmpty)
        #expect(
            try issuer.bundle().check(text, at: Issuer.day(2).adding(milliseconds: 1)).warnings.count == 1)
    }

    @Test func oneBitRevokesOneCredential() throws {
        let issuer: Issuer = try Issuer()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let revoked: TrustBundle = issuer.bundle(Issuer.list(revoked: [4_711]))
        let neighbours: TrustBundle = issuer.bundle(Issuer.list(revoked: [4_710, 4_712, 0, 131_071]))
        #expect(try revoked.check(text, at: Issuer.day(1)).finding == .revoked)
        #expect(try revoked.check(text, at: Issuer.day(400)).finding == .revoked)
        #expect(try neighbours.check(text, at: Issuer.day(1)).finding == .valid)
    }

    /// Each byte of the payload and of the signature, each of its bits: nothing but tampered or another key's.
    @Test(arguments: [SignatureAlgorithm.ed25519, .sm2])
    func noBitCanBeChanged(algorithm: SignatureAlgorithm) throws {
        let issuer: Issuer = try Issuer(algorithm)
        let bundle: TrustBundle = issuer.bundle()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let parts: [Substring] = text.split(separator: ".")
        let payload: [UInt8] = try #require(Base32.decode(parts[1]))
        let signature: [UInt8] = try #require(Base32.decode(parts[2]))
        for index in payload.indices {
            var changed: [UInt8] = payload
            changed[index] ^= 1 << UInt8(index % 8)
            let finding = try bundle.check(
                "LL1.\(Base32.encode(changed)).\(parts[2])", at: Issuer.day(1)
            ).finding
            #expect(finding == (index < 5 ? .unknownKey(.notInBundle) : .tampered), "byte \(index)")
        }
        for index in signature.indices {
            var changed: [UInt8] = signature
            changed[index] ^= 1 << UInt8(index % 8)
            let check = try bundle.check("LL1.\(parts[1]).\(Base32.encode(changed))", at: Issuer.day(1))
            #expect(check.finding == .tampered && check.credential == nil, "byte \(index)")
        }
    }

    /// A forger writes another name, number, date, type or place into the list, and keeps the signature.
    @Test func noFieldCanBeChanged() throws {
        let issuer: Issuer = try Issuer()
        let forger: SigningKey = try SigningKey(generating: .ed25519)
        let good: Credential = Issuer.credential
        let line: [Credential.Line] = [Credential.Line(label: "姓名", value: "李*四")]
        func with(
            type: String? = nil, number: String? = nil, title: String? = nil, issuer: String? = nil,
            lines: [Credential.Line]? = nil, issue: Instant? = nil, expire: Instant? = nil,
            index: UInt32? = nil
        ) -> Credential {
            Credential(
                type: type ?? good.type, number: number ?? good.number, title: title ?? good.title,
                issuer: issuer ?? good.issuer, lines: lines ?? good.lines, issueTime: issue ?? good.issueTime,
                expireTime: expire ?? good.expireTime, statusIndex: index ?? good.statusIndex)
        }
        let forged: [Credential] = [
            with(type: "income"), with(number: "ZM261125000025"), with(title: "收入证明"), with(issuer: "公安局"),
            with(lines: line), with(lines: good.lines.reversed()),
            with(issue: good.issueTime.adding(seconds: 1)),
            with(expire: Issuer.day(9_000)), with(index: 1),
        ]
        let signature: Substring = try good.signed(by: issuer.key).split(separator: ".")[2]
        let ownID: [UInt8] = issuer.trusted.id.bytes
        for credential in forged {
            // With the forger's own signature it is of a key that nobody knows …
            let own: String = try credential.signed(by: forger)
            #expect(try issuer.bundle().check(own, at: Issuer.day(1)).finding == .unknownKey(.notInBundle))
            // … and under our key's id neither signature fits.
            let payload: [UInt8] = try #require(Base32.decode(own.split(separator: ".")[1]))
            let named: String = Base32.encode(ownID + payload.dropFirst(5))
            for part in [signature, own.split(separator: ".")[2]] {
                #expect(
                    try issuer.bundle().check("LL1.\(named).\(part)", at: Issuer.day(1)).finding == .tampered)
            }
        }
    }

    @Test func aSignatureForAnotherPurposeDoesNotFit() throws {
        let issuer: Issuer = try Issuer()
        let parts: [Substring] = try Issuer.credential.signed(by: issuer.key).split(separator: ".")
        let payload: [UInt8] = try #require(Base32.decode(parts[1]))
        let signature: [UInt8] = try issuer.key.sign(payload)
        let text: String = "LL1.\(parts[1]).\(Base32.encode(signature))"
        #expect(try issuer.bundle().check(text, at: Issuer.day(1)).finding == .tampered)
    }

    @Test func aRevokedKeyIsBelievedNothing() throws {
        let issuer: Issuer = try Issuer()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let leaked: Issuer = try Issuer(issuer.key, revoke: Issuer.day(3))
        let check = try leaked.bundle().check(text, at: Issuer.day(1))
        #expect(check.finding == .unknownKey(.revoked) && check.credential == nil)
    }

    @Test func aRetiredKeyVerifiesWhatItSignedInItsTime() throws {
        let issuer: Issuer = try Issuer()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let after: Issuer = try Issuer(issuer.key, retire: Issuer.day(1))
        let before: Issuer = try Issuer(issuer.key, retire: Issuer.start.adding(seconds: -300))
        #expect(try after.bundle().check(text, at: Issuer.day(1)).finding == .valid)
        #expect(try before.bundle().check(text, at: Issuer.day(1)).finding == .unknownKey(.notInUse))
        let early: Credential = Credential(
            type: "residence", number: "1", title: "a", issuer: "b", lines: [],
            issueTime: Issuer.day(-1), expireTime: Issuer.day(90), statusIndex: 1)
        #expect(
            try issuer.bundle().check(try early.signed(by: issuer.key), at: Issuer.day(1)).finding
                == .unknownKey(.notInUse))
    }

    @Test func warningsSayWhatTheListCannotKnow() throws {
        let issuer: Issuer = try Issuer()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        let old: TrustBundle = issuer.bundle(Issuer.list(time: Issuer.start))
        #expect(try old.check(text, at: Issuer.day(1)).warnings == [.newerThanStatusList])
        #expect(try issuer.bundle().check(text, at: Issuer.day(-1)).warnings == [.issuedInFuture])
    }

    /// A thief of the key makes an index up that the list does not have.
    @Test func anIndexThatTheListDoesNotHaveIsForged() throws {
        let issuer: Issuer = try Issuer()
        let forged: Credential = Credential(
            type: "a", number: "1", title: "a", issuer: "b", lines: [], issueTime: Issuer.start,
            expireTime: Issuer.day(90), statusIndex: 131_072)
        let text: String = try forged.signed(by: issuer.key)
        #expect(try issuer.bundle().check(text, at: Issuer.day(1)).finding == .tampered)
        let last: Credential = Credential(
            type: "a", number: "1", title: "a", issuer: "b", lines: [], issueTime: Issuer.start,
            expireTime: Issuer.day(90), statusIndex: 131_071)
        #expect(
            try issuer.bundle().check(try last.signed(by: issuer.key), at: Issuer.day(1)).finding == .valid)
    }

    @Test func bothSidesOfTheLimits() throws {
        let issuer: Issuer = try Issuer()
        func credential(bytes: Int, lines: Int) -> Credential {
            // 5 + 5 + 5 + 4 of numbers, 4 lengths, 1 count, 2 lengths a line.
            let rest: Int = bytes - 19 - 4 - 1 - 2 * lines
            let value: [Int] = (0..<lines).map { min(255, max(0, rest - 255 * $0)) }
            return Credential(
                type: "", number: "", title: "", issuer: "",
                lines: value.map { Credential.Line(label: "", value: String(repeating: "a", count: $0)) },
                issueTime: Issuer.start, expireTime: Issuer.start, statusIndex: 0)
        }
        let full: String = try credential(bytes: 512, lines: 16).signed(by: issuer.key)
        #expect(try issuer.bundle().check(full, at: Issuer.start).finding == .expired)
        #expect(throws: CryptoError.self) { try credential(bytes: 513, lines: 16).signed(by: issuer.key) }
        #expect(throws: CryptoError.self) { try credential(bytes: 200, lines: 17).signed(by: issuer.key) }
        let long: Credential = Credential(
            type: String(repeating: "a", count: 256), number: "", title: "", issuer: "", lines: [],
            issueTime: Issuer.start, expireTime: Issuer.start, statusIndex: 0)
        #expect(throws: CryptoError.self) { try long.signed(by: issuer.key) }
        let p256: SigningKey = try SigningKey(generating: .ecdsaP256)
        #expect(throws: CryptoError.self) { try TrustedKey(key: p256.publicKey, createTime: Issuer.start) }
    }

    @Test(arguments: [
        "", ".", "..", "...", "LL1", "LL1..", "LL1.A.A", "LL2.AAAAAAAA.AAAAAAAA",
        "http://example.cn/?LL1.AA.AA",
        "LL1.AAAAAAAAAAAAAAAA.", "LL1.0189AAAAAAAA.AAAAAAAA", "LL1.AAAAAAAA.AAAAAAAA.AAAAAAAA", "\u{0}",
        "王小明",
        "LL1.ＡＡＡＡＡＡＡＡＡＡ.AAAAAAAA", "LL1.AAAAAAAAAAAAAAAA.AAAAAAAB\u{1B}[2J",
    ])
    func whatIsNoCredentialIsUnreadable(text: String) throws {
        #expect(try Issuer().bundle().check(text, at: Issuer.day(1)).finding == .unreadable)
    }

    @Test func tornAndHugeTextsAreUnreadableOrTampered() throws {
        let issuer: Issuer = try Issuer()
        let bundle: TrustBundle = issuer.bundle()
        let text: String = try Issuer.credential.signed(by: issuer.key)
        for count in 0..<text.count {
            let finding = try bundle.check(String(text.prefix(count)), at: Issuer.day(1)).finding
            #expect(finding == .unreadable || finding == .tampered, "\(count) characters")
        }
        #expect(
            try bundle.check(text + String(repeating: " ", count: 2_048), at: Issuer.day(1)).finding
                == .unreadable)
        let huge: String = "LL1." + String(repeating: "A", count: 10_000_000) + ".AAAAAAAA"
        #expect(try bundle.check(huge, at: Issuer.day(1)).finding == .unreadable)
    }

    /// A stolen key signs what it likes: the reader must stand it, and show no command to a terminal.
    @Test func payloadsOfAThiefAreStillBounded() throws {
        let issuer: Issuer = try Issuer()
        let random: SeededRandom = SeededRandom(seed: 64)
        for round in 0..<3_000 {
            let payload: [UInt8] =
                issuer.trusted.id.bytes + random.bytes(1 + random.integer(in: 0..<200))
            let signature: [UInt8] = try issuer.key.sign(Credential.purpose + payload)
            let check = try issuer.bundle().check(
                "LL1.\(Base32.encode(payload)).\(Base32.encode(signature))", at: Issuer.day(1))
            let isRefused: Bool =
                check.finding == .unreadable || check.finding == .unknownKey(.notInUse)
                || check.finding == .tampered
            #expect(isRefused, "seed 64, round \(round)")
        }
        let escape: Credential = Credential(
            type: "a", number: "1", title: "\u{1B}[2J", issuer: "b", lines: [], issueTime: Issuer.start,
            expireTime: Issuer.day(90), statusIndex: 1)
        #expect(
            try issuer.bundle().check(try escape.signed(by: issuer.key), at: Issuer.day(1)).finding
                == .unreadable)
    }

    /// Random changes of a good text, thousands of them: never valid unless it says the same, never a crash.
    @Test func mutationsNeverBecomeValid() throws {
        let issuer: Issuer = try Issuer()
        let bundle: TrustBundle = issuer.bundle()
        let text: [UInt8] = Array(try Issuer.credential.signed(by: issuer.key).utf8)
        let random: SeededRandom = SeededRandom(seed: 2_020)
        for round in 0..<5_000 {
            var mutated: [UInt8] = text
            for _ in 0...random.integer(in: 0..<4) {
                let place: Int = random.integer(in: 0..<mutated.count)
                switch random.integer(in: 0..<4) {
                case 0: mutated[place] = random.bytes(1)[0]
                case 1: mutated.remove(at: place)
                case 2: mutated.insert(random.bytes(1)[0], at: place)
                default: mutated.swapAt(place, random.integer(in: 0..<mutated.count))
                }
            }
            let string: String = String(decoding: mutated, as: UTF8.self)
            let check = try bundle.check(string, at: Issuer.day(1))
            if check.finding == .valid {
                let same: Bool =
                    string.uppercased().filter { !$0.isWhitespace } == String(decoding: text, as: UTF8.self)
                #expect(same, "seed 2020, round \(round)")
            }
        }
    }
}
