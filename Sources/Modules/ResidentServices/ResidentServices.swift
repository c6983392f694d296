package import Platform
package import RPC
package import Storage

/// Services for residents 服务居民: what they report, and how they follow it.
package struct ResidentServices: Module {
    private let reports: ReportService
    private let messages: ReportMessages

    /// - Parameters:
    ///   - cases: whoever works on what residents report.
    ///   - inbox: where messages to residents are put.
    package init(platform: Platform, cases: any CaseDesk, inbox: any ResidentInbox) {
        reports = ReportService(platform: platform, cases: cases)
        messages = ReportMessages(inbox: inbox)
    }

    /// The module keeps nothing of its own: a report is a case, seen from outside.
    package static let migrations: [Migration] = []
    package static let access: [AccessRule] = ReportService.access

    package var services: [any Service] { [reports] }
    package var listeners: [any EventListener] { [messages] }
}
