/// How many columns of a terminal a text takes (UAX #11): 2 for a Chinese character or an emoji, 0 for a combining mark
/// or a control character, 1 for the rest. Characters of ambiguous width take 1, as they do in today's terminals.
package enum TextWidth {
    /// The number of columns of `text`.
    package static func columns(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + columns(of: $1) }
    }

    /// The number of columns of one character, however many scalars it is made of.
    package static func columns(of character: Character) -> Int {
        var scalars: Character.UnicodeScalarView.Iterator = character.unicodeScalars.makeIterator()
        guard let first = scalars.next() else { return 0 }
        if let second = scalars.next() {
            // An emoji style after a text symbol, a flag of two regional letters: the terminal draws an emoji.
            if second == "\u{FE0F}" || isRegional(first) && isRegional(second) { return 2 }
        } else if first.value >= 0x20, first.value < 0x7F {
            return 1
        }
        return character.unicodeScalars.reduce(0) { max($0, columns(of: $1)) }
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        if contains(zero, scalar.value) { return 0 }
        return contains(wide, scalar.value) ? 2 : 1
    }

    private static func isRegional(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    private static func contains(_ ranges: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
        var low: Int = 0
        var high: Int = ranges.count
        while low < high {
            let middle: Int = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }

    /// On which side a padded text stands.
    package enum Alignment: Sendable, Hashable { case left, right, centre }

    /// `text` filled with spaces to `columns`; unchanged if it is wider.
    package static func padded(_ text: String, to columns: Int, _ alignment: Alignment = .left) -> String {
        let missing: Int = max(0, columns - self.columns(of: text))
        let before: Int =
            switch alignment {
            case .left: 0
            case .right: missing
            case .centre: missing / 2
            }
        return String(repeating: " ", count: before) + text + String(repeating: " ", count: missing - before)
    }

    /// `text` cut to at most `columns`, with `…` (one column) for what was cut off.
    package static func truncated(_ text: String, to columns: Int) -> String {
        guard self.columns(of: text) > columns else { return text }
        guard columns > 0 else { return "" }
        var result: String = ""
        var used: Int = 1
        for character in text {
            used += self.columns(of: character)
            if used > columns { break }
            result.append(character)
        }
        return result + "…"
    }

    /// `text` cut and filled: exactly `columns`, for the cell of a table.
    package static func fitted(_ text: String, to columns: Int, _ alignment: Alignment = .left) -> String {
        padded(truncated(text, to: columns), to: columns, alignment)
    }

    /// `text` in lines of at most `columns` (2 at least): broken at line ends, at spaces and between wide characters;
    /// closing marks such as 。 do not begin a line, opening ones such as （ do not end one; a longer word is broken
    /// anywhere.
    package static func wrapped(_ text: String, to columns: Int) -> [String] {
        let limit: Int = max(2, columns)
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { line in
            wrappedLine(line, limit)
        }
    }

    private static let closing: Set<Character> = Set("，。、；：？！）】》」』”’…,.;:?!)]}%·")
    private static let opening: Set<Character> = Set("（【《「『“‘([{¥")

    private static func wrappedLine(_ line: Substring, _ limit: Int) -> [String] {
        var lines: [String] = []
        var current: [Character] = []
        var used: Int = 0
        for character in line {
            let width: Int = columns(of: character)
            if character == " ", current.isEmpty, !lines.isEmpty { continue }
            if used + width > limit {
                if character == " " {
                    lines.append(trimmingEnd(current[...]))
                    (current, used) = ([], 0)
                    continue
                }
                let kept: Int = breakIndex(current, before: character)
                lines.append(trimmingEnd(current[..<kept]))
                current.removeFirst(kept)
                while current.first == " " { current.removeFirst() }
                used = current.reduce(0) { $0 + columns(of: $1) }
            }
            current.append(character)
            used += width
        }
        if !current.isEmpty || lines.isEmpty { lines.append(trimmingEnd(current[...])) }
        return lines
    }

    /// How many characters of a full line stay on it when `next` no longer fits.
    private static func breakIndex(_ line: [Character], before next: Character) -> Int {
        var index: Int = line.count
        while index > 0 {
            let after: Character = index == line.count ? next : line[index]
            if canBreak(line[index - 1], after) { return index }
            index -= 1
        }
        return line.count
    }

    private static func canBreak(_ left: Character, _ right: Character) -> Bool {
        if closing.contains(right) || opening.contains(left) { return false }
        return left == " " || columns(of: left) == 2 || columns(of: right) == 2
    }

    private static func trimmingEnd(_ characters: ArraySlice<Character>) -> String {
        var rest: ArraySlice<Character> = characters
        while rest.last == " " { rest = rest.dropLast() }
        return String(rest)
    }
}
