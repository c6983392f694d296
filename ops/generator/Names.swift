/// How names of the schema read in Swift and in protobuf-c's generated C.

/// `CaseState` → `CASE_STATE`, `IDCheck` → `ID_CHECK`.
func screamingSnake(_ name: String) -> String {
    let characters: [Character] = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
        if character.isUppercase, index > 0 {
            let afterLower: Bool = !characters[index - 1].isUppercase && characters[index - 1] != "_"
            let beforeLower: Bool = index + 1 < characters.count && characters[index + 1].isLowercase
            if afterLower || (beforeLower && characters[index - 1] != "_") { result += "_" }
        }
        result += character.uppercased()
    }
    return result
}

/// `resident_id` → `residentID`, `case_ids` → `caseIDs`, `id` → `id`, `REPORTED` → `reported`.
func lowerCamel(_ name: String) -> String {
    let words: [Substring] = name.split(separator: "_")
    guard let first = words.first else { return name }
    return first.lowercased() + words.dropFirst().map { capitalized($0.lowercased()) }.joined()
}

/// `has_phone` → `HasPhone`.
func upperCamel(_ name: String) -> String {
    name.split(separator: "_").map { capitalized(String($0)) }.joined()
}

private func capitalized(_ word: String) -> String {
    switch word {
    case "id": "ID"
    case "ids": "IDs"
    default: word.prefix(1).uppercased() + word.dropFirst()
    }
}

/// `GetCase` → `getCase`, `IDCheck` → `idCheck`.
func lowerFirst(_ name: String) -> String {
    let capitals: Int = name.prefix { $0.isUppercase }.count
    let lowered: Int = capitals > 1 && capitals < name.count ? capitals - 1 : capitals
    return name.prefix(lowered).lowercased() + name.dropFirst(lowered)
}

/// A name as an identifier: in backticks if Swift keeps the word for itself.
func identifier(_ name: String) -> String {
    if swiftKeywords.contains(name) { return "`\(name)`" }
    return name.first?.isNumber == true ? "_\(name)" : name
}

private let swiftKeywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
    "else",
    "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in",
    "init",
    "inout", "internal", "is", "let", "nil", "operator", "package", "precedencegroup", "private", "protocol",
    "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch",
    "throw",
    "throws", "true", "try", "typealias", "var", "where", "while",
]

/// Message names that mean something else inside a Swift declaration.
private let typeNames: [String: String] = [
    "Any": "AnyMessage", "Type": "TypeMessage", "Protocol": "ProtocolMessage",
]

/// The Swift namespace of a proto package: `linli.grassrootswork.v1` → `GrassrootsWorkV1`.
func namespace(_ package: String) -> String {
    let known: [String: String] = [
        "google.rpc": "GoogleRPC", "google.protobuf": "GoogleProtobuf", "grpc.health.v1": "HealthV1",
        "grpc.reflection.v1": "ReflectionV1", "grpc.reflection.v1alpha": "ReflectionV1alpha",
        "grpc.testing": "GRPCTesting",
    ]
    if let name = known[package] { return name }
    let words: [String: String] = [
        "onestop": "OneStop", "residentservices": "ResidentServices", "grassrootswork": "GrassrootsWork",
        "communitylife": "CommunityLife", "lifecircle": "LifeCircle",
    ]
    let parts: [String] = package.split(separator: ".").map(String.init)
    let own: [String] = parts.first == "linli" ? Array(parts.dropFirst()) : parts
    return own.map { words[$0] ?? upperCamel($0) }.joined()
}

/// The name of a message or enum inside its Swift namespace or parent.
func swiftTypeName(_ name: String) -> String { typeNames[name] ?? name }

/// A message's or enum's full Swift name: `linli.platform.v1.Case.Event` → `PlatformV1.Case.Event`.
func swiftType(_ fullName: String, package: String) -> String {
    let own: Substring = package.isEmpty ? fullName[...] : fullName.dropFirst(package.count + 1)
    let parts: [String] = own.split(separator: ".").map { swiftTypeName(String($0)) }
    return ([namespace(package)] + parts).joined(separator: ".")
}

/// The C struct that protoc-c makes of a message: `google.rpc.Status` → `Google__Rpc__Status`.
func cType(_ fullName: String) -> String {
    fullName.split(separator: ".").map { part in
        part.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }.joined(separator: "__")
}

/// The prefix of the C functions that protoc-c makes for a message: `google.rpc.ErrorInfo` → `google__rpc__error_info`.
func cPrefix(_ fullName: String) -> String {
    fullName.split(separator: ".").map { part in
        var result = ""
        var wasUpper = true
        for character in part {
            if character.isUppercase, !wasUpper { result += "_" }
            result += character.lowercased()
            wasUpper = character.isUppercase
        }
        return result
    }.joined(separator: "__")
}

/// A field's or oneof's name in the C struct. C's words, and macros of its headers, get an underscore.
func cField(_ name: String) -> String {
    let lower: String = name.lowercased()
    return cWords.contains(lower) ? lower + "_" : lower
}

private let cWords: Set<String> = [
    "and", "asm", "auto", "base", "bool", "break", "case", "catch", "char", "class", "compl", "const",
    "continue",
    "default", "delete", "do", "double", "else", "enum", "errno", "explicit", "export", "extern", "false",
    "float",
    "for", "friend", "goto", "if", "inline", "int", "linux", "long", "mutable", "namespace", "new", "not",
    "null",
    "operator", "or", "private", "protected", "public", "register", "restrict", "return", "short", "signed",
    "sizeof",
    "static", "stderr", "stdin", "stdout", "struct", "switch", "template", "this", "throw", "true", "try",
    "typedef",
    "typename", "union", "unix", "unsigned", "using", "virtual", "void", "volatile", "while", "xor",
]
