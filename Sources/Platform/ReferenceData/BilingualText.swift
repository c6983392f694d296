package import Kernel

/// A text for people in both languages of the product; Chinese is always there.
package struct BilingualText: Sendable, Hashable, Codable {
    package var zh: String
    /// Empty where nobody translated it; `text(in:)` then shows Chinese.
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The text in `language`, or in Chinese where it is not translated.
    package func text(in language: Language) -> String {
        language == .english && !en.isEmpty ? en : zh
    }
}
