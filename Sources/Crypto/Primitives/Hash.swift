internal import COpenSSL

/// A digest algorithm, fetched once from OpenSSL: a fetch by name costs more than hashing a hundred bytes.
///
/// `@unchecked Sendable`: an EVP_MD that was fetched never changes, and OpenSSL counts its references atomically.
final class DigestAlgorithm: @unchecked Sendable {
    let pointer: OpaquePointer
    let size: Int

    private init(_ name: String) {
        guard let pointer = EVP_MD_fetch(nil, name, nil) else {
            preconditionFailure("OpenSSL has no \(name): install Debian's libssl3")
        }
        self.pointer = pointer
        size = Int(EVP_MD_get_size(pointer))
    }

    deinit { EVP_MD_free(pointer) }

    static let sha1: DigestAlgorithm = DigestAlgorithm("SHA1")
    static let sha256: DigestAlgorithm = DigestAlgorithm("SHA256")
    static let sm3: DigestAlgorithm = DigestAlgorithm("SM3")

    /// The digest of `bytes`. Can fail only when memory is used up, which is the end of the process anyway.
    func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest: [UInt8] = Array(repeating: 0, count: size)
        let result: Int32 = EVP_Digest(bytes, bytes.count, &digest, nil, pointer, nil)
        precondition(result == 1, "EVP_Digest failed")
        return digest
    }

    /// The HMAC of `bytes` (RFC 2104).
    func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var code: [UInt8] = Array(repeating: 0, count: size)
        let result: UnsafeMutablePointer<UInt8>? =
            HMAC(pointer, key, Int32(key.count), bytes, bytes.count, &code, nil)
        precondition(result != nil, "HMAC failed")
        return code
    }
}

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The number of bytes of a digest.
    package static let size: Int = 32

    package static func hash(_ bytes: [UInt8]) -> [UInt8] { DigestAlgorithm.sha256.hash(bytes) }
    package static func hash(_ text: String) -> [UInt8] { hash(Array(text.utf8)) }

    /// SHA-256 of something that comes in parts, such as an uploaded file.
    package struct Stream: ~Copyable {
        private let context: OpaquePointer

        package init() {
            guard let context = EVP_MD_CTX_new(),
                EVP_DigestInit_ex2(context, DigestAlgorithm.sha256.pointer, nil) == 1
            else { preconditionFailure("EVP_DigestInit_ex2 failed") }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        package mutating func update(_ bytes: [UInt8]) {
            precondition(EVP_DigestUpdate(context, bytes, bytes.count) == 1, "EVP_DigestUpdate failed")
        }

        /// The digest of all parts.
        package consuming func finish() -> [UInt8] {
            var digest: [UInt8] = Array(repeating: 0, count: SHA256.size)
            precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "EVP_DigestFinal_ex failed")
            return digest
        }
    }
}

/// SM3 (GB/T 32905-2016).
package enum SM3 {
    package static func hash(_ bytes: [UInt8]) -> [UInt8] { DigestAlgorithm.sm3.hash(bytes) }
}

/// HMAC with SHA-256 (RFC 2104, RFC 4231).
package enum HMACSHA256 {
    package static func authenticate(_ bytes: [UInt8], key: SymmetricKey) -> [UInt8] {
        DigestAlgorithm.sha256.authenticate(bytes, key: key.bytes)
    }

    /// Whether `code` is the HMAC of `bytes`; takes the same time for each wrong code.
    package static func isValid(_ code: [UInt8], for bytes: [UInt8], key: SymmetricKey) -> Bool {
        constantTimeEqual(code, authenticate(bytes, key: key))
    }
}

/// HKDF (RFC 5869): keys for single purposes from one secret.
package enum HKDF {
    /// `count` bytes with HKDF-SHA-256.
    ///
    /// - Precondition: `count` is at most 255 × 32 (RFC 5869 section 2.3).
    package static func derive(secret: [UInt8], salt: [UInt8] = [], info: [UInt8], count: Int) -> [UInt8] {
        derive(.sha256, secret: secret, salt: salt, info: info, count: count)
    }

    static func derive(
        _ algorithm: DigestAlgorithm, secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int
    ) -> [UInt8] {
        precondition(count <= 255 * algorithm.size, "HKDF makes at most 255 blocks")
        let salt: [UInt8] = salt.isEmpty ? Array(repeating: 0, count: algorithm.size) : salt
        let key: [UInt8] = algorithm.authenticate(secret, key: salt)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 0
        while output.count < count {
            counter += 1
            block = algorithm.authenticate(block + info + [counter], key: key)
            output += block
        }
        return Array(output.prefix(count))
    }
}

/// Whether two byte strings are the same, in a time that depends on their lengths alone.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
