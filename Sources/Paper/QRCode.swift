internal import CQRencode

/// A QR code (ISO/IEC 18004): a square of dark and light modules.
package struct QRCode: Sendable, Hashable {
    /// How much of the code may be dirty or torn.
    package enum Correction: Sendable, Hashable, CaseIterable {
        /// 7 %.
        case low
        /// 15 %.
        case medium
        /// 25 %.
        case quartile
        /// 30 %.
        case high

        fileprivate var level: QRecLevel {
            switch self {
            case .low: QR_ECLEVEL_L
            case .medium: QR_ECLEVEL_M
            case .quartile: QR_ECLEVEL_Q
            case .high: QR_ECLEVEL_H
            }
        }
    }

    /// Modules on one side: 21 to 177.
    package let size: Int
    /// Row by row; true is dark.
    package let modules: [Bool]

    /// Light modules that must stay free on each side (ISO/IEC 18004 asks for 4; phones read 2).
    package static let quietModules: Int = 4
    /// The most bytes that any code can hold.
    package static let maximumBytes: Int = 2_953

    /// The smallest code that holds `text`. Texts of digits, capitals and `$%*+-./:` alone come out a quarter smaller.
    package init(_ text: String, correction: Correction = .medium) throws(PaperError) {
        var bytes: [UInt8] = Array(text.utf8)
        let length: Int = bytes.count
        guard length > 0, length <= QRCode.maximumBytes, !bytes.contains(0) else {
            throw .tooLongForQRCode(bytes: length)
        }
        bytes.append(0)
        let code: UnsafeMutablePointer<QRcode>? = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                QRcode_encodeString(characters.baseAddress, 0, correction.level, QR_MODE_8, 1)
            }
        }
        guard let code else { throw .tooLongForQRCode(bytes: length) }
        defer { QRcode_free(code) }
        size = Int(code.pointee.width)
        // Bit 0 of each byte is the module; the others say what it is for.
        modules = UnsafeBufferPointer(start: code.pointee.data, count: size * size).map { $0 & 1 == 1 }
    }

    /// Whether the module is dark; all outside the code are light.
    package subscript(row: Int, column: Int) -> Bool {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return false }
        return modules[row * size + column]
    }
}

extension QRCode {
    /// Black on white out of the fixed part of the 256 colours (the 6×6×6 cube), which themes leave alone: a code in the
    /// theme's own colours may be light on dark, which many phones do not read.
    package static let terminalColours: String = "\u{1B}[38;5;16;48;5;231m"
    /// Back to the terminal's own colours.
    package static let terminalReset: String = "\u{1B}[0m"

    /// The code in half blocks, two rows of modules a line: dark is foreground. For screens that set their own colours,
    /// which have to be black on white.
    ///
    /// - Parameter quiet: light modules around it, at least 2.
    package func halfBlockRows(quiet: Int = quietModules) -> [String] {
        let quiet: Int = max(2, quiet)
        let range: Range<Int> = -quiet..<(size + quiet)
        return stride(from: range.lowerBound, to: range.upperBound, by: 2).map { row in
            var line: String = ""
            for column in range {
                let upper: Bool = self[row, column]
                let lower: Bool = self[row + 1, column]
                line += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
            }
            return line
        }
    }

    /// The same for a terminal: each line sets its colours and puts them back, so that lines can be cut and mixed.
    package func terminalLines(quiet: Int = quietModules) -> [String] {
        halfBlockRows(quiet: quiet).map { QRCode.terminalColours + $0 + QRCode.terminalReset }
    }
}
