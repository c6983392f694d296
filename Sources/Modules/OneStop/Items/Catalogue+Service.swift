import Contract
import Kernel
import Platform
import RPC

/// `CatalogueService`: definitions in their revisions, and what nobody found.
struct CatalogueDesk: OneStopV1.CatalogueService {
    private typealias Methods = OneStopV1.CatalogueServiceMethods

    let platform: Platform
    let search: ItemSearch

    static let access: [AccessRule] = [
        AccessRule(Methods.saveItemDrafts, .staff(.dataEditor, .operator)),
        AccessRule(Methods.publishItemDraft, .staff(.dataEditor, .operator)),
        AccessRule(Methods.discardItemDraft, .staff(.dataEditor, .operator)),
        AccessRule(Methods.listItemRevisions, .anyone),
        AccessRule(Methods.compareItemRevisions, .anyone),
        AccessRule(Methods.listUnfoundQueries, .staff(.dataEditor, .operator)),
        AccessRule(Methods.resolveUnfoundQuery, .staff(.dataEditor, .operator)),
    ]

    private static let name: ResourceName.Pattern = "items/{item}"
    private static let unfoundName: ResourceName.Pattern = "unfoundQueries/{query}"
    private static let resolutionRule: TextRule = TextRule(2...200)

    // MARK: Drafts

    func saveItemDrafts(_ request: OneStopV1.SaveItemDraftsRequest, _ call: ServerCall) async throws
        -> OneStopV1.SaveItemDraftsResponse
    {
        let file: DefinitionFile
        do {
            file = try DefinitionFile(yaml: request.content)
        } catch {
            return OneStopV1.SaveItemDraftsResponse(problems: error.problems.map { $0.message(error: true) })
        }
        if request.validateOnly {
            return try await platform.read(call) { context in
                Self.answer(try DefinitionPlan(file, context.connection), file)
            }
        }
        let publish: Bool = request.publish
        let answer: OneStopV1.SaveItemDraftsResponse = try await platform.perform(
            call, request, requestID: request.requestID, action: "items.define"
        ) { unit in
            let plan: DefinitionPlan = try DefinitionPlan(file, unit.connection)
            if plan.problems.isEmpty {
                try plan.save(publish: publish, unit)
            } else {
                unit.audit(subject: "items", details: ["problems": String(plan.problems.count)])
            }
            return Self.answer(plan, file)
        }
        if publish { try await warm(call) }
        return answer
    }

    private static func answer(_ plan: DefinitionPlan, _ file: DefinitionFile)
        -> OneStopV1.SaveItemDraftsResponse
    {
        let warnings: [OneStopV1.ImportProblem] = file.warnings.map { $0.message(error: false) }
        guard plan.problems.isEmpty else {
            return OneStopV1.SaveItemDraftsResponse(
                problems: plan.problems.map { $0.message(error: true) } + warnings)
        }
        return OneStopV1.SaveItemDraftsResponse(
            saved: Int32(clamping: plan.changed.count), unchanged: Int32(clamping: plan.unchanged.count),
            problems: warnings)
    }

    func publishItemDraft(_ request: OneStopV1.PublishItemDraftRequest, _ call: ServerCall) async throws
        -> OneStopV1.Item
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let language: Language = call.language
        let item: OneStopV1.Item = try await platform.perform(
            call, request, requestID: request.requestID, action: "items.publish"
        ) { unit in
            let head: StoredItem = try Self.head(id, unit)
            guard let draft: RevisedItem = try ItemStore.draft(unit.connection, id: id) else {
                throw DefinitionTexts.noDraft
            }
            try ItemStore.publishDraft(of: head, unit)
            unit.audit(subject: "items/\(id)", details: ["revision": String(draft.revision)])
            return try Self.message(id, language, unit)
        }
        try await warm(call)
        return item
    }

    func discardItemDraft(_ request: OneStopV1.DiscardItemDraftRequest, _ call: ServerCall) async throws
        -> OneStopV1.Item
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let language: Language = call.language
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "items.discard"
        ) { unit in
            _ = try Self.head(id, unit)
            guard try ItemStore.discardDraft(of: id, unit.connection) else { throw DefinitionTexts.noDraft }
            unit.audit(subject: "items/\(id)")
            return try Self.message(id, language, unit)
        }
    }

    private static func head(_ id: String, _ unit: UnitOfWork) throws -> StoredItem {
        guard let head: StoredItem = try ItemStore.head(unit.connection, id: id) else {
            throw ItemTexts.notFound
        }
        return head
    }

    private static func message(_ id: String, _ language: Language, _ unit: UnitOfWork) throws
        -> OneStopV1.Item
    {
        guard let item: RevisedItem = try ItemStore.find(unit.connection, id: id) else {
            throw ItemTexts.notFound
        }
        return try item.message(language, unit.connection)
    }

    /// Makes the index of searches, so that nobody who searches has to wait for it.
    private func warm(_ call: ServerCall) async throws {
        let search: ItemSearch = search
        try await platform.read(call) { try search.warm($0.connection) }
    }

    // MARK: Revisions

    func listItemRevisions(_ request: OneStopV1.ListItemRevisionsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListItemRevisionsResponse
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [id])
        return try await platform.read(call) { context in
            let rows: [ItemRevision] = try ItemStore.revisions(
                context.connection, id: id, before: paging.after.flatMap { Int($0[0]) },
                limit: paging.limit + 1)
            if rows.isEmpty && paging.after == nil { throw ItemTexts.notFound }
            let seen: [ItemRevision] = rows.filter {
                $0.state != .draft || Self.seesDrafts(context.principal)
            }
            let page = paging.cut(Array(seen.prefix(paging.limit))) { [String($0.revision)] }
            return OneStopV1.ListItemRevisionsResponse(
                revisions: page.rows.map { revision in
                    OneStopV1.ItemRevision(
                        revision: Int32(clamping: revision.revision),
                        state: .init(rawValue: Int32(revision.state.rawValue)),
                        createTime: .init(revision.createTime),
                        publishTime: revision.publishTime.map { .init($0) },
                        author: Self.seesDrafts(context.principal) ? revision.author : "")
                }, nextPageToken: page.nextPageToken)
        }
    }

    func compareItemRevisions(_ request: OneStopV1.CompareItemRevisionsRequest, _ call: ServerCall)
        async throws
        -> OneStopV1.CompareItemRevisionsResponse
    {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let language: Language = call.language
        let numbers: (old: Int, new: Int?) = (
            Int(request.oldRevision), request.newRevision == 0 ? nil : Int(request.newRevision)
        )
        return try await platform.read(call) { context in
            let old: RevisedItem = try Self.revision(id, numbers.old, context)
            let new: RevisedItem = try Self.revision(id, numbers.new, context)
            return OneStopV1.CompareItemRevisionsResponse(
                changes: RevisionDifference.between(old, new, language).map { $0.message() },
                newRevision: Int32(clamping: new.revision))
        }
    }

    /// A revision that the caller may see; nil is the active one.
    private static func revision(_ id: String, _ number: Int?, _ context: ReadContext) throws -> RevisedItem {
        let item: RevisedItem? = try ItemStore.find(context.connection, id: id, revision: number)
        guard let item, item.state != .draft || seesDrafts(context.principal) else {
            throw DefinitionTexts.revisionNotFound
        }
        return item
    }

    /// What is not published yet is for those who work on it.
    private static func seesDrafts(_ principal: Principal?) -> Bool {
        Audience.staff(.dataEditor, .operator).includes(principal)
    }

    // MARK: What nobody found

    func listUnfoundQueries(_ request: OneStopV1.ListUnfoundQueriesRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListUnfoundQueriesResponse
    {
        let resolved: Bool = request.showResolved
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [String(resolved)], keyCount: 2)
        let after: (Int, String)? = paging.after.flatMap { keys in Int(keys[0]).map { ($0, keys[1]) } }
        return try await platform.read(call) { context in
            let rows: [UnfoundQuery] = try UnfoundStore.list(
                context.connection, resolved: resolved, after: after, limit: paging.limit)
            let page = paging.cut(rows) { [String($0.count), $0.id] }
            return OneStopV1.ListUnfoundQueriesResponse(
                queries: page.rows.map { $0.message() }, nextPageToken: page.nextPageToken)
        }
    }

    func resolveUnfoundQuery(_ request: OneStopV1.ResolveUnfoundQueryRequest, _ call: ServerCall) async throws
        -> OneStopV1.UnfoundQuery
    {
        let id: String = try ResourceName(parsing: request.name, Self.unfoundName).id
        let resolution: String = try Self.resolutionRule.apply(request.resolution, field: "resolution")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "items.unfound_resolve"
        ) { unit in
            guard var query: UnfoundQuery = try UnfoundStore.find(unit.connection, id: id) else {
                throw DefinitionTexts.unfoundNotFound
            }
            try UnfoundStore.resolve(id, resolution, unit.connection)
            query.resolution = resolution
            unit.audit(subject: "unfoundQueries/\(id)")
            return query.message()
        }
    }
}

extension RevisionDifference {
    /// The difference on the wire.
    func message() -> OneStopV1.RevisionChange {
        OneStopV1.RevisionChange(subject: .init(subject), oldText: old, newText: new)
    }
}

extension UnfoundQuery {
    fileprivate func message() -> OneStopV1.UnfoundQuery {
        OneStopV1.UnfoundQuery(
            name: "unfoundQueries/\(id)", words: words, count: Int32(clamping: count),
            firstTime: .init(firstTime), lastTime: .init(lastTime), resolution: resolution)
    }
}
