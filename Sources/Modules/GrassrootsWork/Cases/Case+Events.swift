import Kernel
import Platform

/// Types of the events of cases. Which action publishes which is the workflow's data; these are the ones that code knows.
package enum CaseEventType {
    /// The report was true: what rewards depend on. Payload: `reporter`, `category`, `number`, and
    /// `points_rule` where the category has one.
    package static let reportConfirmed: String = "case.report_confirmed"
    /// Something changed that has no event of its own.
    package static let changed: String = "case.changed"

    /// What happened to a main case and is told to the reporters of its followers too.
    static let forFollowers: Set<String> = [
        "case.declined", "case.dispatched", "case.suspended", "case.resumed", "case.resolved",
        "case.reopened",
        "case.archived", "case.handled",
    ]

    /// The types that code knows, for those who watch. What publishes none of them publishes `changed` beside its own.
    package static let all: Set<String> = [
        "case.reported", "case.accepted", "case.declined", "case.merged", "case.unmerged", "case.forwarded",
        "case.dispatched", "case.received", "case.returned", "case.return_approved", "case.return_rejected",
        "case.handled", "case.suspended", "case.resumed", "case.extension_requested", "case.extended",
        "case.extension_refused", "case.resolved", "case.reworked", "case.rated", "case.reopened",
        "case.archived",
        reportConfirmed, changed,
    ]

    /// The types that a change publishes, so that whoever watches is woken whatever the data names.
    static func published(_ types: [String]) -> [String] {
        all.isDisjoint(with: types) ? types + [changed] : types
    }

    /// What listeners need, without personal data: no description, no exact place, no names of people.
    static func payload(of view: CaseView) -> [String: String] {
        let record: CaseRecord = view.record
        var payload: [String: String] = [
            "number": record.spacedNumber, "category": record.category, "category_zh": view.categoryText.zh,
            "category_en": view.categoryText.en, "standard_code": record.standardCode,
            "place": record.place.gridText, "grid": record.place.gridCode, "org_path": record.place.path,
            "state": record.state.rawValue,
        ]
        if let reporter = record.reporter.resident { payload["reporter"] = reporter }
        if let rule = view.categories.category(record.category)?.pointsRule { payload["points_rule"] = rule }
        if let body = body(of: view) { payload["body"] = body }
        if let end = view.reopenEnd {
            payload["until"] = end.adding(milliseconds: -1).shanghaiDate.description
        }
        return payload
    }

    /// The body that an event is about: who is responsible instead, or who handles it.
    static func body(of view: CaseView) -> String? {
        let responsible: String = view.record.responsibleBody
        return responsible.isEmpty ? view.record.assignee?.text : responsible
    }
}
