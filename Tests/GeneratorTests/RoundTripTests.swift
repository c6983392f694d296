import NIOCore
import RPC
import Testing
import WireTestMessages

@Suite("Generated messages")
struct RoundTripTests {
    @Test("come back from the wire as they were sent")
    func everyField() throws {
        let sent: TestingV1.Kinds = .everyField
        #expect(try TestingV1.Kinds(wire: sent.encodedBytes()) == sent)
    }

    @Test("with every field at its default are empty on the wire, and nothing is what empty bytes say")
    func defaults() throws {
        #expect(TestingV1.Kinds().encodedBytes().isEmpty)
        #expect(try TestingV1.Kinds(wire: [UInt8]()) == TestingV1.Kinds())
        #expect(try TestingV1.Nothing(wire: [UInt8]()) == TestingV1.Nothing())
    }

    @Test("append to a buffer that has bytes in it")
    func appending() {
        var buffer = ByteBuffer(bytes: [1, 2, 3])
        TestingV1.Kinds.Inner(name: "里").encode(into: &buffer)
        #expect(Array(buffer.readableBytesView) == [1, 2, 3, 0x0A, 3, 0xE9, 0x87, 0x8C])
    }

    @Test("tell an optional that is absent from one that is zero or empty")
    func presence() throws {
        let present = TestingV1.Kinds(limit: 0, note: "", choice: .choiceBool(false))
        let bytes: [UInt8] = present.encodedBytes()
        #expect(bytes == [0x90, 3, 0, 0x9A, 3, 0, 0xC8, 3, 0])
        #expect(try TestingV1.Kinds(wire: bytes) == present)
    }

    @Test("keep enum numbers that this version does not know")
    func unknownEnum() throws {
        let sent = TestingV1.Kinds(color: .unrecognized(99), colors: [.red, .unrecognized(-7)])
        #expect(try TestingV1.Kinds(wire: sent.encodedBytes()) == sent)
        #expect(TestingV1.Color(rawValue: 1) == .red)
        #expect(TestingV1.Color.default.protoName == "COLOR_DEFAULT")
        #expect(TestingV1.Color.unrecognized(99).protoName == "99")
        #expect(TestingV1.Color.allCases == [.unspecified, .red, .belowZero, .default])
    }

    @Test("take the last of a oneof's members, and skip fields of later versions")
    func lastWins() throws {
        // choice_text "a", then choice_number 2, then field 1000 with "new".
        let bytes: [UInt8] = [0xA2, 3, 1, 0x61, 0xA8, 3, 4, 0xC2, 0x3E, 3, 0x6E, 0x65, 0x77]
        #expect(try TestingV1.Kinds(wire: bytes) == TestingV1.Kinds(choice: .choiceNumber(2)))
    }
}

@Suite("Wire form")
struct GoldenTests {
    @Test("is the one that other libraries write")
    func written() throws {
        #expect(TestingV1.Kinds.everyField.encodedBytes() == (try golden("every_field.hex")))
    }

    @Test("of a map entry may leave out a default, as we do, or have it, as others do")
    func mapDefaults() throws {
        let map = TestingV1.Kinds(texts: ["": ""])
        #expect(map.encodedBytes() == [0xC2, 2, 0])
        #expect(try TestingV1.Kinds(wire: [0xC2, 2, 0]) == map)
        #expect(try TestingV1.Kinds(wire: [0xC2, 2, 4, 0x0A, 0, 0x12, 0]) == map)
        #expect(try TestingV1.Kinds(wire: [0xCA, 2, 2, 8, 5]).innerByNumber == [5: TestingV1.Kinds.Inner()])
    }

    @Test("of other libraries is understood")
    func understood() throws {
        #expect(try TestingV1.Kinds(wire: try golden("every_field.hex")) == .everyField)
        let sample = try TestingV1.Sample(wire: try golden("sample.hex"))
        #expect(sample.title == "路灯不亮")
        #expect(sample.photos.count == 2)
        #expect(sample.encodedBytes() == (try golden("sample.hex")))
    }
}
