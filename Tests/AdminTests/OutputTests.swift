import Foundation
import Kernel
import Testing

@testable import linlictl

@Suite("Output of linlictl")
struct OutputTests {
    private struct Line {
        var name: String
        var count: Int64 = 0
        var done: Bool = false
        var roles: [String] = []
    }

    private let columns: [Column<Line>] = [
        Column("name", "名称") { $0.name },
        Column("count", "件数") { (row: Line) -> Cell in .number(row.count) },
        Column("done", "办结") { (row: Line) -> Cell in .flag(row.done) },
        Column("roles", "角色") { (row: Line) -> Cell in .list(row.roles) },
    ]

    private func text(_ rows: [Line], _ format: OutputFormat) -> String {
        Printer(format: format, language: .chinese).text(of: rows, columns)
    }

    @Test("columns stand below each other, a Chinese character counting two")
    func table() {
        let rows: [Line] = [
            Line(name: "城区", count: 3), Line(name: "abc", count: 12, done: true, roles: ["a", "b"]),
        ]
        let lines: [String] = [
            "名称  件数  办结   角色", "城区  3     false  ", "abc   12    true   a; b",
        ]
        #expect(text(rows, .table) == lines.joined(separator: "\n"))
    }

    @Test("a cell of 40 columns is whole, a longer one is cut; a line end in a cell does not break the line")
    func cut() {
        let whole: String = String(repeating: "里", count: 20)
        #expect(text([Line(name: whole)], .table).contains(whole + "  0"))
        let lines: [Substring] = text([Line(name: whole + "长"), Line(name: "甲\n乙")], .table).split(
            separator: "\n")
        #expect(lines.count == 3)
        #expect(!lines[1].contains(whole))
        #expect(lines[2].hasPrefix("甲 乙"))
        #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= 40 + 2 + 4 + 2 + 5 + 2 + 4 })
    }

    @Test("an id is never cut, for it goes into the next command; in English the keys are the headings")
    func names() {
        let id: String = String(repeating: "7f", count: 30)
        #expect(text([Line(name: id)], .table).contains(id + "  0"))
        let printer = Printer(format: .table, language: .english)
        #expect(printer.text(of: [Line(name: "a")], columns).hasPrefix("name  count  done"))
    }

    @Test("CSV quotes as RFC 4180 says, and no cell is a formula")
    func csv() {
        let rows: [Line] = [
            Line(name: "a,b"), Line(name: "说\"好\""), Line(name: "一\n二"), Line(name: "=1+1"), Line(name: "-5"),
            Line(name: "@x", roles: ["甲", "乙"]),
        ]
        #expect(
            text(rows, .csv) == #"""
                name,count,done,roles
                "a,b",0,false,
                "说""好""",0,false,
                "一
                二",0,false,
                '=1+1,0,false,
                -5,0,false,
                '@x,0,false,甲; 乙
                """#)
    }

    @Test("JSON keeps keys in order, types as they are, and escapes what must be")
    func json() throws {
        let row: Line = Line(name: "引\"号\\\n\u{1}里", count: -2, done: true, roles: ["甲"])
        let text: String = text([row], .json)
        #expect(
            text == """
                [
                  {
                    "name": "引\\"号\\\\\\n\\u0001里",
                    "count": -2,
                    "done": true,
                    "roles": [
                      "甲"
                    ]
                  }
                ]
                """)
        let parsed: [[String: Any]]? =
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        #expect(parsed?.first?["name"] as? String == row.name)
        #expect(self.text([], .json) == "[]")
    }
}

@Suite("Files with secrets")
struct CredentialsTests {
    private func withFile(mode: Int, _ text: String, _ body: (String) throws -> Void) throws {
        let path: String = FileManager.default.temporaryDirectory.appending(path: "linlictl-\(UUID())").path()
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private let good: String = """
        account: wang.fang
        password: 口令: 有冒号
        totp: otpauth://totp/Linli:wang.fang?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Linli

        """

    @Test("credentials that the owner alone reads are used")
    func own() throws {
        try withFile(mode: 0o600, good) { path in
            let credentials: Credentials = try Credentials(file: path)
            #expect(credentials.account == "wang.fang")
            #expect(credentials.password == "口令: 有冒号")
        }
    }

    @Test("credentials that others can read are refused", arguments: [0o640, 0o604, 0o644, 0o620])
    func others(mode: Int) throws {
        try withFile(mode: mode, good) { path in
            #expect(throws: (any Error).self) { try Credentials(file: path) }
        }
    }

    @Test("credentials without a password are refused")
    func partial() throws {
        try withFile(mode: 0o600, "account: wang.fang\n") { path in
            #expect(throws: (any Error).self) { try Credentials(file: path) }
        }
    }

    @Test("what is written is for the owner alone, and is read again")
    func written() throws {
        try withFile(mode: 0o644, "") { path in
            try Credentials(account: "li.na", password: "秘密", totpURI: "otpauth://totp/x?secret=GEZDGNBV")
                .write(
                    to: path)
            #expect(try Credentials(file: path).password == "秘密")
        }
    }
}
