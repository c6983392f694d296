import Foundation
import Kernel
import Testing

@testable import Paper

/// Runs a program and answers what it wrote.
func output(_ program: String, _ arguments: [String]) throws -> (text: String, code: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/" + program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data: Data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
}

func withFolder(_ body: (String) throws -> Void) throws {
    let folder: String = NSTemporaryDirectory() + "paper-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

/// A code of the size that a certificate has.
let code: String =
    "LL1." + String(repeating: "ABCDEFGH23", count: 38) + "." + String(repeating: "Z7", count: 52)

func sheet(lines: Int = 5, issuer: String = "城区东街街道凤台社区居民委员会", title: String = "居住情况证明") -> CertificateSheet {
    let all: [CertificateSheet.Line] = [
        CertificateSheet.Line(label: "姓名", value: "王*明"),
        CertificateSheet.Line(label: "证件号码", value: "1405**********0017"),
        CertificateSheet.Line(label: "居住地址", value: "凤台社区****"),
        CertificateSheet.Line(label: "居住起始", value: "2019年3月1日起"),
        CertificateSheet.Line(label: "用途", value: "子女入学"),
    ]
    return CertificateSheet(
        title: title, number: "ZM261125000017", lines: (0..<lines).map { all[$0 % all.count] },
        statement: "经入户核实，上述人员在本辖区居住，情况属实。特此证明。", issuer: issuer,
        issueDate: CivilDate(daysSinceEpoch: 20_782), expireDate: CivilDate(daysSinceEpoch: 20_872),
        code: code,
        notes: [
            "二维码里是经过数字签名的同样内容。请与纸面逐项核对，不一致的以二维码为准。",
            "核验：手机扫码后在一网通办“证明核验”粘贴；不联网也可以用linlictl certificate verify核验。",
        ], isDemonstration: true)
}

@Suite("Certificates as PDF") struct CertificateSheetTests {
    @Test func theSameValuesGiveTheSameBytes() throws {
        let first: [UInt8] = try sheet().pdf()
        _ = try sheet(lines: 40, title: "志愿服务记录证明").pdf()
        #expect(try sheet().pdf() == first)
        #expect(String(decoding: first.prefix(8), as: UTF8.self) == "%PDF-1.5")
        #expect(first.count < 250_000)
        // Neither the day of the test nor the maker's clock stands in it.
        #expect(try sheet(lines: 4).pdf() != first)
    }

    @Test func onAnotherThreadTheyAreTheSameToo() async throws {
        let first: [UInt8] = try sheet().pdf()
        let others: [[UInt8]] = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 { group.addTask { try sheet().pdf() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(others.count == 8 && others.allSatisfy { $0 == first })
    }

    @Test func itsTextAndItsCodeAreRead() throws {
        try withFolder { folder in
            let file: String = folder + "/a.pdf"
            try Data(try sheet().pdf()).write(to: URL(fileURLWithPath: file))
            let text: String = try output("pdftotext", ["-layout", file, "-"]).text
            for part in [
                "ZM261125000017", "王*明", "1405**********0017", "城区东街街道凤台社区居民委员会", "2026年11月25日",
                "有效期至", "演示",
            ] {
                #expect(text.contains(part), "\(part)")
            }
            let info: String = try output("pdfinfo", [file]).text
            #expect(info.contains("Pages:           1"))
            #expect(info.contains("A4"))
            #expect(
                try output("pdftoppm", ["-r", "200", "-png", "-singlefile", file, folder + "/a"]).code == 0)
            let scanned: String = try output("zbarimg", ["-q", "--raw", folder + "/a.png"]).text
            #expect(scanned == code + "\n")
        }
    }

    @Test func manyLinesGoOnAndEachPageIsNumbered() throws {
        try withFolder { folder in
            let file: String = folder + "/b.pdf"
            try Data(try sheet(lines: 20).pdf()).write(to: URL(fileURLWithPath: file))
            let text: String = try output("pdftotext", ["-layout", file, "-"]).text
            #expect(text.contains("第1页，共2页") && text.contains("第2页，共2页"))
            #expect(text.matches(of: /王\*明/).count == 4)
            #expect(try output("pdftoppm", ["-r", "200", "-png", file, folder + "/b"]).code == 0)
            let scanned: String = try output("zbarimg", ["-q", "--raw", folder + "/b-2.png"]).text
            #expect(scanned == code + "\n")
        }
    }
}
