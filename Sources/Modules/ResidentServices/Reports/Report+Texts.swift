/// Plain words for residents. Officials read the titles of the workflow's data.
package enum ReportTexts {
    /// The words for a state of a case; the state's id where a newer workflow has one that has no words yet.
    package static func state(_ id: String) -> DeskText {
        states[id] ?? DeskText(zh: "办理中（\(id)）", en: "Being worked on (\(id))")
    }

    private static let states: [String: DeskText] = [
        "reported": DeskText(zh: "已收到，等待受理", en: "Received, waiting to be taken on"),
        "declined": DeskText(zh: "不予受理，请看应由谁负责", en: "Not taken on; see who is responsible"),
        "merged": DeskText(zh: "与相同问题合并办理", en: "Handled together with the same problem"),
        "filed": DeskText(zh: "已立案，正在安排办理单位", en: "Taken on, being sent to somebody"),
        "awaiting_dispatch": DeskText(zh: "正在确定由谁办理", en: "Being decided who handles it"),
        "awaiting_receipt": DeskText(zh: "已派给办理单位，等待签收", en: "Sent to whoever handles it"),
        "return_review": DeskText(zh: "办理单位有异议，正在核定责任", en: "Being decided whose task it is"),
        "in_progress": DeskText(zh: "正在办理", en: "Being handled"),
        "suspended": DeskText(zh: "暂缓办理，原因见下", en: "On hold; the reason is below"),
        "extension_review": DeskText(zh: "正在办理，已申请延长时间", en: "Being handled; more time was asked for"),
        "awaiting_verification": DeskText(zh: "已处置，正在核查", en: "Done, being checked"),
        "awaiting_rating": DeskText(zh: "已办结，请您评价", en: "Resolved; please rate it"),
        "remedying": DeskText(zh: "您不满意，正在整改", en: "You were not satisfied; being put right"),
        "archived": DeskText(zh: "已归档", en: "Closed"),
    ]

    /// A message to a reporter.
    package struct Message: Sendable, Equatable {
        package let title: DeskText
        package let body: DeskText
    }

    /// What a reporter is told about an event; nil for events that are no news to them.
    ///
    /// - Parameter payload: the event's: `number`, `category`, `place`, and what the type adds.
    package static func message(eventType: String, payload: [String: String]) -> Message? {
        let follows: Bool = payload["main_case"] != nil
        guard let (title, body) = (follows ? followerMessages[eventType] : nil) ?? messages[eventType] else {
            return nil
        }
        let number: String = payload["number"] ?? ""
        func fill(_ text: String) -> String {
            text.replacing("{number}", with: number)
                .replacing("{category}", with: payload["category_zh"] ?? payload["category"] ?? "")
                .replacing("{category_en}", with: payload["category_en"] ?? payload["category"] ?? "")
                .replacing("{body}", with: payload["body"] ?? "")
                .replacing("{until}", with: payload["until"] ?? "")
        }
        return Message(
            title: DeskText(zh: fill(title.zh), en: fill(title.en)),
            body: DeskText(zh: fill(body.zh), en: fill(body.en)))
    }

    private static let messages: [String: (DeskText, DeskText)] = [
        "case.reported": (
            DeskText(zh: "已收到您的反映", en: "Your report has arrived"),
            DeskText(
                zh: "编号{number}（{category}）。受理后会再通知您，随时可凭编号查询。",
                en:
                    "Number {number} ({category_en}). You will be told when it is taken on; ask by number at any time."
            )
        ),
        "case.accepted": (
            DeskText(zh: "您的反映已受理", en: "Your report was taken on"),
            DeskText(
                zh: "编号{number}已立案，正在安排办理单位。", en: "Number {number} is being sent to whoever handles it.")
        ),
        "case.declined": (
            DeskText(zh: "您的反映不予受理", en: "Your report was not taken on"),
            DeskText(
                zh: "编号{number}应由{body}负责，原因见办理记录。",
                en: "Number {number}: {body} is responsible. The record gives the reason.")
        ),
        "case.merged": (
            DeskText(zh: "您的反映已并案", en: "Your report was merged"),
            DeskText(
                zh: "编号{number}与别人反映的同一问题合并办理，办结时同样通知您。",
                en: "Number {number} is handled together with the same problem. You will be told the outcome."
            )
        ),
        "case.dispatched": (
            DeskText(zh: "您的反映已派出", en: "Your report was sent out"),
            DeskText(zh: "编号{number}由{body}办理。", en: "Number {number} is handled by {body}.")
        ),
        "case.suspended": (
            DeskText(zh: "您的反映暂缓办理", en: "Your report is on hold"),
            DeskText(
                zh: "编号{number}暂缓办理，原因和恢复时间见办理记录。",
                en: "Number {number} is on hold. The record says why and until when.")
        ),
        "case.resolved": (
            DeskText(zh: "您的反映已办结，请评价", en: "Your report is resolved; please rate it"),
            DeskText(
                zh: "编号{number}经核查已办结。请评价；如未解决，{until}前可要求重办。",
                en:
                    "Number {number} was checked and is done. Please rate it; until {until} you can reopen it."
            )
        ),
        "case.reopened": (
            DeskText(zh: "您的反映已重新办理", en: "Your report was reopened"),
            DeskText(zh: "编号{number}已重新办理。", en: "Number {number} is being handled again.")
        ),
        "case.archived": (
            DeskText(zh: "您的反映已归档", en: "Your report was closed"),
            DeskText(zh: "编号{number}已归档。", en: "Number {number} is closed.")
        ),
    ]

    /// Where the reporter of a case that follows another is told something else.
    private static let followerMessages: [String: (DeskText, DeskText)] = [
        "case.resolved": (
            DeskText(zh: "您反映的问题已办结", en: "The problem that you reported is resolved"),
            DeskText(
                zh: "编号{number}已随主案核查办结，结果见办理记录；如未解决，请重新上报。",
                en:
                    "Number {number} was resolved with its main case; see the record. If it is not done, report it anew."
            )
        )
    ]

    /// The types that `message` knows.
    package static let messageTypes: Set<String> = Set(messages.keys)
}
