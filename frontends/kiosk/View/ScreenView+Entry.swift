internal import Kernel

/// The keys on the screen, for kiosks that have none.
enum KeyboardLayout {
    /// Rows of keys, and of buttons below them.
    static let capRows: Int = 4
    static let buttonRows: Int = 2

    /// Rows from one row of keys to the next: two where there is room, so that a finger hits one.
    static func pitch(rows: Int) -> Int {
        rows >= ScreenView.entryRows + 2 * capRows + buttonRows ? 2 : 1
    }

    /// Columns of a key.
    static func columns(isPad: Bool, width: Int) -> Int {
        if isPad { return 7 }
        return width >= ScreenView.textColumns ? 4 : 3
    }

    struct Cap: Sendable, Equatable {
        var label: String
        var key: Key

        init(_ character: Character) {
            label = String(character)
            key = .character(character)
        }

        init(_ label: String, _ key: Key) {
            self.label = label
            self.key = key
        }
    }

    static func caps(_ keyboard: Keyboard) -> [[Cap]] {
        switch keyboard {
        case .digits(let signs): ["123", "456", "789", "0" + signs].map { $0.map { Cap($0) } }
        case .latin, .chinese:
            ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm,."].map { $0.map { Cap($0) } }
        }
    }
}

extension ScreenView {
    /// The line, the pinyin, two rows of candidates, a space.
    static let entryRows: Int = 5
    /// The least that an entry takes. Buttons alone, where the question would not fit beside keys: then there is a keyboard
    /// to type on.
    var entryHeight: Int { Self.entryRows + keyboardRows(pitch: 1) }

    private func keyboardRows(pitch: Int) -> Int {
        (hasKeyboard ? KeyboardLayout.capRows * pitch : 0) + KeyboardLayout.buttonRows
    }

    mutating func drawEntry(_ entry: EntryView, _ rows: Range<Int>, _ columns: Range<Int>) {
        let width: Int = min(columns.count, Self.textColumns)
        drawLine(entry, rows.lowerBound, columns.lowerBound, width)
        var row: Int = rows.lowerBound + 1
        put(row, columns.lowerBound, entry.pinyin.isEmpty ? t(entry.hint) : entry.pinyin, .dim)
        row += 1
        if !entry.candidates.isEmpty { drawCandidates(entry, row, columns.lowerBound, width) }
        let pitch: Int = KeyboardLayout.pitch(rows: rows.count)
        let keyboardRow: Int = min(
            rows.lowerBound + Self.entryRows, rows.upperBound - keyboardRows(pitch: pitch))
        drawKeyboard(entry, keyboardRow, columns.lowerBound, width, pitch)
    }

    private mutating func drawLine(_ entry: EntryView, _ row: Int, _ column: Int, _ width: Int) {
        picture.grid.fill(row, column..<(column + width), .field)
        // The end is what is being typed.
        var shown: Substring = Substring(entry.text)
        while TextWidth.columns(of: shown) > width - 3 { shown.removeFirst() }
        put(row, column + 1, shown + "_", .field)
    }

    private mutating func drawCandidates(_ entry: EntryView, _ first: Int, _ start: Int, _ width: Int) {
        var row: Int = first
        var column: Int = start
        for (index, candidate) in entry.candidates.enumerated() {
            let label: String = "\(index + 1) \(candidate)"
            let size: Int = TextWidth.columns(of: label)
            if column + size > start + width, column > start {
                row += 1
                column = start
            }
            guard row < first + 2 else { break }
            put(row, column, label, .text)
            put(row, column, String(index + 1), .key)
            touch(row..<(row + 1), column..<(column + size + 1), .character(Character(String(index + 1))))
            column += size + 2
        }
        drawPaging(entry, first + 2, start)
    }

    private mutating func drawPaging(_ entry: EntryView, _ row: Int, _ start: Int) {
        var column: Int = start
        for (isShown, label, key) in [
            (entry.hasEarlierCandidates, t(Phrases.earlierWords), Key.pageUp),
            (entry.hasMoreCandidates, t(Phrases.moreWords), Key.pageDown),
        ] where isShown {
            put(row, column, label, .key)
            touch(row..<(row + 1), column..<(column + TextWidth.columns(of: label)), key)
            column += TextWidth.columns(of: label) + 1
        }
    }

    private mutating func drawKeyboard(
        _ entry: EntryView, _ first: Int, _ start: Int, _ width: Int, _ pitch: Int
    ) {
        let isPad: Bool = if case .digits = entry.keyboard { true } else { false }
        let capColumns: Int = KeyboardLayout.columns(isPad: isPad, width: width)
        let caps: [[KeyboardLayout.Cap]] = hasKeyboard ? KeyboardLayout.caps(entry.keyboard) : []
        for (index, line) in caps.enumerated() {
            let row: Int = first + index * pitch
            for (place, cap) in line.enumerated() {
                let column: Int = start + place * capColumns + (index > 1 && !isPad ? 1 : 0)
                let label: String = TextWidth.padded(cap.label, to: capColumns - 2, .centre)
                put(row, column, "[\(label)]", .text)
                touch(row..<(row + pitch), column..<(column + capColumns), cap.key)
            }
        }
        let isChinese: Bool = entry.keyboard == .chinese
        drawButtons(
            buttons(isPad: isPad, toggles: entry.canSwitch ? isChinese : nil), first + caps.count * pitch,
            start, start + width)
    }

    private func buttons(isPad: Bool, toggles isChinese: Bool?) -> [KeyboardLayout.Cap] {
        var buttons: [KeyboardLayout.Cap] = [
            .init(t(Phrases.accept), .enter), .init(t(Phrases.erase), .backspace),
        ]
        if !isPad { buttons.append(.init(t(Phrases.space), .character(" "))) }
        if let isChinese {
            buttons.append(.init(t(isChinese ? Phrases.toLatin : Phrases.toChinese), .tab))
        }
        for word in screen.words {
            if let number = Int(word.key.dropFirst()) {
                buttons.append(.init("\(word.key) \(word.label)", .function(number)))
            }
        }
        return buttons
    }

    private mutating func drawButtons(
        _ buttons: [KeyboardLayout.Cap], _ first: Int, _ start: Int, _ end: Int
    ) {
        var row: Int = first
        var column: Int = start
        for button in buttons {
            let label: String = " \(button.label) "
            if column > start, column + TextWidth.columns(of: label) > end {
                row += 1
                column = start
            }
            put(row, column, label, .key)
            touch(row..<(row + 1), column..<(column + TextWidth.columns(of: label)), button.key)
            column += TextWidth.columns(of: label) + 1
        }
    }
}
