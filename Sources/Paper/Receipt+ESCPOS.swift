/// The commands of ESC/POS printers, as Epson documents them and Chinese makers follow.
private enum Command {
    /// `ESC @`: back to the printer's own settings.
    static let start: [UInt8] = [0x1B, 0x40]
    /// `FS &`: two and four byte characters are Chinese.
    static let chinese: [UInt8] = [0x1C, 0x26]
    /// `GS ! n`: width and height times two.
    static let large: [UInt8] = [0x1D, 0x21, 0x11]
    static let normal: [UInt8] = [0x1D, 0x21, 0x00]
    /// `ESC a n`.
    static let left: [UInt8] = [0x1B, 0x61, 0x00]
    static let centre: [UInt8] = [0x1B, 0x61, 0x01]
    static let lineFeed: [UInt8] = [0x0A]
    /// `GS V 66 n`: feed to the knife and n more, then cut, leaving one point.
    static let cut: [UInt8] = [0x1D, 0x56, 0x42, 0x03]

    /// `GS ( k pL pH cn fn …`: functions of the QR code (cn = 49).
    static func code(_ function: UInt8, _ parameters: [UInt8]) -> [UInt8] {
        let count: Int = parameters.count + 2
        return [0x1D, 0x28, 0x6B, UInt8(count & 0xFF), UInt8(count >> 8), 49, function] + parameters
    }
}

extension Receipt {
    /// The bytes for the printer: GB18030 text, the printer's own QR codes, cuts.
    ///
    /// A text that is too long for a QR code throws before anything is sent.
    package func escpos(columns: Int = wideColumns) throws(PaperError) -> [UInt8] {
        var bytes: [UInt8] = Command.start + Command.chinese
        for row in rows(columns: columns) {
            switch row {
            case .line(let text, let large):
                let line: [UInt8] = try GB18030.encode(text) + Command.lineFeed
                bytes += large ? Command.large + line + Command.normal : line
            case .code(let text):
                bytes += Command.centre + (try Receipt.code(text, columns)) + Command.lineFeed + Command.left
            case .cut:
                bytes += Command.cut
            }
        }
        return bytes
    }

    /// Model 2, correction M, modules as large as the paper allows: it has 576 dots for 48 columns, 384 for 32.
    private static func code(_ text: String, _ columns: Int) throws(PaperError) -> [UInt8] {
        // Measured here, since a printer leaves a code that is too wide out without a word.
        let modules: Int = try QRCode(text, correction: .medium).size + 2 * QRCode.quietModules
        let dots: Int = columns * 12
        guard dots >= 2 * modules else { throw .tooLongForQRCode(bytes: text.utf8.count) }
        return Command.code(65, [50, 0])
            + Command.code(67, [UInt8(min(8, dots / modules))])
            + Command.code(69, [49])
            + Command.code(80, [48] + Array(text.utf8))
            + Command.code(81, [48])
    }
}
