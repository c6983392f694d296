// protoc-gen-linli: a protoc plugin that makes Linli's Swift types, services and codec schemas. ops/generate runs it.
//
// protoc writes a CodeGeneratorRequest to standard input and reads a CodeGeneratorResponse from standard output. What is
// wrong with a schema is told in the response, as protoc wants it; only unreadable input ends with an exit code.

import CProtocPlugin
import Glibc

/// All of standard input.
func readInput() -> [UInt8] {
    var input: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count: Int = read(STDIN_FILENO, &piece, piece.count)
        if count <= 0 { return input }
        input += piece[..<count]
    }
}

/// Writes all bytes to a file descriptor; false if that fails.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest: ArraySlice<UInt8> = bytes[...]
    while !rest.isEmpty {
        let count: Int = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

func fail(_ reason: String) -> Never {
    _ = writeAll(Array("protoc-gen-linli: \(reason)\n".utf8), to: STDERR_FILENO)
    exit(1)
}

/// Writes the response. Its strings are C copies that the process's end frees.
func answer(error: String?, files: [OutputFile]) {
    var response = Google__Protobuf__Compiler__CodeGeneratorResponse()
    google__protobuf__compiler__code_generator_response__init(&response)
    // FEATURE_PROTO3_OPTIONAL, so that protoc leaves it to us to refuse `optional` with a reason.
    response.has_supported_features = 1
    response.supported_features = 1
    if let error { response.error = strdup(error) }
    let list = UnsafeMutablePointer<
        UnsafeMutablePointer<Google__Protobuf__Compiler__CodeGeneratorResponse__File>?
    >
    .allocate(capacity: max(files.count, 1))
    for (index, file) in files.enumerated() {
        let element = UnsafeMutablePointer<Google__Protobuf__Compiler__CodeGeneratorResponse__File>.allocate(
            capacity: 1)
        google__protobuf__compiler__code_generator_response__file__init(element)
        element.pointee.name = strdup(file.path)
        element.pointee.content = strdup(file.text)
        list[index] = element
    }
    response.n_file = files.count
    response.file = list
    var bytes = [UInt8](
        repeating: 0, count: google__protobuf__compiler__code_generator_response__get_packed_size(&response))
    google__protobuf__compiler__code_generator_response__pack(&response, &bytes)
    guard writeAll(bytes, to: STDOUT_FILENO) else { fail("standard output cannot be written") }
}

let input: [UInt8] = readInput()
guard
    let request: UnsafeMutablePointer<Google__Protobuf__Compiler__CodeGeneratorRequest> =
        google__protobuf__compiler__code_generator_request__unpack(nil, input.count, input)
else {
    fail("standard input is not a CodeGeneratorRequest; this program is run by protoc")
}
let schema: Schema = SchemaReader.schema(of: request.pointee)
let options = Options(cString(request.pointee.parameter))
let problems: [String] = refusals(of: schema)
if problems.isEmpty {
    answer(error: nil, files: Output(schema: schema, options: options).files())
} else {
    answer(error: "\n" + problems.joined(separator: "\n"), files: [])
}
