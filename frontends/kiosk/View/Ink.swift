/// What a cell is for; the look turns it into colours. No meaning is in the colour alone: each has words, a mark or a place
/// of its own as well.
enum Ink: UInt8, Sendable, Equatable, CaseIterable {
    case text
    /// Small print.
    case dim
    case title
    /// Top and bottom of the screen.
    case bar
    /// The number or letter to press, and buttons.
    case key
    /// With ！ in front of it.
    case warning
    /// What is being typed.
    case field
    /// A QR code: black on white in every look, since a camera reads it.
    case code
}

/// A colour of the 256 that no theme changes.
struct Colour: Sendable, Equatable {
    /// Number in the palette of xterm.
    let number: Int32
    let red: Int
    let green: Int
    let blue: Int

    static let black: Colour = Colour(number: 16, red: 0, green: 0, blue: 0)
    static let navy: Colour = Colour(number: 17, red: 0, green: 0, blue: 95)
    static let red: Colour = Colour(number: 124, red: 175, green: 0, blue: 0)
    static let yellow: Colour = Colour(number: 226, red: 255, green: 255, blue: 0)
    static let white: Colour = Colour(number: 231, red: 255, green: 255, blue: 255)
    static let grey: Colour = Colour(number: 252, red: 208, green: 208, blue: 208)
}

/// How an ink is drawn.
struct Paint: Sendable, Equatable {
    let foreground: Colour
    let background: Colour
    let isBold: Bool

    init(_ foreground: Colour, on background: Colour, bold: Bool = false) {
        self.foreground = foreground
        self.background = background
        isBold = bold
    }
}

extension Look {
    func paint(_ ink: Ink) -> Paint {
        let paper: Colour = isContrast ? .black : .navy
        switch ink {
        case .text: return Paint(.white, on: paper, bold: isContrast)
        case .dim: return Paint(isContrast ? .white : .grey, on: paper)
        case .title: return Paint(.yellow, on: paper, bold: true)
        case .bar: return Paint(.black, on: isContrast ? .white : .grey)
        case .key: return Paint(.black, on: .yellow, bold: true)
        case .warning:
            return isContrast ? Paint(.black, on: .yellow, bold: true) : Paint(.white, on: .red, bold: true)
        case .field: return Paint(.black, on: .white)
        case .code: return Paint(.black, on: .white)
        }
    }
}
