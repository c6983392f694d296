import Foundation
import Kernel
import Platform
import Testing

@testable import ResidentServices

@Suite struct ReportRulesTests {
    @Test func aNumberIsTakenAsPeopleTypeIt() throws {
        let number: CheckedNumber = try Self.first()
        let wide: String = String(
            String.UnicodeScalarView(
                number.description.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
        for typed: String in [
            "reports/\(number)", number.description, number.spaced, number.spaced.lowercased(), wide,
            number.description.replacing("AJ", with: ""), number.description.replacing("0", with: "O"),
        ] {
            #expect(try ReportRules.number(typed) == number.description, "\(typed)")
        }
    }

    @Test func aNumberWithOneWrongDigitIsRefusedBeforeAnythingIsLookedUp() throws {
        let right: [Character] = Array(try Self.first().description)
        for index in 2..<right.count {
            var wrong: [Character] = right
            wrong[index] = wrong[index] == "9" ? "0" : "9"
            guard wrong != right else { continue }
            #expect(throws: Refusal.self) { try ReportRules.number(String(wrong)) }
        }
    }

    private static func first() throws -> CheckedNumber {
        let date: CivilDate = try #require(CivilDate("2026-11-23"))
        return CheckedNumber(kind: .caseNumber, date: date, sequence: 1)
    }

    @Test func aRatingIsOneToFive() throws {
        #expect(reason { try ReportRules.comment("", rating: 0) } == "RATING_INVALID")
        #expect(reason { try ReportRules.comment("", rating: 1) } == nil)
        #expect(reason { try ReportRules.comment("差", rating: 5) } == nil)
        #expect(reason { try ReportRules.comment("差", rating: 6) } == "RATING_INVALID")
    }

    @Test func aBadRatingSaysWhatIsWrong() throws {
        #expect(reason { try ReportRules.comment("", rating: 3) } == nil)
        #expect(reason { try ReportRules.comment(" \n", rating: 4) } == "COMMENT_MISSING")
    }

    @Test func aCommentHasAtMost500Characters() throws {
        #expect(reason { try ReportRules.comment(String(repeating: "好", count: 500), rating: 1) } == nil)
        #expect(
            reason { try ReportRules.comment(String(repeating: "好", count: 501), rating: 1) } == "TEXT_LENGTH"
        )
    }

    @Test func aReasonForReopeningHas2To500Characters() throws {
        #expect(reason { try ReportRules.reopenReason("坏") } == "TEXT_LENGTH")
        #expect(reason { try ReportRules.reopenReason("又坏") } == nil)
        #expect(reason { try ReportRules.reopenReason(String(repeating: "坏", count: 500)) } == nil)
        #expect(reason { try ReportRules.reopenReason(String(repeating: "坏", count: 501)) } == "TEXT_LENGTH")
    }

    @Test func aResumeTokenIsOneOfOurs() throws {
        #expect(try ReportRules.sequence("") == nil)
        #expect(try ReportRules.sequence(ReportRules.resumeToken(17)) == 17)
        for bad: String in ["17", "r", "r-1", "e17", "r99999999999999999999"] {
            #expect(reason { try ReportRules.sequence(bad) } == "RESUME_TOKEN_INVALID")
        }
    }

    private func reason<T>(_ body: () throws -> T) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? Refusal)?.reason ?? "\(error)"
        }
    }
}

@Suite struct ReportTextsTests {
    static func workflow(file: StaticString = #filePath) throws -> WorkflowDefinition {
        let root: URL = URL(filePath: String(describing: file))
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try WorkflowDefinition(
            yaml: String(contentsOf: root.appending(path: "ops/data/workflows/case.yaml"), encoding: .utf8))
    }

    @Test func everyStateOfTheWorkflowHasPlainWords() throws {
        for state in try Self.workflow().states where state.id != "draft" {
            #expect(!ReportTexts.state(state.id).zh.contains(state.id), "\(state.id)")
            #expect(!ReportTexts.state(state.id).en.contains(state.id), "\(state.id)")
        }
    }

    @Test func everyMessageIsAboutAnEventThatTheWorkflowPublishes() throws {
        let published: Set<String> = Set(try Self.workflow().actions.flatMap(\.events))
        #expect(ReportTexts.messageTypes.subtracting(published) == [])
    }

    @Test func aMessageHasNoPlaceholderLeft() {
        let payload: [String: String] = [
            "number": "AJ-261123-00001-0", "category": "street_light", "category_zh": "路灯不亮",
            "category_en": "Street light out", "body": "城区 住建局", "until": "2026-12-03",
        ]
        for type in ReportTexts.messageTypes {
            for payload in [payload, payload.merging(["main_case": "cases/x"]) { first, _ in first }] {
                let message: ReportTexts.Message? = ReportTexts.message(eventType: type, payload: payload)
                for text in [message?.title.zh, message?.title.en, message?.body.zh, message?.body.en] {
                    #expect(text?.contains("{") == false && text?.isEmpty == false)
                }
            }
        }
    }

    @Test func aFollowerIsNotAskedToRate() {
        let own = ReportTexts.message(eventType: "case.resolved", payload: ["number": "1"])
        let follower = ReportTexts.message(
            eventType: "case.resolved", payload: ["number": "1", "main_case": "cases/x"])
        #expect(own?.title.zh.contains("评价") == true)
        #expect(follower?.title.zh.contains("评价") == false)
    }

    @Test func noMessageForWhatIsNoNewsToReporters() {
        #expect(ReportTexts.message(eventType: "case.returned", payload: [:]) == nil)
    }
}
