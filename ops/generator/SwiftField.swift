/// How one field looks in Swift, and how it gets there from the C struct and back.
struct SwiftField {
    let schema: Schema
    let message: SchemaMessage
    let field: SchemaField

    /// The property's name, escaped if it is a keyword.
    var name: String { identifier(lowerCamel(field.name)) }
    /// The member's name in the C struct as Swift sees it.
    var c: String { identifier(cField(field.name)) }
    /// The field's full name, for errors.
    var label: String { "\"\(message.fullName).\(field.name)\"" }

    /// The type of one element.
    var elementType: String {
        switch field.kind {
        case .double: "Double"
        case .float: "Float"
        case .int32, .sint32, .sfixed32: "Int32"
        case .int64, .sint64, .sfixed64: "Int64"
        case .uint32, .fixed32: "UInt32"
        case .uint64, .fixed64: "UInt64"
        case .bool: "Bool"
        case .string: "String"
        case .bytes: "[UInt8]"
        case .enumeration, .message, .group:
            swiftType(field.typeName, package: schema.packageOfType[field.typeName] ?? "")
        }
    }

    /// The type of the property.
    var type: String {
        if let (key, value) = map { return "[\(key.elementType): \(value.elementType)]" }
        if field.isRepeated { return "[\(elementType)]" }
        return field.kind == .message || field.oneof != nil ? "\(elementType)?" : elementType
    }

    /// The property's default.
    var defaultValue: String {
        if map != nil { return "[:]" }
        if field.isRepeated { return "[]" }
        if field.oneof != nil { return "nil" }
        switch field.kind {
        case .bool: return "false"
        case .string: return "\"\""
        case .bytes: return "[]"
        case .message, .group: return "nil"
        case .enumeration:
            let first: SchemaEnum? = schema.enums[field.typeName]
            return first.map { ".\(SwiftEnum($0).caseName(of: $0.values[0]))" } ?? ""
        default: return "0"
        }
    }

    /// The key and the value of a map field.
    var map: (key: SwiftField, value: SwiftField)? {
        guard let entry = schema.mapEntry(of: field), entry.fields.count == 2 else { return nil }
        // Errors name the map, not the entry that nobody wrote.
        var key: SchemaField = entry.fields[0]
        var value: SchemaField = entry.fields[1]
        key.isRepeated = false
        value.isRepeated = false
        return (
            SwiftField(schema: schema, message: entry, field: key),
            SwiftField(schema: schema, message: entry, field: value)
        )
    }

    /// An expression that makes one element of `member`, an expression for a member of a C struct.
    func decoded(_ member: String, label: String) -> String {
        switch field.kind {
        case .bool: "\(member) != 0"
        case .string: "try RPC.Wire.string(\(member), \(label))"
        case .bytes: "RPC.Wire.bytes(\(member))"
        case .enumeration: "\(elementType)(rawValue: \(member))"
        case .message, .group: "try RPC.Wire.message(\(member))"
        default: member
        }
    }

    /// An expression for the C form of `value`, an expression of the element type.
    func encoded(_ value: String) -> String {
        switch field.kind {
        case .bool: "\(value) ? 1 : 0"
        case .string, .bytes, .message, .group: "RPC.Wire.store(\(value))"
        case .enumeration: "\(value).rawValue"
        default: value
        }
    }

    /// Statements of `init(c:)` for a field outside of oneofs.
    func writeDecoding(to out: inout SourceText) {
        if let (key, value) = map {
            out.block(
                "for case let entry? in RPC.Wire.entries(c.pointee.n_\(cField(field.name)), c.pointee.\(c)) {"
            ) {
                out in
                let keyExpression: String = key.decoded("entry.pointee.\(key.c)", label: label)
                let valueExpression: String = value.decoded("entry.pointee.\(value.c)", label: label)
                out.line("let key: \(key.elementType) = \(keyExpression)")
                out.line("self.\(name)[key] = \(valueExpression)")
            }
            return
        }
        if field.isRepeated {
            let arguments = "c.pointee.n_\(cField(field.name)), c.pointee.\(c)"
            let call: String
            switch field.kind {
            case .string: call = "try RPC.Wire.strings(\(arguments), \(label))"
            case .bytes: call = "RPC.Wire.bytes(\(arguments))"
            case .bool: call = "RPC.Wire.bools(\(arguments))"
            case .enumeration: call = "RPC.Wire.enums(\(arguments))"
            case .message, .group: call = "try RPC.Wire.messages(\(arguments))"
            default: call = "RPC.Wire.numbers(\(arguments))"
            }
            out.line("self.\(name) = \(call)")
            return
        }
        if field.kind == .message {
            out.line(
                "if let value = c.pointee.\(c) { self.\(name) = try \(elementType)(c: UnsafePointer(value)) }"
            )
            return
        }
        out.line("self.\(name) = \(decoded("c.pointee.\(c)", label: label))")
    }

    /// Statements of `store(in:)` for a field outside of oneofs.
    func writeEncoding(to out: inout SourceText) {
        if let (key, value) = map {
            let entry: String = field.typeName
            out.line("c.pointee.n_\(cField(field.name)) = self.\(name).count")
            let types = "(entry, key: \(key.elementType), value: \(value.elementType))"
            out.block("c.pointee.\(c) = RPC.Wire.store(self.\(name), as: \(cType(entry)).self) { \(types) in")
            { out in
                out.line("\(cPrefix(entry))__init(entry)")
                out.line("entry.pointee.\(key.c) = \(key.encoded("key"))")
                out.line("entry.pointee.\(value.c) = \(value.encoded("value"))")
            }
            return
        }
        if field.isRepeated {
            out.line("c.pointee.n_\(cField(field.name)) = self.\(name).count")
            out.line("c.pointee.\(c) = RPC.Wire.store(self.\(name))")
            return
        }
        if field.kind == .message {
            out.line("if let value = self.\(name) { c.pointee.\(c) = RPC.Wire.store(value) }")
            return
        }
        out.line("c.pointee.\(c) = \(encoded("self.\(name)"))")
    }
}
