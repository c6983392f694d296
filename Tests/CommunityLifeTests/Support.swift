import Crypto
import Foundation
import Kernel
import Logging
import Platform
import Storage

@testable import CommunityLife

/// Rules with what the tests need: a cap of the month, one of the day, one that costs points, a partner with little room.
let rulesText: String = """
    id: community
    version: 3
    expiry_months: 24
    rules:
      hazard_verified: {zh: 安全隐患属实, en: hazard verified, points: 10, monthly_cap: 25, requires: {zh: 核查, en: check}}
      volunteering: {zh: 志愿服务, en: volunteering, points: 10, daily_cap: 15, requires: {zh: 确认, en: confirmed}}
      big: {zh: 义诊, en: free clinic, points: 50, requires: {zh: 确认, en: confirmed}}
      false_report: {zh: 虚假上报, en: false report, points: -10, requires: {zh: 认定, en: found}}
    partners:
      house: {zh: 爱心小屋, en: kindness house, monthly_cap: 50}
    offers:
      towel: {zh: 毛巾两条, en: two towels, points: 15, partner: house, monthly_stock: 2}
      rice: {zh: 大米, en: rice, points: 30, partner: house}
    """

/// A community with a store of its own and a clock that the test moves.
struct Community: Sendable {
    static let start: Instant = Instant(startOf: CivilDate(daysSinceEpoch: 20_780)).adding(hours: 10)

    let platform: Platform
    let clock: ManualClock
    let module: CommunityLife
    let book: PointsBook

    /// Makes one, and takes its files away afterwards.
    static func with(rules: Bool = true, _ body: (Community) async throws -> Void) async throws {
        let folder: String = NSTemporaryDirectory() + "community-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await SQLiteDatabase(
            path: folder + "/linli.sqlite", migrations: Platform.migrations + CommunityLife.migrations)
        let clock = ManualClock(start)
        let platform = Platform(
            database: database,
            environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(
                keys: [1: SymmetricKey(Array(repeating: 7, count: 32))], currentKeyID: 1,
                indexKey: SymmetricKey(Array(repeating: 9, count: 32))),
            logger: Logger(label: "community"),
            documents: Documents(readers: CommunityLife.documentReaders))
        let community = Community(
            platform: platform, clock: clock, module: CommunityLife(platform: platform),
            book: PointsBook(platform: platform))
        if rules { try await community.publishRules() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(community)) } catch { result = .failure(error) }
        await database.close()
        try result.get()
    }

    func publishRules() async throws {
        _ = try await platform.performAsSystem(action: "document.import") { [platform] unit in
            try platform.documents.importText(.points, yaml: rulesText, unit)
        }
        try await platform.readAsSystem { [platform] in try platform.documents.load($0.connection) }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (PointsBook, UnitOfWork) throws -> T) async throws
        -> T
    {
        try await platform.performAsSystem(action: "test") { [book] unit in try body(book, unit) }
    }

    /// Applies a rule as a listener would.
    @discardableResult
    func apply(_ rule: String, to resident: String = ada, about subject: String) async throws
        -> PointsBook.Outcome
    {
        try await write { book, unit in
            let catalogue = try book.catalogue()
            guard let rule = catalogue.rule(rule) else { throw PointsTexts.rulesMissing }
            return try book.apply(
                rule, of: catalogue, to: resident, subject: subject, event: "event-\(subject)-\(rule.id)",
                unit)
        }
    }

    @discardableResult
    func redeem(_ offer: String, for resident: String = ada) async throws -> Redemption {
        try await write { book, unit in try book.redeem(offer, for: resident, unit) }
    }

    func settle(_ resident: String = ada) async throws {
        try await write { book, unit in try book.settle(resident, unit) }
    }

    func balance(_ resident: String = ada) async throws -> Int64 {
        try await platform.readAsSystem { try Ledger.balance($0.connection, resident) }
    }

    func entries(_ resident: String = ada) async throws -> [LedgerEntry] {
        try await platform.readAsSystem {
            try Ledger.list($0.connection, resident, before: nil, limit: 100)
        }
    }

    func number(_ sql: String) async throws -> Int64 {
        try await platform.readAsSystem { context in
            try context.connection.first(sql) { $0.integer(0) } ?? -1
        }
    }
}

let ada: String = "residents/ada"
let bao: String = "residents/bao"

func reason(_ body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal.reason
    } catch {
        return "\(error)"
    }
}
