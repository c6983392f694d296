import Kernel
import Logging
import Platform

/// Gives points to the reporter when verification finds a report true, by the rule that the category names.
struct PointsForReports: EventListener {
    static let reportConfirmed: String = "case.report_confirmed"

    let platform: Platform
    private let book: PointsBook

    init(platform: Platform) {
        self.platform = platform
        book = PointsBook(platform: platform)
    }

    var listenerName: String { "communitylife.points" }
    var eventTypes: Set<String> { [Self.reportConfirmed] }

    func handle(_ event: StoredEvent, _ unit: UnitOfWork) throws {
        // Staff, vendors and people without a name earn nothing, and neither does a category without a rule.
        guard let reporter: String = event.payload["reporter"], reporter.hasPrefix("residents/"),
            let ruleID: String = event.payload["points_rule"]
        else { return }
        // Without the rules the event waits and is tried again: nobody loses points because a file came late.
        let catalogue: PointsCatalogue = try book.catalogue()
        guard let rule: PointsCatalogue.Rule = catalogue.rule(ruleID) else {
            platform.logger.error("an event names an unknown points rule", metadata: ["rule": "\(ruleID)"])
            return
        }
        let outcome: PointsBook.Outcome = try book.apply(
            rule, of: catalogue, to: reporter, subject: event.subject, event: event.id, unit)
        let number: String = event.payload["number"] ?? ""
        switch outcome {
        case .entry(let entry):
            let text = PointsTexts.earnedMessage(entry, number: number)
            try platform.messages.write(
                unit, to: reporter, title: text.title, body: text.body, subject: event.subject)
        case .capped:
            let text = PointsTexts.cappedMessage(rule, number: number)
            try platform.messages.write(
                unit, to: reporter, title: text.title, body: text.body, subject: event.subject)
        case .nothing: break
        }
    }
}
