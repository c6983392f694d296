import Glibc
import Kernel
import Testing

@testable import Crypto

@Suite struct SigningKeyTests {
    @Test(arguments: SignatureAlgorithm.allCases)
    func signsWhatOnlyItsPublicHalfAccepts(_ algorithm: SignatureAlgorithm) throws {
        let key: SigningKey = try SigningKey(generating: algorithm)
        let message: [UInt8] = Array("回执 42".utf8)
        let signature: [UInt8] = try key.sign(message)
        #expect(try key.publicKey.isValid(signature, for: message))
        #expect(
            try !key.publicKey.isValid(signature, for: message + [0])
                && !key.publicKey.isValid([], for: message))
        #expect(try !key.publicKey.isValid(Array(signature.dropLast()), for: message))
        #expect(try !SigningKey(generating: algorithm).publicKey.isValid(signature, for: message))
        for index in signature.indices {
            var changed: [UInt8] = signature
            changed[index] ^= 1
            #expect(try !key.publicKey.isValid(changed, for: message))
        }
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func keysComeBackFromTheirTexts(_ algorithm: SignatureAlgorithm) throws {
        let key: SigningKey = try SigningKey(generating: algorithm)
        let pem: String = try key.pem()
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let read: SigningKey = try SigningKey(pem: pem)
        #expect(read.algorithm == algorithm && "\(read)" == "SigningKey(\(algorithm), hidden)")
        let signature: [UInt8] = try read.sign([1, 2, 3])
        for publicKey in [
            try VerifyingKey(pem: key.publicKey.pem()), try VerifyingKey(der: key.publicKey.der()),
        ] {
            #expect(try publicKey.algorithm == algorithm && publicKey.isValid(signature, for: [1, 2, 3]))
        }
    }

    @Test func ed25519Vector() throws {
        // RFC 8032 section 7.1, TEST 2.
        let key: SigningKey = try SigningKey(
            ed25519Seed: hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let publicBytes: [UInt8] = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        #expect(try key.publicKey.rawBytes() == publicBytes)
        let signature: [UInt8] = hex(
            """
            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
            085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
            """)
        #expect(try key.sign([0x72]) == signature)
        #expect(try VerifyingKey(ed25519: publicBytes).isValid(signature, for: [0x72]))
    }

    @Test func sm2Vector() throws {
        // GB/T 32918.5-2017 appendix A.2: the recommended curve and the identity 1234567812345678.
        let point: String =
            "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            + "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        let key: VerifyingKey = try VerifyingKey(
            der: hex("3059301306072a8648ce3d020106082a811ccf5501822d03420004" + point))
        let r: String = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        let s: String = "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
        let signature: [UInt8] = hex("3046022100" + r + "022100" + s)
        #expect(key.algorithm == .sm2)
        #expect(try key.isValid(signature, for: Array("message digest".utf8)))
        #expect(try !key.isValid(signature, for: Array("Message digest".utf8)))
    }

    @Test func otherTextsAreNoKeys() throws {
        #expect(throws: CryptoError.self) { try SigningKey(pem: "") }
        #expect(throws: CryptoError.self) {
            try SigningKey(pem: SigningKey(generating: .ed25519).publicKey.pem())
        }
        #expect(throws: CryptoError.self) { try VerifyingKey(ed25519: [1, 2, 3]) }
        #expect(throws: CryptoError.self) { try VerifyingKey(der: []) }
        // An encrypted key asks nobody for a pass phrase.
        let encrypted: String =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAj=\n"
            + "-----END ENCRYPTED PRIVATE KEY-----\n"
        #expect(throws: CryptoError.self) { try SigningKey(pem: encrypted) }
    }

    @Test func errorsSayWhatOpenSSLSaid() throws {
        let error: CryptoError? = #expect(throws: CryptoError.self) { try VerifyingKey(pem: "nothing") }
        guard case .openSSL(let operation, let reasons) = error else {
            Issue.record("not an error of OpenSSL")
            return
        }
        #expect(operation == "PEM_read_bio_PUBKEY" && !reasons.isEmpty)
        // The thread's queue is empty again.
        let next: CryptoError? = #expect(throws: CryptoError.self) { try VerifyingKey(der: [1]) }
        #expect(next?.description.contains("PEM") == false)
    }
}

@Suite struct SecretFileTests {
    private func path() -> String { "/tmp/linli-secret-\(SecureRandom.token(bytes: 9))" }

    @Test func isForItsOwnerAlone() throws {
        let path: String = path()
        defer { unlink(path) }
        try SecretFile.write([1, 2, 3], to: path)
        var status: stat = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try SecretFile.read(path) == [1, 2, 3])
        for mode: mode_t in [0o640, 0o604, 0o620, 0o602, 0o666] {
            chmod(path, mode)
            #expect(throws: CryptoError.fileTooOpen(path: path, mode: String(mode, radix: 8))) {
                try SecretFile.read(path)
            }
        }
        chmod(path, 0o400)
        #expect(try SecretFile.read(path) == [1, 2, 3])
    }

    @Test func isNotReplacedUnasked() throws {
        let path: String = path()
        defer { unlink(path) }
        try SecretFile.write([1], to: path)
        #expect(throws: CryptoError.self) { try SecretFile.write([2], to: path) }
        #expect(try SecretFile.read(path) == [1])
        try SecretFile.write([2], to: path, replacing: true)
        #expect(try SecretFile.read(path) == [2])
        #expect(throws: CryptoError.self) { try SecretFile.read(path + ".none") }
        #expect(throws: CryptoError.self) { try SecretFile.write([1], to: "/tmp/linli-no-such-folder/key") }
    }
}
