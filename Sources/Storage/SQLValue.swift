package import Kernel

/// A value bound to a placeholder. Flags are the integers 0 and 1, times are milliseconds since 1970 UTC.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    package init(_ value: Int64) { self = .integer(value) }
    package init(_ value: Int) { self = .integer(Int64(value)) }
    package init(_ value: Int32) { self = .integer(Int64(value)) }
    package init(_ value: UInt32) { self = .integer(Int64(value)) }
    package init(_ value: Double) { self = .real(value) }
    package init(_ value: Bool) { self = .integer(value ? 1 : 0) }
    package init(_ value: String) { self = .text(value) }
    package init(_ value: Substring) { self = .text(String(value)) }
    package init(_ value: [UInt8]) { self = .blob(value) }
    package init(_ value: Instant) { self = .integer(value.milliseconds) }

    package init(_ value: Int64?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: Int?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: Int32?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: Double?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: Bool?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: String?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: [UInt8]?) { self = value.map { SQLValue($0) } ?? .null }
    package init(_ value: Instant?) { self = value.map { SQLValue($0) } ?? .null }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .real(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
    package init(nilLiteral: ()) { self = .null }
}
