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
@testable import linlid

/// What query items answer in the demonstration.
@Suite struct DemoQueryTests {
    private typealias Methods = OneStopV1.QueryServiceMethods
    private static let dataFiles: String = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "ops/data").path
    /// So many of the 247 have to answer.
    private static let promised: Int = 40
    /// So many residents ask about themselves: enough that some of them are old, and some drive.
    private static let askers: Int = 40

    @Test func fortyQueriesAnswerAndTheOthersSayThatNothingIsConnected() async throws {
        let folder: URL = FileManager.default.temporaryDirectory
            .appending(path: "linli-queries-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try await SQLiteDatabase(
            path: folder.appending(path: "queries.sqlite").path, migrations: Composition.migrations)
        let platform = Platform(
            database: database, environment: .fixed(at: demoNow),
            keyring: try Keyring(keys: [1: .random()], currentKeyID: 1, indexKey: .random()),
            logger: Logger(label: "queries"), documents: Documents(readers: Composition.documentReaders))
        let book = DataSetBook(platform: platform, synthetic: .allowed)
        let places = try DemoPlaces(source: demoSource())
        let people: [DemoPerson] = DemoRegister(places, seed: 1).people
        let askers: [DemoPerson] = Array(
            people.filter { $0.home.hasPrefix(DemoPlaces.fengtai) && $0.phone != nil }
                .prefix(Self.askers))
        try await furnish(platform, places, askers)

        let queries = DemoQueries(book: book, folder: Self.dataFiles, now: demoNow)
        try await queries.load { people }
        // What is there stays, and nothing is asked twice.
        try await queries.load { throw CancellationError() }

        let desk = QueryDesk(
            platform: platform,
            signer: try NoteSigner(name: "test/linli", key: SigningKey(generating: .ed25519)),
            pool: ConnectorPool(
                access: .none, environment: platform.environment, logger: Logger(label: "queries")),
            book: book)
        try await expectAnswers(desk, platform, askers)
        await database.close()
    }

    private func expectAnswers(_ desk: QueryDesk, _ platform: Platform, _ askers: [DemoPerson]) async throws {
        let items: [String] = try await platform.readAsSystem { context in
            try context.connection.query("SELECT id FROM onestop_items ORDER BY id") { $0.text(0) }
        }
        #expect(items.count == 247)
        let residents: [Principal] = askers.map {
            Principal(kind: .resident, id: $0.id, level: .idNumber, homeCode: $0.home, synthetic: true)
        }
        var answered: [String] = []
        var personal: Int = 0
        var ofPlayers: [String: Int] = [:]
        for item in items {
            let name: String = "items/\(item)"
            let query = try await desk.getQuery(.init(item: name), call(Methods.getQuery, nil))
            guard query.sourceState != .notConnected else {
                let said: String = query.sourceText?.zh ?? ""
                #expect(
                    said.contains("还没有接入") || said.contains("不在这里查：在主菜单") || said.contains("直接说"), "\(item)")
                #expect(
                    try await reason { try await run(desk, name, residents[0]) } == "SOURCE_NOT_CONNECTED",
                    "\(item)")
                continue
            }
            #expect(query.parameters.allSatisfy { $0.optional }, "\(item) answers without being narrowed")
            #expect(query.sourceText?.zh.isEmpty == false && query.asOfTime != nil)
            if query.personal { personal += 1 }
            for (index, resident) in (query.personal ? residents : [residents[0]]).enumerated() {
                let answer = try await run(desk, name, resident)
                if answer.rows.isEmpty { continue }
                #expect(answer.receipt?.number.hasPrefix("CX-") == true)
                if answered.last != item { answered.append(item) }
                guard query.personal, index < DemoImport.playersCount else { break }
                ofPlayers[resident.id, default: 0] += 1
            }
            #expect(answered.last == item, "nobody gets an answer from \(query.title)")
        }
        #expect(answered.count >= Self.promised)
        #expect(personal >= 10)
        #expect(ofPlayers.count == DemoImport.playersCount && ofPlayers.values.allSatisfy { $0 >= 15 })
    }

    private func run(_ desk: QueryDesk, _ item: String, _ principal: Principal) async throws
        -> OneStopV1.QueryAnswer
    {
        try await desk.runQuery(
            .init(item: item, requestID: UUID().uuidString.lowercased()), call(Methods.runQuery, principal))
    }

    private func reason<T>(_ body: () async throws -> T) async throws -> String? {
        do {
            _ = try await body()
            return nil
        } catch let refusal as Refusal { return refusal.reason }
    }

    private func call(_ method: MethodDescriptor, _ principal: Principal?) -> ServerCall {
        let call = ServerCall(
            method: method, metadata: ["accept-language": "zh-CN"], peer: Peer(address: "203.0.113.5:4000"))
        call.principal = principal
        return call
    }

    /// Counties and towns, those who ask, and the query items.
    private func furnish(_ platform: Platform, _ places: DemoPlaces, _ people: [DemoPerson]) async throws {
        _ = try await platform.performAsSystem(action: "test") { unit in
            let levels: Set<OrganizationLevel> = [.prefecture, .county, .town, .community, .grid1]
            for place in places.organizations where levels.contains(place.level) {
                try Organizations.insert(unit.connection, place)
            }
            for person in people {
                guard let phone = person.phone else { continue }
                try Residents(keyring: platform.keyring).insert(
                    unit,
                    NewResident(
                        id: person.id, phone: phone, fullName: person.name, passwordHash: nil,
                        level: .idNumber,
                        idNumber: person.idNumber, homeCode: person.home, synthetic: true))
            }
            return people.count
        }
        let catalogue = ItemCatalogue(
            platform: platform, search: ItemSearch(documents: platform.documents))
        _ = try await catalogue.importFile(
            String(contentsOfFile: "\(Self.dataFiles)/items/query.tsv", encoding: .utf8), name: "query",
            kind: .query)
    }
}
