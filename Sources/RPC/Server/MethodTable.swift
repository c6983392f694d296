/// The methods of a server, found by the bytes of their path without making a String.
struct MethodTable: Sendable {
    private let slots: [RegisteredMethod?]
    private let mask: Int

    /// Two methods with one path are a mistake of ours: traps.
    init(_ methods: [ServiceMethod]) {
        var size: Int = 8
        while size < methods.count * 4 { size *= 2 }
        mask = size - 1
        var slots: [RegisteredMethod?] = Array(repeating: nil, count: size)
        for method in methods {
            let registered = RegisteredMethod(method)
            var index: Int = Self.hash(registered.path) & mask
            while let taken = slots[index] {
                precondition(taken.path != registered.path, "\(method.descriptor.path) is registered twice")
                index = (index + 1) & mask
            }
            slots[index] = registered
        }
        self.slots = slots
    }

    func find(_ path: UnsafeBufferPointer<UInt8>) -> RegisteredMethod? {
        var index: Int = Self.hash(path) & mask
        while let method = slots[index] {
            if method.path.count == path.count, method.path.elementsEqual(path) { return method }
            index = (index + 1) & mask
        }
        return nil
    }

    var descriptors: [MethodDescriptor] { slots.compactMap { $0?.method.descriptor } }

    /// FNV-1a.
    private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}

/// A method as the server keeps it, with its figures.
final class RegisteredMethod: Sendable {
    let method: ServiceMethod
    let descriptor: MethodDescriptor
    let path: [UInt8]
    let metrics: CallMetrics

    init(_ method: ServiceMethod) {
        self.method = method
        descriptor = method.descriptor
        path = Array(method.descriptor.path.utf8)
        metrics = CallMetrics(method: method.descriptor.path)
    }
}
