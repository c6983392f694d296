import RPC
import Testing
import WireTestMessages

@Suite("Hostile bytes")
struct HostileInputTests {
    @Test("cut off anywhere are refused or are a message, and never crash")
    func truncated() throws {
        let whole: [UInt8] = TestingV1.Kinds.everyField.encodedBytes()
        var refused = 0
        for count in 0..<whole.count {
            do {
                let message = try TestingV1.Kinds(wire: Array(whole[..<count]))
                #expect(try TestingV1.Kinds(wire: message.encodedBytes()) == message)
            } catch { refused += 1 }
        }
        // A cut between two fields leaves a shorter message; most cuts are inside of one.
        #expect(refused > whole.count / 2)
    }

    @Test("changed at random are refused or are a message that comes back the same")
    func mutated() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(state: seed)
        let whole: [UInt8] = TestingV1.Kinds.everyField.encodedBytes()
        for _ in 0..<20_000 {
            var bytes: [UInt8] = whole
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.remove(at: place)
                }
            }
            guard let message = try? TestingV1.Kinds(wire: bytes) else { continue }
            // Compared as bytes: a mutation may have made a NaN, which is not equal to itself.
            let again = try TestingV1.Kinds(wire: message.encodedBytes())
            #expect(again.encodedBytes() == message.encodedBytes(), "seed \(seed)")
        }
    }

    @Test(
        "that are not UTF-8 are refused with the field's name",
        arguments: [
            ([0x72, 1, 0xFF], "linli.testing.v1.Kinds.string_value is not valid UTF-8"),
            ([0x72, 2, 0xC0, 0x80], "linli.testing.v1.Kinds.string_value is not valid UTF-8"),
            ([0x72, 3, 0xED, 0xA0, 0x80], "linli.testing.v1.Kinds.string_value is not valid UTF-8"),
            ([0xDA, 1, 1, 0x80], "linli.testing.v1.Kinds.strings is not valid UTF-8"),
            ([0x8A, 1, 3, 0x0A, 1, 0xFE], "linli.testing.v1.Kinds.Inner.name is not valid UTF-8"),
            ([0xC2, 2, 3, 0x0A, 1, 0xFE], "linli.testing.v1.Kinds.texts is not valid UTF-8"),
            ([0xC2, 2, 3, 0x12, 1, 0xFE], "linli.testing.v1.Kinds.texts is not valid UTF-8"),
            ([0x9A, 3, 1, 0xFE], "linli.testing.v1.Kinds.note is not valid UTF-8"),
            ([0xA2, 3, 1, 0xFE], "linli.testing.v1.Kinds.choice_text is not valid UTF-8"),
        ] as [([UInt8], String)])
    func notUTF8(bytes: [UInt8], reason: String) {
        #expect(throws: WireError(reason: reason)) { try TestingV1.Kinds(wire: bytes) }
    }

    @Test("with a NUL in a text are refused, in bytes they are content")
    func nul() throws {
        #expect(throws: WireError(reason: "linli.testing.v1.Kinds.string_value has a NUL character in it")) {
            try TestingV1.Kinds(wire: [0x72, 3, 0x61, 0, 0x62])
        }
        #expect(try TestingV1.Kinds(wire: [0x7A, 3, 0x61, 0, 0x62]).bytesValue == [0x61, 0, 0x62])
    }

    @Test(
        "that are no message are refused with the message's name",
        arguments: [
            [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            [0x72, 5, 0x61],
            [0x18],
            [0x18, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
            [0x0B, 0x0C],
            [0x8A, 1, 2, 0x0A, 9],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) throws {
        let error: WireError? = #expect(throws: WireError.self) { try TestingV1.Kinds(wire: bytes) }
        #expect(
            error?.reason.hasPrefix("linli.testing.v1.Kinds: the bytes are not a message of this type")
                == true)
    }

    @Test("cannot make the decoder allocate past its limit")
    func allocationLimit() throws {
        // Empty inner messages of three bytes each, some fifty bytes each in memory.
        let count = 1_000
        let bytes: [UInt8] = Array(repeating: [0xF2, 1, 0], count: count).flatMap { $0 }
        func decode(limit: Int) throws -> TestingV1.Kinds {
            try bytes.withUnsafeBytes { try TestingV1.Kinds(wire: $0, allocationLimit: limit) }
        }
        #expect(try decode(limit: WireLimits.decodeAllocationBytes).inners.count == count)
        var low = 0
        var high = WireLimits.decodeAllocationBytes
        while high - low > 1 {
            let middle: Int = (low + high) / 2
            if (try? decode(limit: middle)) == nil { low = middle } else { high = middle }
        }
        #expect(low > count * 48)
        #expect(throws: WireError.self) { try decode(limit: low) }
        #expect(try decode(limit: high).inners.count == count)
    }

    @Test("of four megabytes that would need more than the limit are refused")
    func amplification() throws {
        let bytes: [UInt8] = Array(repeating: [0xF2, 1, 0], count: 4 * 1_024 * 1_024 / 3).flatMap { $0 }
        #expect(throws: WireError.self) { try TestingV1.Kinds(wire: bytes) }
    }

    @Test("that repeat a message field are merged, within the limit")
    func merging() throws {
        // inner { name: "a" }, then inner { count: 2 }.
        let bytes: [UInt8] = [0x8A, 1, 3, 0x0A, 1, 0x61, 0x8A, 1, 2, 0x10, 2]
        #expect(try TestingV1.Kinds(wire: bytes).inner == TestingV1.Kinds.Inner(name: "a", count: 2))
    }
}

/// SplitMix64: a failure can be repeated from the seed that it prints.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed: UInt64 = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
