internal import Dialogue
internal import Kernel
internal import Paper

/// Lays messages out as lines. Widths are in columns, two for a Chinese character.
struct Layout {
    static let columnsAtLeast = 20
    /// Lines longer than this are tiring to read, however wide the window.
    static let columnsAtMost = 76
    /// A label of a card takes no more than this; the value begins on the same line.
    static let labelColumnsAtMost = 14

    let columns: Int
    /// Bold and dim, never the only sign of anything.
    let hasStyle: Bool

    init(columns: Int, hasStyle: Bool) {
        self.columns = min(max(columns, Self.columnsAtLeast), Self.columnsAtMost)
        self.hasStyle = hasStyle
    }

    func lines(_ messages: [Message]) -> [String] {
        var result: [String] = []
        for (index, message) in messages.enumerated() {
            // What can be chosen stands apart from what is told.
            if case .options = message.kind, index > 0, case .card = messages[index - 1].kind {
                result.append("")
            }
            result += lines(message)
        }
        return result
    }

    private func lines(_ message: Message) -> [String] {
        switch message.kind {
        case .title: [""] + wrapped("【\(message.text)】").map { styled($0, "1") }
        case .text: wrapped(message.text)
        case .warning: hanging("！ ", message.text).map { styled($0, "1") }
        case .card(let rows): card(rows)
        case .options(let shown):
            shown.flatMap { option in
                hanging(TextWidth.padded(option.key, to: 3, .right) + "  ", option.label)
            }
        case .table(let shown): table(shown)
        case .code: code(message.text)
        case .hint: wrapped(message.text).map { styled($0, "2") }
        }
    }

    private func card(_ rows: [Message.Row]) -> [String] {
        let widest = rows.map { TextWidth.columns(of: $0.label) }.max() ?? 0
        let width = min(widest, Self.labelColumnsAtMost, columns / 3)
        return rows.flatMap { row in
            guard TextWidth.columns(of: row.label) > width else {
                return hanging("  " + TextWidth.padded(row.label, to: width) + "  ", row.value)
            }
            // A long label has its own line.
            return hanging("  ", row.label) + hanging(String(repeating: " ", count: width + 4), row.value)
        }
    }

    /// A QR code by half blocks, black on white whatever the terminal's own colours are, and the text below it. Where it
    /// does not fit, or where there are no colours to be sure of, the text alone.
    private func code(_ text: String) -> [String] {
        let plain = TextWidth.wrapped(text, to: columns)
        guard hasStyle else { return plain }
        do {
            let code = try QRCode(text, correction: .low)
            guard code.size + 2 * QRCode.quietModules <= columns else { return plain }
            return code.terminalLines() + plain
        } catch { return plain }
    }

    /// Columns side by side where they fit, else a card for each row.
    private func table(_ table: Message.Table) -> [String] {
        let all = [table.columns] + table.rows
        let widths = table.columns.indices.map { column in
            all.map { $0.indices.contains(column) ? TextWidth.columns(of: $0[column]) : 0 }.max() ?? 0
        }
        guard table.rows.count > 1, widths.reduce(2 * widths.count, +) <= columns else {
            return table.cards.flatMap { card($0) + [""] }
        }
        let lines = all.map { values in
            let cells = zip(values, widths).map { "  " + TextWidth.padded($0, to: $1) }
            return String(cells.joined().reversed().drop { $0 == " " }.reversed())
        }
        return lines + [""]
    }

    /// The text behind `head`, its further lines below its first.
    private func hanging(_ head: String, _ text: String) -> [String] {
        let indent = TextWidth.columns(of: head)
        let blank = String(repeating: " ", count: indent)
        let body = TextWidth.wrapped(text, to: max(columns - indent, 8))
        guard let first = body.first else { return [head] }
        return [head + first] + body.dropFirst().map { blank + $0 }
    }

    private func wrapped(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            line.isEmpty ? [""] : TextWidth.wrapped(String(line), to: columns)
        }
    }

    private func styled(_ line: String, _ code: String) -> String {
        hasStyle && !line.isEmpty ? "\u{1B}[\(code)m\(line)\u{1B}[0m" : line
    }
}
