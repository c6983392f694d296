import Contract
import Kernel
import Platform
import RPC

/// `ItemService`: the catalogue, for everybody; its import, for those who keep it.
struct ItemDesk: OneStopV1.ItemService {
    private typealias Methods = OneStopV1.ItemServiceMethods

    let platform: Platform

    static let access: [AccessRule] = [
        AccessRule(Methods.searchItems, .anyone),
        AccessRule(Methods.getItem, .anyone),
        AccessRule(Methods.listItems, .anyone),
        AccessRule(Methods.importItems, .staff(.dataEditor, .operator)),
    ]

    private static let name: ResourceName.Pattern = "items/{item}"
    private static let queryRule: TextRule = TextRule(1...ItemRanking.queryCharactersMax)
    private static let catalogueRule: TextRule = TextRule(1...100)
    /// Matches that a search shows when nothing is said, and at most.
    private static let matches: (standard: Int, maximum: Int) = (10, 50)
    /// A question with so many digits may hold somebody's number and is not kept.
    private static let keptDigitsMax: Int = 5

    func searchItems(_ request: OneStopV1.SearchItemsRequest, _ call: ServerCall) async throws
        -> OneStopV1.SearchItemsResponse
    {
        let query: String = try Self.queryRule.apply(request.query, field: "query")
        let kind: ItemKind? = try Self.kind(request.kind)
        let paging: Paging = try Paging(
            size: request.pageSize, standard: Self.matches.standard, maximum: Self.matches.maximum, token: "",
            query: [])
        let core: String = ItemWords.core(query)
        let found: [FoundItem] =
            core.isEmpty
            ? []
            : try await platform.read(call) { context in
                ItemRanking.rank(
                    try ItemStore.candidates(
                        context.connection, words: ItemWords.lookup(core), kind: kind), core: core)
            }
        if found.isEmpty, !core.isEmpty, core.count(where: \.isNumber) <= Self.keptDigitsMax {
            try await platform.performAsSystem(action: "items.missed") { unit in
                try UnfoundStore.record(core, unit)
            }
        }
        return OneStopV1.SearchItemsResponse(
            matches: found.prefix(paging.limit - 1).map { match in
                OneStopV1.ItemMatch(item: match.item.message(), matchedWords: match.matched)
            })
    }

    func getItem(_ request: OneStopV1.GetItemRequest, _ call: ServerCall) async throws -> OneStopV1.Item {
        let id: String = try ResourceName(parsing: request.name, Self.name).id
        let language: Language = call.language
        return try await platform.read(call) { context in
            guard let item: RevisedItem = try ItemStore.find(context.connection, id: id) else {
                throw ItemTexts.notFound
            }
            return item.message(language)
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
            let rows: [StoredItem] = try ItemStore.list(
                context.connection, kind: kind, department: department, after: paging.after,
                limit: paging.limit)
            let page = paging.cut(rows) { [$0.content.code, $0.id] }
            return OneStopV1.ListItemsResponse(
                items: page.rows.map { $0.message() }, nextPageToken: page.nextPageToken,
                total: Int32(
                    clamping: try ItemStore.count(context.connection, kind: kind, department: department)))
        }
    }

    func importItems(_ request: OneStopV1.ImportItemsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ImportItemsResponse
    {
        let catalogue: String = try Self.catalogueRule.apply(request.catalogue, field: "catalogue")
        let kind: ItemKind? = try Self.kind(request.kind)
        let prepared: PreparedItems
        do {
            prepared = PreparedItems(try ItemFile(request.content, kind: kind))
        } catch {
            return OneStopV1.ImportItemsResponse(problems: error.problems.map { $0.message(error: true) })
        }
        let warnings: [OneStopV1.ImportProblem] = prepared.file.warnings.map { $0.message(error: false) }
        if request.validateOnly {
            return try await platform.read(call) { context in
                let plan: ItemPlan = ItemPlan(
                    existing: try ItemStore.all(context.connection, catalogue: catalogue),
                    file: prepared.file.items)
                return OneStopV1.ImportItemsResponse(plan.counts, warnings)
            }
        }
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "items.import"
        ) { unit in
            OneStopV1.ImportItemsResponse(
                try ItemCatalogue.apply(prepared, name: catalogue, unit), warnings)
        }
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
    /// The problem on the wire; the element stands in the text.
    func message(error: Bool) -> OneStopV1.ImportProblem {
        OneStopV1.ImportProblem(
            line: Int32(clamping: line ?? 0),
            text: .init(BilingualText(zh: message(in: .chinese), en: message(in: .english))), error: error)
    }
}
