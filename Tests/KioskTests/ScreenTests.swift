import Dialogue
import Kernel
import Paper
import Testing

@testable import linli_kiosk

@Suite("Screens of the kiosk")
@MainActor
struct ScreenTests {
    /// Screens that are worth looking at, each with the way to it.
    static let walks: [(name: String, walk: @Sendable @MainActor () -> Walk)] = [
        ("menu", { Walk() }),
        (
            "sign-in",
            {
                var walk = Walk(); walk.press("1"); return walk
            }
        ),
        (
            "card",
            {
                var walk = Walk(); walk.press("11"); return walk
            }
        ),
        (
            "phone",
            {
                var walk = Walk(); walk.press("1", "2", "1001"); return walk
            }
        ),
        (
            "code",
            {
                var walk = Walk()
                walk.press("1", "3")
                walk.give(.signIn(.code("K7MPQ2XD")))
                return walk
            }
        ),
        ("danger", { Self.danger() }),
        ("pinyin", { Self.description("loudeng") }),
        (
            "warning",
            {
                var walk = Walk(); walk.press("2"); walk.elapsed = .seconds(65); walk.give(.tick); return walk
            }
        ),
        (
            "locked",
            {
                var walk = Walk();
                walk.give(.station(Station(place: "凤台社区", hotline: "12345", lock: "今天检修"))); return walk
            }
        ),
        ("away", { Kiosk.awayWalk() }),
        (
            "materials",
            {
                var walk = Walk(signedIn: true)
                walk.kiosk.beginMaterials(["image/jpeg"])
                walk.give(
                    .materials([
                        Material(
                            path: "/scans/2.jpg", sizeBytes: 812_345, contentType: "image/jpeg", time: "09:04"
                        ),
                        Material(
                            path: "/scans/1.pdf", sizeBytes: 11_000_000, contentType: "application/pdf",
                            time: "09:03"),
                    ]))
                return walk
            }
        ),
    ]

    static func danger() -> Walk {
        var walk = Walk(signedIn: true)
        walk.press("1")
        walk.answer(.reportCategories(Walk.categories, words: ""))
        walk.press("3", "1")
        return walk
    }

    static func description(_ letters: String) -> Walk {
        var walk = Walk(signedIn: true, engine: PinyinTests.engine)
        walk.press("1")
        walk.answer(.reportCategories(Walk.categories, words: ""))
        walk.press("1", letters)
        return walk
    }

    static let sizes: [(rows: Int, columns: Int)] = [(24, 80), (30, 100), (20, 60)]
    static let looks: [(name: String, keys: [Key])] = [
        ("zh", []), ("en", [.function(1)]), ("zh-large", [.function(2)]), ("zh-contrast", [.function(3)]),
    ]

    @Test("each screen, in each size, language and look, is as it was agreed")
    func golden() throws {
        for (name, make) in Self.walks {
            for size in Self.sizes {
                var text = ""
                for look in Self.looks where size.columns != 60 || look.name == "zh" {
                    var walk = make()
                    walk.rows = size.rows
                    walk.columns = size.columns
                    // Looking is no sign of life here: the warning stays.
                    if name == "warning" {
                        walk.kiosk.look = Self.look(look.keys)
                    } else {
                        look.keys.forEach { walk.press($0) }
                    }
                    text += "[\(look.name)]\n" + walk.text + "\n"
                }
                try Golden.compare(text, with: "\(name)-\(size.columns)x\(size.rows)")
            }
        }
    }

    private static func look(_ keys: [Key]) -> Look {
        Look(
            language: keys.contains(.function(1)) ? .english : .chinese, isLarge: keys.contains(.function(2)),
            isContrast: keys.contains(.function(3)))
    }

    @Test("the way back and help are on every screen where something can be done, by key and by touch")
    func alwaysThere() {
        for (name, make) in Self.walks where !["locked", "away"].contains(name) {
            let walk = make()
            let keys = walk.picture.areas.map(\.key)
            #expect(keys.contains(.character("0")) || keys.contains(.escape), "\(name)")
            #expect(keys.contains(.character("9")) || keys.contains(.function(9)), "\(name)")
            #expect(walk.text.contains("返回") && walk.text.contains("人工帮助"), "\(name)")
            for function in 1...3 { #expect(keys.contains(.function(function)), "\(name)") }
        }
    }

    @Test("no line of text is longer than 20 Chinese characters, and no choice is left out")
    func lines() {
        for (_, make) in Self.walks {
            for size in Self.sizes {
                let walk = make()
                let screen = walk.kiosk.screen(walk.now)
                let picture = ScreenView.draw(screen, rows: size.rows, columns: size.columns)
                let blocks = screen.blocks.filter { if case .code = $0 { false } else { true } }
                for line in ScreenView.lines(
                    blocks,
                    ScreenView.Room(
                        columns: ScreenView.textColumns, codeColumns: ScreenView.textColumns, rows: 17),
                    look: screen.look)
                {
                    #expect(TextWidth.columns(of: line.text) <= 40)
                }
                for choice in screen.choices {
                    #expect(picture.areas.contains { $0.key == choice.key.first.map(Key.character) })
                }
                #expect(picture.grid.lines.allSatisfy { TextWidth.columns(of: $0) <= size.columns })
            }
        }
    }

    @Test("every ink can be read: contrast 4.5 to 1 at least, 7 to 1 in the high-contrast look")
    func contrast() {
        for isContrast in [false, true] {
            for ink in Ink.allCases {
                let paint = Look(isContrast: isContrast).paint(ink)
                let ratio = Self.ratio(paint.foreground, paint.background)
                #expect(ratio >= (isContrast ? 7 : 4.5), "\(ink) \(ratio)")
            }
            #expect(Look(isContrast: isContrast).paint(.code) == Paint(.black, on: .white))
        }
    }

    /// WCAG 2.2, relative luminance.
    private static func ratio(_ one: Colour, _ other: Colour) -> Double {
        func luminance(_ colour: Colour) -> Double {
            let parts = [colour.red, colour.green, colour.blue].map { value -> Double in
                let part = Double(value) / 255
                return part <= 0.04045 ? part / 12.92 : power((part + 0.055) / 1.055)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let values = [luminance(one), luminance(other)].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    /// x^2.4 as x² · ⁵√x², the root by Newton's method: no more than that is needed of a mathematics library.
    private static func power(_ base: Double) -> Double {
        guard base > 0 else { return 0 }
        let square = base * base
        var root = 1.0
        for _ in 0..<60 {
            root -= (root * root * root * root * root - square) / (5 * root * root * root * root)
        }
        return square * root
    }

    @Test("a screen that is too small says so, and anything between draws without a trap")
    func sizes() {
        for rows in 0..<40 {
            for columns in stride(from: 0, through: 120, by: 7) {
                let walk = Self.danger()
                _ = ScreenView.draw(walk.kiosk.screen(walk.now), rows: rows, columns: columns)
            }
        }
        let walk = Walk()
        let small = ScreenView.draw(walk.kiosk.screen(walk.now), rows: 19, columns: 46)
        #expect(small.grid.lines[0].contains("屏幕太小"))
        let enough = ScreenView.draw(walk.kiosk.screen(walk.now), rows: 20, columns: 46)
        #expect(!enough.grid.lines[0].contains("屏幕太小"))
    }

    private static func picture(_ code: String, choices: Int, rows: Int, columns: Int) -> Picture {
        var screen = Screen(look: Look())
        screen.blocks = [
            .text("请记下编号。"),
            .rows((1...7).map { Message.Row(label: "第\($0)", value: "一行") }),
            .code(code),
        ]
        screen.choices = (0..<choices).map { Screen.Choice(key: String($0 + 1), label: "打印回执") }
        return ScreenView.draw(screen, rows: rows, columns: columns)
    }

    /// Rows of the code, which is the only thing that is drawn with its ink.
    private static func codeRows(_ picture: Picture) -> Int {
        (0..<picture.grid.rows).filter { row in
            (0..<picture.grid.columns).contains { picture.grid[row, $0].ink == .code }
        }.count
    }

    @Test("a code for which there is no room below the choices has the right side for itself")
    func tallCode() throws {
        let text = "QH-A001-7KQ2-99XH-3DMV-88ZT"
        let code = try QRCode(text, correction: .low).halfBlockRows(quiet: 2)
        let picture = Self.picture(text, choices: 3, rows: 24, columns: 80)
        #expect(code.count + 3 + 1 > 17, "or this tests nothing")
        #expect(Self.codeRows(picture) == code.count)
        for key in "123" { #expect(picture.areas.contains { $0.key == .character(key) }) }
    }

    @Test("the code of a receipt is whole on the first screen, beside its text where it does not fit below")
    func shortCode() throws {
        let whole = try QRCode("BJ-261126-00001-0", correction: .low).halfBlockRows(quiet: 2).count
        for (rows, columns) in [(24, 80), (30, 100), (40, 80)] {
            #expect(
                Self.codeRows(Self.picture("BJ-261126-00001-0", choices: 3, rows: rows, columns: columns))
                    == whole,
                "\(columns)x\(rows)")
        }
    }

    @Test(
        "the code of a certificate is whole where there is room for it; elsewhere the screen says what to do")
    func longCode() throws {
        let credential = "LL1." + String(repeating: "K4BSEQOB", count: 49)
        let code = try QRCode(credential, correction: .low).halfBlockRows(quiet: 2)
        let columns = TextWidth.columns(of: code[0])
        // Head, foot and the seven lines of text above the code.
        let rows = code.count + 4 + 3
        var screen = Screen(look: Look())
        screen.blocks = [.code(credential)]
        func draw(_ rows: Int, _ columns: Int) -> Picture {
            ScreenView.draw(screen, rows: rows, columns: columns)
        }
        let enough = draw(rows, columns + 4)
        #expect(Self.codeRows(enough) == code.count)
        #expect(!enough.grid.lines.joined().contains("K4BSEQOB"), "nobody types that")
        for (fewRows, fewColumns) in [(rows - 1, columns + 4), (rows, columns + 3), (24, 80)] {
            let few = draw(fewRows, fewColumns)
            #expect(Self.codeRows(few) == 0 && few.grid.lines.joined().contains("放不下"))
        }
    }

    @Test("half of a wide character is never left over")
    func wide() {
        var grid = Grid(rows: 1, columns: 6)
        grid.put(0, 0, "办事厅", .text)
        grid.put(0, 1, "x", .text)
        #expect(grid.lines == [" x事厅"])
        grid.put(0, 5, "大", .text)
        #expect(grid.lines == [" x事厅"])
        grid.wipe()
        #expect(grid.lines == [""])
    }
}

extension Kiosk {
    /// Before the server was reached for the first time.
    static func awayWalk() -> Walk {
        var walk = Walk()
        walk.kiosk = Kiosk(engine: nil)
        walk.give(.reachable(false))
        return walk
    }
}
