import Contract
import Kernel
import RPC
import Testing

@Suite("A time on the wire")
struct TimestampTests {
    @Test(
        "is the same time in whole milliseconds",
        arguments: [
            (0, 0, 0),
            (1, 0, 1_000_000),
            (1_767_225_600_123, 1_767_225_600, 123_000_000),
            (-1, -1, 999_000_000),
            (-1_000, -1, 0),
            (-1_001, -2, 999_000_000),
        ] as [(Int64, Int64, Int32)])
    func conversion(milliseconds: Int64, seconds: Int64, nanos: Int32) {
        let instant = Instant(milliseconds: milliseconds)
        let expected = GoogleProtobuf.Timestamp(
            seconds: seconds, nanos: nanos)
        #expect(instant.timestamp == expected)
        #expect(expected.instant == instant)
    }

    @Test("loses what is finer than a millisecond")
    func finer() {
        #expect(GoogleProtobuf.Timestamp(seconds: 1, nanos: 999_999).instant == Instant(milliseconds: 1_000))
    }

    @Test(
        "lies between the years 1 and 9999",
        arguments: [
            (-62_135_596_800, 0, true), (-62_135_596_801, 999_999_999, false),
            (253_402_300_799, 999_999_999, true), (253_402_300_800, 0, false),
            (0, -1, false), (0, 1_000_000_000, false), (Int64.max, 0, false), (Int64.min, 0, false),
        ] as [(Int64, Int32, Bool)])
    func range(seconds: Int64, nanos: Int32, isValid: Bool) throws {
        let timestamp = GoogleProtobuf.Timestamp(seconds: seconds, nanos: nanos)
        #expect((timestamp.instant != nil) == isValid)
        if isValid { return }
        let refusal: Refusal? = #expect(throws: Refusal.self) { try timestamp.instant(field: "due_time") }
        #expect(refusal?.reason == "TIME_INVALID")
        #expect(refusal?.fields.map(\.field) == ["due_time"])
    }

    @Test("may be left out where the field allows it")
    func absent() throws {
        let nothing: GoogleProtobuf.Timestamp? = nil
        #expect(try nothing?.instant(field: "due_time") == nil)
        let refusal: Refusal? = #expect(throws: Refusal.self) {
            try nothing.requiredInstant(field: "due_time")
        }
        #expect(refusal?.reason == "TIME_MISSING")
        #expect(
            try GoogleProtobuf.Timestamp?.some(GoogleProtobuf.Timestamp(seconds: 5)).requiredInstant(
                field: "t")
                == Instant(seconds: 5))
    }
}
