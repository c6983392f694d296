import ArgumentParser
import Crypto
import Foundation
import Kernel
import Testing

@testable import linlictl

/// `linlictl certificate verify`: what somebody with a scanner and no network is told.
@Suite struct VerifyTests {
    private static let start: Instant = Instant(milliseconds: 1_795_600_000_000)
    private let key: SigningKey
    private let text: String

    init() throws {
        key = try SigningKey(generating: .ed25519)
        let credential = Credential(
            type: "residence", number: "ZM261125000017", title: "居住情况证明", issuer: "朝阳社区",
            lines: [Credential.Line(label: "姓名", value: "王*明")], issueTime: Self.start,
            expireTime: Self.start.adding(days: 90), statusIndex: 7)
        text = try credential.signed(by: key)
    }

    /// A trust file of a day, on disk.
    private func trust(revoked: [UInt32] = [], break damage: (String, String)? = nil) throws -> String {
        let trusted: TrustedKey = try TrustedKey(key: key.publicKey, createTime: Self.start)
        let list = StatusList(
            sequence: 1, time: Self.start.adding(seconds: 60), nextUpdate: Self.start.adding(days: 1),
            revoked: revoked)
        var content: String = try TrustFile(
            TrustBundle(issuer: "晋城市一网通办", keys: [trusted], statusList: list), signedBy: [key]
        ).text
        if let damage { content = content.replacing(damage.0, with: damage.1) }
        let path: String = NSTemporaryDirectory() + "trust-" + UUID().uuidString
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func check(
        _ text: String, trust: String, days: Int64 = 0, _ language: Language = .chinese
    ) throws -> CertificateCommand.Verify.Report {
        defer { try? FileManager.default.removeItem(atPath: trust) }
        let verify: CertificateCommand.Verify = try .parse([text, "--trust", trust])
        return try verify.check(at: Self.start.adding(days: days).adding(seconds: 120), language)
    }

    @Test func aGoodOneIsShownLineByLine() throws {
        let report = try check(text, trust: try trust())
        #expect(report.isGood && report.warnings.isEmpty)
        #expect(report.lines == ["居住情况证明　ZM261125000017　朝阳社区", "  姓名：王*明"])
    }

    @Test func theTextMayStandInAFile() throws {
        let path: String = NSTemporaryDirectory() + "scanned-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try (text + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try check(path, trust: try trust()).isGood)
    }

    /// Nobody is told that a paper is no good because a path was mistyped.
    @Test func aMissingFileIsNoFinding() throws {
        let failure = try #require(throws: Failure.self) {
            try check("/nowhere/scanned.txt", trust: try trust(), .english)
        }
        #expect(failure.exitCode == .usage && failure.text.contains("There is no file /nowhere/scanned.txt"))
    }

    @Test func whatIsNoGoodSaysWhy() throws {
        let revoked = try check(text, trust: try trust(revoked: [7]))
        #expect(!revoked.isGood && revoked.reason == "已被撤销，不能再用。")
        let over = try check(text, trust: try trust(), days: 90, .english)
        #expect(!over.isGood && over.reason == "Its time is over. The holder needs a new one.")
        let part = try check(String(text.prefix(80)), trust: try trust())
        #expect(!part.isGood && part.lines.isEmpty)
    }

    /// Nothing of a forgery is printed: what it says must not be copied from the screen.
    @Test func ofAForgeryNothingIsShown() throws {
        let dot: String.Index = try #require(text.lastIndex(of: "."))
        let letter: String.Index = text.index(dot, offsetBy: -20)
        var forged: String = text
        forged.replaceSubrange(letter...letter, with: text[letter] == "A" ? "B" : "A")
        let report = try check(forged, trust: try trust())
        #expect(!report.isGood && report.lines.isEmpty)
    }

    @Test func anOldTrustFileIsGoodButWarns() throws {
        let report = try check(text, trust: try trust(), days: 3)
        #expect(report.isGood && report.warnings.count == 1)
    }

    @Test func aTrustFileThatWasChangedIsNotUsed() throws {
        let path: String = try trust(break: ("晋城市", "某某市"))
        #expect(throws: Failure.self) { try check(text, trust: path) }
        #expect(throws: Failure.self) { try check(text, trust: "/nowhere/trust.txt") }
    }
}
