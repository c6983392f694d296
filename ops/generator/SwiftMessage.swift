/// Writes one message: the value type with its nested types, and the copying between it and the C struct.
struct SwiftMessage {
    let schema: Schema
    let message: SchemaMessage
    /// The Swift type that the message is nested in.
    let scope: String

    private var typeName: String { swiftTypeName(message.name) }
    private var fullType: String { "\(scope).\(typeName)" }
    private var nested: [SwiftMessage] {
        message.messages.filter { !$0.isMapEntry }.map {
            SwiftMessage(schema: schema, message: $0, scope: fullType)
        }
    }

    /// One property: a field, or a oneof of several members.
    private struct Property {
        var name: String
        var type: String
        var defaultValue: String
        var comment: [String]
    }

    /// The properties in the order of the schema; a oneof stands where its first member does.
    private var properties: [Property] {
        var written: Set<Int> = []
        return message.fields.compactMap { field in
            let swift: SwiftField = self.field(field)
            guard let index = field.oneof, !message.isOptional(index) else {
                return Property(
                    name: swift.name, type: swift.type, defaultValue: swift.defaultValue,
                    comment: field.note.comment)
            }
            guard written.insert(index).inserted else { return nil }
            return Property(
                name: identifier(lowerCamel(message.oneofs[index].name)), type: "\(oneofType(index))?",
                defaultValue: "nil", comment: message.oneofs[index].note.comment)
        }
    }

    private func field(_ field: SchemaField) -> SwiftField {
        SwiftField(schema: schema, message: message, field: field)
    }

    /// The name of a oneof's enum; a nested type of that name in the schema comes first.
    private func oneofType(_ index: Int) -> String {
        let name: String = upperCamel(message.oneofs[index].name)
        let taken: [String] = message.messages.map(\.name) + message.enums.map(\.name) + [message.name]
        return taken.contains(name) ? "\(name)OneOf" : name
    }

    // MARK: The value type

    func writeType(to out: inout SourceText) {
        out.documentation(message.note.comment)
        out.block("package struct \(typeName): Sendable, Equatable {") { out in
            for property in properties {
                out.documentation(property.comment)
                out.line("package var \(property.name): \(property.type) = \(property.defaultValue)")
            }
            if !properties.isEmpty { out.line() }
            out.line("/// All fields at their defaults.")
            out.line("package init() {}")
            if !properties.isEmpty { writeMemberwise(to: &out) }
            for (index, oneof) in message.oneofs.enumerated() where message.members(of: index).count > 1 {
                out.line()
                writeOneof(oneof, index, to: &out)
            }
            for enumeration in message.enums {
                out.line()
                SwiftEnum(enumeration).write(to: &out)
            }
            for inner in nested {
                out.line()
                inner.writeType(to: &out)
            }
        }
    }

    private func writeMemberwise(to out: inout SourceText) {
        let parameters: [Property] = properties
        out.line()
        out.block("package init(", closing: ") {") { out in
            for (index, parameter) in parameters.enumerated() {
                let comma: String = index + 1 < parameters.count ? "," : ""
                out.line("\(parameter.name): \(parameter.type) = \(parameter.defaultValue)\(comma)")
            }
        }
        for parameter in parameters { out.line("    self.\(parameter.name) = \(parameter.name)") }
        out.line("}")
    }

    private func writeOneof(_ oneof: SchemaOneof, _ index: Int, to out: inout SourceText) {
        out.documentation(oneof.note.comment)
        out.block("package enum \(oneofType(index)): Sendable, Equatable {") { out in
            for member in message.members(of: index) {
                out.documentation(member.note.comment)
                out.line("case \(field(member).name)(\(field(member).elementType))")
            }
        }
    }

    // MARK: The codec

    func writeCodec(to out: inout SourceText) {
        let c: String = cType(message.fullName)
        out.block("extension \(fullType): RPC.CodedMessage {") { out in
            out.line("package static var protoName: String { \"\(message.fullName)\" }")
            out.line()
            out.block("package static func prepare(_ c: UnsafeMutablePointer<\(c)>) {") { out in
                out.line("\(cPrefix(message.fullName))__init(c)")
            }
            out.line()
            out.block("package init(c: UnsafePointer<\(c)>) throws(RPC.WireError) {") { out in
                out.line("self.init()")
                for field in message.fields where field.oneof == nil {
                    self.field(field).writeDecoding(to: &out)
                }
                for (index, oneof) in message.oneofs.enumerated() { writeDecoding(oneof, index, to: &out) }
            }
            out.line()
            out.block("package func store(in c: UnsafeMutablePointer<\(c)>) {") { out in
                out.line("\(cPrefix(message.fullName))__init(c)")
                for field in message.fields where field.oneof == nil {
                    self.field(field).writeEncoding(to: &out)
                }
                for (index, oneof) in message.oneofs.enumerated() { writeEncoding(oneof, index, to: &out) }
            }
        }
        for inner in nested {
            out.line()
            inner.writeCodec(to: &out)
        }
    }

    private func writeDecoding(_ oneof: SchemaOneof, _ index: Int, to out: inout SourceText) {
        out.line("switch c.pointee.\(cField(oneof.name))_case.rawValue {")
        for member in message.members(of: index) {
            let swift: SwiftField = field(member)
            let value: String = swift.decoded("c.pointee.\(swift.c)", label: swift.label)
            if message.isOptional(index) {
                out.line("case \(member.number): self.\(swift.name) = \(value)")
            } else {
                let name: String = identifier(lowerCamel(oneof.name))
                let placed: String = value.hasPrefix("try ") ? String(value.dropFirst(4)) : value
                let attempt: String = value.hasPrefix("try ") ? "try " : ""
                out.line("case \(member.number): self.\(name) = \(attempt).\(swift.name)(\(placed))")
            }
        }
        out.line("default: break")
        out.line("}")
    }

    private func writeEncoding(_ oneof: SchemaOneof, _ index: Int, to out: inout SourceText) {
        let tag = "c.pointee.\(cField(oneof.name))_case"
        if message.isOptional(index), let member = message.members(of: index).first {
            let swift: SwiftField = field(member)
            out.block("if let value = self.\(swift.name) {") { out in
                out.line("\(tag) = .init(rawValue: \(member.number))")
                out.line("c.pointee.\(swift.c) = \(swift.encoded("value"))")
            }
            return
        }
        out.line("switch self.\(identifier(lowerCamel(oneof.name))) {")
        for member in message.members(of: index) {
            let swift: SwiftField = field(member)
            out.line("case .\(swift.name)(let value)?:")
            out.line("    \(tag) = .init(rawValue: \(member.number))")
            out.line("    c.pointee.\(swift.c) = \(swift.encoded("value"))")
        }
        out.line("case nil: break")
        out.line("}")
    }
}
