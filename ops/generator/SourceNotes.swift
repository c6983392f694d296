import CProtocPlugin

/// The comments and line numbers of one file, by the path that descriptor.proto defines for each element: a field is
/// `[4, message, 2, field]`, and so on.
struct SourceNotes {
    private var places: [[Int32]: SchemaNote] = [:]
    private let file: String

    init(_ descriptor: Google__Protobuf__FileDescriptorProto, file: String) {
        self.file = file
        guard let info: UnsafeMutablePointer<Google__Protobuf__SourceCodeInfo> = descriptor.source_code_info
        else { return }
        for location in cList(info.pointee.n_location, info.pointee.location) {
            let path: [Int32] = Array(UnsafeBufferPointer(start: location.path, count: location.n_path))
            let line: Int = location.n_span > 0 ? Int(location.span[0]) + 1 : 0
            let leading: [String] = Self.lines(location.leading_comments)
            let trailing: [String] = Self.lines(location.trailing_comments)
            let gap: [String] = leading.isEmpty || trailing.isEmpty ? [] : [""]
            places[path] = SchemaNote(place: "\(file):\(line)", comment: leading + gap + trailing)
        }
    }

    func note(_ path: [Int32]) -> SchemaNote {
        places[path] ?? SchemaNote(place: file, comment: [])
    }

    /// A comment's lines, without the space after the comment sign and without empty lines at its ends.
    private static func lines(_ comment: UnsafeMutablePointer<CChar>?) -> [String] {
        guard let comment else { return [] }
        var lines: [String] = String(cString: comment).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map { line in
            let text: Substring = line.hasPrefix(" ") ? line.dropFirst() : line
            return String(text.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
        while lines.first == "" { lines.removeFirst() }
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// The elements of a repeated message field in protobuf-c's form.
func cList<T>(_ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<T>?>?) -> [T] {
    guard let pointers else { return [] }
    return UnsafeBufferPointer(start: pointers, count: count).compactMap { $0?.pointee }
}

/// A string field in protobuf-c's form; empty if it is not set.
func cString(_ text: UnsafeMutablePointer<CChar>?) -> String {
    guard let text else { return "" }
    return String(cString: text)
}
