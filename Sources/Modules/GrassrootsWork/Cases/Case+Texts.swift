import Kernel

/// Refusals of cases that are not the workflow's own. Each says what to do next.
enum CaseTexts {
    /// The same words whether it exists or lies outside the caller's scope.
    static func notFound(_ number: String) -> Refusal {
        .notFound(
            reason: "CASE_NOT_FOUND", zh: "您的管辖范围内没有编号为\(number)的案件，请核对编号。",
            en: "There is no case \(number) in your scope. Check the number.", metadata: ["number": number])
    }

    static func categoryUnknown(_ id: String) -> Refusal {
        .invalid(
            field: "category", reason: "CATEGORY_UNKNOWN", zh: "没有这个类别，请从类别表中选择；都不合适就选“其他”。",
            en: "There is no such category. Choose one of the list, or 'other'.", metadata: ["category": id])
    }

    static func gridUnsuitable(_ code: String) -> Refusal {
        .invalid(
            field: "grid", reason: "GRID_UNSUITABLE", zh: "请选择网格，或所在的村、社区。",
            en: "Choose a grid, or the village or community.", metadata: ["organization": code])
    }

    static let gridOutOfScope: Refusal = .permissionDenied(
        reason: "GRID_OUT_OF_SCOPE", zh: "该地点不在您的管辖范围内，请选择您负责的网格或社区。",
        en: "This place lies outside your scope. Choose a grid or community of yours.")

    static let channelUnsuitable: Refusal = .invalid(
        field: "channel", reason: "CHANNEL_UNSUITABLE", zh: "来源请选巡查、窗口或电话。",
        en: "Choose patrol, counter or phone as the channel.")

    static let reporterMissing: Refusal = .invalid(
        field: "reporter_name", reason: "REPORTER_MISSING", zh: "代他人登记时，请填写反映人的姓名和电话。",
        en: "Give name and phone of the person for whom you file this.")

    static let reporterUnexpected: Refusal = .invalid(
        field: "reporter_name", reason: "REPORTER_UNEXPECTED", zh: "巡查发现的案件不填反映人，请清空姓名和电话。",
        en: "A case found on patrol has no reporter. Leave name and phone empty.")

    static func photosTooMany(_ maximum: Int) -> Refusal {
        .invalid(
            field: "photos", reason: "PHOTOS_TOO_MANY", zh: "照片最多\(maximum)张，请删去一些。",
            en: "At most \(maximum) photos. Remove some.", metadata: ["maximum": String(maximum)])
    }

    static let photoNameInvalid: Refusal = .invalid(
        field: "photos", reason: "PHOTO_NAME_INVALID", zh: "照片请先上传，再填写上传后得到的名称（files/…）。",
        en: "Upload photos first and give the names that you got (files/…), each once.")

    static func assigneeUnsuitable(_ code: String) -> Refusal {
        .invalid(
            field: "assignee", reason: "ASSIGNEE_UNSUITABLE", zh: "只能派给部门、村（社区）或网格。",
            en: "A case goes to a department, a community or a grid.", metadata: ["organization": code])
    }

    static func assigneeElsewhere(_ name: String) -> Refusal {
        .invalid(
            field: "assignee", reason: "ASSIGNEE_ELSEWHERE", zh: "“\(name)”不负责该案件所在的地点，请改派。",
            en: "'\(name)' does not serve the place of this case. Choose another.",
            metadata: ["assignee": name])
    }

    static let proposedIsSelf: Refusal = .invalid(
        field: "proposed_body", reason: "PROPOSED_BODY_IS_ASSIGNEE", zh: "建议的责任单位不能是本单位。",
        en: "The body that you propose is the one that returns the case. Name another.")

    static let mainIsSelf: Refusal = .invalid(
        field: "main_case", reason: "MAIN_CASE_IS_SELF", zh: "案件不能并入自身，请填写另一案件的编号。",
        en: "A case cannot be merged into itself. Give the number of another.")

    static func mainNotFound(_ number: String) -> Refusal {
        .invalid(
            field: "main_case", reason: "MAIN_CASE_NOT_FOUND", zh: "您的管辖范围内没有主案\(number)，请核对编号。",
            en: "There is no main case \(number) in your scope. Check the number.",
            metadata: ["number": number])
    }

    static func mainMerged(into number: String) -> Refusal {
        .wrongState(
            reason: "MAIN_CASE_MERGED", zh: "该案已并入\(number)，请直接并入\(number)。",
            en: "That case follows \(number) itself. Merge into \(number).", metadata: ["mainCase": number])
    }

    static let mainClosed: Refusal = .wrongState(
        reason: "MAIN_CASE_CLOSED", zh: "主案已经结束，不能再并入，请单独办理。",
        en: "The main case is closed. Handle this one by itself.")

    static let workerVerifies: Refusal = .wrongState(
        reason: "CLOSER_IS_VERIFIER", zh: "您签收或处置过此案，不能由您核查，请由其他核查员核查。",
        en: "You received or handled this case, so you may not verify it. Another verifier has to.")

    static let resumeTokenInvalid: Refusal = .invalid(
        field: "resume_token", reason: "RESUME_TOKEN_INVALID", zh: "续传标记无效，请重新开始关注。",
        en: "The resume token is not valid. Watch again from now on.")

    static let queryTooLong: Refusal = .invalid(
        field: "query", reason: "QUERY_TOO_LONG", zh: "查找的词最多40个字。", en: "Search for at most 40 characters.")

    static let stateUnknown: Refusal = .invalid(
        field: "states", reason: "STATE_UNKNOWN", zh: "没有这个状态，请从状态表中选择。",
        en: "There is no such state. Choose one of the list.")

    static let dayIsFull: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "CASE_NUMBERS_USED_UP", zh: "今日案件编号已用完，请拨打12345。",
        en: "Today's case numbers are used up. Call 12345.")
}
