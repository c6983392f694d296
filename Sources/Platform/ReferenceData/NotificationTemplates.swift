package import Kernel

/// What is sent to people, as one versioned document (ops/data/templates/notifications.yaml).
package struct NotificationTemplates: Sendable, Hashable {
    package let id: String
    package let version: Int
    package let templates: [NotificationTemplate]

    package func template(_ id: String) -> NotificationTemplate? { templates.first { $0.id == id } }
    /// The templates that an event sends, such as those of `case.resolved`.
    package func templates(forEvent event: String) -> [NotificationTemplate] {
        templates.filter { $0.event == event }
    }
}

/// One text with places to fill.
package struct NotificationTemplate: Sendable, Hashable {
    /// Who gets it.
    package enum Recipient: String, Sendable, Hashable, CaseIterable {
        case reporter, followers, assignee, handler, subject
    }

    /// By which way it goes.
    package enum Channel: String, Sendable, Hashable, CaseIterable {
        case inbox, sms
    }

    /// A text message in Chinese holds 70 characters; one that may be longer is a problem at import.
    package static let maximumSMSCharacters: Int = 70

    package let id: String
    /// Type of the event that sends it; nil if code names it.
    package let event: String?
    package let recipient: Recipient
    package let channels: [Channel]
    package let text: BilingualText
    /// Names of the places to fill, in order of the alphabet.
    package let placeholders: [String]

    /// The text with its places filled.
    ///
    /// - Throws: `TEMPLATE_VALUE_MISSING` if `values` lacks a placeholder: half a sentence is never sent.
    package func fill(_ values: [String: String], in language: Language) throws(Refusal) -> String {
        for name in placeholders where values[name] == nil {
            throw .internalError(reason: "TEMPLATE_VALUE_MISSING")
        }
        return NotificationTemplate.pieces(text.text(in: language)).map { piece in
            switch piece {
            case .words(let words): words
            case .place(let name): values[name] ?? ""
            }
        }.joined()
    }

    enum Piece: Hashable {
        case words(String)
        case place(String)
    }

    /// The text cut at its `{places}`. A brace without its fellow stays as it is.
    static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest: Substring = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { pieces.append(.words(String(rest[..<open]))) }
            pieces.append(.place(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        return pieces
    }

    static func placeholders(_ text: String) -> Set<String> {
        Set(
            pieces(text).compactMap { piece in
                if case .place(let name) = piece { name } else { nil }
            })
    }
}

extension NotificationTemplates {
    /// Reads and checks the document: both languages fill the same places, text messages fit.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["id", "version", "templates"])
        id = fields["id"]?.identifier() ?? ""
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        templates = (fields["templates"]?.entries() ?? []).map(NotificationTemplate.init)
        try document.finish()
    }
}

extension NotificationTemplate {
    fileprivate init(id: String, node: DataNode) {
        let fields: DataFields = node.fields(required: ["to", "channels", "zh", "en"], optional: ["event"])
        self.id = id
        event = fields["event"]?.text(maximum: 64)
        recipient = NotificationTemplate.word(fields["to"]) ?? .subject
        channels = (fields["channels"]?.list() ?? []).compactMap { NotificationTemplate.word($0) }
        text = fields.bilingual()
        let names: Set<String> = NotificationTemplate.placeholders(text.zh)
        placeholders = names.sorted()
        if names != NotificationTemplate.placeholders(text.en) {
            node.report(
                zh: "中英文里的{名称}不一致。", en: "The two languages do not fill the same places.")
        }
        for name in names where !DataNode.isIdentifier(name) {
            node.report(zh: "{\(name)}不是有效的名称。", en: "{\(name)} is no name.")
        }
        if channels.contains(.sms) && text.zh.count > NotificationTemplate.maximumSMSCharacters {
            node.report(
                zh: "短信超过\(NotificationTemplate.maximumSMSCharacters)个字，请缩短。",
                en: "The text message is longer than \(NotificationTemplate.maximumSMSCharacters) characters."
            )
        }
    }

    private static func word<T: RawRepresentable & CaseIterable>(_ node: DataNode?) -> T?
    where T.RawValue == String {
        guard let node else { return nil }
        let text: String = node.text(maximum: 20)
        guard let value = T(rawValue: text) else {
            let known: String = T.allCases.map(\.rawValue).joined(separator: ", ")
            node.report(zh: "不认识“\(text)”，可用：\(known)。", en: "Unknown word '\(text)'. Known: \(known).")
            return nil
        }
        return value
    }
}
