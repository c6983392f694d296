import Kernel
import Testing

@testable import linli_kiosk

@Suite("Parts of the kiosk")
struct PartsTests {
    // MARK: Scanners that type

    private func type(_ text: String, gap: Int64, enter: Bool = true) -> [KeyBurst.Output] {
        var burst = KeyBurst()
        var outputs: [KeyBurst.Output] = []
        var time: Int64 = 1_000
        for character in text {
            outputs += burst.take(.character(character), at: time)
            time += gap
        }
        if enter { outputs += burst.take(.enter, at: time) }
        return outputs + burst.flush(at: time + KeyBurst.gapMilliseconds)
    }

    @Test("a scanner's keys are a scan, a person's are keys, on both sides of the limits")
    func bursts() {
        let six = "GX1234"
        let keys = six.map { KeyBurst.Output.key(.character($0)) }
        #expect(type(six, gap: 5) == [.scanned(six)])
        #expect(type(six, gap: KeyBurst.gapMilliseconds - 1) == [.scanned(six)])
        #expect(type(six, gap: KeyBurst.gapMilliseconds) == keys + [.key(.enter)])
        #expect(type("12345", gap: 5) == "12345".map { .key(.character($0)) } + [.key(.enter)])
        // A paste without Enter is no typing either.
        #expect(type(six, gap: 0, enter: false) == [.scanned(six)])
    }

    @Test("a key that is no character ends what was held, in order")
    func order() {
        var burst = KeyBurst()
        #expect(burst.take(.character("1"), at: 0) == [])
        #expect(burst.take(.escape, at: 3) == [.key(.character("1")), .key(.escape)])
        #expect(burst.deadline == nil)
    }

    // MARK: Readers of cards

    @Test("lines of a reader come whole, however they are cut")
    func lines() {
        let text = "hello\nready\ncard 140502199003071234 王小丽\nremoved\ncard 14\nleft\nbroken\n"
        let whole: [CardEvent] = [
            .isWorking(true), .inserted(number: "140502199003071234", name: "王小丽"), .removed, .unreadable,
            .left, .isWorking(false),
        ]
        for size in [1, 2, 7, 1_000] {
            var lines = CardLines()
            var events: [CardEvent] = []
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                events += lines.take(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(events == whole, "in pieces of \(size)")
        }
    }

    @Test("a line without an end fills no memory, and the next line is read")
    func endless() {
        var lines = CardLines()
        #expect(lines.take(Array(repeating: UInt8(ascii: "x"), count: 100_000)) == [])
        #expect(lines.take(Array("\nremoved\n".utf8)) == [.removed])
    }

    // MARK: Time

    @Test("after the idle time comes the warning, any key ends it, and then it is over")
    func idle() {
        var clock = IdleClock(idle: .seconds(60), warning: .seconds(30))
        #expect(clock.phase(.seconds(1_000)) == .quiet, "nothing to wipe")
        clock.touch(.seconds(10))
        #expect(clock.phase(.milliseconds(69_999)) == .quiet)
        #expect(clock.phase(.seconds(70)) == .warning(30))
        #expect(clock.phase(.milliseconds(99_999)) == .warning(1))
        clock.touch(.seconds(99))
        #expect(clock.phase(.seconds(100)) == .quiet)
        #expect(clock.phase(.seconds(189)) == .over)
        clock.stop()
        #expect(clock.phase(.seconds(189)) == .quiet)
    }

    // MARK: Settings

    @Test("settings say what is wrong with them, and paths count from their file")
    func settings() throws {
        let good = try KioskSettings.read(
            "certificate: device.pem\nreceipt_columns: 32\ncard_reader: reader --port 1\n", path: "k.yaml",
            folder: "/etc/linli")
        #expect(good.certificate == "/etc/linli/device.pem")
        #expect(good.receiptColumns == 32 && good.cardReader == ["reader", "--port", "1"])
        for (text, word) in [
            ("idel_seconds: 5", "idel_seconds"), ("idle_seconds: 0", "idle_seconds"),
            ("idle_seconds: 601", "601"),
            ("lang: fr", "fr"), ("receipt_columns: 23", "23"), ("- a", "k.yaml"),
        ] {
            #expect {
                try KioskSettings.read(text, path: "k.yaml", folder: "/")
            } throws: { "\($0)".contains(word) }
        }
    }
}
