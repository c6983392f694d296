/// How long a free text may be and whether it may have several lines.
package struct TextRule: Sendable, Hashable {
    /// In Unicode scalars, after trimming; 0 as the lower bound makes the text optional.
    package let length: ClosedRange<Int>
    package let multiline: Bool

    package init(_ length: ClosedRange<Int>, multiline: Bool = false) {
        self.length = length
        self.multiline = multiline
    }

    /// A title, a label, a place: one line of 1 to 100 characters.
    package static let line: TextRule = TextRule(1...100)
    /// The same, or nothing.
    package static let optionalLine: TextRule = TextRule(0...100)
    /// A description, a reply, a reason: 1 to 2,000 characters in lines.
    package static let body: TextRule = TextRule(1...2_000, multiline: true)
    /// The same, or nothing.
    package static let optionalBody: TextRule = TextRule(0...2_000, multiline: true)

    /// The text without white space at its ends and with `\n` for every line end.
    ///
    /// Refused: a wrong length; control characters; invisible characters that turn the reading direction, with which a
    /// text can be made to look like another (Unicode TR 36).
    package func apply(_ input: String, field: String) throws(Refusal) -> String {
        // A text of this many bytes is too long whatever it consists of: do not walk through it.
        guard input.utf8.count <= 8 * (length.upperBound + 64) else { throw lengthRefusal(field) }
        var text: String = ""
        for character in input.trimmed {
            // "\r\n" is one Character.
            text.append(character.isNewline && multiline ? "\n" : character)
        }
        guard text.unicodeScalars.allSatisfy(isAllowed) else {
            throw .invalid(
                field: field, reason: "TEXT_CHARACTERS", zh: "内容含有不允许的控制字符，请删除后再试。",
                en: "The text has control characters that are not allowed. Remove them.")
        }
        guard length.contains(text.unicodeScalars.count) else { throw lengthRefusal(field) }
        return text
    }

    private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x09: multiline
        case 0..<0x20, 0x7F..<0xA0: false
        case 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
        default: true
        }
    }

    private func lengthRefusal(_ field: String) -> Refusal {
        let bounds: [String: String] = [
            "minimum": String(length.lowerBound), "maximum": String(length.upperBound),
        ]
        return .invalid(
            field: field, reason: "TEXT_LENGTH", zh: "内容应为\(length.lowerBound)到\(length.upperBound)个字。",
            en: "The text must have \(length.lowerBound) to \(length.upperBound) characters.",
            metadata: bounds)
    }
}
