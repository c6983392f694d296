/// The check digit of H. Michael Damm (2004) over decimal digits: it finds every single wrong digit and every
/// transposition of two neighbours, and needs no eleventh character.
package enum Damm {
    /// A totally anti-symmetric quasigroup of order ten: row = interim digit, column = next digit.
    private static let table: [[Int]] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ]

    /// The check digit of `digits`, each 0…9.
    package static func checkDigit(of digits: some Sequence<Int>) -> Int {
        digits.reduce(0) { table[$0][$1] }
    }

    /// Whether the last of `digits` is the check digit of those before it.
    package static func isValid(_ digits: some Sequence<Int>) -> Bool { checkDigit(of: digits) == 0 }
}
