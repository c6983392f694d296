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

/// Queries over the store of an `Office`: a public data set, two personal ones, and a query that nothing answers.
struct QueryOffice: Sendable {
    private typealias Methods = OneStopV1.QueryServiceMethods

    let office: Office
    let desk: QueryDesk

    /// P-1 and P-2 are public, E-1 is personal, E-3 needs somebody who was seen at a counter, N-1 is not connected.
    private static let items: String = """
        code,name,dept
        P-1,养老机构查询,民政局
        P-2,公办养老机构查询,民政局
        E-1,公积金账户余额查询,公积金中心
        E-3,档案存放查询,人社局
        N-1,停水通知查询,住建局

        """

    static let publicSchema: String = """
        id: homes
        version: 1
        source: {zh: 民政局, en: Civil Affairs}
        synthetic: true
        items:
          P-1: {}
          P-2: {only: {kind: 公办}, parameters: [words]}
        columns:
          name: {zh: 机构, en: Home}
          county: {zh: 县区, en: County, kind: place}
          kind: {zh: 性质, en: Kind, hidden: true}
          price: {zh: 价格, en: Price, kind: money}
        parameters:
          county: {prompt: {zh: 哪里？, en: Where?}, zh: 县区, en: County, match: place, optional: true}
          kind: {prompt: {zh: 哪种？, en: Which?}, zh: 性质, en: Kind, match: equals, optional: true, choose: true}
          words: {prompt: {zh: 名字？, en: Name?}, zh: 关键词, en: Words, match: words, columns: [name], optional: true}
        """

    static func personalSchema(_ id: String, item: String, level: Int = 0) -> String {
        """
        id: \(id)
        version: 1
        source: {zh: 公积金中心, en: Housing Fund}
        synthetic: true
        subject: id_number
        identity_level: \(level)
        items:
          \(item): {}
        columns:
          id_number: {zh: 身份证号码, en: ID number, kind: id_number}
          account: {zh: 账号, en: Account, mask: account}
          balance: {zh: 余额, en: Balance, kind: money}
        """
    }

    static let motherNumber: String = IDNumber(
        syntheticBornOn: CivilDate(daysSinceEpoch: 5_000), sequence: 1
    ).text
    static let daughterNumber: String = IDNumber(
        syntheticBornOn: CivilDate(daysSinceEpoch: 5_000), sequence: 2
    ).text

    static let personalRows: String = """
        id_number,account,balance
        \(motherNumber),140599000001,8000.50
        \(daughterNumber),140599000002,120.00

        """

    /// 60 homes, of which each third is public, in two counties.
    static let publicRows: String =
        "name,county,kind,price\n"
        + (1...60).map { number in
            let county: String = number % 2 == 0 ? "城区" : "140525000000"
            return "松鹤\(number)号院,\(county),\(number % 3 == 0 ? "公办" : "民办"),\(1_000 + number)"
        }.joined(separator: "\n") + "\n"

    static func with(_ body: (QueryOffice) async throws -> Void) async throws {
        try await Office.with { office in
            _ = try await office.platform.performAsSystem(action: "test") { unit in
                try Organizations.insert(
                    unit.connection,
                    NewOrganization(
                        code: "140525000000", name: "泽州县", level: .county, parentCode: "140500000000"))
                return 1
            }
            _ = try await office.catalogue.importFile(items, name: "query", kind: .query)
            let book = DataSetBook(platform: office.platform, synthetic: .allowed)
            let asOf: Instant = Office.start.adding(hours: -24)
            try await book.importSet(schema: publicSchema, rows: publicRows, asOf: asOf)
            try await book.importSet(
                schema: personalSchema("fund", item: "E-1"), rows: personalRows, asOf: asOf)
            try await book.importSet(
                schema: personalSchema("archive", item: "E-3", level: 3), rows: personalRows, asOf: asOf)
            let desk = QueryDesk(
                platform: office.platform, signer: office.mandates.signer,
                pool: ConnectorPool(
                    access: .none, environment: office.platform.environment,
                    logger: Logger(label: "queries")), book: book)
            try await body(QueryOffice(office: office, desk: desk))
        }
    }

    func get(_ item: String) async throws -> OneStopV1.Query {
        try await desk.getQuery(
            .init(item: "items/\(item)"), office.call(Methods.getQuery, Office.mother))
    }

    func run(
        _ item: String, _ parameters: [(String, String)] = [], as principal: Principal = Office.mother,
        mandate: String = "", requestID: String = Office.newID()
    ) async throws -> OneStopV1.QueryAnswer {
        try await desk.runQuery(
            .init(
                item: "items/\(item)",
                parameters: parameters.map { OneStopV1.FormAnswer(question: $0.0, value: $0.1) },
                mandate: mandate, requestID: requestID), office.call(Methods.runQuery, principal))
    }

    func receipt(_ number: String) async throws -> OneStopV1.QueryReceipt {
        try await desk.getQueryReceipt(
            .init(number: number), office.call(Methods.getQueryReceipt, Office.daughter))
    }

    func importSet(_ schema: String, _ rows: String, asOf: Instant = Office.start, validateOnly: Bool = false)
        async throws -> OneStopV1.ImportDataSetResponse
    {
        try await desk.importDataSet(
            .init(
                schema: schema, content: rows, asOfTime: .init(asOf), validateOnly: validateOnly,
                requestID: Office.newID()),
            office.call(
                Methods.importDataSet,
                Principal(
                    kind: .staff, id: "editor",
                    grants: [
                        Grant(
                            role: .dataEditor, scopeCode: "140500000000", scopePath: "/140500000000/")
                    ])))
    }

    /// Who looked at somebody's data, and what for.
    func looks(at resident: String) async throws -> [String] {
        try await texts(
            "SELECT viewer || '|' || purpose FROM platform_data_accesses WHERE resident_id = $1 ORDER BY id",
            resident)
    }

    /// Details of the entries that the audit log has of an action, oldest first.
    func audited(_ action: String) async throws -> [String] {
        try await texts(
            "SELECT details FROM platform_audit_entries WHERE action = $1 ORDER BY position", action)
    }

    private func texts(_ sql: String, _ value: String) async throws -> [String] {
        try await office.platform.readAsSystem { context in
            try context.connection.query(sql, .text(value)) { $0.text(0) }
        }
    }
}
