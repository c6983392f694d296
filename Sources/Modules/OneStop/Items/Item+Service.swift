import Contract
import Kernel
import Platform
import RPC

/// `ItemService`: the catalogue, for everybody; its import, for those who keep it.
struct ItemDesk: OneStopV1.ItemService {
    private typealias Methods = OneStopV1.ItemServiceMethods

    let platform: Platform
    let search: ItemSearch
    let throttle: UnfoundThrottle = UnfoundThrottle()

    static let access: [AccessRule] = [
        AccessRule(Methods.searchItems, .anyone),
        AccessRule(Methods.getItem, .anyone),
        AccessRule(Methods.listItems, .anyone),
        AccessRule(Methods.importItems, .staff(.dataEditor, .operator)),
    ]

    private static let name: ResourceName.Pattern = "items/{item}"
    private static let queryRule: TextRule = TextRule(1...SearchIndex.queryCharactersMax)
    private static let catalogueRule: TextRule = TextRule(1...100)
    /// Matches that a search shows when nothing is said, and at most.
    private static let matches: (standard: Int, maximum: Int) = (10, 50)

    func searchItems(_ request: OneStopV1.SearchItemsRequest, _ call: ServerCall) async throws
        -> OneStopV1.SearchItemsResponse
    {
        let query: String = try Self.queryRule.apply(request.query, field: "query")
        let kind: ItemKind? = try Self.kind(request.kind)
        let paging: Paging = try Paging(
            size: request.pageSize, standard: Self.matches.standard, maximum: Self.matches.maximum, token: "",
            query: [])
        let search: ItemSearch = search
        let matches: [OneStopV1.ItemMatch] = try await platform.read(call) { context in
            try search.search(query, kind: kind, limit: paging.limit - 1, context.connection).map { found in
                OneStopV1.ItemMatch(
                    item: try found.item.summary(context.connection), matchedWords: found.matched)
            }
        }
        if matches.isEmpty { try await recordUnfound(query, call) }
        return OneStopV1.SearchItemsResponse(matches: matches)
    }

    /// Keeps words for the catalogue's owner, unless they may be somebody's number or the caller sends too many.
    private func recordUnfound(_ query: String, _ call: ServerCall) async throws {
        let words: String = platform.documents.vocabulary.core(query)
        guard UnfoundRules.mayKeep(words), throttle.admit(Place(call.peer), now: platform.environment.now())
        else { return }
        try await platform.performAsSystem(action: "items.unfound") { unit in
            try UnfoundStore.record(words, unit)
        }
    }

    func getItem(_ request: OneStopV1.GetItemRequest, _ call: ServerCall) async throws -> OneStopV1.Item {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let language: Language = call.language
        return try await platform.read(call) { context in
            guard let item: RevisedItem = try ItemStore.find(context.connection, id: id) else {
                throw ItemTexts.notFound
            }
            return try item.message(language, context.connection)
        }
    }

    func listItems(_ request: OneStopV1.ListItemsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListItemsResponse
    {
        let kind: ItemKind? = try Self.kind(request.kind)
        let department: String = try TextRule.optionalLine.apply(request.department, field: "department")
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: [String(request.kind.rawValue), department], keyCount: 2)
        return try await platform.read(call) { context in
            let rows: [RevisedItem] = try ItemStore.list(
                context.connection, kind: kind, department: department, after: paging.after,
                limit: paging.limit)
            let page = paging.cut(rows) { [$0.content.code, $0.item.id] }
            return OneStopV1.ListItemsResponse(
                items: try page.rows.map { try $0.summary(context.connection) },
                nextPageToken: page.nextPageToken,
                total: Int32(
                    clamping: try ItemStore.count(context.connection, kind: kind, department: department)))
        }
    }

    func importItems(_ request: OneStopV1.ImportItemsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ImportItemsResponse
    {
        let catalogue: String = try Self.catalogueRule.apply(request.catalogue, field: "catalogue")
        let kind: ItemKind? = try Self.kind(request.kind)
        let file: ItemFile
        do {
            file = try ItemFile(request.content, kind: kind)
        } catch {
            return OneStopV1.ImportItemsResponse(problems: error.problems.map { $0.message(error: true) })
        }
        let warnings: [OneStopV1.ImportProblem] = file.warnings.map { $0.message(error: false) }
        if request.validateOnly {
            return try await platform.read(call) { context in
                let plan: ItemPlan = ItemPlan(
                    existing: try ItemStore.all(context.connection, catalogue: catalogue),
                    file: file.items)
                return OneStopV1.ImportItemsResponse(plan.counts, warnings)
            }
        }
        let answer: OneStopV1.ImportItemsResponse = try await platform.perform(
            call, request, requestID: request.requestID, action: "items.import"
        ) { unit in
            OneStopV1.ImportItemsResponse(try ItemCatalogue.apply(file, name: catalogue, unit), warnings)
        }
        let search: ItemSearch = search
        try await platform.read(call) { try search.warm($0.connection) }
        return answer
    }

    private static func kind(_ wire: OneStopV1.ItemKind) throws(Refusal) -> ItemKind? {
        if wire == .unspecified { return nil }
        guard let kind: ItemKind = ItemKind(rawValue: Int(wire.rawValue)) else { throw ItemTexts.kindInvalid }
        return kind
    }
}

extension OneStopV1.ImportItemsResponse {
    fileprivate init(_ counts: ItemImportCounts, _ problems: [OneStopV1.ImportProblem]) {
        self.init(
            created: Int32(clamping: counts.created), updated: Int32(clamping: counts.updated),
            unchanged: Int32(clamping: counts.unchanged), retired: Int32(clamping: counts.retired),
            problems: problems)
    }
}

extension DataProblem {
    /// The problem on the wire; the element stands in the text, the line beside it.
    func message(error: Bool) -> OneStopV1.ImportProblem {
        var text: DataProblem = self
        text.line = nil
        return OneStopV1.ImportProblem(
            line: Int32(clamping: line ?? 0),
            text: .init(BilingualText(zh: text.message(in: .chinese), en: text.message(in: .english))),
            error: error)
    }
}
