internal import Dialogue
internal import Kernel

/// Draws a screen. The same screen gives the same picture, always.
struct ScreenView {
    /// Chinese characters that a line of text has at most: longer lines are tiring to read.
    static let charactersAtMost: Int = 20
    /// Columns of such a line.
    static let textColumns: Int = charactersAtMost * 2
    /// Columns of a choice that stands alone.
    static let choiceColumns: Int = 64
    /// From so many columns on, text stands left and what to do right.
    static let columnsForTwo: Int = 78
    /// The smallest terminal on which everything has its place.
    static let rowsAtLeast: Int = 20
    static let columnsAtLeast: Int = 46

    let screen: Screen
    var picture: Picture
    /// Keys are drawn below the line that is typed.
    var hasKeyboard: Bool = true

    var look: Look { screen.look }
    var rows: Int { picture.grid.rows }
    var columns: Int { picture.grid.columns }

    static func draw(_ screen: Screen, rows: Int, columns: Int) -> Picture {
        var view = ScreenView(screen: screen, picture: Picture(grid: Grid(rows: rows, columns: columns)))
        guard rows >= rowsAtLeast, columns >= columnsAtLeast else {
            view.put(0, 0, Phrases.tooSmall[screen.look.language], .warning)
            return view.picture
        }
        view.drawHeader()
        view.drawFooter()
        view.drawBody()
        return view.picture
    }

    func t(_ text: Text) -> String { text[look.language] }

    mutating func put(_ row: Int, _ column: Int, _ text: String, _ ink: Ink) {
        picture.grid.put(row, column, text, ink)
    }

    /// A place to touch; a key that does the same.
    mutating func touch(_ rows: Range<Int>, _ columns: Range<Int>, _ key: Key) {
        picture.areas.append(Picture.Area(rows: rows, columns: columns, key: key))
    }

    // MARK: Top and bottom

    private mutating func drawHeader() {
        picture.grid.fill(0, 0..<columns, .bar)
        var right: [String] = []
        if !screen.person.isEmpty { right.append(screen.person) }
        if !screen.time.isEmpty { right.append(screen.time) }
        let end: String = right.joined(separator: "  ")
        let start: Int = columns - TextWidth.columns(of: end) - 2
        put(0, 2, TextWidth.truncated(name(columns: start - 4), to: start - 4), .bar)
        put(0, start, end, .bar)
        let title: String = look.isLarge ? Self.spaced(screen.title) : screen.title
        put(2, margin, TextWidth.truncated(title, to: columns - 2 * margin), .title)
    }

    /// The kiosk's name and place. Where there is no room for the whole place, its end says the most.
    private func name(columns: Int) -> String {
        var parts: ArraySlice<String> = screen.place.split(separator: " / ").map(String.init)[...]
        func text() -> String {
            parts.isEmpty ? t(Phrases.name) : "\(t(Phrases.name))  \(parts.joined(separator: " / "))"
        }
        while parts.count > 1, TextWidth.columns(of: text()) > columns { parts = parts.dropFirst() }
        return text()
    }

    /// A space between Chinese characters: wider, where a terminal has no larger ones.
    static func spaced(_ text: String) -> String {
        var result: String = ""
        var wasWide: Bool = false
        for character in text {
            let isWide: Bool = TextWidth.columns(of: character) == 2
            if wasWide, isWide { result.append(" ") }
            result.append(character)
            wasWide = isWide
        }
        return result
    }

    private mutating func drawFooter() {
        if !screen.notice.isEmpty {
            let ink: Ink = screen.isUrgent ? .warning : .field
            picture.grid.fill(rows - 3, 0..<columns, ink)
            let mark: String = screen.isUrgent ? "！ " : ""
            put(rows - 3, 2, TextWidth.truncated(mark + screen.notice, to: columns - 4), ink)
        }
        for row in (rows - 2)..<rows { picture.grid.fill(row, 0..<columns, .bar) }
        // While words are typed, digits are part of them.
        let isTyping: Bool = screen.entry != nil
        var column: Int = 1
        if !screen.isClosed {
            column = drawButton(
                rows - 2, column, isTyping ? "Esc" : "0", t(Phrases.back),
                isTyping ? .escape : .character("0"))
            column = drawButton(
                rows - 2, column, isTyping ? "F9" : "9", t(Phrases.human),
                isTyping ? .function(9) : .character("9"))
        }
        if screen.canFinish { column = drawButton(rows - 2, column, "F10", t(Phrases.leave), .function(10)) }
        if !screen.hotline.isEmpty {
            let hotline: String = t(Phrases.hotline).filled(screen.hotline)
            let start: Int = columns - TextWidth.columns(of: hotline) - 2
            if start > column { put(rows - 2, start, hotline, .bar) }
        }
        column = drawButton(
            rows - 1, 1, "F1", look.language == .chinese ? "English" : "中文", .function(1))
        column = drawButton(
            rows - 1, column, "F2", t(look.isLarge ? Phrases.normal : Phrases.large), .function(2))
        column = drawButton(
            rows - 1, column, "F3", t(look.isContrast ? Phrases.plain : Phrases.contrast), .function(3))
        if screen.hasHome { column = drawButton(rows - 1, column, "F4", t(Phrases.home), .function(4)) }
        let speech: String = t(look.isSpoken ? Phrases.quiet : Phrases.speak)
        if screen.canSpeak, column + 5 + TextWidth.columns(of: speech) < columns {
            _ = drawButton(rows - 1, column, "F8", speech, .function(8))
        }
    }

    /// A key with its word; answers the column after it.
    mutating func drawButton(_ row: Int, _ column: Int, _ name: String, _ label: String, _ key: Key) -> Int {
        put(row, column, " \(name) ", .key)
        let start: Int = column + TextWidth.columns(of: name) + 2
        put(row, start, " \(label)", .bar)
        let end: Int = start + 1 + TextWidth.columns(of: label)
        touch(row..<(row + 1), column..<end, key)
        return end + 2
    }

    // MARK: Between

    var margin: Int { columns >= 100 ? 4 : 2 }
    /// First row of the text.
    private var top: Int { 4 }
    /// The row after the last one.
    private var bottom: Int { rows - 3 }

    private mutating func drawBody() {
        let width: Int = columns - 2 * margin
        let hasRight: Bool = !screen.choices.isEmpty || screen.entry != nil
        let isWide: Bool = columns >= Self.columnsForTwo && hasRight && !screen.blocks.isEmpty
        let textWidth: Int = isWide ? min(Self.textColumns, width / 2 + 2) : min(Self.textColumns, width)
        let room = Room(
            columns: textWidth, codeColumns: hasRight ? textWidth : width, rows: bottom - top)
        let lines: [Line] = Self.lines(screen.blocks, room, look: look)
        let isCut: Bool = lines.count > bottom - top
        if isCut, columns >= Self.columnsForTwo, drawCodeRight(room) { return }
        if isWide {
            let right: Range<Int> = (margin + textWidth + 2)..<(columns - margin)
            drawRight(top..<bottom, right)
            drawText(lines, top..<bottom, textWidth)
        } else if hasRight {
            hasKeyboard = bottom - top >= lines.count + 1 + entryHeight
            let needed: Int = heightOfRight(width)
            let forText: Int = min(lines.count, max(2, bottom - top - needed - (lines.isEmpty ? 0 : 1)))
            drawText(lines, top..<(top + forText), textWidth)
            let after: Int = top + forText + (lines.isEmpty ? 0 : 1)
            drawRight(after..<bottom, margin..<(margin + rightWidth(width)))
        } else {
            drawText(lines, top..<bottom, textWidth)
        }
    }

    /// A code that would be cut below its text stands in the right column instead: below the choices, or, where there is
    /// no room for that, alone, with the choices below the text. Answers whether all was drawn.
    private mutating func drawCodeRight(_ room: Room) -> Bool {
        let right: Range<Int> = (margin + room.columns + 2)..<(columns - margin)
        var blocks: [Screen.Block] = screen.blocks
        guard screen.entry == nil,
            let index = blocks.firstIndex(where: { if case .code = $0 { true } else { false } }),
            case .code(let text) = blocks.remove(at: index)
        else { return false }
        let rest: [Line] = Self.lines(blocks, room, look: look)
        let code: [Line] = Self.code(
            text, Room(columns: right.count, codeColumns: right.count, rows: room.rows), look.language)
        let choices: Int = ChoiceLayout.heights(
            screen.choices, labelColumns: right.count - ChoiceLayout.indent
        ).reduce(0, +)
        guard rest.count <= room.rows, code.count <= room.rows else { return false }
        let start: Int = bottom - code.count
        if choices + code.count <= room.rows {
            drawRight(top..<start, right)
            drawText(rest, top..<bottom, room.columns)
        } else {
            let left: Range<Int> = margin..<(margin + room.columns)
            let narrow: Int = ChoiceLayout.heights(
                screen.choices, labelColumns: left.count - ChoiceLayout.indent
            ).reduce(0, +)
            guard rest.count + 1 + narrow <= room.rows else { return false }
            drawText(rest, top..<(top + rest.count), room.columns)
            drawRight((top + rest.count + 1)..<bottom, left)
        }
        for (offset, line) in code.enumerated() { put(start + offset, right.lowerBound, line.text, line.ink) }
        return true
    }

    /// What a text has on the screen; a code may be wider than a line that is read.
    struct Room: Sendable, Equatable {
        var columns: Int
        var codeColumns: Int
        var rows: Int
    }

    private func heightOfRight(_ width: Int) -> Int {
        if screen.entry != nil { return entryHeight }
        let label: Int = rightWidth(width) - ChoiceLayout.indent
        return ChoiceLayout.heights(screen.choices, labelColumns: label).reduce(0, +)
    }

    /// Choices with nothing beside them may be wider than a text, so that a long one stays on its line.
    private func rightWidth(_ width: Int) -> Int {
        min(width, Self.choiceColumns)
    }

    private mutating func drawRight(_ rows: Range<Int>, _ columns: Range<Int>) {
        if let entry = screen.entry {
            drawEntry(entry, rows, columns)
        } else {
            drawChoices(rows, columns)
        }
    }

    // MARK: Text

    struct Line: Sendable, Equatable {
        var text: String
        var ink: Ink
    }

    private mutating func drawText(_ lines: [Line], _ rows: Range<Int>, _ width: Int) {
        guard !rows.isEmpty else { return }
        guard lines.count > rows.count else {
            for (index, line) in lines.enumerated() {
                put(rows.lowerBound + index, margin, line.text, line.ink)
            }
            return
        }
        // The last row says that there is more, and is the place to touch for it.
        let visible: Int = max(1, rows.count - 1)
        let first: Int = min(max(0, screen.scroll), lines.count - visible)
        for index in 0..<visible {
            put(rows.lowerBound + index, margin, lines[first + index].text, lines[first + index].ink)
        }
        let below: Int = lines.count - visible - first
        picture.firstLine = first
        picture.linesBelow = below
        let row: Int = rows.upperBound - 1
        var column: Int = margin
        if first > 0 {
            let up: String = t(Phrases.upwards)
            put(row, column, up, .key)
            touch(row..<(row + 1), column..<(column + TextWidth.columns(of: up)), .pageUp)
            column += TextWidth.columns(of: up) + 1
        }
        if below > 0 {
            let down: String = t(Phrases.downwards).filled(String(below))
            put(row, column, down, .key)
            touch(row..<(row + 1), column..<(column + TextWidth.columns(of: down)), .pageDown)
        }
    }

    /// The blocks as lines for the room that they have.
    static func lines(_ blocks: [Screen.Block], _ room: Room, look: Look) -> [Line] {
        var lines: [Line] = []
        let width: Int = room.columns
        for block in blocks {
            if !lines.isEmpty { lines.append(Line(text: "", ink: .text)) }
            switch block {
            case .text(let text): lines += wrapped(text, width, .text)
            case .small(let text): lines += wrapped(text, width, .dim)
            case .warning(let text): lines += hanging("！ ", text, width, .warning)
            case .rows(let rows): lines += card(rows, width)
            case .code(let text): lines += code(text, room, look.language)
            }
        }
        guard look.isLarge else { return lines }
        // A code must stay whole: its lines are not moved apart.
        return lines.enumerated().flatMap { index, line in
            index == 0 || line.ink == .code || line.text.isEmpty
                ? [line] : [Line(text: "", ink: .text), line]
        }
    }

    static func wrapped(_ text: String, _ width: Int, _ ink: Ink) -> [Line] {
        TextWidth.wrapped(text, to: width).map { Line(text: $0, ink: ink) }
    }

    private static func hanging(_ head: String, _ text: String, _ width: Int, _ ink: Ink) -> [Line] {
        let indent: Int = TextWidth.columns(of: head)
        let blank: String = String(repeating: " ", count: indent)
        return TextWidth.wrapped(text, to: max(8, width - indent)).enumerated().map { index, line in
            Line(text: (index == 0 ? head : blank) + line, ink: ink)
        }
    }

    /// A label takes no more than this.
    private static let labelColumns: Int = 12

    private static func card(_ rows: [Message.Row], _ width: Int) -> [Line] {
        let widest: Int = min(rows.map { TextWidth.columns(of: $0.label) }.max() ?? 0, labelColumns)
        return rows.flatMap { row in
            guard TextWidth.columns(of: row.label) <= widest else {
                // A long label has lines of its own.
                return wrapped(row.label, width, .dim) + hanging("  ", row.value, width, .text)
            }
            return hanging(TextWidth.padded(row.label, to: widest) + "  ", row.value, width, .text)
        }
    }
}

extension String {
    /// `%1`, `%2` … replaced by what is given.
    func filled(_ values: String...) -> String {
        var result: String = self
        for (index, value) in values.enumerated() {
            result = result.split(separator: "%\(index + 1)", omittingEmptySubsequences: false).joined(
                separator: value)
        }
        return result
    }
}
