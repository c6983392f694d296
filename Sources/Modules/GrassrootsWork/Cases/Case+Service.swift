package import Contract
import Kernel
import Platform
package import RPC
import Storage

/// `linli.grassrootswork.v1.CaseService`: requests in, commands to `Cases`, records out.
package struct CaseService: GrassrootsWorkV1.CaseService {
    let platform: Platform
    let cases: Cases
    let synthetic: SyntheticData

    package func createCase(
        _ request: GrassrootsWorkV1.CreateCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await platform.perform(call, request, requestID: request.requestID, action: "case.create") {
            unit in
            guard let channel = CaseWire.channel(request.channel), channel.isForStaff else {
                throw CaseTexts.channelUnsuitable
            }
            let draft: CaseDraft = CaseDraft(
                category: request.category, description: request.description, grid: request.grid,
                place: request.place, latitude: request.point?.latitude, longitude: request.point?.longitude,
                photos: request.photos)
            let record: CaseRecord = try cases.create(
                draft, channel: channel, reporter: try reporter(of: request, channel),
                scope: unit.principal.scope(CaseService.filers), unit)
            return try message(record, unit.reading)
        }
    }

    package func getCase(
        _ request: GrassrootsWorkV1.GetCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        let number: String = try CaseLimits.number(request.name)
        return try await platform.read(call) { context in
            try message(cases.require(number, context), context)
        }
    }

    package func listCases(
        _ request: GrassrootsWorkV1.ListCasesRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.ListCasesResponse {
        let principal: Principal = try call.requirePrincipal()
        let page: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: CaseService.query(request, principal))
        let before: Int64? = page.after?.first.flatMap { Int64($0) }
        return try await platform.read(call) { context in
            let filter: CaseFilter = try filter(of: request, context)
            let scope: CaseScope = CaseScope(of: principal)
            let found: [CaseRecord] =
                request.waitingForMe
                ? try CaseWaiting(for: principal, kind: nil).map { waiting in
                    try CaseStore.waiting(
                        waiting, filter, in: scope, before: before, limit: page.limit, context.connection)
                } ?? []
                : try CaseStore.list(filter, in: scope, before: before, limit: page.limit, context.connection)
            let (rows, next): ([CaseRecord], String) = page.cut(found) { [String($0.id)] }
            return GrassrootsWorkV1.ListCasesResponse(
                cases: try rows.map { try message($0, context) }, nextPageToken: next)
        }
    }

    package func listCaseEvents(
        _ request: GrassrootsWorkV1.ListCaseEventsRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.ListCaseEventsResponse {
        let number: String = try CaseLimits.number(request.name)
        let page: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: ["case-events", number])
        let after: Int64 = page.after?.first.flatMap { Int64($0) } ?? 0
        return try await platform.read(call) { context in
            let record: CaseRecord = try cases.require(number, context)
            let found: [CaseEventRecord] = try CaseStore.events(
                of: record.id, after: after, limit: page.limit, context.connection)
            let (rows, next): ([CaseEventRecord], String) = page.cut(found) { [String($0.sequence)] }
            return GrassrootsWorkV1.ListCaseEventsResponse(
                events: rows.map(CaseWire.event), nextPageToken: next)
        }
    }

    package func listCategories(
        _ request: GrassrootsWorkV1.ListCategoriesRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.ListCategoriesResponse {
        try await platform.read(call) { context in
            GrassrootsWorkV1.ListCategoriesResponse(
                categories: try cases.data.categories().categories.map(CaseWire.category))
        }
    }

    /// The case as its caller may see it, with the verbs that are possible for the caller.
    func message(_ record: CaseRecord, _ context: ReadContext) throws -> GrassrootsWorkV1.Case {
        let view: CaseView = try cases.view(record, context)
        var verbs: [String] = []
        if let principal = context.principal {
            verbs = view.verbs(
                for: try CaseActor.of(principal, record, context.connection), engine: cases.rules.engine)
        }
        return CaseWire.message(
            view, verbs: verbs, photos: try CaseStore.photos(of: record.id, context.connection))
    }

    /// Roles that may file a case, in whose places it may lie.
    private static let filers: [Role] = [.gridWorker, .gridLeader, .counterClerk, .caseAcceptor]

    private func reporter(
        of request: GrassrootsWorkV1.CreateCaseRequest, _ channel: CaseChannel
    ) throws -> CaseReporter {
        guard channel.isOnBehalf else {
            guard request.reporterName.isEmpty, request.reporterPhone.isEmpty else {
                throw CaseTexts.reporterUnexpected
            }
            return CaseReporter()
        }
        guard !request.reporterName.isEmpty, !request.reporterPhone.isEmpty else {
            throw CaseTexts.reporterMissing
        }
        let name: FullName = try FullName(parsing: request.reporterName, field: "reporter_name")
        let phone: PhoneNumber = try PhoneNumber(
            parsing: request.reporterPhone, synthetic: synthetic, field: "reporter_phone")
        let sealed: [UInt8] = try platform.keyring.seal(
            "\(name.text)\n\(phone.text)", context: "grassroots_case.reporter_contact")
        return CaseReporter(contact: sealed)
    }

    private func filter(
        of request: GrassrootsWorkV1.ListCasesRequest, _ context: ReadContext
    ) throws -> CaseFilter {
        var filter: CaseFilter = CaseFilter()
        filter.states = try request.states.map { state in
            guard let known = CaseWire.state(state) else { throw CaseTexts.stateUnknown }
            return known
        }
        if !request.place.isEmpty {
            let code: String = try OrganizationName.code(request.place, field: "place")
            filter.placePath = try Organizations.get(context.connection, code).path
        }
        if !request.assignee.isEmpty {
            filter.assignee = try OrganizationName.code(request.assignee, field: "assignee")
        }
        if !request.category.isEmpty { filter.category = request.category }
        if request.overdueOnly { filter.overdueAt = context.now }
        let words: String = ASCII.narrowed(request.query).trimmed
        guard words.count <= CaseLimits.query else { throw CaseTexts.queryTooLong }
        filter.words = words
        return filter
    }

    private static func query(
        _ request: GrassrootsWorkV1.ListCasesRequest, _ principal: Principal
    ) -> [String] {
        [
            "cases", principal.name, request.states.map { "\($0)" }.joined(separator: ","), request.place,
            request.assignee, request.category, "\(request.waitingForMe)", "\(request.overdueOnly)",
            request.query,
        ]
    }
}
