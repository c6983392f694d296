import Kernel
import Platform

/// What people read about applications.
enum ApplicationTexts {
    static let notFound: Refusal = .notFound(
        reason: "APPLICATION_NOT_FOUND", zh: "没有找到这个办件，或者您不能看。请核对编号。",
        en: "There is no such application, or it is not yours to see. Check the number.")

    static let dataMissing: Refusal = Refusal(
        kind: .unavailable, reason: "APPLICATION_DATA_MISSING", zh: "办件流程或工作日历还没有导入，请联系管理员。",
        en: "The workflow of applications or the calendar is not imported yet. Tell your administrator.")

    static let dayIsFull: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "DAY_IS_FULL", zh: "今天的编号已用完，请明天再提交。",
        en: "The numbers of today are used up. Hand in tomorrow.")

    static let mandateNeeded: Refusal = .invalid(
        field: "mandate", reason: "MANDATE_NEEDED", zh: "工作人员代办要有申请人的委托，请填写委托编号。",
        en: "Staff apply for others with a mandate. Name it.")

    static let homeUnknown: Refusal = .wrongState(
        reason: "HOME_UNKNOWN", zh: "不知道申请人住在哪里，没法确定由哪个县区办理。请先在“我的信息”里选择居住地。",
        en:
            "It is not known where the applicant lives, and so which county handles it. Choose the home first."
    )

    static func takesNoApplications(_ item: RevisedItem) -> Refusal {
        let phone: String = item.definition.phone
        return .wrongState(
            reason: "ITEM_TAKES_NO_APPLICATIONS",
            zh: "“\(item.content.name)”不在这里申请，请按办事指南到窗口办理\(phone.isEmpty ? "" : "，电话 \(phone)")。",
            en:
                "This item is not applied for here. Its guide says where\(phone.isEmpty ? "" : "; call \(phone)")."
        )
    }

    static func departmentUnknown(_ item: RevisedItem) -> Refusal {
        .wrongState(
            reason: "DEPARTMENT_UNKNOWN", zh: "本地还没有办理“\(item.content.name)”的部门账户，请到窗口咨询。",
            en: "No department here handles this item in the system yet. Ask at a counter.")
    }

    static func itemChanged(_ item: RevisedItem) -> Refusal {
        Refusal(
            kind: .aborted, reason: "ITEM_CHANGED", zh: "“\(item.content.name)”的规定刚刚更新。请重新打开表单，核对后再提交。",
            en: "The item has changed meanwhile. Open its form again, look it over, and hand in.",
            metadata: ["item": "items/\(item.item.id)", "revision": String(item.revision)])
    }

    static func exists(_ number: String) -> Refusal {
        let spaced: String = spaced(number)
        return .wrongState(
            reason: "APPLICATION_EXISTS", zh: "同样的申请已经提交过，编号 \(spaced)，不用重复提交，可直接查进度。",
            en: "The same was handed in already, as \(spaced). Follow that one instead.",
            metadata: ["application": "applications/\(number)"])
    }

    static func levelTooLow(_ level: Int) -> Refusal {
        let how: (zh: String, en: String) =
            level >= IdentityLevel.counter.rawValue
            ? ("带身份证到便民服务中心窗口核验", "show your identity card at a counter")
            : ("在“我的信息”里用身份证号实名", "add your identity number to your account")
        return .permissionDenied(
            reason: "IDENTITY_LEVEL_TOO_LOW", zh: "办这件事要先核实身份，请先\(how.zh)，再来申请。",
            en: "The identity has to be checked first: \(how.en), then apply.",
            metadata: ["needed_level": String(level)])
    }

    static let supplementAgain: Refusal = .wrongState(
        reason: "SUPPLEMENT_ONCE", zh: "补正只能一次告知全部内容，这件已经告知过。请受理，或者说明理由不予受理。",
        en: "What is missing is said once, and it was. Take the application on, or reject it with the reason."
    )

    static let twoPeople: Refusal = .wrongState(
        reason: "SAME_PERSON", zh: "这个事项实行审受分离：受理人不能自己作决定，请由本部门另一人决定。",
        en: "Two people are needed: whoever took it on may not decide. Ask a colleague of the department.")

    static func procedureNotAllowed(_ allowed: [ItemDefinition.SpecialProcedure]) -> Refusal {
        let zh: String = allowed.map { procedure($0.kind.rawValue).zh }.joined(separator: "、")
        let en: String = allowed.map { procedure($0.kind.rawValue).en }.joined(separator: ", ")
        return .wrongState(
            reason: "PROCEDURE_NOT_ALLOWED",
            zh: allowed.isEmpty ? "这个事项没有特别程序，不能停表。" : "这个事项的特别程序只有：\(zh)。",
            en: allowed.isEmpty
                ? "The item knows no special procedure: the clock cannot be stopped."
                : "The item's special procedures are: \(en).")
    }

    static func feeDue(_ fee: ApplicationFee) -> Refusal {
        .wrongState(
            reason: "FEE_DUE", zh: "还有\(yuan(fee.amountFen))元没缴（缴费单 \(fee.number)），请先在窗口收费，再送达。",
            en:
                "\(yuan(fee.amountFen)) yuan are due (voucher \(fee.number)). Take the fee first, then deliver.",
            metadata: ["voucher": fee.number])
    }

    static let voucherNotFound: Refusal = .notFound(
        reason: "VOUCHER_NOT_FOUND", zh: "没有找到这张缴费单，或者不归您的窗口收。请核对单号。",
        en: "There is no such voucher for your counter. Check the number.")

    static func urgedAlready(_ mark: String) -> Refusal {
        let second: Bool = mark.hasSuffix("/2")
        return .wrongState(
            reason: "URGED_ALREADY",
            zh: second ? "期限的后半段已经催过一次。办理部门已收到。" : "这个阶段已经催过一次。期限过半后可以再催一次。",
            en: second
                ? "You urged in the second half of the limit already. The department knows."
                : "You urged already. You can do so once more when half of the limit is over.")
    }

    static let resumeToken: Refusal = .invalid(
        field: "resume_token", reason: "RESUME_TOKEN_INVALID", zh: "断点标记无效，请从头开始接收。",
        en: "The resume token is not valid. Begin without one.")

    static let questionUnknown: Refusal = .notFound(
        reason: "QUESTION_NOT_FOUND", zh: "这个办件没有这一项，请对照办件里列出的各项。",
        en: "The application has no such answer. Choose one of those that it lists.")

    static let nothingAskedAgain: Refusal = .wrongState(
        reason: "NOTHING_ASKED_AGAIN", zh: "这个办件现在没有要补正的内容，请看它的进度。",
        en: "Nothing is asked again of this application now. Look where it stands.")

    static let supplementEmpty: Refusal = .invalid(
        field: "answers", reason: "SUPPLEMENT_EMPTY", zh: "补正只有一次，请把部门指出的几项填好再交；不用改的，请写明原因。",
        en:
            "You can answer once: answer what was asked again, or write in the note why nothing has to change."
    )

    static let notAskedAgain: Refusal = .invalid(
        field: "answers", reason: "QUESTION_NOT_ASKED", zh: "只能补正部门指出的那几项，其他内容保持不变。",
        en: "Only what was asked for again can be answered again.")

    static let pointsMissing: Refusal = .invalid(
        field: "points", reason: "POINTS_COUNT", zh: "请写清要补什么，1到\(ApplicationRules.pointsMax)条，一次写全。",
        en: "Say what is missing: 1 to \(ApplicationRules.pointsMax) points, all at once.")

    static let procedureKind: Refusal = .invalid(
        field: "kind", reason: "PROCEDURE_KIND", zh: "请选择特别程序的种类。", en: "Choose the kind of procedure.")

    static let stateUnknown: Refusal = .invalid(
        field: "state", reason: "STATE_UNKNOWN", zh: "没有这个状态，请重新选择。", en: "There is no such state.")

    // MARK: Words

    static func spaced(_ number: String) -> String {
        do {
            return try CheckedNumber(parsing: number, kind: ApplicationRecord.number).spaced
        } catch {
            return number
        }
    }

    static func yuan(_ fen: Int64) -> String {
        let cents: String = String(100 + fen % 100).dropFirst().description
        return "\(fen / 100).\(cents)"
    }

    static func procedure(_ kind: Int) -> BilingualText {
        switch ItemDefinition.SpecialProcedure.Kind(rawValue: kind) {
        case .hearing: BilingualText(zh: "听证", en: "hearing")
        case .expertReview: BilingualText(zh: "专家评审", en: "expert review")
        case .exam: BilingualText(zh: "考试", en: "exam")
        case .inspection: BilingualText(zh: "检验检测勘验", en: "inspection")
        case .publication: BilingualText(zh: "公示", en: "publication")
        case nil: BilingualText(zh: "特别程序", en: "special procedure")
        }
    }

    /// The state, with what people need to know beside it.
    static func state(_ view: ApplicationView) -> BilingualText {
        var text: BilingualText = view.state.title
        if let run = view.record.runningProcedure {
            let name: BilingualText = procedure(run.kind)
            text.zh += "：\(name.zh)，停表中"
            text.en += ": \(name.en), the clock stands still"
        }
        if !view.record.details.blockedBy.isEmpty {
            let isWaiting: Bool = view.record.state == .waiting
            text.zh +=
                isWaiting ? "：先要办成\(view.record.details.blockedBy)" : "：\(view.record.details.blockedBy)没有办成"
            text.en +=
                isWaiting
                ? ": first \(view.record.details.blockedBy)"
                : ": \(view.record.details.blockedBy) was not granted"
        }
        return text
    }

    /// What the applicant and the agent hear after a change.
    static func message(_ change: ApplicationChange) -> (title: BilingualText, body: BilingualText) {
        let record: ApplicationRecord = change.record
        let title: BilingualText = BilingualText(
            zh: "\(record.itemText)：\(change.action.title.zh)",
            en: "\(record.itemText): \(change.action.title.en)")
        var zh: String = "办件 \(record.spacedNumber)：\(change.action.record.zh)"
        var en: String = "Application \(record.spacedNumber): \(change.action.record.en)"
        if record.agent != nil {
            zh += "（\(record.agentText)代\(record.applicantText)办理）"
            en += " (\(record.agentText) acts for \(record.applicantText))"
        }
        let isForApplicant: Bool = change.action.id != "accept"
        if isForApplicant, !change.note.isEmpty {
            zh += "\n\(change.note)"
            en += "\n\(change.note)"
        }
        if let due = record.details.supplement?.dueTime, record.state == .supplementRequested {
            let day: String = due.shanghaiDate.description
            zh += "\n请在\(day)前补齐，逾期按撤回处理。"
            en += "\nHand it in by \(day); after that it counts as taken back."
        }
        if record.state == .granted, let fee = record.fee {
            zh += "\n请到窗口缴费\(yuan(fee.amountFen))元，缴费单 \(fee.number)。"
            en += "\nPay \(yuan(fee.amountFen)) yuan at a counter, voucher \(fee.number)."
        }
        if record.state == .refused {
            zh += "\n\(Self.remedy.zh)"
            en += "\n\(Self.remedy.en)"
        }
        return (title, BilingualText(zh: zh, en: en))
    }

    /// Every refusal says it (AL 38).
    static let remedy: BilingualText = BilingualText(
        zh: "对决定不服的，可自收到之日起六十日内申请行政复议，或者六个月内向人民法院起诉。",
        en: "You may ask for an administrative review within 60 days, or go to court within six months.")

    static func feePaid(_ record: ApplicationRecord, _ fee: ApplicationFee) -> (
        title: BilingualText, body: BilingualText
    ) {
        (
            BilingualText(zh: "\(record.itemText)：已缴费", en: "\(record.itemText): fee paid"),
            BilingualText(
                zh: "办件 \(record.spacedNumber)：已缴\(yuan(fee.amountFen))元，等待送达。",
                en:
                    "Application \(record.spacedNumber): \(yuan(fee.amountFen)) yuan were paid. Delivery follows."
            )
        )
    }
}
