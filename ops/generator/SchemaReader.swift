import CProtocPlugin

/// Turns the descriptors that protoc hands over into a `Schema`.
struct SchemaReader {
    private let descriptor: Google__Protobuf__FileDescriptorProto
    private let notes: SourceNotes
    private let package: String

    /// Field numbers in descriptor.proto, from which the paths of source positions are made.
    private enum Part {
        static let fileMessage: Int32 = 4
        static let fileEnum: Int32 = 5
        static let fileService: Int32 = 6
        static let messageField: Int32 = 2
        static let messageNested: Int32 = 3
        static let messageEnum: Int32 = 4
        static let messageOneof: Int32 = 8
        static let enumValue: Int32 = 2
        static let serviceMethod: Int32 = 2
    }

    static func schema(of request: Google__Protobuf__Compiler__CodeGeneratorRequest) -> Schema {
        var wanted: Set<String> = []
        for index in 0..<request.n_file_to_generate {
            wanted.insert(cString(request.file_to_generate[index]))
        }
        var schema = Schema()
        for index in 0..<request.n_proto_file {
            guard
                let descriptor: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto> =
                    request.proto_file[index]
            else { continue }
            schema.add(SchemaReader(descriptor.pointee).file(wanted: wanted, descriptor))
        }
        return schema
    }

    private init(_ descriptor: Google__Protobuf__FileDescriptorProto) {
        self.descriptor = descriptor
        self.notes = SourceNotes(descriptor, file: cString(descriptor.name))
        self.package = cString(descriptor.package)
    }

    private func file(
        wanted: Set<String>, _ pointer: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>
    ) -> SchemaFile {
        let path: String = cString(descriptor.name)
        let messages = cList(descriptor.n_message_type, descriptor.message_type).enumerated().map {
            index, message in
            self.message(message, [Part.fileMessage, Int32(index)], in: package)
        }
        let enums = cList(descriptor.n_enum_type, descriptor.enum_type).enumerated().map {
            index, enumeration in
            self.enumeration(enumeration, [Part.fileEnum, Int32(index)], in: package)
        }
        let services = cList(descriptor.n_service, descriptor.service).enumerated().map { index, service in
            self.service(service, [Part.fileService, Int32(index)])
        }
        return SchemaFile(
            path: path, package: package, isProto3: cString(descriptor.syntax) == "proto3",
            isGenerated: wanted.contains(path), messages: messages, enums: enums, services: services,
            descriptor: Self.serialized(pointer))
    }

    /// The descriptor as bytes, without its source positions and comments.
    private static func serialized(
        _ pointer: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>
    ) -> [UInt8] {
        let sources: UnsafeMutablePointer<Google__Protobuf__SourceCodeInfo>? = pointer.pointee
            .source_code_info
        pointer.pointee.source_code_info = nil
        defer { pointer.pointee.source_code_info = sources }
        let count: Int = google__protobuf__file_descriptor_proto__get_packed_size(pointer)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = google__protobuf__file_descriptor_proto__pack(pointer, buffer.baseAddress)
        }
    }

    private func message(
        _ message: Google__Protobuf__DescriptorProto, _ path: [Int32], in scope: String
    ) -> SchemaMessage {
        let name: String = cString(message.name)
        let fullName: String = scope.isEmpty ? name : "\(scope).\(name)"
        let fields = cList(message.n_field, message.field).enumerated().map { index, field in
            self.field(field, path + [Part.messageField, Int32(index)])
        }
        let oneofs = cList(message.n_oneof_decl, message.oneof_decl).enumerated().map { index, oneof in
            SchemaOneof(
                name: cString(oneof.name), note: notes.note(path + [Part.messageOneof, Int32(index)]))
        }
        let nested = cList(message.n_nested_type, message.nested_type).enumerated().map { index, inner in
            self.message(inner, path + [Part.messageNested, Int32(index)], in: fullName)
        }
        let enums = cList(message.n_enum_type, message.enum_type).enumerated().map { index, enumeration in
            self.enumeration(enumeration, path + [Part.messageEnum, Int32(index)], in: fullName)
        }
        var isMapEntry = false
        if let options: UnsafeMutablePointer<Google__Protobuf__MessageOptions> = message.options {
            isMapEntry = options.pointee.map_entry != 0
        }
        return SchemaMessage(
            name: name, fullName: fullName, note: notes.note(path), isMapEntry: isMapEntry, fields: fields,
            oneofs: oneofs, messages: nested, enums: enums)
    }

    private func field(_ field: Google__Protobuf__FieldDescriptorProto, _ path: [Int32]) -> SchemaField {
        var isPacked = true
        if let options: UnsafeMutablePointer<Google__Protobuf__FieldOptions> = field.options {
            isPacked = options.pointee.has_packed == 0 || options.pointee.packed != 0
        }
        return SchemaField(
            name: cString(field.name), number: field.number, kind: Self.kind(field.type),
            typeName: String(cString(field.type_name).drop { $0 == "." }),
            isRepeated: field.label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED,
            isPacked: isPacked, oneof: field.has_oneof_index != 0 ? Int(field.oneof_index) : nil,
            isProto3Optional: field.proto3_optional != 0, note: notes.note(path))
    }

    private func enumeration(
        _ enumeration: Google__Protobuf__EnumDescriptorProto, _ path: [Int32], in scope: String
    ) -> SchemaEnum {
        let name: String = cString(enumeration.name)
        let values = cList(enumeration.n_value, enumeration.value).enumerated().map { index, value in
            SchemaEnumValue(
                name: cString(value.name), number: value.number,
                note: notes.note(path + [Part.enumValue, Int32(index)]))
        }
        return SchemaEnum(
            name: name, fullName: scope.isEmpty ? name : "\(scope).\(name)", note: notes.note(path),
            values: values)
    }

    private func service(_ service: Google__Protobuf__ServiceDescriptorProto, _ path: [Int32])
        -> SchemaService
    {
        let name: String = cString(service.name)
        let methods = cList(service.n_method, service.method).enumerated().map { index, method in
            SchemaMethod(
                name: cString(method.name), request: String(cString(method.input_type).drop { $0 == "." }),
                response: String(cString(method.output_type).drop { $0 == "." }),
                streamsRequests: method.client_streaming != 0, streamsResponses: method.server_streaming != 0,
                note: notes.note(path + [Part.serviceMethod, Int32(index)]))
        }
        return SchemaService(
            name: name, fullName: package.isEmpty ? name : "\(package).\(name)", note: notes.note(path),
            methods: methods)
    }

    private static func kind(_ type: Google__Protobuf__FieldDescriptorProto__Type) -> FieldKind {
        switch type {
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_DOUBLE: .double
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FLOAT: .float
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT64: .int64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT64: .uint64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT32: .int32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FIXED64: .fixed64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FIXED32: .fixed32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BOOL: .bool
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING: .string
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_MESSAGE: .message
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES: .bytes
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT32: .uint32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_ENUM: .enumeration
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SFIXED32: .sfixed32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SFIXED64: .sfixed64
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SINT32: .sint32
        case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SINT64: .sint64
        default: .group
        }
    }
}
