/// Sex as an identity document states it.
package enum Sex: Sendable, Hashable, CaseIterable {
    case female
    case male
}

/// A citizen identity number of 18 characters (公民身份号码, GB 11643-1999): six digits of division, eight of birth date,
/// three of sequence and a check character 0–9 or X.
///
/// Residence permits of people from Hong Kong, Macao and Taiwan (divisions 81, 82, 83) and the permanent residence card
/// of foreigners (first digit 9) have numbers of the same form. Encrypted in the store; shown as `masked`.
package struct IDNumber: Sendable, Hashable {
    /// The 18 characters, with a capital X.
    package let text: String

    package static let length: Int = 18
    /// Nobody alive was born before this year.
    package static let earliestBirthYear: Int = 1900

    /// The number that somebody typed: spaces and full-width digits are forgiven, a small x is one.
    ///
    /// `today` is the last possible birth date. Synthetic numbers are refused unless `synthetic` lets them in.
    package init(
        parsing input: String, today: CivilDate, synthetic: SyntheticData = .refused,
        field: String = "id_number"
    ) throws(Refusal) {
        let text: String = ASCII.narrowed(input).filter { !$0.isWhitespace }.uppercased()
        let bytes: [UInt8] = Array(text.utf8)
        if ASCII.isDigits(text, count: 15...15) { throw IDNumber.refused(.fifteenDigits, field) }
        guard bytes.count == IDNumber.length, ASCII.integer(bytes[0..<17]) != nil,
            ASCII.digitValue(bytes[17]) != nil || bytes[17] == UInt8(ascii: "X")
        else { throw IDNumber.refused(.form, field) }
        guard bytes[17] == IDNumber.checkCharacter(of: bytes[0..<17]) else {
            throw IDNumber.refused(.checkCharacter, field)
        }
        guard let birth = IDNumber.birthDate(bytes), birth.year >= IDNumber.earliestBirthYear, birth <= today
        else { throw IDNumber.refused(.birthDate, field) }
        guard IDNumber.isDivision(text) else { throw IDNumber.refused(.division, field) }
        if text.hasPrefix(SyntheticData.division), synthetic == .refused {
            throw IDNumber.refused(.synthetic, field)
        }
        self.text = text
    }

    /// The synthetic number of somebody born on `birth` with the sequence number `sequence`.
    ///
    /// - Precondition: `sequence` lies in 0…999; the year of `birth` in 1900…9999.
    package init(syntheticBornOn birth: CivilDate, sequence: Int) {
        precondition((0...999).contains(sequence), "a sequence of three digits")
        let date: String = birth.description.filter { $0 != "-" }
        let body: String = SyntheticData.division + date + ASCII.padded(sequence, 3)
        let check: UInt8 = IDNumber.checkCharacter(of: Array(body.utf8)[...])
        text = body + String(Unicode.Scalar(check))
    }

    /// A number that was parsed before and comes back from the store.
    package init(stored text: String) { self.text = text }

    /// The six digits of the division in which the number was given out (GB/T 2260 of that year).
    package var division: String { String(text.prefix(6)) }
    package var isSynthetic: Bool { text.hasPrefix(SyntheticData.division) }
    package var sex: Sex { (text.utf8.dropFirst(16).first ?? 0).isMultiple(of: 2) ? .female : .male }
    /// Nil only for a stored text that was never parsed.
    package var birthDate: CivilDate? { IDNumber.birthDate(Array(text.utf8)) }

    /// `1405************2X`: the prefecture and the last two characters, enough for somebody to recognise the own number.
    /// The usual longer form (first six, last four) leaves only the birth date open, and the check character then rules
    /// out ten of eleven dates.
    package var masked: String { Masking.idNumber(text) }

    private static func birthDate(_ bytes: [UInt8]) -> CivilDate? {
        guard bytes.count == length, let year = ASCII.integer(bytes[6..<10]),
            let month = ASCII.integer(bytes[10..<12]), let day = ASCII.integer(bytes[12..<14])
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// The check character of 17 digits (GB 11643 = ISO 7064 MOD 11-2).
    static func checkCharacter(of digits: ArraySlice<UInt8>) -> UInt8 {
        let weights: [Int] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum: Int = zip(digits, weights).reduce(0) { $0 + Int($1.0 - UInt8(ascii: "0")) * $1.1 }
        return Array("10X98765432".utf8)[sum % 11]
    }

    /// The provinces of GB/T 2260 and the numbers of residence permits; the counties changed too often since 1984 to be
    /// checked.
    private static func isDivision(_ text: String) -> Bool {
        let provinces: Set<Substring> = [
            "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
            "42", "43",
            "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
            "83",
        ]
        return text.hasPrefix("9") || provinces.contains(text.prefix(2))
    }

    private enum Problem { case fifteenDigits, form, checkCharacter, birthDate, division, synthetic }

    private static func refused(_ problem: Problem, _ field: String) -> Refusal {
        let (reason, zh, en): (String, String, String) =
            switch problem {
            case .fifteenDigits:
                (
                    "ID_NUMBER_15_DIGITS", "15位的旧身份证号码已停用，请填写18位的公民身份号码。",
                    "Identity numbers of 15 digits are out of use. Write the number of 18 characters."
                )
            case .form:
                (
                    "ID_NUMBER_INVALID", "身份证号码应为18位：17位数字，末位是数字或X。",
                    "An identity number has 18 characters: 17 digits, then a digit or X."
                )
            case .checkCharacter:
                (
                    "ID_NUMBER_CHECK_FAILED", "身份证号码校验不通过，请逐位核对。",
                    "The identity number does not check. Compare it digit by digit."
                )
            case .birthDate:
                (
                    "ID_NUMBER_BIRTH_DATE", "身份证号码中的出生日期不正确，请核对。",
                    "The birth date in the identity number is not possible. Check the number."
                )
            case .division:
                (
                    "ID_NUMBER_DIVISION", "身份证号码前六位的行政区划不存在，请核对。",
                    "The first six digits of the identity number are no division. Check the number."
                )
            case .synthetic:
                (
                    "ID_NUMBER_SYNTHETIC", "这是演示用的身份证号码，正式系统不能使用。",
                    "This identity number is for demonstrations and cannot be used here."
                )
            }
        return .invalid(field: field, reason: reason, zh: zh, en: en)
    }
}

extension IDNumber: CustomStringConvertible, CustomReflectable {
    /// The masked form, so that no log shows the number by accident.
    package var description: String { masked }
    package var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}
