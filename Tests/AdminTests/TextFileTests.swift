import ArgumentParser
import Foundation
import Testing

@testable import linlictl

@Suite struct TextFileTests {
    private func read(_ bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "text-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try TextFile.read(path)
    }

    /// 中文 in GB18030, as some spreadsheets save it.
    @Test func whatIsNoTextIsTold() throws {
        #expect(try read(Array("一\n二\n".utf8)) == "一\n二\n")
        #expect(throws: Failure.self) { try read([0xD6, 0xD0, 0xCE, 0xC4]) }
    }

    /// No message can carry one; the server could only say that it does not understand.
    @Test func aNULIsToldByLine() throws {
        let error = #expect(throws: Failure.self) { try read(Array("一\n二\u{0}\n".utf8)) }
        #expect(error?.text.contains("第2行") == true)
    }
}
