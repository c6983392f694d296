/// The files of a schema, found by name and by the symbols that they declare.
///
/// Field numbers are those of google/protobuf/descriptor.proto.
struct SchemaIndex: Sendable {
    private var files: [String: [UInt8]] = [:]
    private var imports: [String: [String]] = [:]
    private var fileOfSymbol: [String: String] = [:]
    private(set) var services: [String] = []

    /// Reads serialized `google.protobuf.FileDescriptorSet`s; a file that comes twice counts once.
    init(_ sets: [[UInt8]]) {
        for set in sets {
            for file in ProtoReader.all(1, in: set[...]) { add(file) }
        }
        services.sort()
    }

    private mutating func add(_ file: ArraySlice<UInt8>) {
        let name: String = ProtoReader.text(1, in: file)
        guard files[name] == nil else { return }
        files[name] = Array(file)
        imports[name] = ProtoReader.all(3, in: file).map { String(decoding: $0, as: UTF8.self) }
        let package: String = ProtoReader.text(2, in: file)
        let prefix: String = package.isEmpty ? "" : "\(package)."
        for message in ProtoReader.all(4, in: file) { addMessage(message, prefix, name) }
        for enumeration in ProtoReader.all(5, in: file) { addEnum(enumeration, prefix, name) }
        for service in ProtoReader.all(6, in: file) {
            let full: String = prefix + ProtoReader.text(1, in: service)
            services.append(full)
            fileOfSymbol[full] = name
            for method in ProtoReader.all(2, in: service) {
                fileOfSymbol["\(full).\(ProtoReader.text(1, in: method))"] = name
            }
        }
    }

    private mutating func addMessage(_ message: ArraySlice<UInt8>, _ prefix: String, _ file: String) {
        let full: String = prefix + ProtoReader.text(1, in: message)
        fileOfSymbol[full] = file
        for field in ProtoReader.all(2, in: message) {
            fileOfSymbol["\(full).\(ProtoReader.text(1, in: field))"] = file
        }
        for nested in ProtoReader.all(3, in: message) { addMessage(nested, "\(full).", file) }
        for enumeration in ProtoReader.all(4, in: message) { addEnum(enumeration, "\(full).", file) }
        for oneof in ProtoReader.all(8, in: message) {
            fileOfSymbol["\(full).\(ProtoReader.text(1, in: oneof))"] = file
        }
    }

    private mutating func addEnum(_ enumeration: ArraySlice<UInt8>, _ prefix: String, _ file: String) {
        let full: String = prefix + ProtoReader.text(1, in: enumeration)
        fileOfSymbol[full] = file
        // The values of an enum are its siblings in the schema's scopes.
        for value in ProtoReader.all(2, in: enumeration) {
            fileOfSymbol[prefix + ProtoReader.text(1, in: value)] = file
        }
    }

    /// A file and everything that it imports, each once; nil if the file is not known.
    func closure(ofFile name: String) -> [[UInt8]]? {
        guard files[name] != nil else { return nil }
        var order: [String] = [name]
        var index: Int = 0
        while index < order.count {
            for imported in imports[order[index]] ?? [] where !order.contains(imported) {
                order.append(imported)
            }
            index += 1
        }
        return order.compactMap { files[$0] }
    }

    /// The closure of the file that declares a symbol such as `linli.platform.v1.Resident`.
    func closure(ofSymbol symbol: String) -> [[UInt8]]? { fileOfSymbol[symbol].flatMap(closure(ofFile:)) }
}
