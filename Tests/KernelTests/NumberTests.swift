import Kernel
import Testing

private let today: CivilDate = CivilDate(daysSinceEpoch: 20_574)  // 2026-05-01

/// The reason with which `body` is refused; nil if it is not.
func reason(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    } catch {
        return "\(error)"
    }
}

@Suite struct IDNumberTests {
    @Test(arguments: [
        "11010519491231002X", "11010519491231002x", " 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ",
    ])
    func readsWhatPeopleType(_ text: String) throws {
        let number: IDNumber = try IDNumber(parsing: text, today: today)
        #expect(number.text == "11010519491231002X" && number.division == "110105")
        #expect(number.birthDate?.description == "1949-12-31" && number.sex == .female)
        #expect(number.masked == "1101************2X" && "\(number)" == number.masked && !number.isSynthetic)
    }

    @Test(arguments: [
        ("110105491231002", "ID_NUMBER_15_DIGITS"), ("1101051949123100", "ID_NUMBER_INVALID"),
        ("", "ID_NUMBER_INVALID"),
        ("110105194912310021", "ID_NUMBER_CHECK_FAILED"), ("1X0105194912310021", "ID_NUMBER_INVALID"),
        ("11010519491231002Y", "ID_NUMBER_INVALID"), ("11010519491231002Xx", "ID_NUMBER_INVALID"),
    ])
    func saysWhatIsWrong(_ text: String, _ expected: String) {
        #expect(reason { _ = try IDNumber(parsing: text, today: today) } == expected)
    }

    @Test func everyWrongDigitAndSwapOfNeighboursIsFound() {
        let right: [Character] = Array("11010519491231002X")
        for index in right.indices {
            for other in "0123456789X" where other != right[index] {
                var wrong: [Character] = right
                wrong[index] = other
                #expect(throws: Refusal.self) { try IDNumber(parsing: String(wrong), today: today) }
            }
            guard index + 1 < right.count, right[index] != right[index + 1] else { continue }
            var swapped: [Character] = right
            swapped.swapAt(index, index + 1)
            #expect(throws: Refusal.self) { try IDNumber(parsing: String(swapped), today: today) }
        }
    }

    @Test func birthLiesBetween1900AndToday() throws {
        let cases: [(String, Bool)] = [
            ("1899-12-31", false), ("1900-01-01", true), ("2026-05-01", true), ("2026-05-02", false),
        ]
        for (day, accepted) in cases {
            let number: IDNumber = IDNumber(syntheticBornOn: try #require(CivilDate(day)), sequence: 17)
            let answer: String? = reason {
                _ = try IDNumber(parsing: number.text, today: today, synthetic: .allowed)
            }
            #expect(answer == (accepted ? nil : "ID_NUMBER_BIRTH_DATE"))
        }
    }

    @Test func syntheticPeopleNeedPermission() throws {
        let number: IDNumber = IDNumber(syntheticBornOn: today.adding(days: -9_000), sequence: 123)
        #expect(number.isSynthetic && number.division == SyntheticData.division && number.sex == .male)
        #expect(reason { _ = try IDNumber(parsing: number.text, today: today) } == "ID_NUMBER_SYNTHETIC")
        #expect(try IDNumber(parsing: number.text, today: today, synthetic: .allowed) == number)
    }

    @Test func unknownProvincesAreRefused() throws {
        // 990101… begins with 9, as permanent residence cards do; 160101… is no province.
        #expect(
            reason { _ = try IDNumber(parsing: withCheck("16010119900101123"), today: today) }
                == "ID_NUMBER_DIVISION")
        #expect(reason { _ = try IDNumber(parsing: withCheck("93315619900101123"), today: today) } == nil)
        #expect(reason { _ = try IDNumber(parsing: withCheck("81000019900101123"), today: today) } == nil)
    }

    /// Finds the check character by trying all.
    private func withCheck(_ body: String) -> String {
        "0123456789X".map { body + String($0) }.first { text in
            reason { _ = try IDNumber(parsing: text, today: today) } != "ID_NUMBER_CHECK_FAILED"
        } ?? ""
    }
}

@Suite struct CreditCodeTests {
    @Test func readsWhatPeopleType() throws {
        // The example of GB 32100-2015.
        let code: CreditCode = try CreditCode(parsing: "91350100m000100y43")
        #expect(code.text == "91350100M000100Y43" && code.checkIsRight)
        #expect(code.division == "350100" && code.kind == .company)
    }

    @Test func aWrongCheckCharacterIsOnlyAWarning() throws {
        #expect(try !CreditCode(parsing: "91350100M000100Y44").checkIsRight)
    }

    @Test(arguments: [
        "91350100M000100Y4", "91350100M000100Y433", "91350100I000100Y43", "9135010AM000100Y43", "",
    ])
    func refusesWhatIsNoCode(_ text: String) {
        #expect(reason { _ = try CreditCode(parsing: text) } == "CREDIT_CODE_INVALID")
    }

    @Test func everyWrongCharacterIsFoundByTheCheck() throws {
        let right: [Character] = Array("91350100M000100Y43")
        let alphabet: [Character] = Array(String(decoding: CreditCode.alphabet, as: UTF8.self))
        #expect(alphabet.count == 31 && Set(alphabet).isDisjoint(with: "IOSVZ"))
        for index in right.indices {
            for other in alphabet where other != right[index] {
                var wrong: [Character] = right
                wrong[index] = other
                guard let code = try? CreditCode(parsing: String(wrong), synthetic: .allowed) else {
                    continue
                }
                #expect(!code.checkIsRight)
            }
        }
    }

    @Test func syntheticFirmsNeedPermission() throws {
        let code: CreditCode = CreditCode(syntheticPrefix: "92", sequence: 41)
        #expect(code.checkIsRight && code.isSynthetic && code.kind == .soleTrader)
        #expect(reason { _ = try CreditCode(parsing: code.text) } == "CREDIT_CODE_SYNTHETIC")
        #expect(try CreditCode(parsing: code.text, synthetic: .allowed) == code)
    }
}

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        "13912345678", "+86 139 1234 5678", "0086-139-1234-5678", "86 13912345678", "１３９１２３４５６７８",
        "(139)1234.5678",
    ])
    func readsWhatPeopleType(_ text: String) throws {
        let phone: PhoneNumber = try PhoneNumber(parsing: text)
        #expect(phone.text == "13912345678" && phone.e164 == "+8613912345678")
        #expect(
            phone.masked == "139****5678" && "\(phone)" == "139****5678"
                && String(reflecting: phone) == "139****5678")
    }

    @Test(arguments: [
        "1391234567", "139123456789", "12912345678", "23912345678", "139123a5678", "", "+1 13912345678", "86",
        String(repeating: " ", count: 30) + "13912345678",
    ])
    func refusesOtherNumbers(_ text: String) {
        #expect(reason { _ = try PhoneNumber(parsing: text) } == "PHONE_INVALID")
    }

    @Test func longInputsAreNotLookedAt() {
        let blanks: Int = PhoneNumber.maximumInputLength - PhoneNumber.length
        #expect(
            reason { _ = try PhoneNumber(parsing: String(repeating: " ", count: blanks) + "13912345678") }
                == nil)
    }

    @Test func syntheticPhonesNeedPermission() throws {
        let phone: PhoneNumber = PhoneNumber(syntheticSequence: 42)
        #expect(phone.text == "10000000042" && phone.isSynthetic)
        #expect(reason { _ = try PhoneNumber(parsing: phone.text) } == "PHONE_SYNTHETIC")
        #expect(try PhoneNumber(parsing: phone.text, synthetic: .allowed) == phone)
    }
}

@Suite struct CheckedNumberTests {
    private static let number: CheckedNumber = CheckedNumber(
        kind: .caseNumber, date: CivilDate(daysSinceEpoch: 20_574), sequence: 12)

    @Test func hasAFormForProgramsAndOneForPeople() throws {
        let text: String = Self.number.description
        #expect(text.hasPrefix("AJ26050100012") && text.count == 14)
        #expect(Self.number.spaced == "AJ-260501-00012-\(text.suffix(1))")
        // The example of Damm's article.
        #expect(Damm.checkDigit(of: [5, 7, 2]) == 4 && Damm.isValid([5, 7, 2, 4]))
    }

    @Test func forgivesWhatPeopleType() throws {
        let text: String = Self.number.description
        let digits: String = String(text.dropFirst(2))
        let typed: [String] = [
            text, text.lowercased(), Self.number.spaced, " \(text) ", digits,
            digits.replacing("0", with: "O"),
            digits.replacing("0", with: "o").replacing("1", with: "l"), "ＡＪ－２６０５０１－" + digits.dropFirst(6),
        ]
        for input in typed { #expect(try CheckedNumber(parsing: input, kind: .caseNumber) == Self.number) }
    }

    @Test func everyWrongDigitAndSwapOfNeighboursIsFound() throws {
        let random: SeededRandom = SeededRandom(seed: 5)
        var accepted: [String] = []
        let tryOut = { (digits: [Character]) in
            let text: String = String(digits)
            if reason({ _ = try CheckedNumber(parsing: text, kind: .caseNumber) }) == nil {
                accepted.append(text)
            }
        }
        for _ in 0..<100 {
            let date: CivilDate = CivilDate(daysSinceEpoch: 20_000 + random.integer(in: 0..<9_000))
            let number: CheckedNumber = CheckedNumber(
                kind: .caseNumber, date: date, sequence: random.integer(in: 1..<9_999_999))
            let digits: [Character] = Array(number.description.dropFirst(2))
            #expect(try CheckedNumber(parsing: String(digits), kind: .caseNumber) == number)
            for index in digits.indices {
                for other in "0123456789" where other != digits[index] {
                    var wrong: [Character] = digits
                    wrong[index] = other
                    tryOut(wrong)
                }
                guard index + 1 < digits.count, digits[index] != digits[index + 1] else { continue }
                var swapped: [Character] = digits
                swapped.swapAt(index, index + 1)
                tryOut(swapped)
            }
        }
        #expect(accepted.isEmpty)
    }

    @Test func dammFindsThemInAllNumbersOfFourDigits() {
        var missed: [[Int]] = []
        for value in 0..<10_000 {
            let body: [Int] = [value / 1_000, value / 100 % 10, value / 10 % 10, value % 10]
            let digits: [Int] = body + [Damm.checkDigit(of: body)]
            if !Damm.isValid(digits) { missed.append(digits) }
            for index in digits.indices {
                var wrong: [Int] = digits
                for other in 0...9 where other != digits[index] {
                    wrong[index] = other
                    if Damm.isValid(wrong) { missed.append(wrong) }
                }
                guard index > 0, digits[index] != digits[index - 1] else { continue }
                var swapped: [Int] = digits
                swapped.swapAt(index, index - 1)
                if Damm.isValid(swapped) { missed.append(swapped) }
            }
        }
        #expect(missed.isEmpty)
    }

    @Test func sequencesHaveTwoEnds() throws {
        for sequence in [1, 99_999, 100_000, 9_999_999] {
            let number: CheckedNumber = CheckedNumber(
                kind: .caseNumber, date: Self.number.date, sequence: sequence)
            #expect(try CheckedNumber(parsing: number.description, kind: .caseNumber) == number)
        }
        // A check digit that is right does not help a running number 0, a day that is none, or too many digits.
        for body in ["26050100000", "26023000012", "260501000012", "26050112345678"] {
            let digits: [Int] = body.utf8.map { Int($0) - 48 }
            let text: String = body + String(Damm.checkDigit(of: digits))
            #expect(throws: Refusal.self) { try CheckedNumber(parsing: text, kind: .caseNumber) }
        }
    }

    @Test func anotherKindIsRefused() {
        let kind: CheckedNumber.Kind = CheckedNumber.Kind(prefix: "DD", zh: "订单编号", en: "order number")
        #expect(
            reason { _ = try CheckedNumber(parsing: Self.number.description, kind: kind) }
                == "NUMBER_CHECK_FAILED")
    }
}
