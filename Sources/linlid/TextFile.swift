internal import FoundationEssentials

/// Files that are no secrets.
enum TextFile {
    static func read(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: path), encoding: .utf8)
    }

    /// Writes a file as a whole or not at all.
    static func write(_ text: String, to path: String) throws {
        try text.write(to: URL(filePath: path), atomically: true, encoding: .utf8)
    }
}
