import Kernel
import Testing

@testable import Crypto

/// The bytes of a hexadecimal text with spaces.
func hex(_ text: String) -> [UInt8] { Hex.decode(text.filter { !$0.isWhitespace }) ?? [] }

@Suite struct HashTests {
    @Test func sha256Vectors() {
        // FIPS 180-4 examples.
        #expect(
            Hex.encode(SHA256.hash("abc"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hex.encode(SHA256.hash("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func partsHashAsTheWhole() {
        var stream: SHA256.Stream = SHA256.Stream()
        for part in ["ab", "", "c"] { stream.update(Array(part.utf8)) }
        #expect(stream.finish() == SHA256.hash("abc"))
    }

    @Test func sm3Vectors() {
        // GB/T 32905-2016 appendix A.
        #expect(
            Hex.encode(SM3.hash(Array("abc".utf8)))
                == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        let blocks: [UInt8] = Array(String(repeating: "abcd", count: 16).utf8)
        #expect(
            Hex.encode(SM3.hash(blocks)) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
        )
    }

    @Test func hmacVector() throws {
        // RFC 4231 test case 2, with the key filled up by zeros, which HMAC does itself.
        let key: SymmetricKey = try SymmetricKey(Array("Jefe".utf8) + Array(repeating: 0, count: 28))
        let message: [UInt8] = Array("what do ya want for nothing?".utf8)
        let code: [UInt8] = hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(HMACSHA256.authenticate(message, key: key) == code)
        #expect(HMACSHA256.isValid(code, for: message, key: key))
        #expect(!HMACSHA256.isValid(code, for: message + [0], key: key))
        #expect(!HMACSHA256.isValid(Array(code.dropLast()), for: message, key: key))
    }

    @Test func hkdfVectors() {
        // RFC 5869 appendix A.1 and A.3.
        let one: [UInt8] = HKDF.derive(
            secret: Array(repeating: 0x0B, count: 22), salt: Array(0...0x0C), info: Array(0xF0...0xF9),
            count: 42)
        #expect(
            one == hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        )
        let three: [UInt8] = HKDF.derive(secret: Array(repeating: 0x0B, count: 22), info: [], count: 42)
        #expect(
            three
                == hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
        )
    }

    @Test func purposesHaveKeysOfTheirOwn() {
        let key: SymmetricKey = .random()
        #expect(key.derived(for: "a").exportBytes() == key.derived(for: "a").exportBytes())
        #expect(key.derived(for: "a").exportBytes() != key.derived(for: "b").exportBytes())
        #expect(SymmetricKey.random().exportBytes() != key.exportBytes())
        #expect("\(key)" == "SymmetricKey(hidden)" && !String(reflecting: key).contains("bytes"))
        #expect(throws: CryptoError.self) { try SymmetricKey(Array(repeating: 1, count: 31)) }
        #expect(throws: CryptoError.self) { try SymmetricKey(Array(repeating: 1, count: 33)) }
    }

    @Test func equalityLooksAtEveryByte() {
        #expect(constantTimeEqual([], []) && constantTimeEqual([1, 2], [1, 2]))
        #expect(
            !constantTimeEqual([1, 2], [1, 3]) && !constantTimeEqual([1, 2], [1])
                && !constantTimeEqual([0], []))
    }

    @Test func tokensAreLongAndDifferent() {
        #expect(SecureRandom.token().count == 43 && SecureRandom.token() != SecureRandom.token())
        #expect(SecureRandom.bytes(0).isEmpty && SecureRandom.bytes(33).count == 33)
    }
}

@Suite struct CipherTests {
    @Test func aesGCMVector() throws {
        // Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation".
        let key: SymmetricKey = try SymmetricKey(
            hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let plaintext: [UInt8] = hex(
            """
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
            1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39
            """)
        let sealed: (ciphertext: [UInt8], tag: [UInt8]) = try AES256GCM.seal(
            plaintext, key: key, nonce: hex("cafebabefacedbaddecaf888"),
            context: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        #expect(
            sealed.ciphertext
                == hex(
                    """
                    522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
                    8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
                    """))
        #expect(sealed.tag == hex("76fc6ece0f4e1768cddf8853bb2d551b"))
    }

    @Test func sm4Vector() throws {
        // GB/T 32907-2016 appendix A.1: one block; in counter mode it is the key stream.
        let key: [UInt8] = hex("0123456789abcdeffedcba9876543210")
        let zeros: [UInt8] = Array(repeating: 0, count: 16)
        #expect(
            try SM4CTRHMAC.crypt(zeros, key: key, nonce: key, encrypt: true)
                == hex("681edf34d206965e86b3e94f536e4246"))
    }

    @Test(arguments: FieldCipher.Algorithm.allCases)
    func fieldsOpenWhereTheyWereSealed(_ algorithm: FieldCipher.Algorithm) throws {
        let cipher: FieldCipher = try FieldCipher(keys: [7: .random()], currentKeyID: 7, algorithm: algorithm)
        for text in ["", "张", "11010519491231002X", String(repeating: "长", count: 5_000)] {
            let envelope: [UInt8] = try cipher.seal(text, context: "residents.id_number:1")
            #expect(envelope.prefix(5) == [algorithm.rawValue, 0, 0, 0, 7])
            #expect(try cipher.openText(envelope, context: "residents.id_number:1") == text)
            #expect(throws: CryptoError.authenticationFailed) {
                try cipher.openText(envelope, context: "residents.id_number:2")
            }
        }
        #expect(try cipher.seal("一", context: "c") != cipher.seal("一", context: "c"))
    }

    @Test(arguments: FieldCipher.Algorithm.allCases)
    func everyChangedBitIsFound(_ algorithm: FieldCipher.Algorithm) throws {
        let cipher: FieldCipher = try FieldCipher(keys: [7: .random()], currentKeyID: 7, algorithm: algorithm)
        let envelope: [UInt8] = try cipher.seal("13912345678", context: "c")
        for bit in 0..<(envelope.count * 8) {
            var changed: [UInt8] = envelope
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: CryptoError.self) { try cipher.open(changed, context: "c") }
        }
        for count in 0..<envelope.count {
            #expect(throws: CryptoError.self) { try cipher.open(Array(envelope.prefix(count)), context: "c") }
        }
    }

    @Test func oldKeysAreReadAndReported() throws {
        let (old, new): (SymmetricKey, SymmetricKey) = (.random(), .random())
        let before: FieldCipher = try FieldCipher(keys: [1: old], currentKeyID: 1)
        let after: FieldCipher = try FieldCipher(
            keys: [1: old, 2: new], currentKeyID: 2, algorithm: .sm4CTRHMACSM3)
        let envelope: [UInt8] = try before.seal("x", context: "c")
        #expect(try after.openText(envelope, context: "c") == "x" && after.isOutdated(envelope))
        #expect(try !after.isOutdated(after.seal("x", context: "c")) && !before.isOutdated(envelope))
        #expect(throws: CryptoError.unknownKey(id: 2)) {
            try before.open(after.seal("x", context: "c"), context: "c")
        }
        #expect(throws: CryptoError.unknownKey(id: 9)) { try FieldCipher(keys: [1: old], currentKeyID: 9) }
    }

    @Test func blindIndexesMeetForEqualValuesOfOneColumn() {
        let index: BlindIndex = BlindIndex(key: .random())
        let value: [UInt8] = index.value("13912345678", purpose: "resident.phone")
        #expect(
            value.count == BlindIndex.size && value == index.value("13912345678", purpose: "resident.phone"))
        #expect(value != index.value("13912345678", purpose: "staff.phone"))
        #expect(value != index.value("13912345679", purpose: "resident.phone"))
        #expect(value != BlindIndex(key: .random()).value("13912345678", purpose: "resident.phone"))
    }
}

@Suite struct PasswordTests {
    @Test func argon2idVector() throws {
        // Made with the reference program: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32 -e
        let text: String = try Argon2id.hash(
            Array("password".utf8), salt: Array("somesalt".utf8), memoryKiB: 65_536, passes: 2, lanes: 1)
        #expect(
            text == "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
    }

    @Test func onlyTheRightPasswordVerifies() throws {
        let password: Password = try Password(parsing: "邻里社区服务中心!")
        let stored: String = try Argon2id.hash(password)
        #expect(stored.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") && !Argon2id.isOutdated(stored))
        #expect(try Argon2id.verify(password, against: stored))
        #expect(try !Argon2id.verify(Password(parsing: "邻里社区服务中心?"), against: stored))
        #expect(try Argon2id.hash(password) != stored)
    }

    @Test(arguments: [
        "", "password", "$argon2i$v=19$m=16,t=2,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=16,t=99,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=16$m=16,t=2,p=1$c29tZXNhbHQ$AAAA",
    ])
    func otherTextsAreNoHashes(_ text: String) throws {
        let password: Password = try Password(parsing: "12345678")
        #expect(throws: CryptoError.self) { try Argon2id.verify(password, against: text) }
    }

    @Test func olderParametersAreReported() throws {
        let cheap: String = try Argon2id.hash(
            Array("12345678".utf8), salt: Array(repeating: 1, count: 16), memoryKiB: 64, passes: 1)
        #expect(
            try Argon2id.isOutdated(cheap) && Argon2id.verify(Password(parsing: "12345678"), against: cheap))
    }

    @Test func lengthHasTwoEnds() {
        for (count, accepted) in [(7, false), (8, true), (128, true), (129, false)] {
            let isRefused: Bool = (try? Password(parsing: String(repeating: "密", count: count))) == nil
            #expect(isRefused == !accepted)
        }
        let password: Password? = try? Password(parsing: "12345678")
        #expect(password.map { "\($0)" } == "Password(hidden)")
    }
}

@Suite struct TOTPTests {
    private static let secret: [UInt8] = Array("12345678901234567890".utf8)

    @Test(arguments: [
        (Int64(59), "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func vectorsOfRFC6238(_ seconds: Int64, _ code: String) throws {
        let totp: TOTP = try TOTP(secret: Self.secret)
        let instant: Instant = Instant(seconds: seconds)
        #expect(totp.code(step: TOTP.step(at: instant)) == code)
        #expect(totp.verify(code, at: instant, lastStep: nil) == TOTP.step(at: instant))
    }

    @Test func neighboursPassAndOthersDoNot() throws {
        let totp: TOTP = try TOTP(secret: Self.secret)
        let now: Instant = Instant(seconds: 1_111_111_110)
        let step: Int64 = TOTP.step(at: now)
        for (offset, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)]
            as [(Int64, Bool)]
        {
            let matched: Int64? = totp.verify(totp.code(step: step + offset), at: now, lastStep: nil)
            #expect(matched == (accepted ? step + offset : nil))
        }
        for bad in ["", "12345", "1234567", "abcdef", "000000"] {
            #expect(totp.verify(bad, at: now, lastStep: nil) == nil)
        }
        let code: String = totp.code(step: step)
        #expect(totp.verify("\(code.prefix(3)) \(code.suffix(3))", at: now, lastStep: nil) == step)
    }

    @Test func noCodeWorksTwice() throws {
        let totp: TOTP = try TOTP(secret: Self.secret)
        let now: Instant = Instant(seconds: 1_111_111_110)
        let step: Int64 = TOTP.step(at: now)
        #expect(totp.verify(totp.code(step: step), at: now, lastStep: step) == nil)
        #expect(totp.verify(totp.code(step: step - 1), at: now, lastStep: step) == nil)
        #expect(totp.verify(totp.code(step: step + 1), at: now, lastStep: step) == step + 1)
    }

    @Test func theAppGetsAURI() throws {
        let uri: String = try TOTP(secret: Self.secret).otpauthURI(issuer: "邻里", account: "li wei")
        #expect(
            uri == "otpauth://totp/%E9%82%BB%E9%87%8C:li%20wei?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=%E9%82%BB%E9%87%8C&algorithm=SHA1&digits=6&period=30")
        #expect(TOTP.newSecret().count == TOTP.secretSize)
        #expect(throws: CryptoError.self) { try TOTP(secret: Array(repeating: 1, count: 15)) }
        #expect(throws: Never.self) { try TOTP(secret: Array(repeating: 1, count: 16)) }
    }
}
