import Foundation
import Kernel
import Testing

@testable import Dialogue

/// Whole conversations as people see them, kept as files: a change of words shows up as a change of a file.
///
/// `LINLI_RECORD=1 swift test --filter TranscriptTests` writes the files anew.
@Suite("Transcripts")
struct TranscriptTests {
    static func compare(_ transcript: String, with name: String, file: String = #filePath) throws {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Transcripts")
        let url = folder.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["LINLI_RECORD"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(transcript.utf8).write(to: url)
        }
        let golden = try String(contentsOf: url, encoding: .utf8)
        #expect(transcript == golden, "\(name) differs; see the doc comment for how to record it anew")
    }

    @Test("a report, from the menu to its number")
    func report() throws {
        var talk = Talk()
        talk.fillReport()
        talk.type("1")
        let clock = ReportView.Clock(
            due: talk.now.adding(days: 3), remainingWorkingMinutes: 1_260, card: .green)
        talk.answer(.reportCreated(Talk.report(state: Text("已上报", "Reported"), clock: clock)))
        talk.type("2")
        talk.answer(.report(Talk.report(clock: clock)))
        talk.type("#", "退出")
        try Self.compare(talk.transcript, with: "report.zh")
    }

    @Test("the same in English")
    func reportInEnglish() throws {
        var talk = Talk(.english)
        talk.fillReport()
        talk.type("1")
        let clock = ReportView.Clock(
            due: talk.now.adding(days: 3), remainingWorkingMinutes: 1_260, card: .green)
        talk.answer(.reportCreated(Talk.report(state: Text("已上报", "Reported"), clock: clock)))
        talk.type("quit")
        try Self.compare(talk.transcript, with: "report.en")
    }

    @Test("danger, mistakes, a keyword in the description, a broken line")
    func troubles() throws {
        var talk = Talk()
        talk.type("12", "我想吃馒头", "都不是", "上报问题")
        talk.answer(.reportCategories(Talk.categories, words: ""))
        talk.type("燃气", "是", "1", "人工", "1", "厨房有煤气味")
        talk.answer(.places(Talk.counties))
        talk.type("凤台")
        talk.answer(.places([Talk.community]))
        talk.type("1", "不知道", "没有", "1")
        talk.fail(.connectionLost, "连不上服务器。")
        talk.give(.reconnected)
        talk.answer(.reportCreated(Talk.report()))
        try Self.compare(talk.transcript, with: "troubles.zh")
    }

    @Test("a first visit: register, then look up points")
    func register() throws {
        var talk = Talk(signedIn: false)
        talk.type("查积分", "2", "123", "１００ ０００ ００００１")
        talk.answer(.codeSent(lifetimeSeconds: 300))
        talk.type("12345", "123456", "王小丽", "short", "long enough")
        talk.answer(.signedIn(Person(id: "residents/1", displayName: "王小丽", maskedPhone: "100****0001")))
        talk.answer(.points(PointsView(balance: 30, expiring: 10, expiringAt: talk.now)))
        try Self.compare(talk.transcript, with: "register.zh")
    }
}
