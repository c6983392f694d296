/// A language that Linli speaks with people. Chinese is what somebody gets who asks for nothing else.
package enum Language: String, Sendable, Hashable, CaseIterable, Codable {
    case chinese = "zh"
    case english = "en"

    /// The BCP 47 tag for LocalizedMessage and documents.
    package var tag: String {
        switch self {
        case .chinese: "zh-CN"
        case .english: "en"
        }
    }

    /// An `accept-language` value longer than this is not read (RFC 9110 sets no limit; ours guards the parser).
    package static let maximumAcceptLanguageBytes: Int = 256

    /// The best of the languages that an `accept-language` header asks for (RFC 9110 section 12.5.4).
    ///
    /// The highest weight wins, the earlier of equals; a missing or useless value gives Chinese. Nothing is refused:
    /// a language preference is no reason to fail a request.
    package init(acceptLanguage value: String?) {
        self = .chinese
        guard let value, value.utf8.count <= Language.maximumAcceptLanguageBytes else { return }
        var bestWeight: Int = 0
        for entry in value.split(separator: ",") {
            let parts: [Substring] = entry.split(separator: ";", omittingEmptySubsequences: false)
            guard let first = parts.first, let language = Language.named(first) else { continue }
            let weight: Int = parts.dropFirst().compactMap(Language.thousandths).first ?? 1_000
            if weight > bestWeight {
                bestWeight = weight
                self = language
            }
        }
    }

    private static func named(_ range: Substring) -> Language? {
        let tag: String = String(range.filter { $0 != " " && $0 != "\t" }).lowercased()
        if tag == "*" || tag == "zh" || tag.hasPrefix("zh-") { return .chinese }
        if tag == "en" || tag.hasPrefix("en-") { return .english }
        return nil
    }

    /// The weight `q=0.8` in thousandths; nil if the parameter is no weight.
    private static func thousandths(_ parameter: Substring) -> Int? {
        let text: String = String(parameter.filter { $0 != " " && $0 != "\t" }).lowercased()
        guard text.hasPrefix("q="), let weight = Double(text.dropFirst(2)), weight >= 0, weight <= 1 else {
            return nil
        }
        return Int(weight * 1_000)
    }
}
