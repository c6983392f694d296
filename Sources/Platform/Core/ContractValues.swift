package import Contract
package import Kernel
package import RPC

extension GoogleProtobuf.Timestamp {
    /// The instant on the wire.
    package init(_ instant: Instant) {
        let milliseconds: Int64 = instant.milliseconds
        let seconds: Int64 = milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
        self.init(seconds: seconds, nanos: Int32((milliseconds - seconds * 1_000) * 1_000_000))
    }

    /// The instant in whole milliseconds; a time outside what a Timestamp may say is refused.
    package func instant(field: String) throws(Refusal) -> Instant {
        guard (-62_135_596_800...253_402_300_799).contains(seconds), (0...999_999_999).contains(nanos) else {
            throw .invalid(
                field: field, reason: "TIME_INVALID", zh: "时间不正确。", en: "The time is not valid.")
        }
        return Instant(milliseconds: seconds * 1_000 + Int64(nanos) / 1_000_000)
    }
}

extension PlatformV1.Text {
    /// The text on the wire.
    package init(_ text: BilingualText) { self.init(zh: text.zh, en: text.en) }
}

extension PlatformV1.GeoPoint {
    /// The point on the wire.
    package init(_ point: GeoPoint) { self.init(latitude: point.latitude, longitude: point.longitude) }
}
