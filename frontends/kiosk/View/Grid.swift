internal import Kernel

/// One place of the screen. A wide character takes two: the second one is empty.
struct Cell: Sendable, Equatable {
    var text: String
    var ink: Ink

    static let blank: Cell = Cell(text: " ", ink: .text)
}

/// A screen of cells, drawn without a terminal.
struct Grid: Sendable, Equatable {
    let rows: Int
    let columns: Int
    private(set) var cells: [Cell]

    init(rows: Int, columns: Int) {
        self.rows = max(rows, 0)
        self.columns = max(columns, 0)
        cells = Array(repeating: .blank, count: self.rows * self.columns)
    }

    subscript(row: Int, column: Int) -> Cell { cells[row * columns + column] }

    /// Fills a row, or a part of it, with spaces.
    mutating func fill(_ row: Int, _ range: Range<Int>, _ ink: Ink) {
        put(row, range.lowerBound, String(repeating: " ", count: range.count), ink)
    }

    /// Puts text on one line. What does not fit on the screen is left out; a wide character is never cut in half.
    mutating func put(_ row: Int, _ column: Int, _ text: String, _ ink: Ink) {
        guard row >= 0, row < rows else { return }
        var place: Int = column
        for character in text {
            let width: Int = TextWidth.columns(of: character)
            guard width > 0 else { continue }
            guard place + width <= columns else { return }
            defer { place += width }
            guard place >= 0 else { continue }
            let index: Int = row * columns + place
            // Half of a wide character that was here is no character.
            if cells[index].text.isEmpty, place > 0 { cells[index - 1].text = " " }
            let after: Int = index + width
            if place + width < columns, cells[after].text.isEmpty { cells[after].text = " " }
            cells[index] = Cell(text: String(character), ink: ink)
            if width == 2 { cells[index + 1] = Cell(text: "", ink: ink) }
        }
    }

    /// Writes over every cell.
    mutating func wipe() {
        for index in cells.indices { cells[index] = .blank }
    }

    /// A piece of a line in one ink.
    struct Run: Sendable, Equatable {
        var column: Int
        var text: String
        var ink: Ink
    }

    func runs(ofRow row: Int) -> [Run] {
        var runs: [Run] = []
        for column in 0..<columns {
            let cell: Cell = self[row, column]
            guard !cell.text.isEmpty else { continue }
            if let last = runs.indices.last, runs[last].ink == cell.ink {
                runs[last].text += cell.text
            } else {
                runs.append(Run(column: column, text: cell.text, ink: cell.ink))
            }
        }
        return runs
    }

    /// The screen as lines of text, without spaces at their ends.
    var lines: [String] {
        (0..<rows).map { row in
            var line: String = cells[(row * columns)..<((row + 1) * columns)].map(\.text).joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
