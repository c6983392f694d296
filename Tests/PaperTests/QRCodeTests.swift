import Kernel
import Testing

@testable import Paper

@Suite("QR codes") struct QRCodeTests {
    /// The three finder patterns stand in their corners: 7×7 with a light ring (ISO/IEC 18004 section 6.3.3).
    @Test func theFinderPatternsAreWhereReadersLook() throws {
        let code: QRCode = try QRCode("邻里")
        #expect(code.size == 21)
        for (top, left) in [(0, 0), (0, code.size - 7), (code.size - 7, 0)] {
            for step in 0..<7 {
                #expect(code[top, left + step] && code[top + 6, left + step])
                #expect(code[top + step, left] && code[top + step, left + 6])
            }
            #expect(!code[top + 1, left + 1] && code[top + 3, left + 3])
        }
        #expect(!code[-1, 0] && !code[0, code.size])
    }

    @Test func capitalsAndDigitsAreSmaller() throws {
        let capitals: String = String(repeating: "LL1.AB23", count: 40)
        let small: QRCode = try QRCode(capitals)
        let large: QRCode = try QRCode(capitals.lowercased())
        #expect(small.size < large.size)
    }

    @Test func moreCorrectionMakesItLarger() throws {
        let sizes: [Int] = try QRCode.Correction.allCases.map { level in
            try QRCode(String(repeating: "a", count: 100), correction: level).size
        }
        #expect(sizes == sizes.sorted() && Set(sizes).count == 4)
    }

    @Test func bothSidesOfTheLimit() throws {
        #expect(
            try QRCode(String(repeating: "a", count: 2_953), correction: .low).size == 177)
        #expect(throws: PaperError.tooLongForQRCode(bytes: 2_954)) {
            try QRCode(String(repeating: "a", count: 2_954), correction: .low)
        }
        #expect(throws: PaperError.tooLongForQRCode(bytes: 2_953)) {
            try QRCode(String(repeating: "a", count: 2_953), correction: .high)
        }
        #expect(throws: PaperError.tooLongForQRCode(bytes: 0)) { try QRCode("") }
        #expect(throws: PaperError.tooLongForQRCode(bytes: 3)) { try QRCode("a\0b") }
    }

    @Test(arguments: [0, 2, 4])
    func halfBlocksSayTheSameAsTheModules(quiet: Int) throws {
        let code: QRCode = try QRCode("https://linli.example/a")
        let rows: [[Character]] = code.halfBlockRows(quiet: quiet).map(Array.init)
        let margin: Int = max(2, quiet)
        #expect(rows.count == (code.size + 2 * margin + 1) / 2)
        #expect(rows.allSatisfy { $0.count == code.size + 2 * margin })
        for row in -margin..<(code.size + margin) {
            for column in -margin..<(code.size + margin) {
                let shown: Character = rows[(row + margin) / 2][column + margin]
                let isUpper: Bool = (row + margin) % 2 == 0
                let isDark: Bool = shown == "█" || shown == (isUpper ? "▀" : "▄")
                #expect(isDark == code[row, column])
            }
        }
    }

    @Test func aTerminalLineNeedsNoTheme() throws {
        for line in try QRCode("1").terminalLines() {
            #expect(line.hasPrefix("\u{1B}[38;5;16;48;5;231m") && line.hasSuffix("\u{1B}[0m"))
        }
    }
}
