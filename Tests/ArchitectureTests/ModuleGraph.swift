import Foundation

/// The module graph of Sources/README.md: what each target of ours may import of our other targets.
enum ModuleGraph {
    static let foundation: Set<String> = ["Kernel", "Crypto", "RPC", "Storage", "Contract"]
    static let modules: Set<String> = [
        "OneStop", "ResidentServices", "GrassrootsWork", "CommunityLife", "LifeCircle",
    ]
    static let ours: Set<String> = foundation.union(modules).union([
        "Platform", "Client", "Dialogue", "Paper", "linlid",
    ])

    /// What single modules may see besides: OneStop signs certificates and draws them.
    static let extra: [String: Set<String>] = ["OneStop": ["Crypto", "Paper"]]

    /// Folder of a target, and what it may see.
    static let rules: [(folder: String, allowed: Set<String>)] =
        [
            ("Sources/Kernel", []),
            ("Sources/Crypto", ["Kernel"]),
            ("Sources/Paper", ["Kernel"]),
            ("Sources/RPC", ["Kernel", "Crypto"]),
            ("Sources/Storage", ["Kernel"]),
            ("Sources/Contract", ["Kernel", "RPC"]),
            ("Sources/Platform", foundation),
            ("Sources/Client", ["Kernel", "RPC", "Contract", "Dialogue"]),
            ("Sources/Dialogue", ["Kernel"]),
            ("Sources/linlid", ours),
            ("frontends/chatbot", ["Kernel", "RPC", "Contract", "Client", "Dialogue", "Paper"]),
            ("frontends/kiosk", ["Kernel", "RPC", "Contract", "Client", "Dialogue", "Paper"]),
            ("frontends/admin", ["Kernel", "Crypto", "RPC", "Contract", "Client"]),
        ]
        + modules.sorted().map {
            (
                "Sources/Modules/\($0)",
                foundation.union(["Platform"]).subtracting(["Crypto"]).union(extra[$0] ?? [])
            )
        }

    /// Tables carry the prefix of whoever owns them, and only the owner's SQL names them.
    static let tablePrefixes: [(folder: String, prefix: String)] = [
        ("Sources/Platform", "platform_"),
        ("Sources/Modules/OneStop", "onestop_"),
        ("Sources/Modules/ResidentServices", "residents_"),
        ("Sources/Modules/GrassrootsWork", "grassroots_"),
        ("Sources/Modules/CommunityLife", "community_"),
        ("Sources/Modules/LifeCircle", "lifecircle_"),
    ]

    /// The modules that a source file imports.
    static func imports(of source: String) -> Set<String> {
        var found: Set<String> = []
        for line: Substring in source.split(separator: "\n") {
            var words: [Substring] = line.split(separator: " ")
            while let first = words.first, first.hasPrefix("@") { words.removeFirst() }
            if let first = words.first,
                ["public", "package", "internal", "private", "fileprivate"].contains(first)
            {
                words.removeFirst()
            }
            guard words.first == "import", words.count >= 2 else { continue }
            words.removeFirst()
            if ["struct", "class", "enum", "protocol", "func", "typealias", "var", "let"].contains(words[0]) {
                words.removeFirst()
            }
            if let module = words.first?.split(separator: ".").first { found.insert(String(module)) }
        }
        return found
    }

    /// Our modules that `source` imports although the folder may not see them.
    static func forbiddenImports(in source: String, allowed: Set<String>) -> Set<String> {
        imports(of: source).intersection(ours).subtracting(allowed)
    }

    /// Tables with another owner's prefix that the SQL of `source` names.
    static func foreignTables(in source: String, owner: String) -> Set<String> {
        let others: [String] = tablePrefixes.map(\.prefix).filter { $0 != owner }
        var found: Set<String> = []
        let keywords: Set<String> = ["from", "into", "update", "join", "table", "on", "references"]
        let words: [Substring] = source.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
        for (index, word) in words.enumerated().dropFirst()
        where keywords.contains(words[index - 1].lowercased()) {
            if others.contains(where: { word.hasPrefix($0) }) { found.insert(String(word)) }
        }
        return found
    }

    /// The root of the checkout.
    static let root: URL = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Swift files below a folder of the checkout, with their text.
    static func sources(below folder: String) throws -> [(path: String, text: String)] {
        let base: URL = root.appendingPathComponent(folder)
        guard let files = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else {
            return []
        }
        var result: [(String, String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            result.append((file.path, try String(contentsOf: file, encoding: .utf8)))
        }
        return result
    }
}
