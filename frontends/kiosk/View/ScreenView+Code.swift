internal import Kernel
internal import Paper

extension ScreenView {
    /// Light modules around a code on a screen: phones read 2.
    static let quietModules: Int = 2

    /// A QR code in half blocks, with its text below for those who type it. What is too wide for the column is text alone.
    static func code(_ text: String, _ width: Int) -> [Line] {
        let plain: [Line] = TextWidth.wrapped(text, to: width).map { Line(text: $0, ink: .title) }
        let code: QRCode
        // A text too long for any code is still there to be read.
        do { code = try QRCode(text, correction: .low) } catch { return plain }
        let rows: [String] = code.halfBlockRows(quiet: quietModules)
        guard let first = rows.first, TextWidth.columns(of: first) <= width else { return plain }
        return rows.map { Line(text: $0, ink: .code) } + plain
    }
}
