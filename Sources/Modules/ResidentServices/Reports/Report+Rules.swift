package import Kernel

/// What a resident may ask for; the guards over the stored case are the workflow's.
package enum ReportRules {
    /// Grades of 好差评.
    package static let ratings: ClosedRange<Int32> = 1...5
    /// From here on it is a 差评, which needs a reason and leads to 差评整改.
    package static let firstBadRating: Int32 = 4
    /// Characters of a comment on a rating.
    package static let commentLength: ClosedRange<Int> = 0...500
    /// Characters of the reason for reopening.
    package static let reopenReasonLength: ClosedRange<Int> = 2...500
    /// Events that a report carries at most: the newest.
    package static let maximumEvents: Int = 50

    /// The canonical number in `reports/{number}`, or in a number that was typed without the prefix.
    package static func number(_ name: String) throws(Refusal) -> String {
        let text: String = name.hasPrefix("reports/") ? String(name.dropFirst("reports/".count)) : name
        return try CheckedNumber(parsing: text, kind: .caseNumber).description
    }

    /// `reports/{number}` for a number in whichever form.
    package static func name(ofNumber number: String) -> String { "reports/" + number.filter { $0 != "-" } }

    /// The report that a case `cases/{number}` is to its reporter.
    package static func name(ofCase name: String) -> String {
        name.hasPrefix("cases/") ? "reports/" + name.dropFirst("cases/".count) : name
    }

    /// Sequences as tokens; `r` tells them from page tokens.
    static func resumeToken(_ sequence: Int64) -> String { "r\(sequence)" }

    /// The sequence in a token; nil for an empty one.
    static func sequence(_ token: String) throws(Refusal) -> Int64? {
        if token.isEmpty { return nil }
        guard token.hasPrefix("r"), token.utf8.count <= 20, let sequence = Int64(token.dropFirst()),
            sequence >= 0
        else {
            throw .invalid(
                field: "resume_token", reason: "RESUME_TOKEN_INVALID", zh: "续传标记无效，请重新打开。",
                en: "The resume token is not valid. Watch again from the beginning.")
        }
        return sequence
    }

    /// The comment on a rating, trimmed; a bad rating needs one.
    package static func comment(_ text: String, rating: Int32) throws(Refusal) -> String {
        guard ratings.contains(rating) else {
            throw .invalid(
                field: "rating", reason: "RATING_INVALID",
                zh: "请选1到5：1非常满意，2满意，3基本满意，4不满意，5非常不满意。",
                en: "Choose 1 to 5: 1 very satisfied, 3 fairly, 5 very dissatisfied.",
                metadata: ["minimum": "1", "maximum": "5"])
        }
        let comment: String = try TextRule(commentLength, multiline: true).apply(text, field: "comment")
        guard !comment.isEmpty || rating < firstBadRating else {
            throw .invalid(
                field: "comment", reason: "COMMENT_MISSING", zh: "评为不满意时，请写明哪里没办好，以便整改。",
                en: "Say what is wrong when you are not satisfied, so that it can be put right.")
        }
        return comment
    }

    /// The reason for reopening, trimmed.
    package static func reopenReason(_ text: String) throws(Refusal) -> String {
        try TextRule(reopenReasonLength, multiline: true).apply(text, field: "reason")
    }

    /// There is no such report of the caller: the same words whether it exists or is somebody else's.
    package static func notFound(_ number: String) -> Refusal {
        .notFound(
            reason: "REPORT_NOT_FOUND", zh: "您名下没有编号为\(number)的反映，请核对编号。",
            en: "You have no report with the number \(number). Check the number.",
            metadata: ["number": number])
    }
}
