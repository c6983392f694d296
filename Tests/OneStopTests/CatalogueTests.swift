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

@Suite struct CatalogueTests {
    @Test func importsAreWholeCountedAndRevised() async throws {
        try await Catalogue.with { test in
            #expect(try await test.catalogue.isEmpty())
            let first = "code,name,dept\nA-1,出生登记,公安局\nA-2,户口注销,公安局\n"
            #expect(
                try await test.catalogue.importFile(first, name: "test", kind: .handling)
                    == ItemImportCounts(created: 2))
            #expect(
                try await test.catalogue.importFile(first, name: "test", kind: .handling)
                    == ItemImportCounts(unchanged: 2))
            await #expect(throws: DataFileError.self) {
                try await test.catalogue.importFile(
                    "code,name,dept\nA-3,新,局\nA-3,又,局\n", name: "test", kind: .handling)
            }
            #expect(try await test.search("新").isEmpty)
            #expect(
                try await test.catalogue.importFile(
                    "code,name,dept\nA-1,出生登记（新）,公安局\n", name: "test", kind: .handling)
                    == ItemImportCounts(updated: 1, retired: 1))
            let item = try await test.platform.readAsSystem { try ItemStore.find($0.connection, id: "A-1") }
            #expect(item?.revision == 2)
            #expect(try await test.search("户口注销").isEmpty)
            #expect(
                try await test.catalogue.importFile(first, name: "other", kind: .query)
                    == ItemImportCounts(created: 2))
            #expect(try await test.search("出生登记").count == 2)
            #expect(try await test.search("出生登记", kind: .query).count == 1)
        }
    }

    @Test func peopleFindItemsByTheirOwnWords() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            let expected: [(query: String, name: String)] = [
                ("出生登记", "出生登记"), ("上户口", "出生登记"), ("我要给宝宝上户口怎么办理？", "出生登记"), ("租房公积金", "租房提取公积金"),
                ("zftqgjj", "租房提取公积金"), ("ZFTQ", "租房提取公积金"), ("jc-b-121", "租房提取公积金"), ("离婚", "离婚登记（30日冷静期）"),
            ]
            for (query, name) in expected {
                let found = try await test.search(query)
                #expect(found.first?.item.content.name == name, "\(query)")
            }
            let partial = try #require(try await test.search("提取租房").first)
            #expect(partial.matched == ["提取", "租房"])
            #expect(try await test.search("飞碟驾驶").isEmpty)
        }
    }

    @Test func aDefinitionBelongsToItsItem() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            #expect(
                try await test.catalogue.importDefinitions(yaml: dataFile("definitions/frequent.yaml")) > 0)
            let item = try await test.item("JC-B-121")
            #expect(item.visits == 0 && item.materials.count == 5 && item.steps.count == 4)
            #expect(item.revision == 2 && item.acceptsApplications && !item.hasDraft)
            #expect(item.parsedCode?.scheme == "local" && item.querySourceState == .unspecified)
            let bare = try await test.item("JC-B-038")
            #expect(bare.promisedLimit == nil && bare.statutoryLimit == nil && !bare.immediate)
            #expect(bare.visits == -1 && bare.audience == .unspecified && bare.fee.isEmpty)
            let query = try await test.item("JC-C-001")
            #expect(!query.acceptsApplications && query.querySourceState == .notConnected)
        }
    }

    /// Guides that stood in a table of their own become definitions; nothing of them is lost on the way.
    @Test func guidesOfTheFirstSchemaBecomeDefinitions() async throws {
        let folder: String = NSTemporaryDirectory() + "items-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let old = try await SQLiteDatabase(
            path: folder + "/linli.sqlite",
            migrations: Platform.migrations + [OneStop.migrations[0]])
        try await old.write { connection in
            for (id, code) in [("a", "A-1"), ("b", "A-2")] {
                try connection.execute(
                    """
                    INSERT INTO onestop_items (id, catalogue, code, name, kind, type, department, promised_limit,
                        statutory_limit, note, synonyms, source, revision, update_time, retired)
                    VALUES ($1, 'test', $2, '登记', 1, '确认', '公安局', '0', '', '', '', 'G', 3, 7, 0)
                    """, .text(id), .text(code))
            }
            try connection.execute(
                """
                INSERT INTO onestop_guides (code, visits, fee, phone, place_zh, place_en, source, materials, steps)
                VALUES ('A-1', 2, '一"元"', 'a\\b', '窗口', '', 'M',
                    '[{"label":"身份证","source":"本人","required":false}]', '[{"zh":"申请","en":""}]')
                """)
            try connection.execute(
                "INSERT INTO onestop_missed_searches (query, count, first_time, last_time) VALUES ('飞碟', 4, 1, 2)"
            )
        }
        await old.close()
        let new = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + OneStop.migrations)
        let (guided, bare, unfound) = try await new.read { connection in
            (
                try ItemStore.find(connection, id: "a"), try ItemStore.find(connection, id: "b"),
                try UnfoundStore.list(connection, resolved: false, after: nil, limit: 10)
            )
        }
        await new.close()
        let definition = try #require(guided).definition
        #expect(definition.visits == 2 && definition.fee == "一\"元\"" && definition.phone == "a\\b")
        #expect(definition.materials == [.init(label: "身份证", source: "本人", required: false)])
        #expect(definition.steps.map(\.zh) == ["申请"] && guided?.revision == 3 && guided?.state == .active)
        #expect(bare?.definition == ItemDefinition())
        #expect(unfound.map(\.words) == ["飞碟"] && unfound[0].count == 4)
    }

    @Test func everyMethodHasItsRow() {
        let methods = (ItemDesk.access + CatalogueDesk.access).map(\.method.method)
        let all = OneStopV1.ItemServiceMethods.all + OneStopV1.CatalogueServiceMethods.all
        #expect(methods.sorted() == all.map(\.method).sorted())
    }

    /// The line is a field of its own; in the text it would be there twice.
    @Test func importsSayTheLineOnce() async throws {
        try await Catalogue.with { test in
            let answer = try await test.desk.importItems(
                .init(
                    content: "code,name,dept\n1,,民政局\n", catalogue: "test", kind: .handling,
                    requestID: Catalogue.requestID(1)),
                test.call(OneStopV1.ItemServiceMethods.importItems, editor: true))
            let problem = try #require(answer.problems.first)
            #expect(problem.error && problem.line == 2)
            #expect(problem.text?.zh.hasPrefix("name：") == true)
            #expect(problem.text?.en.hasPrefix("name: ") == true)
        }
    }
}
