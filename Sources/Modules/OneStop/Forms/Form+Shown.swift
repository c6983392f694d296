import Kernel
import Platform

extension FormValues {
    /// An answer as people read it.
    ///
    /// - Parameter masked: whether personal parts are covered.
    static func shown(_ value: String, _ question: FormQuestion, _ context: FormContext, masked: Bool)
        -> BilingualText
    {
        func plain(_ text: String) -> BilingualText { BilingualText(zh: text, en: text) }
        switch question.kind {
        case .choice:
            let label: BilingualText? = question.choices.first { $0.value == value }?.label
            return label.map { BilingualText(zh: $0.zh, en: $0.text(in: .english)) } ?? plain(value)
        case .yesNo:
            return value == "yes" ? BilingualText(zh: "是", en: "yes") : BilingualText(zh: "否", en: "no")
        case .date:
            return CivilDate(value).map { BilingualText(zh: $0.text(in: .chinese), en: $0.description) }
                ?? plain(value)
        case .money: return plain(Int64(value).map { Fen($0).description } ?? value)
        case .file: return plain(context.files[value]?.displayName ?? value)
        case .address:
            let (place, line): (String, String) = parts(ofAddress: value)
            let names: String = context.places[place]?.pathText.replacing(" / ", with: "") ?? ""
            return plain(masked ? Masking.address(names + line) : names + line)
        case .householdMember:
            let person: KeptPerson = KeptPerson(value)
            return plain(
                masked
                    ? "\(Masking.name(person.fullName))（\(Masking.idNumber(person.idNumber))）" : person.text)
        case .idNumber: return plain(masked ? Masking.idNumber(value) : value)
        case .phone: return plain(masked ? Masking.phone(value) : value)
        case .name: return plain(masked ? Masking.name(value) : value)
        case .bankAccount: return plain(masked ? Masking.account(value) : value)
        case .text, .longText, .number, .creditCode:
            return plain(masked && question.sensitive ? Masking.account(value) : value)
        }
    }
}

/// Somebody of a household as an application keeps them, so that it does not lose them when the household changes: name of
/// the resource, whole name and ID number, each on a line.
struct KeptPerson: Sendable, Equatable {
    let name: String
    let fullName: String
    /// Empty where none is known.
    let idNumber: String

    init(_ value: String) {
        let lines: [Substring] = value.split(separator: "\n", omittingEmptySubsequences: false)
        name = lines.first.map(String.init) ?? ""
        fullName = lines.count > 1 ? String(lines[1]) : ""
        idNumber = lines.count > 2 ? String(lines[2]) : ""
    }

    init(_ person: FormPerson) {
        name = person.name
        fullName = person.fullName
        idNumber = person.idNumber ?? ""
    }

    var value: String { "\(name)\n\(fullName)\n\(idNumber)" }
    var text: String { idNumber.isEmpty ? fullName : "\(fullName)（\(idNumber)）" }
    var birthDate: CivilDate? { idNumber.isEmpty ? nil : IDNumber(stored: idNumber).birthDate }
}
