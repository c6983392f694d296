/// What is wrong with a schema, each as `file.proto:line: element: what to do`. Empty if code can be made from it.
///
/// The rules are those of Sources/Contract: the codec (protobuf-c) has no depth limit, so that a recursive message would
/// let a peer overflow the stack; protoc-c knows neither proto2 groups in a useful form nor proto3 `optional`; and a
/// contract without comments is not one that other people can build on (AIP-192).
func refusals(of schema: Schema) -> [String] {
    var found: [String] = []
    for file in schema.generatedFiles {
        guard file.isProto3 else {
            found.append("\(file.path):1: \(file.path): proto2 is not supported; write syntax = \"proto3\"")
            continue
        }
        var check = FileCheck(schema: schema, file: file)
        check.run()
        found += check.found
    }
    return found
}

private struct FileCheck {
    let schema: Schema
    let file: SchemaFile
    var found: [String] = []

    init(schema: Schema, file: SchemaFile) {
        self.schema = schema
        self.file = file
    }

    mutating func run() {
        for message in file.messages { check(message) }
        for enumeration in file.enums { check(enumeration) }
        for service in file.services {
            requireComment(service.note, service.fullName)
            for method in service.methods {
                requireComment(method.note, "\(service.fullName).\(method.name)")
            }
        }
    }

    private mutating func refuse(_ note: SchemaNote, _ element: String, _ reason: String) {
        found.append("\(note.place): \(element): \(reason)")
    }

    private mutating func requireComment(_ note: SchemaNote, _ element: String) {
        guard !file.isUpstream, note.comment.isEmpty else { return }
        refuse(note, element, "has no comment; say what it means, with units and limits")
    }

    private mutating func check(_ message: SchemaMessage) {
        if message.isMapEntry { return }
        requireComment(message.note, message.fullName)
        for field in message.fields { check(field, of: message) }
        for (index, oneof) in message.oneofs.enumerated() where message.members(of: index).count > 1 {
            requireComment(oneof.note, "\(message.fullName).\(oneof.name)")
        }
        if !file.isUpstream, let cycle = cycle(from: message) {
            refuse(
                message.note, message.fullName,
                "is recursive (\(cycle.joined(separator: " -> "))); the decoder has no depth limit, so send a flat "
                    + "list whose elements name their parent")
        }
        for nested in message.messages { check(nested) }
        for enumeration in message.enums { check(enumeration) }
    }

    private mutating func check(_ field: SchemaField, of message: SchemaMessage) {
        let element = "\(message.fullName).\(field.name)"
        requireComment(field.note, element)
        // An upstream file is taken as it is: its `optional` reaches protoc-c as the one-member oneof that protoc makes.
        if field.isProto3Optional, !file.isUpstream {
            refuse(
                field.note, element,
                "proto3 `optional` is refused by protoc-c; write `oneof has_\(field.name) { … \(field.name) = "
                    + "\(field.number); }`, which has the same wire form")
        }
        if field.kind == .group { refuse(field.note, element, "groups are not supported; use a message") }
        if let key = schema.mapEntry(of: field)?.fields.first, key.kind == .bool {
            refuse(field.note, element, "a map with bool keys is not supported; write two fields")
        }
        if field.name.hasPrefix("_") || field.name.contains("__") || field.name != field.name.lowercased() {
            if !file.isUpstream { refuse(field.note, element, "write field names in lower_snake_case") }
        }
    }

    private mutating func check(_ enumeration: SchemaEnum) {
        requireComment(enumeration.note, enumeration.fullName)
        for value in enumeration.values {
            requireComment(value.note, "\(enumeration.fullName).\(value.name)")
        }
        guard !file.isUpstream else { return }
        let zero = "\(screamingSnake(enumeration.name))_UNSPECIFIED"
        if enumeration.values.first?.name != zero || enumeration.values.first?.number != 0 {
            refuse(
                enumeration.note, enumeration.fullName,
                "its first value has to be \(zero) = 0, so that a forgotten field is not taken for an answer")
        }
        var numbers: Set<Int32> = []
        for value in enumeration.values where !numbers.insert(value.number).inserted {
            refuse(
                value.note, "\(enumeration.fullName).\(value.name)",
                "has a number that another value has already")
        }
    }

    /// The way from a message back to itself, or to a cycle below it in upstream types; nil if there is none.
    private func cycle(from start: SchemaMessage) -> [String]? {
        var finished: Set<String> = []
        func search(_ name: String, _ path: [String]) -> [String]? {
            if let first = path.firstIndex(of: name) { return Array(path[first...]) + [name] }
            guard let message = schema.messages[name], !finished.contains(name) else { return nil }
            for field in message.fields where field.kind == .message || field.kind == .group {
                if let cycle = search(field.typeName, path + [name]) { return cycle }
            }
            finished.insert(name)
            return nil
        }
        return search(start.fullName, [])
    }
}
