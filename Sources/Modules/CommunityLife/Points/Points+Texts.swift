import Kernel
import Platform

/// What people read about points.
enum PointsTexts {
    static let returnedPrefix: BilingualText = BilingualText(
        zh: "兑换码到期未用，积分退回", en: "code not used in time, points returned")

    static func returned(_ redemption: Redemption) -> BilingualText {
        BilingualText(
            zh: "\(returnedPrefix.zh)：\(redemption.label.zh)",
            en: "\(returnedPrefix.en): \(redemption.label.text(in: .english))")
    }

    static let expired: BilingualText = BilingualText(zh: "积分到期", en: "points expired")

    static func redeemed(_ offer: PointsCatalogue.Offer) -> BilingualText {
        BilingualText(zh: "兑换：\(offer.title.zh)", en: "redeemed: \(offer.title.text(in: .english))")
    }

    static func reversed(_ entry: LedgerEntry, reason: String) -> BilingualText {
        BilingualText(
            zh: "冲正“\(entry.reason.zh)”：\(reason)",
            en: "reversal of '\(entry.reason.text(in: .english))': \(reason)")
    }

    static func earnedMessage(_ entry: LedgerEntry, number: String) -> (
        title: BilingualText, body: BilingualText
    ) {
        let sign: String = entry.points > 0 ? "+" : ""
        let about: BilingualText = BilingualText(
            zh: number.isEmpty ? "" : "案件\(number)：", en: number.isEmpty ? "" : "Case \(number): ")
        return (
            BilingualText(zh: "积分 \(sign)\(entry.points)", en: "Points \(sign)\(entry.points)"),
            BilingualText(
                zh: "\(about.zh)\(entry.reason.zh)，\(sign)\(entry.points)分。您现在有\(entry.balanceAfter)分。",
                en: "\(about.en)\(entry.reason.text(in: .english)), \(sign)\(entry.points) points. "
                    + "You have \(entry.balanceAfter) now.")
        )
    }

    static func cappedMessage(_ rule: PointsCatalogue.Rule, number: String) -> (
        title: BilingualText, body: BilingualText
    ) {
        (
            BilingualText(zh: "谢谢您，本期积分已达上限", en: "Thank you; the cap of points is reached"),
            BilingualText(
                zh: "案件\(number)：\(rule.title.zh)。您在这一项上的积分已到上限，这次不再加分。",
                en: "Case \(number): \(rule.title.text(in: .english)). You have reached the cap for this; "
                    + "no more points this time.")
        )
    }

    static func reversedMessage(_ entry: LedgerEntry) -> (title: BilingualText, body: BilingualText) {
        let sign: String = entry.points > 0 ? "+" : ""
        return (
            BilingualText(
                zh: "积分更正 \(sign)\(entry.points)", en: "Points corrected: \(sign)\(entry.points)"),
            BilingualText(
                zh: "\(entry.reason.zh)。您现在有\(entry.balanceAfter)分。如有疑问，请联系社区。",
                en:
                    "\(entry.reason.en). You have \(entry.balanceAfter) now. Ask your community if this is not right."
            )
        )
    }

    static let rulesMissing: Refusal = .wrongState(
        reason: "POINTS_RULES_MISSING", zh: "积分规则还没有公布，请稍后再试。",
        en: "The rules of points are not published yet. Try again later.")

    static let offerNotFound: Refusal = .notFound(
        reason: "OFFER_NOT_FOUND", zh: "没有这项兑换，请从列表里选。",
        en: "There is no such offer. Choose one from the list.")

    static let tooManyOpen: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "TOO_MANY_OPEN_REDEMPTIONS",
        zh: "您有\(PointsRules.openRedemptionsMax)个兑换码还没用。请先去领取。",
        en: "You have \(PointsRules.openRedemptionsMax) codes that are not used. Use some first.")

    static func soldOut(_ offer: PointsCatalogue.Offer) -> Refusal {
        .wrongState(
            reason: "OFFER_USED_UP", zh: "“\(offer.title.zh)”本月已兑完，请下月再来，或换一项。",
            en: "This offer is used up for the month. Come again next month, or choose another.",
            metadata: ["offer": offer.id])
    }

    static func tooFew(_ offer: PointsCatalogue.Offer, balance: Int64) -> Refusal {
        .wrongState(
            reason: "POINTS_TOO_FEW", zh: "这项要\(offer.points)分，您现在有\(balance)分，还不够。",
            en: "This costs \(offer.points) points; you have \(balance).",
            metadata: ["points": String(offer.points), "balance": String(balance)])
    }

    static let codeInvalid: Refusal = .invalid(
        field: "code", reason: "REDEMPTION_CODE_INVALID", zh: "兑换码不正确，应为12位数字，请逐位核对。",
        en: "The code is not right: it has 12 digits. Compare it digit by digit.")

    static let codeNotFound: Refusal = .notFound(
        reason: "REDEMPTION_NOT_FOUND", zh: "没有这个兑换码，请让居民再出示一次。",
        en: "There is no such code. Ask to see it again.")

    static let codeUsed: Refusal = .wrongState(
        reason: "REDEMPTION_USED", zh: "这个兑换码已经用过了，不能再领。",
        en: "This code was used before. Do not hand over again.")

    static let codeExpired: Refusal = .wrongState(
        reason: "REDEMPTION_EXPIRED", zh: "这个兑换码已过期，积分已退回，请居民重新兑换。",
        en: "This code has expired and the points went back. The resident can redeem again.")

    static let entryNotFound: Refusal = .notFound(
        reason: "POINTS_ENTRY_NOT_FOUND", zh: "没有这条积分记录，请核对后再试。",
        en: "There is no such entry. Check its name.")

    static let subjectMissing: Refusal = .invalid(
        field: "subject", reason: "POINTS_SUBJECT_MISSING", zh: "请写明是哪件事的积分，比如 cases/案件编号。个人的积分不能逐条查看。",
        en: "Say about which matter, such as cases/ and the number. Nobody can list what a person has.")

    static let notReversible: Refusal = .wrongState(
        reason: "POINTS_ENTRY_NOT_REVERSIBLE", zh: "只能冲正按规则加的或扣的积分。",
        en: "Only entries that a rule made can be reversed.")

    static let reversedBefore: Refusal = .wrongState(
        reason: "POINTS_ENTRY_REVERSED", zh: "这条积分记录已经冲正过了。", en: "This entry was reversed before.")

    static let nothingLeft: Refusal = .wrongState(
        reason: "POINTS_USED_UP", zh: "这位居民已经没有可扣的积分，未作冲正。",
        en: "There are no points left to take. Nothing was reversed.")
}
