import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Storage

@testable import OneStop

/// The catalogue with a store of its own and a clock that the test moves.
struct Catalogue: Sendable {
    static let start: Instant = Instant(startOf: CivilDate(daysSinceEpoch: 20_780)).adding(hours: 10)

    let platform: Platform
    let clock: ManualClock
    let desk: ItemDesk
    let owner: CatalogueDesk
    let catalogue: ItemCatalogue

    /// Makes one, and takes its files away afterwards.
    ///
    /// - Parameter words: whether everyday words are there.
    static func with(words: Bool = true, _ body: (Catalogue) async throws -> Void) async throws {
        let folder: String = NSTemporaryDirectory() + "items-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
        let clock = ManualClock(start)
        let platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(
                keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
                indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
            logger: Logger(label: "items"), documents: Documents(readers: [ItemVocabulary.reader]))
        let search = ItemSearch(documents: platform.documents)
        let test = Catalogue(
            platform: platform, clock: clock, desk: ItemDesk(platform: platform, search: search),
            owner: CatalogueDesk(platform: platform, search: search),
            catalogue: ItemCatalogue(platform: platform, search: search))
        if words { try await test.importWords() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(test)) } catch { result = .failure(error) }
        await database.close()
        try result.get()
    }

    private func importWords() async throws {
        let yaml: String = try dataFile("words/words.yaml")
        _ = try await platform.performAsSystem(action: "document.import") { [platform] unit in
            try platform.documents.importText(.itemWords, yaml: yaml, unit)
        }
        try await platform.readAsSystem { [platform] in try platform.documents.load($0.connection) }
    }

    /// Both lists of the product.
    func importLists() async throws {
        _ = try await catalogue.importFile(dataFile("handling.tsv"), name: "handling", kind: .handling)
        _ = try await catalogue.importFile(dataFile("query.tsv"), name: "query", kind: .query)
    }

    func search(_ query: String, kind: ItemKind? = nil) async throws -> [FoundItem] {
        try await platform.readAsSystem { [catalogue] context in
            try catalogue.search.search(query, kind: kind, limit: 50, context.connection)
        }
    }

    func names(_ query: String) async throws -> [String] { try await search(query).map(\.item.content.name) }

    /// The item as the server answers it to somebody who is not signed in.
    func item(_ id: String) async throws -> OneStopV1.Item {
        try await desk.getItem(.init(name: "items/\(id)"), call(OneStopV1.ItemServiceMethods.getItem))
    }

    /// A call of somebody who is not signed in, or of one who keeps catalogues.
    func call(_ method: MethodDescriptor, address: String = "203.0.113.5:4000", editor: Bool = false)
        -> ServerCall
    {
        let call = ServerCall(
            method: method,
            metadata: ["accept-language": "zh-CN"], peer: Peer(address: address))
        if editor {
            call.principal = Principal(
                kind: .staff, id: "editor",
                grants: [Grant(role: .dataEditor, scopeCode: "140500000000", scopePath: "/140500000000/")])
        }
        return call
    }

    func number(_ sql: String) async throws -> Int64 {
        try await platform.readAsSystem { context in
            try context.connection.first(sql) { $0.integer(0) } ?? -1
        }
    }

    static func requestID(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }
}
