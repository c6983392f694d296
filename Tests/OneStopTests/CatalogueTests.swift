import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

/// A catalogue with a store of its own.
private func withCatalogue(_ body: (ItemCatalogue, Platform) async throws -> Void) async throws {
    let folder: String = NSTemporaryDirectory() + "items-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try await SQLiteDatabase(
        path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
    let platform = Platform(
        database: database, environment: .fixed(at: Instant(startOf: CivilDate(daysSinceEpoch: 20_780))),
        keyring: try Keyring(
            keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
            indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
        logger: Logger(label: "items"))
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(ItemCatalogue(platform: platform), platform))
    } catch { result = .failure(error) }
    await database.close()
    try result.get()
}

private func search(_ query: String, _ platform: Platform, kind: ItemKind? = nil) async throws -> [FoundItem]
{
    let core = ItemWords.core(query)
    return try await platform.readAsSystem { context in
        ItemRanking.rank(
            try ItemStore.candidates(context.connection, words: ItemWords.lookup(core), kind: kind),
            core: core)
    }
}

@Suite struct CatalogueTests {
    @Test func importsAreWholeCountedAndRevised() async throws {
        try await withCatalogue { catalogue, platform in
            #expect(try await catalogue.isEmpty())
            let first = "code,name,dept\nA-1,出生登记,公安局\nA-2,户口注销,公安局\n"
            #expect(
                try await catalogue.importFile(first, name: "test", kind: .handling)
                    == ItemImportCounts(created: 2))
            #expect(
                try await catalogue.importFile(first, name: "test", kind: .handling)
                    == ItemImportCounts(unchanged: 2))
            await #expect(throws: DataFileError.self) {
                try await catalogue.importFile(
                    "code,name,dept\nA-3,新,局\nA-3,又,局\n", name: "test", kind: .handling)
            }
            #expect(try await search("新", platform).isEmpty)
            #expect(
                try await catalogue.importFile(
                    "code,name,dept\nA-1,出生登记（新）,公安局\n", name: "test", kind: .handling)
                    == ItemImportCounts(updated: 1, retired: 1))
            let item = try await platform.readAsSystem { try ItemStore.find($0.connection, id: "A-1") }
            #expect(item?.revision == 2)
            #expect(try await search("户口注销", platform).isEmpty)
            #expect(
                try await catalogue.importFile(first, name: "other", kind: .query)
                    == ItemImportCounts(created: 2))
            #expect(try await search("出生登记", platform).count == 2)
            #expect(try await search("出生登记", platform, kind: .query).count == 1)
        }
    }

    @Test func peopleFindItemsByTheirOwnWords() async throws {
        try await withCatalogue { catalogue, platform in
            _ = try await catalogue.importFile(
                dataFile("handling.tsv"), name: "handling", kind: .handling)
            _ = try await catalogue.importFile(dataFile("query.tsv"), name: "query", kind: .query)
            let expected: [(query: String, name: String)] = [
                ("出生登记", "出生登记"), ("上户口", "出生登记"), ("我要给宝宝上户口怎么办理？", "出生登记"), ("租房公积金", "租房提取公积金"),
                ("zftqgjj", "租房提取公积金"), ("ZFTQ", "租房提取公积金"), ("jc-b-121", "租房提取公积金"), ("离婚", "离婚登记（30日冷静期）"),
            ]
            for (query, name) in expected {
                let found = try await search(query, platform)
                #expect(found.first?.item.content.name == name, "\(query)")
            }
            let partial = try #require(try await search("提取租房", platform).first)
            #expect(partial.matched == ["提取", "租房"])
            #expect(try await search("飞碟驾驶", platform).isEmpty)
        }
    }

    @Test func aDefinitionBelongsToItsItem() async throws {
        try await withCatalogue { catalogue, platform in
            _ = try await catalogue.importFile(
                dataFile("handling.tsv"), name: "handling", kind: .handling)
            #expect(try await catalogue.importDefinitions(yaml: dataFile("definitions/frequent.yaml")) > 0)
            let item = try await platform.readAsSystem { try ItemStore.find($0.connection, id: "JC-B-121") }
            let message = try #require(item).message(.chinese)
            #expect(message.visits == 0 && message.materials.count == 5 && message.steps.count == 4)
            #expect(message.revision == 2 && message.acceptsApplications)
            let unknown = try await platform.readAsSystem {
                try ItemStore.find($0.connection, id: "JC-B-032")
            }
            let bare = try #require(unknown).message(.chinese)
            #expect(bare.promisedLimit == nil && !bare.immediate && bare.visits == -1)
        }
    }

    @Test func whatNobodyFindsIsCounted() async throws {
        try await withCatalogue { _, platform in
            for _ in 1...2 {
                try await platform.performAsSystem(action: "test") { try UnfoundStore.record("飞碟", $0) }
            }
            let count = try await platform.readAsSystem { context in
                try context.connection.first("SELECT count FROM onestop_unfound_queries") { $0.int(0) }
            }
            #expect(count == 2)
        }
    }

    @Test func everyMethodHasItsRow() {
        let methods = ItemDesk.access.map(\.method.method)
        #expect(methods.sorted() == OneStopV1.ItemServiceMethods.all.map(\.method).sorted())
    }
}
