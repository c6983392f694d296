internal import CArgon2
package import Kernel

/// A password that somebody chose, of acceptable length. Shows itself nowhere.
package struct Password: Sendable, CustomStringConvertible, CustomReflectable {
    /// In Unicode code points (NIST SP 800-63B section 5.1.1.2 asks for 8 at least and 64 at most or more).
    package static let length: ClosedRange<Int> = 8...128

    let bytes: [UInt8]

    /// Refused outside `length`. There is no rule about kinds of characters: such rules make passwords worse (SP 800-63B).
    package init(parsing text: String, field: String = "password") throws(Refusal) {
        guard text.utf8.count <= 4 * Password.length.upperBound,
            Password.length.contains(text.unicodeScalars.count)
        else {
            throw .invalid(
                field: field, reason: "PASSWORD_LENGTH", zh: "密码应为8到128个字符。",
                en: "A password must have 8 to 128 characters.")
        }
        bytes = Array(text.utf8)
    }

    package var description: String { "Password(hidden)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Argon2id (RFC 9106) with the parameters of the OWASP cheat sheet: 19 MiB, 2 passes, 1 lane.
///
/// A hash takes tens of milliseconds of CPU and 19 MiB by design: never call it on an event loop, and bound how many run.
package enum Argon2id {
    package static let memoryKiB: UInt32 = 19 * 1_024
    package static let passes: UInt32 = 2
    package static let lanes: UInt32 = 1
    package static let saltSize: Int = 16
    package static let hashSize: Int = 32

    /// The PHC string, `$argon2id$v=19$m=19456,t=2,p=1$…`, for the store.
    package static func hash(_ password: Password) throws(CryptoError) -> String {
        try hash(password.bytes, salt: SecureRandom.bytes(saltSize))
    }

    static func hash(
        _ bytes: [UInt8], salt: [UInt8], memoryKiB: UInt32 = memoryKiB, passes: UInt32 = passes,
        lanes: UInt32 = lanes
    ) throws(CryptoError) -> String {
        let size: Int = argon2_encodedlen(
            passes, memoryKiB, lanes, UInt32(salt.count), UInt32(hashSize), Argon2_id)
        var text: [CChar] = Array(repeating: 0, count: size)
        let result: Int32 = argon2id_hash_encoded(
            passes, memoryKiB, lanes, bytes, bytes.count, salt, salt.count, hashSize, &text, size)
        guard result == ARGON2_OK.rawValue else { throw .malformed(what: "argon2id: \(message(result))") }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether `password` is the one of the PHC string. Throws `malformed` if that is none of ours, or if its parameters
    /// would cost more than ours.
    package static func verify(_ password: Password, against phc: String) throws(CryptoError) -> Bool {
        guard let cost = parameters(of: phc), cost.memoryKiB <= memoryKiB, cost.passes <= 2 * passes,
            cost.lanes == lanes
        else { throw .malformed(what: "a password hash") }
        let result: Int32 = argon2id_verify(phc, password.bytes, password.bytes.count)
        if result == ARGON2_OK.rawValue { return true }
        if result == ARGON2_VERIFY_MISMATCH.rawValue { return false }
        throw .malformed(what: "argon2id: \(message(result))")
    }

    /// Whether the PHC string was made with other parameters than new ones are; hash again at the next sign-in.
    package static func isOutdated(_ phc: String) -> Bool {
        !phc.hasPrefix("$argon2id$v=19$m=\(memoryKiB),t=\(passes),p=\(lanes)$")
    }

    private static func parameters(of phc: String) -> (memoryKiB: Int, passes: Int, lanes: Int)? {
        let parts: [Substring] = phc.split(separator: "$")
        guard parts.count == 5, parts[0] == "argon2id", parts[1] == "v=19" else { return nil }
        let values: [Int] = zip(parts[2].split(separator: ","), ["m=", "t=", "p="]).compactMap { part, name in
            part.hasPrefix(name) ? ASCII.integer(Array(part.utf8.dropFirst(2))) : nil
        }
        return values.count == 3 ? (values[0], values[1], values[2]) : nil
    }

    private static func message(_ code: Int32) -> String { String(cString: argon2_error_message(code)) }
}
