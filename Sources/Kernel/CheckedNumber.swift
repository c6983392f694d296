/// A number that people read out, write down and type: a prefix for the kind, the day, a running number of the day and a
/// check digit, as in `AJ260501000127`.
///
/// The check digit (`Damm`) stands over day and running number: every single wrong digit and every swap of neighbours
/// is refused before anything is looked up. The day is that of Asia/Shanghai, in the years 2000…2099.
package struct CheckedNumber: Sendable, Hashable, CustomStringConvertible {
    /// What is numbered.
    package struct Kind: Sendable, Hashable {
        /// One to four capitals, none of them I, L or O, which people take for digits.
        package let prefix: String
        /// The name of the number in messages: `案件编号`.
        package let zh: String
        package let en: String

        /// - Precondition: `prefix` is as described.
        package init(prefix: String, zh: String, en: String) {
            let letters: [UInt8] = Array(prefix.utf8)
            let confusable: [UInt8] = Array("ILO".utf8)
            precondition(
                (1...4).contains(letters.count)
                    && letters.allSatisfy { (65...90).contains($0) && !confusable.contains($0) },
                "a prefix of one to four capitals without I, L and O")
            self.prefix = prefix
            self.zh = zh
            self.en = en
        }

        /// A case of grassroots work (案卷).
        package static let caseNumber: Kind = Kind(prefix: "AJ", zh: "案件编号", en: "case number")
        /// An application for a government service (办件).
        package static let applicationNumber: Kind = Kind(
            prefix: "BJ", zh: "办件编号", en: "application number")
        /// A certificate that a community issued (证明).
        package static let certificateNumber: Kind = Kind(
            prefix: "ZM", zh: "证明编号", en: "certificate number")
    }

    package let kind: Kind
    package let date: CivilDate
    /// 1…9,999,999.
    package let sequence: Int

    package static let years: ClosedRange<Int> = 2_000...2_099
    package static let sequences: ClosedRange<Int> = 1...9_999_999
    /// The running number is filled up to this width; a busier day makes longer numbers.
    package static let sequenceWidth: Int = 5
    /// Longer inputs are not looked at.
    package static let maximumInputLength: Int = 64

    /// - Precondition: the year of `date` lies in `years` and `sequence` in `sequences`.
    package init(kind: Kind, date: CivilDate, sequence: Int) {
        precondition(CheckedNumber.years.contains(date.year), "a day of this century")
        precondition(CheckedNumber.sequences.contains(sequence), "a running number of at most seven digits")
        self.kind = kind
        self.date = date
        self.sequence = sequence
    }

    /// The number that somebody typed. The prefix may be missing; spaces, hyphens, full-width characters and small
    /// letters are forgiven, and among the digits O stands for 0 and I or l for 1.
    package init(parsing input: String, kind: Kind, field: String = "name") throws(Refusal) {
        guard input.count <= CheckedNumber.maximumInputLength else {
            throw CheckedNumber.invalid(kind, field)
        }
        var text: String = ASCII.narrowed(input).filter { !$0.isWhitespace && $0 != "-" && $0 != "—" }
            .uppercased()
        if text.hasPrefix(kind.prefix) { text = String(text.dropFirst(kind.prefix.count)) }
        let digits: [Int] = text.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "O"): 0
            case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
            default: ASCII.digitValue(byte)
            }
        }
        guard digits.count == text.utf8.count, (12...14).contains(digits.count), Damm.isValid(digits) else {
            throw CheckedNumber.invalid(kind, field)
        }
        let number = { (part: ArraySlice<Int>) in part.reduce(0) { $0 * 10 + $1 } }
        let sequence: Int = number(digits[6..<(digits.count - 1)])
        // A longer running number than needed would give one thing two numbers.
        let width: Int = max(CheckedNumber.sequenceWidth, String(sequence).count)
        guard sequence >= 1, digits.count == 6 + width + 1,
            let date = CivilDate(
                year: 2_000 + number(digits[0..<2]), month: number(digits[2..<4]), day: number(digits[4..<6]))
        else { throw CheckedNumber.invalid(kind, field) }
        self.init(kind: kind, date: date, sequence: sequence)
    }

    /// The form for stores, names and programs: `AJ260501000127`.
    package var description: String { kind.prefix + dayText + sequenceText + String(checkDigit) }
    /// The form for people: `AJ-260501-00012-7`.
    package var spaced: String { "\(kind.prefix)-\(dayText)-\(sequenceText)-\(checkDigit)" }

    private var dayText: String {
        ASCII.padded(date.year % 100, 2) + ASCII.padded(date.month, 2) + ASCII.padded(date.day, 2)
    }
    private var sequenceText: String { ASCII.padded(sequence, CheckedNumber.sequenceWidth) }
    private var checkDigit: Int {
        Damm.checkDigit(of: (dayText + sequenceText).utf8.map { Int($0 - UInt8(ascii: "0")) })
    }

    private static func invalid(_ kind: Kind, _ field: String) -> Refusal {
        .invalid(
            field: field, reason: "NUMBER_CHECK_FAILED", zh: "\(kind.zh)不正确，请逐位核对。",
            en: "The \(kind.en) is not right. Compare it digit by digit.", metadata: ["prefix": kind.prefix])
    }
}
