import Kernel
import Platform

/// What people read while they fill a form.
enum FormTexts {
    static func questionUnknown(_ id: String) -> FormProblem {
        FormProblem(
            question: id, reason: "QUESTION_UNKNOWN",
            text: BilingualText(
                zh: "表单里没有这个问题。表单可能刚更新，请重新打开再填。",
                en: "The form has no such question. It may have changed: open it again."))
    }

    static func choice(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "CHOICE_UNKNOWN", zh: "请从列出的选项里选一个。",
            en: "Choose one of the answers on the list.")
    }

    static func yesNo(_ field: String) -> Refusal {
        .invalid(field: field, reason: "YES_OR_NO", zh: "请回答“是”或“否”。", en: "Answer yes or no.")
    }

    static func phone(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "PHONE_INVALID",
            zh: "请填11位手机号码；座机要带区号，例如0356-2221234。",
            en: "Write a mobile number of 11 digits, or a landline with its area code, such as 0356-2221234.")
    }

    static func date(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "DATE_INVALID", zh: "日期不对。请写成2026年3月1日，或者20260301。",
            en: "There is no such day. Write it like 2026-03-01 or 20260301.")
    }

    static func tooEarly(_ field: String, _ earliest: CivilDate) -> Refusal {
        .invalid(
            field: field, reason: "DATE_TOO_EARLY",
            zh: "日期太早了，最早可填\(earliest.text(in: .chinese))。请核对。",
            en: "The day is too early; the first that can be given is \(earliest). Check it.")
    }

    static func tooLate(_ field: String, _ latest: CivilDate) -> Refusal {
        .invalid(
            field: field, reason: "DATE_TOO_LATE",
            zh: "日期太晚了，最晚可填\(latest.text(in: .chinese))。请核对。",
            en: "The day is too late; the last that can be given is \(latest). Check it.")
    }

    static func number(_ question: FormQuestion) -> Refusal {
        let bounds: ClosedRange<Int64> = question.bounds
        if question.kind == .money {
            let low: Fen = Fen(bounds.lowerBound)
            let high: Fen = Fen(bounds.upperBound)
            return .invalid(
                field: question.id, reason: "MONEY_OUT_OF_RANGE", zh: "金额应在\(low)到\(high)之间，请核对。",
                en: "The amount has to lie between \(low) and \(high). Check it.")
        }
        return .invalid(
            field: question.id, reason: "NUMBER_OUT_OF_RANGE",
            zh: "请填\(bounds.lowerBound)到\(bounds.upperBound)之间的整数，只写数字。",
            en: "Write a whole number from \(bounds.lowerBound) to \(bounds.upperBound), digits only.")
    }

    static func place(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "PLACE_UNKNOWN", zh: "没有找到这个地方，请从列表里一级一级选到街道或社区。",
            en: "There is no such place. Choose it from the lists, level by level.")
    }

    static func addressLine(_ field: String) -> Refusal {
        let range: ClosedRange<Int> = FormLimits.addressCharacters
        return .invalid(
            field: field, reason: "ADDRESS_LINE",
            zh: "请写清路名、门牌或小区楼号，\(range.lowerBound)到\(range.upperBound)个字。",
            en:
                "Write street and number, or estate and house: \(range.lowerBound) to \(range.upperBound) characters."
        )
    }

    static func file(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "FILE_UNKNOWN", zh: "这份材料没有上传成功，或者已经用在别处。请重新上传。",
            en: "This file was not uploaded by you, or is in use elsewhere. Upload it again.")
    }

    static func fileType(_ question: FormQuestion) -> Refusal {
        let names: String = question.contentTypes.map(fileTypeName).joined(separator: "、")
        let english: String = question.contentTypes.joined(separator: ", ")
        return .invalid(
            field: question.id, reason: "FILE_TYPE", zh: "这里要交\(names)，请换一份再上传。",
            en: "This has to be of type \(english). Upload another file.")
    }

    private static func fileTypeName(_ contentType: String) -> String {
        switch contentType {
        case "image/jpeg": "JPG照片"
        case "application/pdf": "PDF文件"
        default: contentType
        }
    }

    static func person(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "PERSON_UNKNOWN", zh: "您的家庭成员里没有这个人。请先在“我的家人”里添加，再来选。",
            en: "There is nobody like that in your household. Add the person to it first, then choose.")
    }

    static func personWithoutAge(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "PERSON_WITHOUT_ID_NUMBER",
            zh: "这件事要看年龄，还不知道身份证号。请先做实名认证，再来办。",
            en: "This depends on age, and the ID number is not known yet. Verify your identity first.")
    }

    static func bankAccount(_ field: String) -> Refusal {
        let range: ClosedRange<Int> = FormLimits.bankAccountDigits
        return .invalid(
            field: field, reason: "BANK_ACCOUNT_INVALID",
            zh: "银行账号应为\(range.lowerBound)到\(range.upperBound)位数字，请照着卡片核对。",
            en:
                "A bank account has \(range.lowerBound) to \(range.upperBound) digits. Compare it with the card."
        )
    }

    // MARK: Applying

    static let formsMissing: Refusal = .wrongState(
        reason: "FORMS_MISSING", zh: "还没有导入表单。请管理员运行 linlictl import document forms。",
        en: "No forms were imported yet. An operator runs linlictl import document forms.")
    static let tooManyAnswers: Refusal = .invalid(
        field: "answers", reason: "TOO_MANY_ANSWERS", zh: "答案太多了，请重新打开表单再填。",
        en: "There are too many answers. Open the form again.")

    static func answeredTwice(_ question: String) -> FormProblem {
        FormProblem(
            question: question, reason: "ANSWERED_TWICE",
            text: BilingualText(
                zh: "同一个问题答了两次，请只留一个答案。", en: "The question is answered twice. Keep one answer."))
    }

    static func nothingKnown(_ question: String) -> FormProblem {
        FormProblem(
            question: question, reason: "NOTHING_KNOWN",
            text: BilingualText(
                zh: "以前填过的内容已经没有了，请重新填写。", en: "What was known is there no more. Please answer again."))
    }

    static func missing(_ question: FormQuestion) -> FieldViolation {
        FieldViolation(
            field: question.id, reason: "ANSWER_MISSING", zh: "还没有填“\(question.label.zh)”，请补上。",
            en: "'\(question.label.text(in: .english))' is not answered yet.")
    }

    static func notEligible(_ rules: [EligibilityRule]) -> Refusal {
        let zh: [String] = rules.map { rule in
            let basis: String = rule.legalBasis.isEmpty ? "" : "（依据：\(rule.legalBasis)）"
            return "不符合“\(rule.text.zh)”\(basis)。\(rule.advice.zh)"
        }
        let en: [String] = rules.map { rule in
            let basis: String = rule.legalBasis.isEmpty ? "" : " (\(rule.legalBasis))"
            return
                "This does not hold: \(rule.text.text(in: .english))\(basis). \(rule.advice.text(in: .english))"
        }
        return .wrongState(
            reason: "NOT_ELIGIBLE", zh: zh.joined(), en: en.joined(separator: " "),
            metadata: ["rules": rules.map(\.id).joined(separator: ",")])
    }

    // MARK: Origins
    // Read by whom they are about, by whoever acts for that person, and by who decides: nobody is addressed.

    static let originAccount: BilingualText = BilingualText(zh: "来自账号", en: "from the account")
    static let originHousehold: BilingualText = BilingualText(
        zh: "来自登记的家庭成员", en: "from the registered household")

    static func origin(item: String, _ date: CivilDate) -> BilingualText {
        BilingualText(
            zh: "\(date.text(in: .chinese))办理“\(item)”时填写",
            en: "given on \(date) in applying for \(item)")
    }
}
