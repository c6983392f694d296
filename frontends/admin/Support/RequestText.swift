/// A request as `--dry-run` shows it: a line for each field that says something, messages inside it indented.
enum RequestText {
    static func lines(of message: Any, indent: String = "") -> [String] {
        Mirror(reflecting: message).children.flatMap { field -> [String] in
            // The id is made anew for each sending.
            guard let label = field.label, label != "requestID" else { return [] }
            return lines(of: label, field.value, indent)
        }
    }

    private static func lines(of label: String, _ value: Any, _ indent: String) -> [String] {
        let mirror: Mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .collection?:
            return mirror.children.flatMap { lines(of: label, $0.value, indent) }
        case .optional?:
            return mirror.children.first.map { lines(of: label, $0.value, indent) } ?? []
        case .struct? where !(value is String):
            return ["\(indent)\(label):"] + lines(of: value, indent: indent + "  ")
        default:
            let text: String = String(describing: value)
            if text.isEmpty { return [] }
            let parts: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false)
            let rest: [String] = parts.dropFirst().map { "\(indent)  \($0)" }
            return ["\(indent)\(label): \(parts[0])"] + rest
        }
    }
}
