import Contract
import Foundation
import Paper
import Testing

@testable import linli_kiosk

/// A receipt printer behind a line of its own: takes ESC/POS, and answers `DLE EOT` as it is told to. It waits for the next
/// byte as long as the tests run.
private final class FakePrinter: @unchecked Sendable {
    let path: String
    private let line: Int32
    private let device: Int32
    private let lock = NSLock()
    private var taken: [UInt8] = []
    private let answers: [UInt8: UInt8]

    /// - Parameter answers: by the number of the question; one that is not there is never answered.
    init(_ answers: [UInt8: UInt8]) throws {
        self.answers = answers
        var ends: (line: Int32, device: Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        try #require(openpty(&ends.line, &ends.device, &name, nil, nil) == 0)
        // The device is kept open, so that the line lives between two openings by the kiosk.
        (line, device) = ends
        path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        var settings = termios()
        tcgetattr(device, &settings)
        cfmakeraw(&settings)
        tcsetattr(device, TCSANOW, &settings)
        Thread { [self] in serve() }.start()
    }

    var printed: [UInt8] { lock.withLock { taken } }

    private func serve() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        var question: [UInt8] = []
        while case let count = read(line, &buffer, buffer.count), count > 0 {
            for byte in buffer[..<count] {
                question.append(byte)
                if question == [0x10] || question == [0x10, 0x04] { continue }
                if question.count == 3, question.starts(with: [0x10, 0x04]) {
                    if var answer = answers[byte] { write(line, &answer, 1) }
                } else {
                    lock.withLock { taken += question }
                }
                question = []
            }
        }
    }
}

@Suite("Receipt printers")
struct PrinterTests {
    private static let receipt = Receipt([.title("办事回执"), .text("编号：BJ-261126-00001-0"), .cut])

    /// Waits until what was written has come through the line.
    private func arrived(_ printer: FakePrinter) async throws -> Bool {
        for _ in 0..<100 {
            if printer.printed.count > 20 { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("a printer that has paper prints in GB18030, also when the paper is nearly gone")
    func prints() async throws {
        for (sensors, paper) in [(UInt8(0x12), PlatformV1.PartState.ok), (0x1E, .low)] {
            let line = try FakePrinter([1: 0x12, 4: sensors])
            let printer = EscposPrinter(path: line.path, columns: 48)
            #expect(await printer.state() == .ok)
            #expect(await printer.paper() == paper)
            #expect(await printer.print(Self.receipt) == .done)
            #expect(try await arrived(line))
            #expect(line.printed.contains([0xB0, 0xEC, 0xCA, 0xC2, 0xBB, 0xD8, 0xD6, 0xB4]), "办事回执")
        }
    }

    @Test("without paper, and off line, nothing is sent to be lost, and it is said")
    func doesNot() async throws {
        let empty = try FakePrinter([1: 0x12, 4: 0x72])
        var printer = EscposPrinter(path: empty.path, columns: 48)
        #expect(await printer.paper() == .empty)
        #expect(await printer.print(Self.receipt) == .noPaper)
        let offline = try FakePrinter([1: 0x1A, 4: 0x12])
        printer = EscposPrinter(path: offline.path, columns: 48)
        #expect(await printer.state() == .failed)
        #expect(await printer.print(Self.receipt) == .failed)
        #expect(empty.printed == [] && offline.printed == [])
    }

    @Test("one that is not there failed; a file takes what is printed at its end")
    func files() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "linli-printer-\(UUID())")
        #expect(
            await EscposPrinter(path: folder.path + "/none/lp0", columns: 48).print(Self.receipt) == .failed)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "receipts.bin")
        let printer = EscposPrinter(path: file.path, columns: 48)
        for _ in 0..<2 { #expect(await printer.print(Self.receipt) == .done) }
        let once = try Self.receipt.escpos(columns: 48)
        #expect(try Array(Data(contentsOf: file)) == once + once)
    }
}
