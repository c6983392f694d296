package import Contract
import Kernel
package import Platform
package import RPC

/// `linli.residentservices.v1.ReportService`: what a resident reports and how it is followed. Whose a report is, the
/// stored case says; a request cannot claim it.
package struct ReportService: ResidentServicesV1.ReportService {
    let platform: Platform
    let cases: any CaseDesk

    private typealias Methods = ResidentServicesV1.ReportServiceMethods

    /// A phone that was reached is enough: who sees a hazard should be able to say so.
    package static let access: [AccessRule] = [
        AccessRule(Methods.listReportCategories, .anyone),
        AccessRule(Methods.createReport, .resident(level: 1)),
        AccessRule(Methods.getReport, .resident(level: 1)),
        AccessRule(Methods.listReports, .resident(level: 1)),
        AccessRule(Methods.watchReport, .resident(level: 1)),
        AccessRule(Methods.rateReport, .resident(level: 1)),
        AccessRule(Methods.reopenReport, .resident(level: 1)),
    ]

    package func listReportCategories(
        _ request: ResidentServicesV1.ListReportCategoriesRequest, _ call: ServerCall
    ) async throws -> ResidentServicesV1.ListReportCategoriesResponse {
        try await platform.read(call) { context in
            ResidentServicesV1.ListReportCategoriesResponse(
                categories: try cases.categories(context).map(ReportWire.category))
        }
    }

    package func createReport(
        _ request: ResidentServicesV1.CreateReportRequest, _ call: ServerCall
    ) async throws -> ResidentServicesV1.Report {
        try await platform.perform(call, request, requestID: request.requestID, action: "report.create") {
            unit in
            let draft: ReportDraft = ReportDraft(
                category: request.category, description: request.description, grid: request.grid,
                place: request.place, latitude: request.point?.latitude, longitude: request.point?.longitude,
                photos: request.photos)
            return ReportWire.message(try cases.create(draft, unit))
        }
    }

    package func getReport(
        _ request: ResidentServicesV1.GetReportRequest, _ call: ServerCall
    ) async throws -> ResidentServicesV1.Report {
        let resident: String = try call.requirePrincipal().name
        let number: String = try ReportRules.number(request.name)
        return try await platform.read(call) { context in
            ReportWire.message(try require(number, resident, context))
        }
    }

    package func listReports(
        _ request: ResidentServicesV1.ListReportsRequest, _ call: ServerCall
    ) async throws -> ResidentServicesV1.ListReportsResponse {
        let resident: String = try call.requirePrincipal().name
        let page: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: ["reports", resident, "\(request.openOnly)"])
        let before: Int64? = page.after?.first.flatMap { Int64($0) }
        return try await platform.read(call) { context in
            let found: [DeskCase] = try cases.list(
                reporter: resident, openOnly: request.openOnly, before: before, limit: page.limit, context)
            let (rows, next): ([DeskCase], String) = page.cut(found) { [String($0.position)] }
            return ResidentServicesV1.ListReportsResponse(
                reports: rows.map(ReportWire.message), nextPageToken: next)
        }
    }

    package func rateReport(
        _ request: ResidentServicesV1.RateReportRequest, _ call: ServerCall
    ) async throws -> ResidentServicesV1.Report {
        let number: String = try ReportRules.number(request.name)
        let comment: String = try ReportRules.comment(request.comment, rating: request.rating)
        return try await platform.perform(call, request, requestID: request.requestID, action: "report.rate")
        { unit in
            guard let item = try cases.rate(number, rating: Int(request.rating), comment: comment, unit)
            else {
                throw ReportRules.notFound(number)
            }
            return ReportWire.message(item)
        }
    }

    package func reopenReport(
        _ request: ResidentServicesV1.ReopenReportRequest, _ call: ServerCall
    ) async throws -> ResidentServicesV1.Report {
        let number: String = try ReportRules.number(request.name)
        let reason: String = try ReportRules.reopenReason(request.reason)
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "report.reopen"
        ) { unit in
            guard let item = try cases.reopen(number, reason: reason, unit) else {
                throw ReportRules.notFound(number)
            }
            return ReportWire.message(item)
        }
    }

    /// Streams the state of one report: first as it is now (unless the resume token says that the caller has it), then at
    /// each change, and an empty update as a sign of life.
    package func watchReport(
        _ request: ResidentServicesV1.WatchReportRequest, _ call: ServerCall,
        _ responses: ResponseWriter<ResidentServicesV1.ReportUpdate>
    ) async throws {
        let resident: String = try call.requirePrincipal().name
        let number: String = try ReportRules.number(request.name)
        var seen: Int64? = try ReportRules.sequence(request.resumeToken)
        // Subscribed before the first read, so that nothing falls between the two.
        let wakes: AsyncStream<EventFeed.Wake> = try platform.events.subscribe(types: cases.eventTypes)
        seen = try await send(number, resident, after: seen, call, responses)
        for await wake in wakes {
            let before: Int64? = seen
            seen = try await send(number, resident, after: seen, call, responses)
            if case .heartbeat = wake, seen == before {
                try await responses.write(
                    ResidentServicesV1.ReportUpdate(
                        resumeToken: ReportRules.resumeToken(seen ?? 0), report: nil))
            }
        }
    }

    /// Sends the report if it changed after a sequence; returns the sequence that the caller has now.
    private func send(
        _ number: String, _ resident: String, after seen: Int64?, _ call: ServerCall,
        _ responses: ResponseWriter<ResidentServicesV1.ReportUpdate>
    ) async throws -> Int64? {
        let item: DeskCase = try await platform.read(call) { try require(number, resident, $0) }
        if let seen, item.changeSequence <= seen { return seen }
        try await responses.write(
            ResidentServicesV1.ReportUpdate(
                resumeToken: ReportRules.resumeToken(item.changeSequence), report: ReportWire.message(item)))
        return item.changeSequence
    }

    private func require(_ number: String, _ resident: String, _ context: ReadContext) throws -> DeskCase {
        guard let item = try cases.find(number, reporter: resident, context) else {
            throw ReportRules.notFound(number)
        }
        return item
    }
}
