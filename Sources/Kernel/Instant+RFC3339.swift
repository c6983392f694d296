extension Instant {
    /// The first and the last instant of google.protobuf.Timestamp in whole milliseconds, 0001-01-01T00:00:00Z to
    /// 9999-12-31T23:59:59.999Z.
    package static let range: ClosedRange<Instant> =
        Instant(milliseconds: -62_135_596_800_000)...Instant(milliseconds: 253_402_300_799_999)

    /// `2026-05-01T00:05:00Z`, with `.123` after the seconds only if the milliseconds are not zero.
    package var rfc3339: String { Instant.text(utc) + "Z" }

    /// The same instant as `2026-05-01T08:05:00+08:00`.
    package var rfc3339Shanghai: String { Instant.text(shanghai) + "+08:00" }

    private static func text(_ time: CivilTime) -> String {
        let fraction: String = time.millisecond == 0 ? "" : "." + ASCII.padded(time.millisecond, 3)
        return "\(time.date)T\(time.clockText):\(ASCII.padded(time.second, 2))\(fraction)"
    }

    /// The instant in a text by RFC 3339: `2026-05-01T08:05:00+08:00`, `2026-05-01T00:05:00.123456Z`.
    ///
    /// Up to nine digits of a fraction are read and cut to milliseconds; the zone is needed; leap seconds and instants
    /// outside `range` are not accepted. Nil for anything else.
    package init?(rfc3339 text: String) {
        let bytes: [UInt8] = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 35,
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let date = CivilDate(String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = ASCII.integer(bytes[11..<13]), let minute = ASCII.integer(bytes[14..<16]),
            let second = ASCII.integer(bytes[17..<19])
        else { return nil }
        var rest: ArraySlice<UInt8> = bytes[19...]
        var millisecond: Int = 0
        if rest.first == UInt8(ascii: ".") {
            let digits: ArraySlice<UInt8> = rest.dropFirst().prefix { ASCII.digitValue($0) != nil }
            guard (1...9).contains(digits.count), let value = ASCII.integer((digits + [48, 48]).prefix(3))
            else {
                return nil
            }
            millisecond = value
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = Instant.offsetMilliseconds(Array(rest)),
            let time = CivilTime(
                date: date, hour: hour, minute: minute, second: second, millisecond: millisecond)
        else { return nil }
        self.init(civil: time, offsetMilliseconds: offset)
        guard Instant.range.contains(self) else { return nil }
    }

    /// Parses as `init(rfc3339:)` does; a bad text is refused with the name of the `field` that it came in.
    package init(parsing text: String, field: String) throws(Refusal) {
        guard let instant = Instant(rfc3339: text) else {
            throw .invalid(
                field: field, reason: "TIME_INVALID", zh: "时间不正确，请按“2026-05-01T08:00:00+08:00”的格式填写。",
                en: "The time is not valid. Write it like 2026-05-01T08:00:00+08:00.")
        }
        self = instant
    }

    private static func offsetMilliseconds(_ zone: [UInt8]) -> Int64? {
        if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
        guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            zone[3] == UInt8(ascii: ":"), let hours = ASCII.integer(zone[1..<3]), hours <= 23,
            let minutes = ASCII.integer(zone[4..<6]), minutes <= 59
        else { return nil }
        let magnitude: Int64 = Int64(hours * 60 + minutes) * 60_000
        return zone[0] == UInt8(ascii: "-") ? -magnitude : magnitude
    }
}
