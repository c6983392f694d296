package import Kernel

/// A text in both languages. Where the English is missing the Chinese is shown: a Chinese line helps more than none.
package struct Text: Sendable, Equatable, Codable {
    package var zh: String
    package var en: String

    package init(_ zh: String, _ en: String = "") {
        self.zh = zh
        self.en = en
    }

    package subscript(_ language: Language) -> String {
        language == .english && !en.isEmpty ? en : zh
    }

    /// True if neither language has a text.
    package var isEmpty: Bool { zh.isEmpty && en.isEmpty }
}
