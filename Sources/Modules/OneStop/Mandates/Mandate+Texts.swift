import Kernel
import Platform

/// What people read about mandates.
enum MandateTexts {
    static let notFound: Refusal = .notFound(
        reason: "MANDATE_NOT_FOUND", zh: "没有找到这份委托，请在“我的委托”里核对。",
        en: "There is no such mandate of yours. Look into the list of your mandates.")

    static let revoked: Refusal = .wrongState(
        reason: "MANDATE_REVOKED", zh: "委托人已撤销这份委托，不能再用它办理。请与委托人联系。",
        en: "The principal took this mandate back. Talk to the principal.")

    static func expired(_ time: Instant) -> Refusal {
        .wrongState(
            reason: "MANDATE_EXPIRED", zh: "这份委托已于\(time.shanghaiDate.description)到期，请委托人重新委托。",
            en: "This mandate ended on \(time.shanghaiDate.description). Ask the principal for a new one.")
    }

    static func otherItem(_ item: String) -> Refusal {
        .wrongState(
            reason: "MANDATE_OTHER_ITEM", zh: "这份委托只能办“\(item)”，办别的事项请委托人另外委托。",
            en: "This mandate is for '\(item)' only. Other items need mandates of their own.")
    }

    static let validityRange: Refusal = .invalid(
        field: "validity_days", reason: "MANDATE_VALIDITY",
        zh: "委托期限应为\(MandateRules.validityDays.lowerBound)至\(MandateRules.validityDays.upperBound)天。",
        en:
            "A mandate is good for \(MandateRules.validityDays.lowerBound) to \(MandateRules.validityDays.upperBound) days."
    )

    static let agentMissing: Refusal = .invalid(
        field: "agent_phone", reason: "AGENT_MISSING", zh: "请填写受托人的手机号和姓名，或者填写代办点的账号，二者选一。",
        en: "Give the phone and the name of the person, or the account of an agency point: one of the two.")

    static let agentIsSelf: Refusal = .invalid(
        field: "agent_phone", reason: "AGENT_IS_SELF", zh: "给自己办事不用委托，直接申请即可。",
        en: "Nobody needs a mandate of their own. Just apply.")

    static let accountUnknown: Refusal = .invalid(
        field: "agent_account", reason: "AGENT_ACCOUNT_UNKNOWN", zh: "没有这个代办点账号，请向代办点核对。",
        en: "There is no such account of an agency point. Ask the agency point.")

    static let tooMany: Refusal = .exhausted(
        retryAfterSeconds: 86_400, reason: "TOO_MANY_MANDATES",
        zh: "您有\(MandateRules.openMax)份委托还有效。请先撤销不用的，再新委托。",
        en: "You have \(MandateRules.openMax) mandates running. Take back those that you do not need.")

    static let signingFailed: Refusal = .internalError(reason: "MANDATE_NOT_SIGNED")

    /// To the agent.
    static func given(_ mandate: Mandate) -> (title: BilingualText, body: BilingualText) {
        let day: String = mandate.expireTime.shanghaiDate.description
        return (
            BilingualText(zh: "有人委托您代办", en: "Somebody asks you to act for them"),
            BilingualText(
                zh: "\(mandate.principalText)委托您代办“\(mandate.itemText)”，\(day)前有效。申请时请选择这份委托。",
                en:
                    "\(mandate.principalText) asks you to apply for '\(mandate.itemText)' until \(day). Choose the mandate when you apply."
            )
        )
    }

    /// To the agent.
    static func takenBack(_ mandate: Mandate) -> (title: BilingualText, body: BilingualText) {
        (
            BilingualText(zh: "委托已撤销", en: "A mandate was taken back"),
            BilingualText(
                zh: "\(mandate.principalText)撤销了“\(mandate.itemText)”的委托。已经提交的办件继续办理。",
                en:
                    "\(mandate.principalText) took the mandate for '\(mandate.itemText)' back. What was handed in goes on."
            )
        )
    }
}
