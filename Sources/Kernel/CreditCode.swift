/// A unified social credit code of 18 characters (统一社会信用代码, GB 32100-2015).
package struct CreditCode: Sendable, Hashable, CustomStringConvertible {
    /// The 18 characters in capitals.
    package let text: String

    package static let length: Int = 18
    /// The 31 characters that a code is made of: no I, O, S, V, Z.
    package static let alphabet: [UInt8] = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// The code that somebody typed: spaces, hyphens, full-width and small letters are forgiven.
    ///
    /// A wrong check character is not refused, since some early codes in force have one: look at `checkIsRight` and ask
    /// the person to compare. Synthetic codes are refused unless `synthetic` lets them in.
    package init(parsing input: String, synthetic: SyntheticData = .refused, field: String = "credit_code")
        throws(Refusal)
    {
        let text: String = ASCII.narrowed(input).filter { !$0.isWhitespace && $0 != "-" }.uppercased()
        let bytes: [UInt8] = Array(text.utf8)
        guard bytes.count == CreditCode.length, bytes.allSatisfy(CreditCode.alphabet.contains),
            ASCII.integer(bytes[2..<8]) != nil
        else {
            throw .invalid(
                field: field, reason: "CREDIT_CODE_INVALID",
                zh: "统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z），请核对。",
                en: "A unified social credit code has 18 digits or capitals, none of I, O, S, V, Z. Check it."
            )
        }
        self.text = text
        if isSynthetic, synthetic == .refused {
            throw .invalid(
                field: field, reason: "CREDIT_CODE_SYNTHETIC", zh: "这是演示用的信用代码，正式系统不能使用。",
                en: "This credit code is for demonstrations and cannot be used here.")
        }
    }

    /// A code that was parsed before and comes back from the store.
    package init(stored text: String) { self.text = text }

    /// The synthetic code of kind `prefix` (such as 91 for companies) with the number `sequence`.
    ///
    /// - Precondition: `prefix` is two characters of the alphabet; `sequence` lies in 0…999,999,999.
    package init(syntheticPrefix prefix: String, sequence: Int) {
        precondition((0...999_999_999).contains(sequence), "a body of nine digits")
        let body: String = prefix + SyntheticData.division + ASCII.padded(sequence, 9)
        let bytes: [UInt8] = Array(body.utf8)
        precondition(
            bytes.count == 17 && bytes.allSatisfy(CreditCode.alphabet.contains), "17 characters of a code")
        text = body + String(Unicode.Scalar(CreditCode.checkCharacter(of: bytes[...])))
    }

    /// Whether the check character is right. If not, warn and let the person compare.
    package var checkIsRight: Bool {
        let bytes: [UInt8] = Array(text.utf8)
        return bytes.count == CreditCode.length && bytes[17] == CreditCode.checkCharacter(of: bytes[0..<17])
    }

    /// The six digits of the division whose authority registered the body.
    package var division: String { String(text.dropFirst(2).prefix(6)) }
    package var isSynthetic: Bool { division == SyntheticData.division }
    package var description: String { text }

    /// What kind of body it is, by the first two characters; nil for the rarer kinds.
    package var kind: Kind? {
        switch text.prefix(2) {
        case "11": .government
        case "12": .publicInstitution
        case "51": .socialGroup
        case "52": .privateNonEnterprise
        case "54", "55": .residentsCommittee
        case "91": .company
        case "92": .soleTrader
        case "93": .cooperative
        default: nil
        }
    }

    /// The commoner kinds of bodies.
    package enum Kind: Sendable, Hashable, CaseIterable {
        case government, publicInstitution, socialGroup, privateNonEnterprise, residentsCommittee, company,
            soleTrader
        case cooperative
    }

    /// The check character of 17 characters of the alphabet: weights 3^i mod 31.
    static func checkCharacter(of characters: ArraySlice<UInt8>) -> UInt8 {
        var sum: Int = 0
        var weight: Int = 1
        for byte in characters {
            sum += (alphabet.firstIndex(of: byte) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return alphabet[(31 - sum % 31) % 31]
    }
}
