import Kernel

/// The code that a resident shows to a partner: eleven random digits and a check digit (`Damm`), so that a slip of the
/// finger is found before anything is looked up.
struct RedemptionCode: Sendable, Hashable {
    /// The twelve digits.
    let digits: String

    static let randomDigits: Int = 11
    /// Longer inputs are not looked at.
    static let inputBytesMax: Int = 128

    /// A new code. Two may be the same; the store says so.
    init(random: any RandomSource) {
        var digits: [Int] = (0..<RedemptionCode.randomDigits).map { _ in random.integer(in: 0..<10) }
        digits.append(Damm.checkDigit(of: digits))
        self.digits = digits.map(String.init).joined()
    }

    /// The code that somebody typed; spaces, hyphens and full-width digits are forgiven.
    ///
    /// - Throws: INVALID_ARGUMENT (`REDEMPTION_CODE_INVALID`) if a digit is wrong or missing.
    init(parsing input: String) throws(Refusal) {
        var digits: [Int] = []
        for character in input.utf8.count <= RedemptionCode.inputBytesMax ? input : "" {
            if character.isWhitespace || "-—－".contains(character) { continue }
            guard let digit: Int = character.wholeNumberValue, (0...9).contains(digit) else {
                throw PointsTexts.codeInvalid
            }
            digits.append(digit)
        }
        guard digits.count == RedemptionCode.randomDigits + 1, Damm.isValid(digits) else {
            throw PointsTexts.codeInvalid
        }
        self.digits = digits.map(String.init).joined()
    }

    /// The form for people: `1234-5678-9012`.
    var grouped: String {
        let all: [Character] = Array(digits)
        return stride(from: 0, to: all.count, by: 4).map { String(all[$0..<min($0 + 4, all.count)]) }
            .joined(separator: "-")
    }
}
