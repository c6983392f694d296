/// A mobile number of the Chinese mainland: 11 digits that begin with 13…19. Encrypted in the store; shown as `masked`.
package struct PhoneNumber: Sendable, Hashable {
    /// The 11 digits.
    package let text: String

    package static let length: Int = 11
    /// Longer inputs are not looked at.
    package static let maximumInputLength: Int = 40

    /// The number that somebody typed: spaces, hyphens, dots, brackets, full-width digits and +86, 0086 or 86 in front
    /// are forgiven. Synthetic numbers (100…) are refused unless `synthetic` lets them in.
    package init(parsing input: String, synthetic: SyntheticData = .refused, field: String = "phone")
        throws(Refusal)
    {
        guard input.count <= PhoneNumber.maximumInputLength else { throw PhoneNumber.invalid(field) }
        let separators: Set<Character> = ["-", ".", "(", ")", "·"]
        var text: String = ASCII.narrowed(input).filter { !$0.isWhitespace && !separators.contains($0) }
        for prefix in ["+86", "0086", "86"]
        where text.hasPrefix(prefix) && text.count == prefix.count + PhoneNumber.length {
            text = String(text.dropFirst(prefix.count))
            break
        }
        guard ASCII.isDigits(text, count: PhoneNumber.length...PhoneNumber.length) else {
            throw PhoneNumber.invalid(field)
        }
        if text.hasPrefix(SyntheticData.mobilePrefix) {
            guard synthetic == .allowed else {
                throw .invalid(
                    field: field, reason: "PHONE_SYNTHETIC", zh: "这是演示用的手机号码，正式系统不能使用。",
                    en: "This mobile number is for demonstrations and cannot be used here.")
            }
        } else if !("13"..."19").contains(text.prefix(2)) {
            throw PhoneNumber.invalid(field)
        }
        self.text = text
    }

    /// A number that was parsed before and comes back from the store.
    package init(stored text: String) { self.text = text }

    /// The synthetic number 100 and eight digits.
    ///
    /// - Precondition: `sequence` lies in 0…99,999,999.
    package init(syntheticSequence sequence: Int) {
        precondition((0...99_999_999).contains(sequence), "eight digits after 100")
        text = SyntheticData.mobilePrefix + ASCII.padded(sequence, 8)
    }

    /// `+8613912345678` (ITU-T E.164).
    package var e164: String { "+86" + text }
    package var isSynthetic: Bool { text.hasPrefix(SyntheticData.mobilePrefix) }
    /// `139****5678`, as banks and carriers print it.
    package var masked: String { Masking.phone(text) }

    private static func invalid(_ field: String) -> Refusal {
        .invalid(
            field: field, reason: "PHONE_INVALID", zh: "手机号码应为11位数字，请核对。",
            en: "A mobile number has 11 digits and begins with 13 to 19. Check it.")
    }
}

extension PhoneNumber: CustomStringConvertible, CustomReflectable {
    /// The masked form, so that no log shows the number by accident.
    package var description: String { masked }
    package var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}
