internal import COpenSSL
internal import Kernel

/// OpenSSL's generator for keys, tokens and nonces.
package struct SecureRandom: RandomSource {
    package init() {}

    package func next() -> UInt64 { SecureRandom.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// `count` unpredictable bytes. A machine that has none must not go on: the process ends.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = Array(repeating: 0, count: count)
        precondition(
            RAND_bytes(&bytes, Int32(count)) == 1, "RAND_bytes failed: no randomness on this machine")
        return bytes
    }

    /// An unguessable text of `bytes` random bytes in base64url: 43 characters for the usual 32.
    package static func token(bytes count: Int = 32) -> String { Base64URL.encode(bytes(count)) }
}
