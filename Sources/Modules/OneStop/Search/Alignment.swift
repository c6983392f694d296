/// Where a question lies in a title if some errors are forgiven.
struct Alignment: Sendable, Equatable {
    /// What the errors cost together; see `Cost`.
    let cost: Int
    /// The part of the title that was meant.
    let range: Range<Int>

    /// What one error costs.
    enum Cost {
        /// Another character that sounds the same: how people type who choose the wrong candidate.
        static let same: Int = 1
        /// One that sounds nearly so.
        static let alike: Int = 2
        /// Two neighbours the wrong way round, a character too many, a character missing.
        static let slip: Int = 2
        /// Quite another character.
        static let other: Int = 3
    }

    /// What may be forgiven in a question of this many characters. A short word that is changed is another word.
    static func budget(_ count: Int) -> Int {
        switch count {
        case ...1: 0
        case 2: 1
        case 3: 2
        case 4...5: 3
        case 6...7: 4
        default: 6
        }
    }

    /// The characters and sounds of a question or a title.
    struct Side {
        let scalars: ArraySlice<UInt32>
        let syllables: ArraySlice<Pinyin.Syllable>
        let sounds: ArraySlice<UInt16>
        /// Whether a letter may stand for a character that begins with it: not in a question that is all letters.
        let isLatin: Bool
    }
}

/// Finds alignments; what it works in is there for one title after the other.
struct Aligner {
    /// What a way to a cell costs, and where in the title it began.
    private struct Cell {
        var cost: Int32
        var start: Int32
    }
    private typealias Cost = Alignment.Cost

    /// Three rows that take turns: a swap reaches back two.
    private var cells: [Cell] = []

    /// The cheapest place of `query` within `title` (Sellers 1980, with swaps), or nil above `budget`. Of two that cost
    /// the same the longer one: what was meant is rather the whole word than a part of it.
    mutating func best(_ query: Alignment.Side, _ title: Alignment.Side, budget: Int) -> Alignment? {
        let count: Int = query.scalars.count
        let length: Int = title.scalars.count
        guard count > 0, length > 0 else { return nil }
        let width: Int = length + 1
        if cells.count < 3 * width { cells = Array(repeating: Cell(cost: 0, start: 0), count: 3 * width) }
        return cells.withUnsafeMutableBufferPointer { cells in
            for column in 0..<width { cells[column] = Cell(cost: 0, start: Int32(column)) }
            var lowestBefore: Int = 0
            for row in 1...count {
                let lowest: Int = Aligner.fill(cells, row, width, query, title)
                if lowest > budget && lowestBefore > budget { return nil }
                lowestBefore = lowest
            }
            return Aligner.best(cells, from: (count % 3) * width, width, budget)
        }
    }

    /// Fills the row for one more element of the query, and returns the lowest cost in it.
    private static func fill(
        _ cells: UnsafeMutableBufferPointer<Cell>, _ row: Int, _ width: Int, _ query: Alignment.Side,
        _ title: Alignment.Side
    ) -> Int {
        let slip: Int32 = Int32(Cost.slip)
        let now: Int = (row % 3) * width
        let before: Int = ((row + 2) % 3) * width
        let twoBefore: Int = ((row + 1) % 3) * width
        cells[now] = Cell(cost: Int32(row) * slip, start: 0)
        var lowest: Int32 = cells[now].cost
        let element: Int = query.scalars.startIndex + row - 1
        let scalar: UInt32 = query.scalars[element]
        for column in 1..<width {
            let place: Int = title.scalars.startIndex + column - 1
            var cell: Cell = cells[before + column - 1]
            if title.scalars[place] != scalar { cell.cost += Int32(cost(query, element, title, place)) }
            if cells[before + column].cost + slip < cell.cost {
                cell = cells[before + column]
                cell.cost += slip
            }
            if cells[now + column - 1].cost + slip < cell.cost {
                cell = cells[now + column - 1]
                cell.cost += slip
            }
            if row > 1, column > 1, cells[twoBefore + column - 2].cost + slip < cell.cost,
                scalar == title.scalars[place - 1], query.scalars[element - 1] == title.scalars[place]
            {
                cell = cells[twoBefore + column - 2]
                cell.cost += slip
            }
            cells[now + column] = cell
            lowest = min(lowest, cell.cost)
        }
        return Int(lowest)
    }

    /// Cost of an element of the query standing for another one of the title.
    private static func cost(_ query: Alignment.Side, _ element: Int, _ title: Alignment.Side, _ place: Int)
        -> Int
    {
        let syllable: Pinyin.Syllable = title.syllables[place]
        if query.sounds[element] == title.sounds[place] {
            return query.syllables[element] == syllable ? Cost.same : Cost.alike
        }
        let isInitial: Bool =
            !query.isLatin && syllable != 0 && query.scalars[element] < 0x80
            && query.scalars[element] == UInt32(Pinyin.standard.initial(of: syllable))
        return isInitial ? 0 : Cost.other
    }

    private static func best(
        _ cells: UnsafeMutableBufferPointer<Cell>, from row: Int, _ width: Int, _ budget: Int
    ) -> Alignment? {
        var best: Alignment?
        for column in 1..<width {
            let cell: Cell = cells[row + column]
            guard cell.cost <= budget, Int(cell.start) < column else { continue }
            let found: Alignment = Alignment(cost: Int(cell.cost), range: Int(cell.start)..<column)
            if let best, (found.cost, -found.range.count) >= (best.cost, -best.range.count) { continue }
            best = found
        }
        return best
    }
}
