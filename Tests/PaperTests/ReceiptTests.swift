import Testing

@testable import Paper

@Suite("Receipts") struct ReceiptTests {
    static let receipt: Receipt = Receipt([
        .title("取号单"), .rule, .pair(label: "号码", value: "A003"),
        .pair(label: "大厅", value: "凤城县政务服务大厅（综合窗口），请在二楼等候区等候叫号"),
        .pair(label: "特别长的一个标签", value: "值"), .centred("请保管好本单"), .code("LL1.ABC"), .space(2), .cut,
    ])

    @Test func linesStandInTheirColumns() {
        #expect(
            ReceiptTests.receipt.lines(columns: 32) == [
                "     取号单", String(repeating: "-", count: 32), "号码        A003",
                "大厅        凤城县政务服务大厅",
                "            （综合窗口），请在二",
                "            楼等候区等候叫号",
                "特别长的一个标签", "            值", "          请保管好本单", "", "",
            ])
    }

    @Test func theBytesAreTheCommandsOfThePrinter() throws {
        let bytes: [UInt8] = try Receipt([.title("号"), .text("A1"), .code("LL1"), .cut]).escpos(columns: 32)
        let expected: [[UInt8]] = [
            [0x1B, 0x40], [0x1C, 0x26],
            [0x1D, 0x21, 0x11], Array("       ".utf8), [0xBA, 0xC5, 0x0A], [0x1D, 0x21, 0x00],
            Array("A1\n".utf8),
            [0x1B, 0x61, 0x01],
            [0x1D, 0x28, 0x6B, 4, 0, 49, 65, 50, 0],
            [0x1D, 0x28, 0x6B, 3, 0, 49, 67, 8],
            [0x1D, 0x28, 0x6B, 3, 0, 49, 69, 49],
            [0x1D, 0x28, 0x6B, 6, 0, 49, 80, 48], Array("LL1".utf8),
            [0x1D, 0x28, 0x6B, 3, 0, 49, 81, 48],
            [0x0A], [0x1B, 0x61, 0x00],
            [0x1D, 0x56, 0x42, 0x03],
        ]
        #expect(bytes == expected.flatMap { $0 })
    }

    /// 王 as in GB 2312; 㐀 (extension A), 𠮷 (extension B) and 😀 take four bytes.
    @Test(arguments: [
        ("王", [0xCD, 0xF5]), ("㐀", [0x81, 0x39, 0xEE, 0x39]), ("𠮷", [0x95, 0x34, 0xB2, 0x35]),
        ("😀", [0x94, 0x39, 0xFC, 0x36]), ("é", [0xA8, 0xA6]), ("A", [0x41]), ("", []),
    ])
    func eachCharacterHasACode(text: String, bytes: [UInt8]) throws {
        #expect(try GB18030.encode(text) == bytes)
    }

    @Test func textOfPeopleIsNoCommand() throws {
        let evil: String = "王\u{1B}p\u{0}\u{19}\u{19}\u{1D}V\u{7F}\u{85}\u{200B}小\r\n明"
        let bytes: [UInt8] = try Receipt([.text(evil), .pair(label: evil, value: evil)]).escpos()
        let body: ArraySlice<UInt8> = bytes.dropFirst(4)
        #expect(!body.contains(0x1B) && !body.contains(0x1D) && !body.contains(0x1C) && !body.contains(0))
        #expect(!body.contains(0x7F))
    }

    @Test func aPartIsNotEndless() throws {
        let long: String = String(repeating: "长", count: Receipt.maximumCharacters + 1)
        #expect(Receipt([.text(long)]).lines().joined().count == Receipt.maximumCharacters)
    }

    @Test func aCodeThatThePaperCannotHoldIsRefused() throws {
        let code: String = String(repeating: "a", count: 2_000)
        #expect(throws: PaperError.tooLongForQRCode(bytes: 2_000)) {
            try Receipt([.code(code)]).escpos(columns: 24)
        }
        #expect(throws: Never.self) {
            try Receipt([.code(String(repeating: "A", count: 600))]).escpos(columns: 32)
        }
    }
}
