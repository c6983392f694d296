package import Kernel
import Platform

/// Names of the facts that code reads or keeps. The workflow's data declares them, and says which action writes which of
/// the others; they are what is stored, never what a request says.
enum CaseFact {
    /// `residents/…` or `staff/…`: who reported it.
    static let reporter: String = "reporter"
    /// `resident` or `staff`.
    static let reporterKind: String = "reporter_kind"
    static let photoCount: String = "photo_count"
    /// Limit of the whole case, kept by this module for guards.
    static let dueTime: String = "due_at"
    static let requestedExtension: String = "requested_extension"
    static let resolved: String = "resolved_at"
    static let reopened: String = "reopened_at"
    static let rated: String = "rated_at"
}

extension CaseRecord {
    /// The case as the workflow engine sees it.
    var instance: WorkflowInstance {
        WorkflowInstance(
            definitionID: CaseRules.workflowID, definitionVersion: workflowVersion, state: state.rawValue,
            version: version, facts: facts)
    }

    /// Who received it: `staff/…`; empty before.
    package var handler: String { text("received_by") }
    /// What was done, in words; empty before.
    package var result: String { text("result") }
    /// Who is responsible instead, if declined, in words.
    package var responsibleBody: String { text("responsible_body") }
    /// How often it was returned as not ours.
    package var returnCount: Int { count("return_count") }
    /// How often verification sent it back.
    package var reworkCount: Int { count("rework_count") }
    package var reopenCount: Int { count("reopen_count") }

    /// When it was resolved; nil before, and again once it is reopened. The window for reopening counts from here and from
    /// nothing else.
    package var resolveTime: Instant? {
        guard let resolved = instant(CaseFact.resolved) else { return nil }
        if let reopened = instant(CaseFact.reopened), reopened >= resolved { return nil }
        return resolved
    }

    /// The rating of the newest resolution: 1 very satisfied … 5 very dissatisfied; 0 before.
    package var rating: Int {
        guard let rated = instant(CaseFact.rated), let resolved = resolveTime, rated >= resolved else {
            return 0
        }
        return count("rating")
    }

    private func text(_ fact: String) -> String {
        if case .text(let text) = facts[fact] { return text }
        return ""
    }
    private func count(_ fact: String) -> Int {
        if case .integer(let count) = facts[fact] { return Int(count) }
        return 0
    }
    private func instant(_ fact: String) -> Instant? {
        if case .instant(let instant) = facts[fact] { return instant }
        return nil
    }

    /// A canonical number as people read it; the text itself if it is none.
    static func spaced(_ number: String) -> String {
        do {
            return try CheckedNumber(parsing: number, kind: .caseNumber).spaced
        } catch {
            return number
        }
    }
}
