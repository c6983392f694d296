import Contract
import Crypto
import Foundation
import Kernel
import Platform
import RPC
import Testing

@testable import OneStop

@Suite struct MandateTests {
    @Test func theDaughterAppliesForHerMother() async throws {
        try await Office.with { office in
            let mandate = try await office.give()
            #expect(mandate.usable && mandate.given)
            #expect(mandate.principalText == "李秀英")
            let made = try await office.submit(as: Office.daughter, mandate: mandate.name)
            #expect(made.applicantText == "李秀英", "the screen names the principal")
            #expect(made.agentText.contains("王"))
            #expect(
                try await office.messages("residents/mother").contains("养犬登记：提交申请"),
                "the principal is told")
            #expect(try await office.get(made.name, as: Office.mother).mandate == mandate.name)
            #expect(try await office.get(made.name, as: Office.daughter).name == made.name)
        }
    }

    @Test func theSignedTextCanBeChecked() async throws {
        try await Office.with { office in
            let mandate = try await office.give()
            let note = try SignedNote(parsing: mandate.signedText)
            try note.verify([office.mandates.signer.verifier])
            #expect(note.text.contains("李秀英") && note.text.contains("王小红") && note.text.contains("A-1"))
            let forged = mandate.signedText.replacingOccurrences(of: "李秀英", with: "李秀兰")
            let other = try SignedNote(parsing: forged)
            #expect(throws: CryptoError.self) { try other.verify([office.mandates.signer.verifier]) }
        }
    }

    @Test func isGoodForItsItemItsAgentAndItsTimeOnly() async throws {
        try await Office.with { office in
            let mandate = try await office.give(days: 10)
            #expect(
                try await reason {
                    try await office.submit("A-2", as: Office.daughter, mandate: mandate.name)
                } == "MANDATE_OTHER_ITEM")
            #expect(
                try await reason { try await office.submit(as: Office.clerk, mandate: mandate.name) }
                    == "MANDATE_NOT_FOUND")
            office.clock.advance(seconds: 10 * 86_400 - 1)
            _ = try await office.submit(as: Office.daughter, dog: "一", mandate: mandate.name)
            office.clock.advance(seconds: 1)
            #expect(
                try await reason {
                    try await office.submit(as: Office.daughter, dog: "二", mandate: mandate.name)
                } == "MANDATE_EXPIRED")
        }
    }

    @Test func whatWasTakenBackIsOfNoUse() async throws {
        try await Office.with { office in
            let mandate = try await office.give()
            let made = try await office.submit(as: Office.daughter, mandate: mandate.name)
            let revoke = OneStopV1.RevokeMandateRequest(name: mandate.name, requestID: Office.newID())
            #expect(
                try await reason {
                    try await office.mandates.revokeMandate(
                        revoke,
                        office.call(OneStopV1.MandateServiceMethods.revokeMandate, Office.daughter))
                } == "MANDATE_NOT_FOUND", "only the principal takes it back")
            let gone = try await office.mandates.revokeMandate(
                revoke, office.call(OneStopV1.MandateServiceMethods.revokeMandate, Office.mother))
            #expect(!gone.usable && gone.revokeTime != nil)
            #expect(
                try await reason {
                    try await office.submit(as: Office.daughter, dog: "二", mandate: mandate.name)
                } == "MANDATE_REVOKED")
            // What was handed in goes on, without the agent.
            _ = try await office.requestSupplement(made.name)
            #expect(
                try await reason { try await office.supplement(made.name, as: Office.daughter) }
                    == "ROLE_MISSING")
            #expect(try await office.supplement(made.name).state == .submitted)
        }
    }

    @Test func doesNotTellWhoHasAnAccount() async throws {
        try await Office.with { office in
            let known = try await office.give()
            let unknown = try await office.give(phone: PhoneNumber(syntheticSequence: 77).text)
            let wrongName = try await office.give(name: "王大红")
            for other in [unknown, wrongName] {
                #expect(other.usable == known.usable && other.item == known.item)
                #expect(other.agentText.count == known.agentText.count)
                #expect(
                    try await reason { try await office.submit(as: Office.daughter, mandate: other.name) }
                        == "MANDATE_NOT_FOUND")
            }
        }
    }

    @Test func anAgencyPointCanHoldOne() async throws {
        try await Office.with { office in
            #expect(
                try await reason { try await office.give(account: "officer") } == "AGENT_ACCOUNT_UNKNOWN",
                "an officer of the department is no agent")
            let mandate = try await office.give(account: "clerk")
            let made = try await office.submit(as: Office.clerk, mandate: mandate.name)
            #expect(made.agentText == "凤台社区经办人")
            #expect(try await reason { try await office.submit(as: Office.clerk) } == "MANDATE_NEEDED")
        }
    }

    @Test(arguments: [(Int32(1), true), (90, true), (91, false), (-1, false)])
    func lastsOneToNinetyDays(days: Int32, isFine: Bool) throws {
        guard isFine else {
            #expect(throws: Refusal.self) { try MandateRules.validity(days) }
            return
        }
        #expect(try MandateRules.validity(days) == Int(days))
    }
}
