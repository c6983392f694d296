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

    /// The cheapest place of `query` within `title` (Sellers 1980, with swaps), or nil above `budget`.
    ///
    /// - Parameters:
    ///   - same: cost of the query's element at the first index standing for the title's at the second; 0 if they are
    ///     the same.
    static func best(
        query count: Int, title length: Int, budget: Int, isSwap: (Int, Int) -> Bool, same: (Int, Int) -> Int
    ) -> Alignment? {
        guard count > 0, length > 0 else { return nil }
        let width: Int = length + 1
        // Three rows of (cost, where it began), rolled.
        var costs: [[Int]] = [
            [], Array(repeating: 0, count: width), Array(repeating: 0, count: width),
        ]
        var starts: [[Int]] = [[], Array(0...length), Array(repeating: 0, count: width)]
        costs[0] = costs[1]
        starts[0] = starts[1]
        for row in 1...count {
            costs[2][0] = row * Cost.slip
            starts[2][0] = 0
            var lowest: Int = costs[2][0]
            for column in 1..<width {
                var cost: Int = costs[1][column - 1] + same(row - 1, column - 1)
                var start: Int = starts[1][column - 1]
                if costs[1][column] + Cost.slip < cost {
                    cost = costs[1][column] + Cost.slip
                    start = starts[1][column]
                }
                if costs[2][column - 1] + Cost.slip < cost {
                    cost = costs[2][column - 1] + Cost.slip
                    start = starts[2][column - 1]
                }
                if row > 1, column > 1, costs[0][column - 2] + Cost.slip < cost, isSwap(row - 1, column - 1) {
                    cost = costs[0][column - 2] + Cost.slip
                    start = starts[0][column - 2]
                }
                costs[2][column] = cost
                starts[2][column] = start
                lowest = min(lowest, cost)
            }
            // A swap reaches back two rows.
            if lowest > budget && (costs[1].min() ?? 0) > budget { return nil }
            (costs[0], costs[1], costs[2]) = (costs[1], costs[2], costs[0])
            (starts[0], starts[1], starts[2]) = (starts[1], starts[2], starts[0])
        }
        var best: Alignment?
        for column in 1..<width where costs[1][column] <= budget {
            let found: Alignment = Alignment(cost: costs[1][column], range: starts[1][column]..<column)
            guard !found.range.isEmpty else { continue }
            // Of two that cost the same, what was meant is rather the whole word than a part of it.
            if let best, (found.cost, -found.range.count) >= (best.cost, -best.range.count) { continue }
            best = found
        }
        return best
    }
}
