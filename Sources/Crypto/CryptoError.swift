internal import COpenSSL

/// What can go wrong in Crypto. The texts are for operators and logs; they hold no key and no plain text.
package enum CryptoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An OpenSSL function failed: its name, and the texts of OpenSSL's error queue.
    case openSSL(operation: String, reasons: [String])
    /// A ciphertext, signature or mark does not belong to its key and context: damaged, forged or moved.
    case authenticationFailed
    /// An input does not have the form it should have.
    case malformed(what: String)
    /// The key with this id is not in the key ring.
    case unknownKey(id: UInt32)
    /// A file could not be read or written: the path, and the system's reason.
    case file(path: String, reason: String)
    /// A file with a secret can be read or changed by others than its owner.
    case fileTooOpen(path: String, mode: String)

    package var description: String {
        switch self {
        case .openSSL(let operation, let reasons):
            "\(operation) failed: \(reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; "))"
        case .authenticationFailed: "authentication failed: damaged, forged or in the wrong place"
        case .malformed(let what): "malformed: \(what)"
        case .unknownKey(let id): "the key \(id) is not in the key ring"
        case .file(let path, let reason): "\(path): \(reason)"
        case .fileTooOpen(let path, let mode):
            "\(path) has mode \(mode), so that others can read or change it: run chmod 600 on it"
        }
    }

    /// The error of the OpenSSL function that has just failed on this thread; empties the thread's queue.
    static func last(_ operation: StaticString) -> CryptoError {
        var reasons: [String] = []
        while true {
            let code: UInt = ERR_get_error()
            if code == 0 { break }
            var buffer: [CChar] = Array(repeating: 0, count: 256)
            ERR_error_string_n(code, &buffer, buffer.count)
            reasons.append(
                String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        return .openSSL(operation: "\(operation)", reasons: reasons)
    }
}

/// Throws unless an OpenSSL function answered 1.
func check(_ result: Int32, _ operation: StaticString) throws(CryptoError) {
    guard result == 1 else { throw .last(operation) }
}

/// Throws if an OpenSSL function answered NULL.
func made<T>(_ pointer: T?, _ operation: StaticString) throws(CryptoError) -> T {
    guard let pointer else { throw .last(operation) }
    return pointer
}
