import COpenSSL
import Kernel

/// SHA-256 over parts.
struct Digest: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto cannot compute SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func add(_ bytes: UnsafeRawBufferPointer) {
        let done: Int32 = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(done == 1, "libcrypto cannot compute SHA-256")
    }

    /// The digest in hexadecimal.
    consuming func hex() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let done: Int32 = EVP_DigestFinal_ex(context, &digest, nil)
        precondition(done == 1, "libcrypto cannot compute SHA-256")
        return Hex.encode(digest)
    }

    static func hex(_ text: String) -> String {
        let digest = Digest()
        [UInt8](text.utf8).withUnsafeBytes { digest.add($0) }
        return digest.hex()
    }
}
