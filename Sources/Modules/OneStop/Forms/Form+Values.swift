import Kernel
import Platform

/// Answers, kind by kind: forgiving in what people type, strict in what is kept.
enum FormValues {
    static let fileName: ResourceName.Pattern = "files/{file}"
    static let placeName: ResourceName.Pattern = "organizations/{organization}"

    /// The answer as it is kept.
    ///
    /// - Parameter needsAge: whether a condition asks how old the person is.
    /// - Throws: INVALID_ARGUMENT that says what to do.
    static func checked(
        _ input: String, _ question: FormQuestion, _ context: FormContext, needsAge: Bool = false
    ) throws(Refusal) -> String {
        let field: String = question.id
        switch question.kind {
        case .text: return try TextRule(length(question)).apply(input, field: field)
        case .longText: return try TextRule(length(question), multiline: true).apply(input, field: field)
        case .idNumber:
            return try IDNumber(
                parsing: input, today: context.today, synthetic: context.synthetic, field: field
            ).text
        case .phone: return try phone(input, context, field: field)
        case .date: return try date(input, question, context).description
        case .money, .number: return String(try number(input, question))
        case .choice:
            guard question.choices.contains(where: { $0.value == input }) else {
                throw FormTexts.choice(field)
            }
            return input
        case .yesNo:
            guard input == "yes" || input == "no" else { throw FormTexts.yesNo(field) }
            return input
        case .address: return try address(input, context, field: field)
        case .file: return try file(input, question, context)
        case .householdMember:
            return try person(input, question, context, needsAge: needsAge)
        case .name: return try FullName(parsing: input, field: field).text
        case .creditCode:
            return try CreditCode(parsing: input, synthetic: context.synthetic, field: field).text
        case .bankAccount: return try bankAccount(input, field: field)
        }
    }

    private static func length(_ question: FormQuestion) -> ClosedRange<Int> {
        Int(question.bounds.lowerBound)...Int(question.bounds.upperBound)
    }

    /// A mobile number, or a landline with its area code, kept as `0356-2221234`.
    private static func phone(_ input: String, _ context: FormContext, field: String) throws(Refusal)
        -> String
    {
        let separators: Set<Character> = ["-", "—", ".", "(", ")", "·"]
        guard input.count <= PhoneNumber.maximumInputLength else { throw FormTexts.phone(field) }
        let digits: String = ASCII.narrowed(input).filter { !$0.isWhitespace && !separators.contains($0) }
        guard digits.hasPrefix("0"), !digits.hasPrefix("00") else {
            do throws(Refusal) {
                return try PhoneNumber(parsing: input, synthetic: context.synthetic, field: field).text
            } catch {
                throw error.reason == "PHONE_INVALID" ? FormTexts.phone(field) : error
            }
        }
        // Area codes have three digits for 010 and 02x, else four; numbers have seven or eight and begin with 2 to 9.
        let area: Int = digits.hasPrefix("01") || digits.hasPrefix("02") ? 3 : 4
        let local: Substring = digits.dropFirst(area)
        guard ASCII.isDigits(digits, count: (area + 7)...(area + 8)), let first = local.first,
            ("2"..."9").contains(first)
        else { throw FormTexts.phone(field) }
        return digits.prefix(area) + "-" + local
    }

    /// A day in one of the ways in which people write it.
    private static func date(
        _ input: String, _ question: FormQuestion, _ context: FormContext
    ) throws(Refusal) -> CivilDate {
        guard let date = FormValues.date(input) else { throw FormTexts.date(question.id) }
        let earliest: CivilDate? = question.earliest?.date(today: context.today)
        let latest: CivilDate? = question.latest?.date(today: context.today)
        if let earliest, date < earliest { throw FormTexts.tooEarly(question.id, earliest) }
        if let latest, date > latest { throw FormTexts.tooLate(question.id, latest) }
        return date
    }

    /// `2026-03-01`, `2026年3月1日`, `2026.3.1`, `2026/3/1` or `20260301`, full-width digits included.
    static func date(_ input: String) -> CivilDate? {
        guard input.utf8.count <= 60 else { return nil }
        let text: String = ASCII.narrowed(input).filter { !$0.isWhitespace }
        if ASCII.isDigits(text, count: 8...8) {
            let bytes: [UInt8] = Array(text.utf8)
            guard let year = ASCII.integer(bytes[0..<4]), let month = ASCII.integer(bytes[4..<6]),
                let day = ASCII.integer(bytes[6..<8])
            else { return nil }
            return CivilDate(year: year, month: month, day: day)
        }
        let separators: Set<Character> = ["-", "/", ".", "。", "年", "月", "日"]
        var parts: [Substring] = text.split(omittingEmptySubsequences: false) { separators.contains($0) }
        if parts.count == 4, parts[3].isEmpty { parts.removeLast() }
        guard parts.count == 3, parts[0].utf8.count == 4, (1...2).contains(parts[1].utf8.count),
            (1...2).contains(parts[2].utf8.count), let year = ASCII.integer(Array(parts[0].utf8)),
            let month = ASCII.integer(Array(parts[1].utf8)), let day = ASCII.integer(Array(parts[2].utf8))
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// A whole number, or money in whole fen.
    private static func number(_ input: String, _ question: FormQuestion) throws(Refusal) -> Int64 {
        let bounds: ClosedRange<Int64> = question.bounds
        let text: String = ASCII.narrowed(input).trimmed
        let digits: Substring = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let magnitude = ASCII.integer(Array(digits.utf8)) else { throw FormTexts.number(question) }
        let value: Int64 = text.hasPrefix("-") ? -Int64(magnitude) : Int64(magnitude)
        guard bounds.contains(value) else { throw FormTexts.number(question) }
        return value
    }

    /// A place and a line, with one line break between.
    private static func address(_ input: String, _ context: FormContext, field: String) throws(Refusal)
        -> String
    {
        let (place, line): (String, String) = parts(ofAddress: input)
        guard context.places[place] != nil else { throw FormTexts.place(field) }
        let rule: TextRule = TextRule(FormLimits.addressCharacters)
        do throws(Refusal) {
            return place + "\n" + (try rule.apply(line, field: field))
        } catch {
            throw error.reason == "TEXT_LENGTH" ? FormTexts.addressLine(field) : error
        }
    }

    /// The place of an address, and the line after it.
    static func parts(ofAddress value: String) -> (place: String, line: String) {
        guard let end = value.firstIndex(where: \.isNewline) else { return (value, "") }
        return (String(value[..<end]), String(value[value.index(after: end)...]))
    }

    private static func file(_ input: String, _ question: FormQuestion, _ context: FormContext)
        throws(Refusal)
        -> String
    {
        guard let file: FormFile = context.files[input] else { throw FormTexts.file(question.id) }
        guard question.contentTypes.contains(file.contentType) else { throw FormTexts.fileType(question) }
        return input
    }

    /// Somebody of the household, kept with name and ID number.
    private static func person(
        _ input: String, _ question: FormQuestion, _ context: FormContext, needsAge: Bool
    ) throws(Refusal) -> String {
        if context.kept[question.id] == input { return input }
        guard let person: FormPerson = context.person(KeptPerson(input).name) else {
            throw FormTexts.person(question.id)
        }
        let kept: KeptPerson = KeptPerson(person)
        if needsAge, kept.birthDate == nil { throw FormTexts.personWithoutAge(question.id) }
        return kept.value
    }

    private static func bankAccount(_ input: String, field: String) throws(Refusal) -> String {
        guard input.utf8.count <= 200 else { throw FormTexts.bankAccount(field) }
        let digits: String = ASCII.narrowed(input).filter { !$0.isWhitespace && $0 != "-" }
        guard ASCII.isDigits(digits, count: FormLimits.bankAccountDigits) else {
            throw FormTexts.bankAccount(field)
        }
        return digits
    }
}
