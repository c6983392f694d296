/// What can go wrong on the way to paper. The texts are for operators; they hold nothing of what was to be printed.
package enum PaperError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A QR code can hold no more than 2,953 bytes, and less with more correction.
    case tooLongForQRCode(bytes: Int)
    /// The system has no converter to GB18030: Debian's libc6 ships one.
    case noGB18030
    /// cairo gave up: its reason.
    case drawing(reason: String)

    package var description: String {
        switch self {
        case .tooLongForQRCode(let bytes): "\(bytes) bytes are too many for a QR code"
        case .noGB18030: "the system's iconv knows no GB18030"
        case .drawing(let reason): "the page could not be drawn: \(reason)"
        }
    }
}
