import Kernel
import Platform

/// What people read about ratings.
enum RatingTexts {
    static func grade(_ grade: Int) -> BilingualText {
        switch grade {
        case 1: BilingualText(zh: "非常满意", en: "very satisfied")
        case 2: BilingualText(zh: "满意", en: "satisfied")
        case 3: BilingualText(zh: "基本满意", en: "rather satisfied")
        case 4: BilingualText(zh: "不满意", en: "dissatisfied")
        default: BilingualText(zh: "非常不满意", en: "very dissatisfied")
        }
    }

    static func state(_ rating: Rating) -> BilingualText {
        switch rating.state {
        case .rectifying where (rating.clock?.round ?? 1) > 1:
            BilingualText(zh: "待再次整改", en: "to be put right once more")
        case .rectifying: BilingualText(zh: "待整改", en: "to be put right")
        case .appealed: BilingualText(zh: "申诉中", en: "appeal under review")
        case .followUp: BilingualText(zh: "待回访", en: "put right; waits for your word")
        case .excluded: BilingualText(zh: "已剔除", en: "taken out of the figures")
        case .closed where !rating.isBad: BilingualText(zh: "已评价", en: "rated")
        case .closed where rating.confirmed == true: BilingualText(zh: "已整改，满意", en: "put right")
        case .closed where rating.confirmed == false:
            BilingualText(zh: "已整改，仍不满意", en: "closed, still not satisfied")
        case .closed: BilingualText(zh: "已整改，回访没有答复", en: "put right; no answer to the follow-up")
        }
    }

    // MARK: Refusals

    static let subjectNotFound: Refusal = .notFound(
        reason: "SUBJECT_NOT_FOUND", zh: "没有找到您办的这件事，请核对编号。",
        en: "There is no such service of yours. Check its number.")

    static let notFound: Refusal = .notFound(
        reason: "RATING_NOT_FOUND", zh: "没有找到这条评价，请从列表里选。",
        en: "There is no such rating. Choose one from the list.")

    static let byHandler: Refusal = .permissionDenied(
        reason: "RATING_BY_HANDLER", zh: "经办人不能评价自己办的事。", en: "Whoever handled it cannot rate it.")

    static let atHandlersDevice: Refusal = .permissionDenied(
        reason: "RATING_AT_HANDLERS_DEVICE", zh: "不能在经办人的设备上评价。请用自己的手机，或自助机。",
        en: "Not at the device of whoever handled it. Use your own phone, or a kiosk.")

    static let notReady: Refusal = .wrongState(
        reason: "NOT_RATABLE_YET", zh: "这件事还没办完，办完再评价。", en: "It is not done yet. Rate it afterwards.")

    static func tooLate(_ policy: RatingPolicy) -> Refusal {
        .wrongState(
            reason: "RATING_TOO_LATE", zh: "办完超过\(policy.rateWithinDays)天，不能再评价。有问题请打 12345。",
            en: "It was done more than \(policy.rateWithinDays) days ago. Call 12345 about problems.")
    }

    static let alreadyRated: Refusal = .alreadyExists(
        reason: "ALREADY_RATED", zh: "这件事已经评价过了，一件事评一次。", en: "This was rated already: one rating each.")

    static let gradeRange: Refusal = .invalid(
        field: "grade", reason: "GRADE_RANGE", zh: "请选 1 到 5：1 非常满意，5 非常不满意。",
        en: "Choose 1 to 5: 1 is very satisfied, 5 very dissatisfied.")

    static let commentNeeded: Refusal = .invalid(
        field: "comment", reason: "COMMENT_NEEDED", zh: "请写几个字，说说哪里不满意，好让部门改。",
        en: "Say in a few words what was wrong, so that it can be put right.")

    static let policyMissing: Refusal = .wrongState(
        reason: "RATING_RULES_MISSING", zh: "还没有导入评价规则。请管理员运行 linlictl import document ratings。",
        en: "No rules for ratings were imported. An operator runs linlictl import document ratings.")

    static func wrongState(_ rating: Rating) -> Refusal {
        let now: BilingualText = state(rating)
        return .wrongState(
            reason: "RATING_STATE", zh: "这条评价现在是「\(now.zh)」，不能这样操作。",
            en: "The rating is now: \(now.en). This cannot be done.",
            metadata: ["state": String(describing: rating.state)])
    }

    static let appealedOnce: Refusal = .wrongState(
        reason: "APPEALED_ONCE", zh: "已经申诉过一次，请整改。", en: "It was appealed once. Put it right.")

    static let appealTooLate: Refusal = .wrongState(
        reason: "APPEAL_TOO_LATE", zh: "已过整改期限，不能再申诉，请尽快整改。",
        en: "The deadline has passed; no appeal any more. Put it right.")

    static let reviewerInside: Refusal = .permissionDenied(
        reason: "REVIEWER_OF_DEPARTMENT", zh: "申诉要由本部门以外的人审。", en: "Somebody outside the department decides.")

    // MARK: Messages

    static func invitation(_ text: String, again: Bool) -> (title: BilingualText, body: BilingualText) {
        (
            BilingualText(
                zh: again ? "还没评价：\(text)" : "请评价：\(text)",
                en: again ? "Not rated yet: \(text)" : "Please rate: \(text)"),
            BilingualText(
                zh: "办得满意吗？一件事评一次，评的是部门，不是个人。" + (again ? "不想评也没关系，不再提醒。" : ""),
                en: "Were you satisfied? One rating each; the department is rated, not a person."
                    + (again ? " If you rather not, we shall not ask again." : ""))
        )
    }

    static func rectified(_ rating: Rating, _ policy: RatingPolicy) -> (
        title: BilingualText, body: BilingualText
    ) {
        (
            BilingualText(
                zh: "\(rating.departmentText)已整改，请回访", en: "Put right by \(rating.departmentText)?"),
            BilingualText(
                zh:
                    "您对「\(rating.subjectText)」不满意。部门说：\(rating.rectification) 改好了吗？请在\(policy.followUpDays)天内回复。",
                en: "You were not satisfied with \(rating.subjectText). The department says: "
                    + "\(rating.rectification) Is it better now? Please answer within \(policy.followUpDays) days."
            )
        )
    }

    static func reviewed(_ rating: Rating) -> (title: BilingualText, body: BilingualText) {
        rating.state == .excluded
            ? (
                BilingualText(zh: "您的评价不计入统计", en: "Your rating is not counted"),
                BilingualText(
                    zh: "部门申诉，经本部门以外的人审核：\(rating.appealDecision) 有异议请打 12345。",
                    en:
                        "The department appealed, and somebody outside of it decided: \(rating.appealDecision) "
                        + "Call 12345 if you disagree.")
            )
            : (
                BilingualText(zh: "部门的申诉没有通过", en: "The department's appeal was turned down"),
                BilingualText(zh: "您的评价有效，部门会继续整改。", en: "Your rating stands; it will be put right.")
            )
    }

    static func again(_ rating: Rating) -> (title: BilingualText, body: BilingualText) {
        (
            BilingualText(zh: "已退回部门再整改", en: "Sent back to be put right"),
            BilingualText(
                zh: "「\(rating.subjectText)」会再改一次，改好再问您。",
                en: "It will be put right once more; we ask you again.")
        )
    }

    static let tasks: [String: BilingualText] = [
        RatingTasks.rectify: BilingualText(zh: "差评待整改", en: "Bad rating to put right"),
        RatingTasks.review: BilingualText(zh: "评价申诉待审", en: "Appeal against a rating"),
    ]
}
