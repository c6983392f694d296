/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Everything that Linli stores or sends is UTC; people see Asia/Shanghai, which has kept UTC+8 without daylight saving
/// since 1991 and is therefore plain arithmetic here.
package struct Instant: Sendable, Hashable, Comparable, Codable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds * 1_000 }

    package static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

    package func adding(seconds: Int64) -> Instant { Instant(milliseconds: milliseconds + seconds * 1_000) }
    package func adding(milliseconds: Int64) -> Instant {
        Instant(milliseconds: self.milliseconds + milliseconds)
    }
    /// Milliseconds from `other` to this instant; negative if `other` is later.
    package func milliseconds(since other: Instant) -> Int64 { milliseconds - other.milliseconds }
}
