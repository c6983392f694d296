/// Text that is being written, with its indentation.
struct SourceText {
    private(set) var text = ""
    private var depth = 0

    /// Appends one line, indented; an empty one without spaces.
    mutating func line(_ line: String = "") {
        if !line.isEmpty {
            text += String(repeating: " ", count: depth * 4)
            text += line
        }
        text += "\n"
    }

    /// Appends `opening`, what `body` writes one step further in, and `closing`.
    mutating func block(_ opening: String, closing: String = "}", _ body: (inout SourceText) -> Void) {
        line(opening)
        depth += 1
        body(&self)
        depth -= 1
        line(closing)
    }

    /// Appends a comment as documentation.
    mutating func documentation(_ comment: [String]) {
        for part in comment { line(part.isEmpty ? "///" : "/// \(part)") }
    }
}
