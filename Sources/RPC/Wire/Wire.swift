package import CProtobufC
import CWire
import Glibc

/// What generated `init(c:)` is made of: one function for each shape of field.
package enum Wire {
    /// A text field. `field` is its full name, for the error.
    @inlinable
    package static func string(_ data: ProtobufCBinaryData, _ field: StaticString) throws(WireError) -> String
    {
        guard data.len > 0, let start: UnsafeMutablePointer<UInt8> = data.data else { return "" }
        return try text(UnsafeBufferPointer(start: start, count: data.len), field)
    }

    package static func text(_ bytes: UnsafeBufferPointer<UInt8>, _ field: StaticString) throws(WireError)
        -> String
    {
        if let start = bytes.baseAddress, memchr(start, 0, bytes.count) != nil {
            throw WireError(reason: "\(field) has a NUL character in it")
        }
        do {
            return String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            throw WireError(reason: "\(field) is not valid UTF-8")
        }
    }

    @inlinable
    package static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
        guard data.len > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: data.data, count: data.len))
    }

    package static func strings(
        _ count: Int, _ data: UnsafeMutablePointer<ProtobufCBinaryData>?, _ field: StaticString
    ) throws(WireError) -> [String] {
        var result: [String] = []
        result.reserveCapacity(count)
        for element in UnsafeBufferPointer(start: data, count: data == nil ? 0 : count) {
            result.append(try string(element, field))
        }
        return result
    }

    package static func bytes(_ count: Int, _ data: UnsafeMutablePointer<ProtobufCBinaryData>?) -> [[UInt8]] {
        UnsafeBufferPointer(start: data, count: data == nil ? 0 : count).map { bytes($0) }
    }

    @inlinable
    package static func numbers<T>(_ count: Int, _ data: UnsafeMutablePointer<T>?) -> [T] {
        Array(UnsafeBufferPointer(start: data, count: data == nil ? 0 : count))
    }

    package static func bools(_ count: Int, _ data: UnsafeMutablePointer<protobuf_c_boolean>?) -> [Bool] {
        UnsafeBufferPointer(start: data, count: data == nil ? 0 : count).map { $0 != 0 }
    }

    @inlinable
    package static func enums<E: WireEnum>(_ count: Int, _ data: UnsafeMutablePointer<Int32>?) -> [E] {
        UnsafeBufferPointer(start: data, count: data == nil ? 0 : count).map { E(rawValue: $0) }
    }

    /// A message field of a oneof, or of a map entry: the default if the entry has no value.
    @inlinable
    package static func message<M: CodedMessage>(_ c: UnsafeMutablePointer<M.Layout>?) throws(WireError) -> M
    {
        guard let c else { return M() }
        return try M(c: UnsafePointer(c))
    }

    @inlinable
    package static func messages<M: CodedMessage>(
        _ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<M.Layout>?>?
    ) throws(WireError) -> [M] {
        guard count > 0 else { return [] }
        var result: [M] = []
        result.reserveCapacity(count)
        for case let c? in entries(count, pointers) { result.append(try M(c: UnsafePointer(c))) }
        return result
    }

    /// The elements of a repeated message, or the entries of a map.
    @inlinable
    package static func entries<T>(
        _ count: Int, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<T>?>?
    ) -> UnsafeBufferPointer<UnsafeMutablePointer<T>?> {
        UnsafeBufferPointer(start: pointers, count: pointers == nil ? 0 : count)
    }
}

/// What generated `store(in:)` is made of. All memory is the arena's.
extension Wire {
    /// Room for `count` values of C type `T`. Traps if memory is out: what we send is bounded by what we have.
    @inlinable
    package static func allocate<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
        allocate(bytes: MemoryLayout<T>.stride * count).bindMemory(to: T.self, capacity: count)
    }

    package static func allocate(bytes count: Int) -> UnsafeMutableRawPointer {
        guard let memory: UnsafeMutableRawPointer = linli_arena_allocate(count) else {
            fatalError("Out of memory while a message was encoded")
        }
        return memory
    }

    package static func store(_ text: String) -> ProtobufCBinaryData {
        var text: String = text
        return text.withUTF8 { store($0) }
    }

    package static func store(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        bytes.withUnsafeBufferPointer { store($0) }
    }

    private static func store(_ bytes: UnsafeBufferPointer<UInt8>) -> ProtobufCBinaryData {
        guard !bytes.isEmpty, let source: UnsafePointer<UInt8> = bytes.baseAddress else {
            return ProtobufCBinaryData(len: 0, data: nil)
        }
        let copy: UnsafeMutablePointer<UInt8> = allocate(UInt8.self, bytes.count)
        copy.initialize(from: source, count: bytes.count)
        return ProtobufCBinaryData(len: bytes.count, data: copy)
    }

    package static func store(_ texts: [String]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
        store(texts, as: ProtobufCBinaryData.self) { store($0) }
    }

    package static func store(_ list: [[UInt8]]) -> UnsafeMutablePointer<ProtobufCBinaryData>? {
        store(list, as: ProtobufCBinaryData.self) { store($0) }
    }

    @inlinable
    package static func store<T: Numeric>(_ numbers: [T]) -> UnsafeMutablePointer<T>? {
        store(numbers, as: T.self) { $0 }
    }

    package static func store(_ bools: [Bool]) -> UnsafeMutablePointer<protobuf_c_boolean>? {
        store(bools, as: protobuf_c_boolean.self) { $0 ? 1 : 0 }
    }

    @inlinable
    package static func store<E: WireEnum>(_ values: [E]) -> UnsafeMutablePointer<Int32>? {
        store(values, as: Int32.self) { $0.rawValue }
    }

    @inlinable
    package static func store<M: CodedMessage>(_ message: M) -> UnsafeMutablePointer<M.Layout> {
        let c: UnsafeMutablePointer<M.Layout> = allocate(M.Layout.self, 1)
        message.store(in: c)
        return c
    }

    @inlinable
    package static func store<M: CodedMessage>(
        _ messages: [M]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<M.Layout>?>? {
        store(messages, as: UnsafeMutablePointer<M.Layout>?.self) { store($0) }
    }

    /// A map, as a list of entries in the order of its keys, so that equal maps have equal bytes.
    @inlinable
    package static func store<K: Hashable & Comparable, V, T>(
        _ map: [K: V], as entry: T.Type, _ fill: (UnsafeMutablePointer<T>, K, V) -> Void
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<T>?>? {
        guard !map.isEmpty else { return nil }
        return store(map.sorted { $0.key < $1.key }, as: UnsafeMutablePointer<T>?.self) { element in
            let c: UnsafeMutablePointer<T> = allocate(T.self, 1)
            fill(c, element.key, element.value)
            return c
        }
    }

    @inlinable
    package static func store<S, T>(_ list: [S], as type: T.Type, _ convert: (S) -> T)
        -> UnsafeMutablePointer<T>?
    {
        guard !list.isEmpty else { return nil }
        let copy: UnsafeMutablePointer<T> = allocate(T.self, list.count)
        for (index, element) in list.enumerated() { (copy + index).initialize(to: convert(element)) }
        return copy
    }
}
