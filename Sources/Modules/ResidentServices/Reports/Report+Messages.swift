package import Platform

/// Where messages to residents are put, in the transaction that leads to them. The composition root gives it.
package protocol ResidentInbox: Sendable {
    /// - Parameters:
    ///   - resident: `residents/…`.
    ///   - subject: what it is about, a resource name.
    func write(to resident: String, title: DeskText, body: DeskText, subject: String, _ unit: UnitOfWork)
        throws
}

/// Tells reporters, and those who follow the same problem, what became of it: one message for each public change.
package struct ReportMessages: EventListener {
    let inbox: any ResidentInbox

    package let listenerName: String = "residentservices.report_messages"
    package var eventTypes: Set<String> { ReportTexts.messageTypes }

    package func handle(_ event: StoredEvent, _ unit: UnitOfWork) throws {
        guard let reporter = event.payload["reporter"], reporter.hasPrefix("residents/"),
            let message = ReportTexts.message(eventType: event.type, payload: event.payload)
        else { return }
        try inbox.write(
            to: reporter, title: message.title, body: message.body,
            subject: ReportRules.name(ofCase: event.subject),
            unit)
    }
}
