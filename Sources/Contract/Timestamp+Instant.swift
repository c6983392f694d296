package import Kernel
package import RPC

/// Times cross the wire as google.protobuf.Timestamp and are `Instant` everywhere else.
extension GoogleProtobuf.Timestamp {
    /// The seconds that a Timestamp may have: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z (timestamp.proto).
    package static let validSeconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    /// The nanoseconds that a Timestamp may have; they count forward also before 1970.
    package static let validNanos: ClosedRange<Int32> = 0...999_999_999

    package init(_ instant: Instant) {
        let (quotient, remainder) = instant.milliseconds.quotientAndRemainder(dividingBy: 1_000)
        let borrowed: Int64 = remainder < 0 ? 1 : 0
        self.init(
            seconds: quotient - borrowed, nanos: Int32(remainder + borrowed * 1_000) * 1_000_000)
    }

    /// The same time in whole milliseconds, what is finer cut off; nil if the Timestamp is outside of its valid range.
    package var instant: Instant? {
        guard Self.validSeconds.contains(seconds), Self.validNanos.contains(nanos) else { return nil }
        return Instant(milliseconds: seconds * 1_000 + Int64(nanos / 1_000_000))
    }

    /// The same time for a field of a request; `try request.dueTime?.instant(field:)` where it may be left out. Throws INVALID_ARGUMENT with reason `TIME_INVALID` if the Timestamp is
    /// outside of its valid range.
    package func instant(field: String) throws(Refusal) -> Instant {
        guard let instant else {
            throw .invalid(
                field: field, reason: "TIME_INVALID", zh: "时间不正确，请填写公元1年至9999年之间的时间。",
                en: "This is not a time. Give one between the years 1 and 9999.")
        }
        return instant
    }
}

extension Instant {
    /// The form for the wire.
    package var timestamp: GoogleProtobuf.Timestamp { GoogleProtobuf.Timestamp(self) }
}

extension GoogleProtobuf.Timestamp? {
    /// The time in a field that may not be left out. Throws INVALID_ARGUMENT with reason `TIME_MISSING`, or as
    /// `Timestamp.instant(field:)` does.
    package func requiredInstant(field: String) throws(Refusal) -> Instant {
        guard let self else {
            throw .invalid(
                field: field, reason: "TIME_MISSING", zh: "请填写时间。", en: "Give a time.")
        }
        return try self.instant(field: field)
    }
}
