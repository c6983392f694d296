internal import Kernel

/// How tall the choices are.
enum ChoiceLayout {
    /// Columns before the label: the key and a space.
    static let indent: Int = 5
    /// Lines of a label; what is longer is cut.
    static let lines: Int = 2

    static func heights(_ choices: [Screen.Choice], labelColumns: Int) -> [Int] {
        choices.map { min(lines, TextWidth.wrapped($0.label, to: labelColumns).count) }
    }
}

extension ScreenView {
    mutating func drawChoices(_ rows: Range<Int>, _ columns: Range<Int>) {
        let width: Int = columns.count - ChoiceLayout.indent
        guard !screen.choices.isEmpty, width > 4 else { return }
        let heights: [Int] = ChoiceLayout.heights(screen.choices, labelColumns: width)
        let needed: Int = heights.reduce(0, +)
        // What is left over stands between the choices, so that a finger hits one.
        let spare: Int = max(0, rows.count - needed) / screen.choices.count
        let gap: Int = min(spare, look.isLarge ? 2 : 1)
        var row: Int = rows.lowerBound
        for (choice, height) in zip(screen.choices, heights) {
            guard row < rows.upperBound else { break }
            put(row, columns.lowerBound, " \(choice.key) ", .key)
            var lines: [String] = TextWidth.wrapped(choice.label, to: width)
            if lines.count > height {
                lines = Array(lines.prefix(height))
                lines[height - 1] = TextWidth.truncated(lines[height - 1] + "……", to: width)
            }
            for (index, line) in lines.enumerated() where row + index < rows.upperBound {
                put(row + index, columns.lowerBound + ChoiceLayout.indent, line, .text)
            }
            let end: Int = min(row + height + gap, rows.upperBound)
            if let key = choice.key.first { touch(row..<end, columns, .character(key)) }
            row += height + gap
        }
    }
}
