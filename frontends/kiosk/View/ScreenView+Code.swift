internal import Dialogue
internal import Kernel
internal import Paper

extension ScreenView {
    /// Light modules around a code on a screen: phones read 2.
    static let quietModules: Int = 2

    /// Texts up to this are typed by people; longer ones are for cameras alone.
    static let typedCharacters: Int = 40

    /// A QR code in half blocks, with its text below for those who type it. One that does not fit into `room` is not cut:
    /// its text stands there alone, or, where nobody would type that, what to do.
    static func code(_ text: String, _ room: Room, _ language: Language) -> [Line] {
        let isTyped: Bool = text.count <= typedCharacters
        let words: [Line] =
            isTyped
            ? TextWidth.wrapped(text, to: room.columns).map { Line(text: $0, ink: .title) } : []
        let code: QRCode?
        // A text too long for any code is none that fits.
        do { code = try QRCode(text, correction: .low) } catch { code = nil }
        let rows: [String] = code?.halfBlockRows(quiet: quietModules) ?? []
        guard let first = rows.first, TextWidth.columns(of: first) <= room.codeColumns,
            rows.count <= room.rows
        else {
            return isTyped
                ? words : wrapped(Phrases.codeTooLarge[language], room.columns, .text)
        }
        return rows.map { Line(text: $0, ink: .code) } + words
    }
}
