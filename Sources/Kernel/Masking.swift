/// What of personal data is shown to those without a right and a purpose to see all (PIPL article 51: de-identify).
///
/// Works on any text, so that a value that was never checked is masked too.
package enum Masking {
    /// `1405************2X`: the first four and the last two of 18 characters; stars alone for other lengths.
    package static func idNumber(_ text: String) -> String {
        text.count == IDNumber.length ? covered(text, keepFirst: 4, keepLast: 2) : stars(text.count)
    }

    /// `139****5678` for eleven characters; for others only the last two are kept, or none of fewer than seven.
    package static func phone(_ text: String) -> String {
        if text.count == PhoneNumber.length { return covered(text, keepFirst: 3, keepLast: 4) }
        return covered(text, keepFirst: 0, keepLast: text.count >= 7 ? 2 : 0)
    }

    /// The first and the last character of three or more, the first of two, none of one.
    package static func name(_ text: String) -> String {
        switch text.count {
        case 0, 1: stars(text.count)
        case 2: covered(text, keepFirst: 1, keepLast: 0)
        default: covered(text, keepFirst: 1, keepLast: 1)
        }
    }

    /// The first six characters, which in a full address name no more than city and district, and four stars whatever
    /// the length of the rest.
    package static func address(_ text: String) -> String {
        text.isEmpty ? "" : String(text.prefix(min(6, text.count / 2))) + stars(4)
    }

    /// The last four of a bank card's or another account's characters; none of fewer than eight.
    package static func account(_ text: String) -> String {
        covered(text, keepFirst: 0, keepLast: text.count >= 8 ? 4 : 0)
    }

    /// A free text in which runs of digits that may be phone or identity numbers (seven digits and more, a final X
    /// included) are masked: for logs and for what is published.
    package static func numbers(in text: String) -> String {
        var result: String = ""
        var run: String = ""
        func flush() {
            let digits: Int = run.count
            result += digits < 7 ? run : digits == IDNumber.length ? idNumber(run) : phone(run)
            run = ""
        }
        for character in text {
            let narrow: String = ASCII.narrowed(String(character))
            let isFinalX: Bool = (narrow == "x" || narrow == "X") && run.count == IDNumber.length - 1
            if ASCII.isDigits(narrow, count: 1...1) || isFinalX {
                run.append(narrow)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }

    private static func covered(_ text: String, keepFirst: Int, keepLast: Int) -> String {
        let hidden: Int = max(0, text.count - keepFirst - keepLast)
        return text.prefix(keepFirst) + stars(hidden) + text.suffix(min(keepLast, text.count - keepFirst))
    }

    private static func stars(_ count: Int) -> String { String(repeating: "*", count: count) }
}
