import Kernel
import Testing

@testable import linli_kiosk

@Suite("The lobby display")
struct LobbyTests {
    private static func screen() -> LobbyScreen {
        var screen = LobbyScreen(nil, isReachable: true, time: "09:05")
        screen.name = "凤台便民服务中心"
        screen.notice = "带身份证，少跑一趟"
        screen.isOpen = true
        screen.groups = [
            .init(id: "A", label: "综合受理", waiting: 12, minutes: 35),
            .init(id: "B", label: "社会事务", waiting: 0, minutes: -1),
            .init(id: "K", label: "简事快办", waiting: 1, minutes: 4),
        ]
        return screen
    }

    /// Screens that are worth looking at.
    private static var screens: [(name: String, screen: LobbyScreen)] {
        var calls = screen()
        calls.calls = [("A012", 2), ("K003", 1), ("B007", 12), ("A011", 2), ("A010", 4)].map {
            .init(ticket: $0.0, counter: $0.1)
        }
        var away = calls
        away.isReachable = false
        var closed = screen()
        closed.isOpen = false
        closed.groups = []
        return [
            ("lobby-calls", calls), ("lobby-quiet", screen()), ("lobby-away", away), ("lobby-closed", closed),
        ]
    }

    @Test("each display, in each size, is as it was agreed")
    func golden() throws {
        for (name, screen) in Self.screens {
            for (rows, columns) in [(24, 80), (30, 100), (20, 60)] {
                let picture = LobbyView.draw(screen, rows: rows, columns: columns)
                try Golden.compare(
                    picture.grid.lines.joined(separator: "\n"), with: "\(name)-\(columns)x\(rows)")
            }
        }
    }

    @Test("where to go is said whole on every screen, and a screen that is too small says so")
    func whole() {
        let calls = Self.screens[0].screen
        for columns in 46...130 {
            let lines = LobbyView.draw(calls, rows: 24, columns: columns).grid.lines
            #expect(lines.contains { $0.contains("号 窗 口") }, "\(columns)")
        }
        #expect(LobbyView.draw(calls, rows: 24, columns: 45).grid.lines[0].contains("屏幕太小"))
    }
}
