import Kernel
import Platform
import Testing

@testable import OneStop

@Suite struct ItemCodeTests {
    private let body: String = CreditCode(syntheticPrefix: "11", sequence: 42).text

    @Test func eachSchemeIsRead() {
        let basic = ItemCode("000113012000")
        #expect(basic.scheme == .basic && basic.parts.map(\.value) == ["000113012000"])
        let implementation = ItemCode(body + "3" + "000113012000")
        #expect(implementation.scheme == .implementation)
        #expect(implementation.parts.map(\.value) == [body, "3", "000113012000"])
        let handling = ItemCode(body + "3" + "000113012000" + "01")
        #expect(handling.scheme == .handling && handling.parts.map(\.value).last == "01")
        let sichuan = ItemCode("511A0138000000-511602000000-000-\(body)-1-00")
        #expect(sichuan.scheme == .sichuan && sichuan.warning == nil)
        #expect(
            sichuan.parts.map(\.value) == ["511A0138000000", "511602000000", "000", body, "1", "00"])
        #expect(ItemCode("g-000007-001-511602000000-000-\(body)-1-00").parts.first?.value == "G-000007-001")
        // An organisation code with its hyphen.
        let older = ItemCode("511A0138000000-511602000000-000-12345678-9-1-00")
        #expect(older.scheme == .sichuan && older.parts.map(\.value)[3...] == ["123456789", "1", "00"])
        let local = ItemCode("JC-B-001")
        #expect(local.scheme == .local && local.parts.map(\.value) == ["JC", "B", "001"])
    }

    @Test(arguments: ["", "-", "ABC", "JC-B-", "租房", "JC--001", "I234567890123456789012345678901"])
    func theRestStaysOpaque(code: String) {
        #expect(ItemCode(code).scheme == .opaque && ItemCode(code).parts.isEmpty)
    }

    @Test func aWrongCheckCharacterIsAWarning() throws {
        let last: Character = try #require(body.last)
        let wrong: String = String(body.dropLast()) + (last == "A" ? "B" : "A")
        #expect(ItemCode(wrong + "3000113012000").warning?.zh.contains("校验位") == true)
        #expect(ItemCode("511A0138000000-511602000000-000-083372204-1-00").warning != nil)
        let file = try ItemFile("code,name,dept\n\(wrong)3000113012000,登记,局\n", kind: .handling)
        #expect(file.items.count == 1 && file.warnings.map(\.line) == [2])
    }
}
