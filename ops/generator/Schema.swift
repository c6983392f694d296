/// What the generator knows of the .proto files, as plain values.
struct Schema {
    var files: [SchemaFile] = []
    /// Messages by full name, nested ones and map entries included.
    var messages: [String: SchemaMessage] = [:]
    /// Enums by full name.
    var enums: [String: SchemaEnum] = [:]
    /// The path of the file that declares a message or an enum, by full name.
    var fileOfType: [String: String] = [:]
    /// The proto package of a message or an enum, by full name.
    var packageOfType: [String: String] = [:]

    /// The files that were named on the command line, in that order.
    var generatedFiles: [SchemaFile] { files.filter(\.isGenerated) }

    mutating func add(_ file: SchemaFile) {
        files.append(file)
        for message in file.messages { add(message, of: file) }
        for enumeration in file.enums { add(enumeration, of: file) }
    }

    private mutating func add(_ message: SchemaMessage, of file: SchemaFile) {
        messages[message.fullName] = message
        fileOfType[message.fullName] = file.path
        packageOfType[message.fullName] = file.package
        for nested in message.messages { add(nested, of: file) }
        for enumeration in message.enums { add(enumeration, of: file) }
    }

    private mutating func add(_ enumeration: SchemaEnum, of file: SchemaFile) {
        enums[enumeration.fullName] = enumeration
        fileOfType[enumeration.fullName] = file.path
        packageOfType[enumeration.fullName] = file.package
    }

    /// The message behind a map field; nil for every other field.
    func mapEntry(of field: SchemaField) -> SchemaMessage? {
        guard field.isRepeated, field.kind == .message, let entry = messages[field.typeName], entry.isMapEntry
        else { return nil }
        return entry
    }
}

/// Where an element stands and what its author wrote about it.
struct SchemaNote {
    /// `path/of/file.proto:12`.
    var place: String
    /// The comment's lines without the comment signs; empty if there is none.
    var comment: [String]
}

struct SchemaFile {
    var path: String
    var package: String
    var isProto3: Bool
    var isGenerated: Bool
    var messages: [SchemaMessage]
    var enums: [SchemaEnum]
    var services: [SchemaService]
    /// The serialized FileDescriptorProto without source positions.
    var descriptor: [UInt8]

    /// Files that the project took over as they are: the rules for our own schemas do not bind them.
    var isUpstream: Bool { package.hasPrefix("google.") || package.hasPrefix("grpc.") }
}

struct SchemaMessage {
    var name: String
    var fullName: String
    var note: SchemaNote
    var isMapEntry: Bool
    var fields: [SchemaField]
    var oneofs: [SchemaOneof]
    var messages: [SchemaMessage]
    var enums: [SchemaEnum]

    func members(of oneof: Int) -> [SchemaField] { fields.filter { $0.oneof == oneof } }
    /// Whether the oneof has one member, which is how our schemas write an optional scalar.
    func isOptional(_ oneof: Int) -> Bool { members(of: oneof).count == 1 }
}

struct SchemaField {
    var name: String
    var number: Int32
    var kind: FieldKind
    /// The full name of the message or enum; empty for scalars.
    var typeName: String
    var isRepeated: Bool
    /// False only for `[packed = false]`.
    var isPacked: Bool
    /// The index of the oneof that the field belongs to.
    var oneof: Int?
    /// Written with the keyword `optional`, which protoc-c refuses.
    var isProto3Optional: Bool
    var note: SchemaNote
}

struct SchemaOneof {
    var name: String
    var note: SchemaNote
}

struct SchemaEnum {
    var name: String
    var fullName: String
    var note: SchemaNote
    var values: [SchemaEnumValue]
}

struct SchemaEnumValue {
    var name: String
    var number: Int32
    var note: SchemaNote
}

struct SchemaService {
    var name: String
    var fullName: String
    var note: SchemaNote
    var methods: [SchemaMethod]
}

struct SchemaMethod {
    var name: String
    var request: String
    var response: String
    var streamsRequests: Bool
    var streamsResponses: Bool
    var note: SchemaNote
}

enum FieldKind: Hashable {
    case double, float, int32, int64, uint32, uint64, sint32, sint64, fixed32, fixed64, sfixed32, sfixed64
    case bool, string, bytes, enumeration, message, group
}
