import Foundation

/// A text as searches compare it: small letters, half-width, without white space and punctuation; with its sounds.
struct SearchText: Sendable, Equatable {
    let scalars: [UInt32]
    /// 0 where a character has none.
    let syllables: [Pinyin.Syllable]
    /// What sounds alike has the same number; a letter or digit has one of its own.
    let sounds: [UInt16]
    /// First letters of the syllables; letters and digits stay, other characters are left out.
    let initials: [UInt8]

    /// Marks the sound of what is no Chinese character.
    private static let ownSound: UInt16 = 0x8000

    /// - Parameter normalized: see `normalize`.
    init(_ normalized: String, _ vocabulary: ItemVocabulary) {
        let pinyin: Pinyin = .standard
        let scalars: [UInt32] = normalized.unicodeScalars.map(\.value)
        var syllables: [Pinyin.Syllable] = scalars.map { pinyin.syllable(of: $0) }
        vocabulary.readWords(in: scalars, &syllables)
        self.scalars = scalars
        self.syllables = syllables
        sounds = zip(scalars, syllables).map { scalar, syllable in
            syllable == 0
                ? SearchText.ownSound | UInt16(truncatingIfNeeded: scalar) : pinyin.sound(of: syllable)
        }
        initials = zip(scalars, syllables).compactMap { scalar, syllable in
            if syllable != 0 { return pinyin.initial(of: syllable) }
            return scalar < 0x80 ? UInt8(scalar) : nil
        }
    }

    /// Small letters and digits, half-width; nothing else but characters of words.
    static func normalize(_ text: String) -> String {
        String(
            text.precomposedStringWithCompatibilityMapping.lowercased().filter { $0.isLetter || $0.isNumber })
    }

    var count: Int { scalars.count }
    var isLatin: Bool { !scalars.isEmpty && scalars.allSatisfy { $0 < 0x80 } }

    func text(_ range: Range<Int>) -> String { SearchText.text(scalars[range]) }

    static func text(_ scalars: ArraySlice<UInt32>) -> String {
        String(String.UnicodeScalarView(scalars.compactMap { Unicode.Scalar($0) }))
    }

    var side: Alignment.Side {
        Alignment.Side(
            scalars: scalars[...], syllables: syllables[...], sounds: sounds[...], isLatin: isLatin)
    }
}
