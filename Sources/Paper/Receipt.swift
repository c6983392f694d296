internal import Kernel

/// What a kiosk or counter prints on a roll: lines, a QR code, a cut.
package struct Receipt: Sendable, Hashable {
    /// One piece of a receipt, from top to bottom.
    package enum Part: Sendable, Hashable {
        /// A text in the middle, twice as large.
        case title(String)
        /// A text from the left; wraps.
        case text(String)
        /// A text in the middle.
        case centred(String)
        /// A label and its value, which begins in one column for all of them.
        case pair(label: String, value: String)
        /// A line across.
        case rule
        /// A QR code in the middle.
        case code(String)
        /// Empty lines, 1 to 10.
        case space(Int)
        /// Feeds the paper past the knife and cuts it.
        case cut
    }

    /// From top to bottom.
    package var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }

    /// Columns of the usual printers: 48 for 80 mm paper, 32 for 58 mm.
    package static let wideColumns: Int = 48
    package static let narrowColumns: Int = 32
    /// Columns that the labels of pairs take.
    package static let labelColumns: Int = 12
    /// More characters in one part are cut off: a roll is not endless.
    package static let maximumCharacters: Int = 2_000

    /// One line as it stands on the paper, or a code or cut between lines.
    package enum Row: Sendable, Hashable {
        /// `large` rows have half the columns.
        case line(String, large: Bool)
        case code(String)
        case cut
    }

    /// The receipt broken into lines of `columns` (at least 24).
    package func rows(columns: Int = wideColumns) -> [Row] {
        let columns: Int = max(24, columns)
        return parts.flatMap { Receipt.rows(of: $0, columns) }
    }

    /// The lines alone, for a screen that shows what will be printed.
    package func lines(columns: Int = wideColumns) -> [String] {
        rows(columns: columns).compactMap { row in
            if case .line(let text, _) = row { text } else { nil }
        }
    }

    private static func rows(of part: Part, _ columns: Int) -> [Row] {
        switch part {
        case .title(let text):
            return TextWidth.wrapped(printable(text), to: columns / 2).map { line in
                .line(TextWidth.padded(line, to: columns / 2, .centre).trimmingEnd(), large: true)
            }
        case .text(let text):
            return TextWidth.wrapped(printable(text), to: columns).map { .line($0, large: false) }
        case .centred(let text):
            return TextWidth.wrapped(printable(text), to: columns).map { line in
                .line(TextWidth.padded(line, to: columns, .centre).trimmingEnd(), large: false)
            }
        case .pair(let label, let value):
            return pair(printable(label), printable(value), columns)
        case .rule:
            return [.line(String(repeating: "-", count: columns), large: false)]
        case .code(let text):
            return [.code(text)]
        case .space(let count):
            return Array(repeating: .line("", large: false), count: min(10, max(1, count)))
        case .cut:
            return [.cut]
        }
    }

    /// A label longer than its columns gets a line of its own.
    private static func pair(_ label: String, _ value: String, _ columns: Int) -> [Row] {
        let values: [String] = TextWidth.wrapped(value, to: columns - labelColumns)
        let isLong: Bool = TextWidth.columns(of: label) >= labelColumns
        let heads: [String] = isLong ? TextWidth.wrapped(label, to: columns) : []
        let first: String = isLong ? "" : label
        return heads.map { .line($0, large: false) }
            + values.enumerated().map { index, line in
                .line(
                    (TextWidth.padded(index == 0 ? first : "", to: labelColumns) + line).trimmingEnd(),
                    large: false)
            }
    }

    /// `text` without control characters, which would be commands to the printer: an ESC in somebody's answer must not open
    /// the cash drawer. Line ends stay line ends.
    private static func printable(_ text: String) -> String {
        var result: String.UnicodeScalarView = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(maximumCharacters) {
            switch scalar.properties.generalCategory {
            case .control: result.append(scalar == "\n" ? "\n" : " ")
            // Rare characters of names may stand in the private area: they stay.
            case .format, .lineSeparator, .paragraphSeparator: continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var rest: Substring = self[...]
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
