import Contract
import Crypto
import Foundation
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

@Suite struct QueryTests {
    private static let kiosk: Principal = Principal(kind: .device, id: "kiosk-1")

    @Test func publicAnswersAreForEverybodyWhoIsKnown() async throws {
        try await QueryOffice.with { queries in
            let stranger = Principal(kind: .resident, id: "new", level: .phone)
            for principal in [Office.mother, stranger, Office.clerk, Office.officer, Self.kiosk] {
                let answer = try await queries.run("P-2", as: principal)
                #expect(answer.rows.count == 20 && !answer.truncated)
                #expect(answer.columns.map(\.id) == ["name", "county", "price"], "the kind is hidden")
                #expect(answer.rows[0].values == ["松鹤3号院", "140525000000", "¥1,003.00"])
                #expect(answer.sourceText == "民政局（演示数据，不是真的）")
                #expect(answer.asOfTime?.instant == Office.start.adding(hours: -24))
            }
        }
    }

    @Test func questionsChooseRows() async throws {
        try await QueryOffice.with { queries in
            let query = try await queries.get("P-1")
            #expect(query.parameters.map(\.id) == ["county", "kind", "words"])
            #expect(query.parameters[0].choices.compactMap { $0.label?.zh } == ["城区", "泽州县"])
            #expect(query.parameters[1].choices.map(\.value).sorted() == ["公办", "民办"].sorted())
            func count(_ parameters: [(String, String)]) async throws -> Int {
                try await queries.run("P-1", parameters).rows.count
            }
            #expect(try await count([("county", Office.county)]) == 30)
            #expect(try await count([("county", "140525000000"), ("kind", "公办")]) == 10)
            #expect(try await count([("words", "松鹤 １２号")]) == 1, "full-width digits are digits")
            #expect(try await count([("words", "%")]) == 0, "wildcards are characters")
            #expect(try await count([("words", "没有这家")]) == 0)
            let empty = try await queries.run("P-1", [("words", "没有这家")])
            #expect(empty.notice?.zh.contains("没有查到") == true && empty.receipt != nil)
            let all = try await queries.run("P-1")
            #expect(all.rows.count == QueryContent.rowsMax && all.truncated)
        }
    }

    @Test func badQuestionsAreRefusedByName() async throws {
        let longest = String(repeating: "长", count: 60)
        let cases: [(item: String, parameters: [(String, String)], reason: String?)] = [
            ("P-1", [("colour", "红")], "QUERY_PARAMETER_UNKNOWN"),
            ("P-2", [("county", Office.county)], "QUERY_PARAMETER_UNKNOWN"),
            ("P-1", [("kind", "公办"), ("kind", "民办")], "QUERY_PARAMETER_TWICE"),
            ("P-1", [("kind", "外星")], "QUERY_PARAMETER_INVALID"),
            ("P-1", [("words", longest)], nil),
            ("P-1", [("words", longest + "长")], "QUERY_PARAMETER_INVALID"),
            ("A-1", [], "ITEM_NOT_QUERY"), ("Z-9", [], "ITEM_NOT_FOUND"),
        ]
        try await QueryOffice.with { queries in
            for one in cases {
                let found: String? = try await reason { try await queries.run(one.item, one.parameters) }
                #expect(found == one.reason, "\(one)")
            }
        }
    }

    @Test func whatIsNotConnectedSaysWhomToAsk() async throws {
        try await QueryOffice.with { queries in
            let query = try await queries.get("N-1")
            #expect(query.sourceState == .notConnected && query.parameters.isEmpty)
            #expect(query.sourceText?.zh == "「停水通知查询」的数据还没有接入。请问住建局，或打 12345。")
            #expect(try await reason { try await queries.run("N-1") } == "SOURCE_NOT_CONNECTED")
        }
    }

    @Test func theReceiptProvesTheAnswerToWhomeverHasTheSalt() async throws {
        try await QueryOffice.with { queries in
            let answer = try await queries.run("P-2", [("words", "3号院")])
            let given = try #require(answer.receipt)
            #expect(given.number == "CX-261123-00001-\(given.number.suffix(1))")
            let receipt = try await queries.receipt(given.number.replacing("-", with: " "))
            #expect(receipt == given)
            let note = try SignedNote(parsing: receipt.signedText)
            try note.verify([queries.desk.signer.verifier])
            #expect(note.text.contains(given.number) && note.text.contains(Hex.encode(given.answerHash)))
            var texts: [String] = ["3"] + answer.columns.map(\.id) + answer.rows.flatMap(\.values)
            texts += ["no", Office.start.adding(hours: -24).rfc3339, answer.sourceText]
            #expect(
                SHA256.hash(answer.salt + texts.flatMap { Array($0.utf8) + [0] }) == given.answerHash)
            #expect(!receipt.signedText.contains("松鹤"), "no content")
            let other = String(given.number.dropLast()) + (given.number.hasSuffix("1") ? "2" : "1")
            #expect(try await reason { try await queries.receipt(other) } != nil)
            let again = Office.newID()
            let first = try await queries.run("P-2", requestID: again)
            #expect(try await queries.run("P-2", requestID: again) == first, "one receipt for one question")
        }
    }

    @Test func personalAnswersAreAboutOneselfOnly() async throws {
        try await QueryOffice.with { queries in
            let query = try await queries.get("E-1")
            #expect(query.personal && query.identityLevel == 2)
            let mine = try await queries.run("E-1")
            #expect(mine.rows.map(\.values) == [["********0001", "¥8,000.50"]])
            #expect(try await queries.run("E-1", as: Office.daughter).rows[0].values[1] == "¥120.00")
            #expect(mine.subjectText == "李*英" && mine.mandate.isEmpty)
            #expect(try await queries.looks(at: "mother").isEmpty, "nobody else looked")
            let unverified = Principal(kind: .resident, id: "mother", level: .phone)
            #expect(
                try await reason { try await queries.run("E-1", as: unverified) }
                    == "IDENTITY_LEVEL_TOO_LOW")
            for principal in [Office.clerk, Office.officer, Self.kiosk] {
                #expect(try await reason { try await queries.run("E-1", as: principal) } == "QUERY_PERSONAL")
            }
            #expect(try await reason { try await queries.run("E-3") } == "IDENTITY_LEVEL_TOO_LOW")
        }
    }

    @Test func rowsAboutPeopleAreSealed() async throws {
        try await QueryOffice.with { queries in
            let stored: [String] = try await queries.office.platform.readAsSystem { context in
                try context.connection.query(
                    """
                    SELECT coalesce(plain, '') || hex(coalesce(sealed, '')) || hex(coalesce(subject, ''))
                    FROM onestop_query_rows WHERE data_set = 'fund'
                    """
                ) { $0.text(0) }
            }
            #expect(stored.count == 2)
            for clear in [QueryOffice.motherNumber, "8,000", "0001"] {
                let hex: String = Hex.encode(Array(clear.utf8)).uppercased()
                #expect(!stored.contains { $0.contains(clear) && $0.hasPrefix("[") || $0.contains(hex) })
            }
        }
    }
}

/// Asking for whoever gave a mandate.
@Suite struct QueryMandateTests {
    @Test func theDaughterAsksForHerMotherAndHerMotherSeesIt() async throws {
        try await QueryOffice.with { queries in
            let mandate = try await queries.office.give("E-1")
            let answer = try await queries.run("E-1", as: Office.daughter, mandate: mandate.name)
            #expect(
                answer.rows.map(\.values) == [["********0001", "¥8,000.50"]], "the mother's, not her own")
            #expect(answer.mandate == mandate.name && answer.subjectText == "李*英", "the screen says for whom")
            let looks = try await queries.looks(at: "mother")
            #expect(looks.count == 1 && looks[0].hasSuffix("|受托查询：公积金账户余额查询"))
            #expect(looks[0].hasPrefix("受托人 王") && !looks[0].contains("王小红"), "masked")
            #expect(try await queries.looks(at: "daughter").isEmpty)
            let entry = try #require(try await queries.audited("query.run").last)
            #expect(entry.contains(mandate.name) && entry.contains("items/E-1"))
            #expect(!entry.contains("8,000") && !entry.contains(QueryOffice.motherNumber))
        }
    }

    @Test func aCounterAsksByMandateOnly() async throws {
        try await QueryOffice.with { queries in
            let mandate = try await queries.office.give("E-1", account: "clerk")
            let answer = try await queries.run("E-1", as: Office.clerk, mandate: mandate.name)
            #expect(answer.rows.count == 1)
            #expect(
                try await queries.looks(at: "mother") == ["受托人 凤台社区经办人|受托查询：公积金账户余额查询"])
            // Whoever does not work at a counter any more has lost what came with it.
            let moved = Principal(kind: .staff, id: "clerk", grants: Office.officer.grants)
            #expect(
                try await reason { try await queries.run("E-1", as: moved, mandate: mandate.name) }
                    == "QUERY_AGENT_ROLE")
        }
    }

    @Test func isGoodForItsItemItsAgentAndItsTimeOnly() async throws {
        try await QueryOffice.with { queries in
            func refusal(_ item: String, _ principal: Principal, _ mandate: String) async throws -> String? {
                try await reason { try await queries.run(item, as: principal, mandate: mandate) }
            }
            let mandate = try await queries.office.give("E-1", days: 10)
            let other = try await queries.office.give("A-1")
            #expect(try await refusal("E-1", Office.clerk, mandate.name) == "MANDATE_NOT_FOUND")
            #expect(
                try await refusal("E-1", Office.mother, mandate.name) == "MANDATE_NOT_FOUND",
                "not for whoever gave it")
            #expect(try await refusal("E-1", Office.daughter, "mandates/none") == "MANDATE_NOT_FOUND")
            #expect(try await refusal("E-1", Office.daughter, "items/E-1") != nil)
            #expect(try await refusal("E-1", Office.daughter, other.name) == "MANDATE_OTHER_ITEM")
            #expect(try await refusal("P-1", Office.daughter, mandate.name) == "MANDATE_NOT_NEEDED")
            let unverified = Principal(kind: .resident, id: "daughter", level: .phone)
            #expect(try await refusal("E-1", unverified, mandate.name) == "IDENTITY_LEVEL_TOO_LOW")
            queries.office.clock.advance(seconds: 10 * 86_400 - 1)
            #expect(try await refusal("E-1", Office.daughter, mandate.name) == nil)
            queries.office.clock.advance(seconds: 1)
            #expect(try await refusal("E-1", Office.daughter, mandate.name) == "MANDATE_EXPIRED")
            #expect(try await queries.looks(at: "mother").count == 1, "refusals show nothing")
        }
    }

    @Test func whatWasTakenBackIsOfNoUse() async throws {
        try await QueryOffice.with { queries in
            let mandate = try await queries.office.give("E-1")
            _ = try await queries.office.mandates.revokeMandate(
                .init(name: mandate.name, requestID: Office.newID()),
                queries.office.call(OneStopV1.MandateServiceMethods.revokeMandate, Office.mother))
            #expect(
                try await reason {
                    try await queries.run("E-1", as: Office.daughter, mandate: mandate.name)
                } == "MANDATE_REVOKED")
        }
    }

    @Test func thePrincipalMustBeKnownAsWellAsTheSourceDemands() async throws {
        try await QueryOffice.with { queries in
            let mandate = try await queries.office.give("E-3")
            let known = Principal(kind: .resident, id: "daughter", level: .counter)
            #expect(
                try await reason { try await queries.run("E-3", as: known, mandate: mandate.name) }
                    == "IDENTITY_LEVEL_TOO_LOW", "the mother was never seen at a counter")
        }
    }
}
