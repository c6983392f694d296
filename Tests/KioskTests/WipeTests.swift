import Foundation
import Testing

@Suite("The kiosk in a real terminal")
struct WipeTests {
    /// What was on the screen and must be nowhere afterwards.
    private func marks(_ walk: TerminalWalk, _ phone: String) throws -> [String] {
        let name = try #require(try walk.screen().split(separator: "\n").first { $0.contains("，您好。") })
        let shown = name.prefix { $0 != "，" }.trimmingCharacters(in: .whitespaces)
        return [shown, "，您好", phone, String(phone.suffix(4))]
    }

    @Test("after F10, and after nobody was there, the screen and its scrollback know nobody")
    func wiped() async throws {
        let walk = try await TerminalWalk()
        try walk.startKiosk("--idle-seconds 6 --warning-seconds 2")
        // Two people: a second code for the same phone is refused for a minute.
        for (phone, ending, words) in [("10010000001", "F10", "已结束"), ("10010000002", "", "没有人操作")] {
            try await walk.signIn(phone)
            let marks = try marks(walk, phone)
            #expect(try walk.everything().contains(marks[0]), "the search finds what is there")
            if ending.isEmpty { try await walk.wait(for: "还在吗") } else { try walk.press(ending) }
            try await walk.wait(for: words)
            // And the kiosk is there for the next person.
            try await walk.wait(for: "主菜单")
            let left = try walk.everything()
            for mark in marks { #expect(!left.contains(mark), "\(mark) is still there after \(words)") }
        }
        // The program that was begun anew is the same process; its terminal ends, and so does it.
        let process = try walk.process()
        #expect(kill(process, 0) == 0)
        try walk.tmux(["kill-server"])
        try await walk.until("the end of a kiosk without a terminal", seconds: 20) { kill(process, 0) != 0 }
    }
}
