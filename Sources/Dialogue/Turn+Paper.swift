internal import Kernel

// Paper.

extension Turn {
    /// Puts lines on paper where there is a printer.
    mutating func printOut(_ printout: Printout) { effects.append(.print(printout)) }

    mutating func printed(_ isOnPaper: Bool) {
        if isOnPaper { say(Words.isPrinted) } else { warn(Words.isNotPrinted) }
        show()
    }
}
