/// The name of a person in one field, since a name does not part into family and given name in every people of China.
package struct FullName: Sendable, Hashable {
    /// The name, without space at its ends, with `·` for every middle dot.
    package let text: String

    /// The number of characters (Unicode scalars) of a name.
    package static let length: ClosedRange<Int> = 1...50
    /// What input methods produce for the middle dot of names such as 阿依古丽·买买提; GB 18030-2005 A1A4 is U+00B7.
    private static let dots: Set<Unicode.Scalar> = [
        "\u{B7}", "\u{2022}", "\u{2027}", "\u{30FB}", "\u{FF65}", "\u{2219}",
    ]
    private static let inner: Set<Unicode.Scalar> = ["\u{B7}", " ", "-", "'", "\u{2019}", "."]

    /// The name that somebody typed: letters of any script, with `·`, space, hyphen, apostrophe and full stop inside.
    package init(parsing input: String, field: String = "full_name") throws(Refusal) {
        guard input.utf8.count <= 16 * FullName.length.upperBound else { throw FullName.invalid(field) }
        var scalars: String.UnicodeScalarView = String.UnicodeScalarView()
        for scalar in ASCII.narrowed(input).trimmed.unicodeScalars {
            scalars.append(FullName.dots.contains(scalar) ? "\u{B7}" : scalar)
        }
        guard FullName.length.contains(scalars.count), let first = scalars.first, FullName.isLetter(first),
            scalars.allSatisfy({ FullName.isLetter($0) || FullName.isMark($0) || FullName.inner.contains($0) }
            )
        else { throw FullName.invalid(field) }
        text = String(scalars)
    }

    /// A name that was parsed before and comes back from the store.
    package init(stored text: String) { self.text = text }

    /// `张*明`, `张*`, `欧**明`.
    package var masked: String { Masking.name(text) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }

    private static func invalid(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "NAME_INVALID", zh: "姓名应为1到50个文字，可含间隔号“·”，不含数字和符号。",
            en: "A name has 1 to 50 letters, with · inside where needed, and no digits or symbols.")
    }
}

extension FullName: CustomStringConvertible, CustomReflectable {
    /// The masked form, so that no log shows the name by accident.
    package var description: String { masked }
    package var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}
