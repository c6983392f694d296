import Kernel
import Platform

/// What people read about definitions and revisions.
enum DefinitionTexts {
    static let noDraft: Refusal = .wrongState(
        reason: "NO_DRAFT", zh: "这个事项没有草稿。请先保存草稿，再发布。",
        en: "The item has no draft. Save one first, then publish it.")

    static let revisionNotFound: Refusal = .notFound(
        reason: "ITEM_REVISION_NOT_FOUND", zh: "没有这个版本。请先列出版本再选。",
        en: "There is no such revision. List the revisions first.")

    static let unfoundNotFound: Refusal = .notFound(
        reason: "UNFOUND_QUERY_NOT_FOUND", zh: "没有这条记录。请先列出没找到的词。",
        en: "There is no such record. List the words that nobody found first.")

    static func itemUnknown(_ code: String, line: Int?) -> DataProblem {
        DataProblem(
            line: line, element: code, zh: "事项目录里没有编码“\(code)”。请核对编码，或先导入目录。",
            en: "No item of the catalogue has the code '\(code)'. Check it, or import the catalogue first.")
    }

    static func itemAmbiguous(_ code: String, line: Int?) -> DataProblem {
        DataProblem(
            line: line, element: code, zh: "几个目录里都有编码“\(code)”。请在文件开头写明catalogue。",
            en: "Several catalogues have the code '\(code)'. Name the catalogue at the head of the file.")
    }

    static func limit(_ limit: ItemLimit, _ language: Language) -> String {
        switch limit {
        case .unknown: ""
        case .immediate: language == .english ? "at once" : "即办"
        case .within(let limit): limit.text(in: language)
        }
    }

    static func audience(_ audience: ItemDefinition.Audience?, _ language: Language) -> String {
        switch audience {
        case nil: ""
        case .person: language == .english ? "people" : "自然人"
        case .organization: language == .english ? "companies and other bodies" : "法人"
        case .both: language == .english ? "people and bodies" : "自然人、法人"
        }
    }

    static func material(_ material: ItemDefinition.Material, _ language: Language) -> String {
        let isEnglish: Bool = language == .english
        var facts: [String] = []
        if !material.required { facts.append(isEnglish ? "if it applies" : "视情况提供") }
        if !material.form.isEmpty { facts.append(material.form) }
        if material.copies > 0 { facts.append(isEnglish ? "×\(material.copies)" : "\(material.copies)份") }
        if !material.source.isEmpty { facts.append(material.source) }
        if !material.note.isEmpty { facts.append(material.note) }
        if facts.isEmpty { return material.label }
        return isEnglish
            ? "\(material.label) (\(facts.joined(separator: "; ")))"
            : "\(material.label)（\(facts.joined(separator: "；"))）"
    }

    static func fee(_ fee: ItemDefinition.Fee) -> String {
        let amount: String = fee.amountFen > 0 ? " \(Fen(fee.amountFen))" : ""
        return fee.note.isEmpty ? fee.label + amount : "\(fee.label)\(amount)（\(fee.note)）"
    }

    static func procedure(_ procedure: ItemDefinition.SpecialProcedure, _ language: Language) -> String {
        let label: String = procedure.label.text(in: language)
        guard let limit: TimeLimit = procedure.limit else { return label }
        return language == .english
            ? "\(label), \(limit.text(in: language))" : "\(label)，\(limit.text(in: language))"
    }

    static func identityLevel(_ level: Int, _ language: Language) -> String {
        switch IdentityLevel(rawValue: level) {
        case .phone: language == .english ? "phone" : "手机号"
        case .idNumber: language == .english ? "ID number" : "身份证号"
        case .counter: language == .english ? "in person at a counter" : "到窗口核验"
        case nil, .some(.none): ""
        }
    }
}
